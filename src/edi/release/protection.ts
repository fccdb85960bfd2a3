import { Injectable } from '@nestjs/common';
import type { Parameters, Protected, System, Witness } from '../disclosure/model';
import { protect } from '../disclosure/protect';

/**
 * The search for what must be withheld, as releases ask for it. It is not believed: the verifier, which shares no code with it, proves
 * what it answers before anything is stored.
 */
@Injectable()
export class Protection {
  protect(system: System, parameters: Parameters, known: readonly Witness[]): Promise<Protected> {
    return protect(system, parameters, known);
  }
}
