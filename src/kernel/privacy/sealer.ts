import { Inject, Injectable } from '@nestjs/common';
import type { KeyRing } from '../config-secrets';
import { open, Place, seal } from './seal';
import type { Query } from './query';

/** Token under which the application gives the kernel its key ring. */
export const KEY_RING = Symbol('key ring');

/** Seals and opens private values with the service's keys. */
@Injectable()
export class Sealer {
  constructor(@Inject(KEY_RING) private readonly ring: KeyRing) {}

  /** The sealed form of a value; null stays null, so that a column can be cleared. */
  seal(place: Place, value: string): Buffer;
  seal(place: Place, value: string | null): Buffer | null;
  seal(place: Place, value: string | null): Buffer | null {
    return value === null ? null : seal(this.ring, place, value);
  }

  /** The value; null where there is none. Throws `Unopenable` where it was not sealed for this place. */
  open(place: Place, stored: Buffer): string;
  open(place: Place, stored: Buffer | null): string | null;
  open(place: Place, stored: Buffer | null): string | null {
    return stored === null ? null : open(this.ring, place, stored);
  }

  /**
   * An id for a row about to be inserted. A value is bound to its row, so the id must be known before it is sealed;
   * pass it to `tx.insert` with the sealed columns.
   */
  async rowId(q: Query): Promise<string> {
    const [row] = await q.query<{ id: string }>('SELECT uuidv7() AS id');
    if (!row) throw new Error('The database gave no id');
    return row.id;
  }
}
