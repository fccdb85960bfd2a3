import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';

/** The name of the diversity login's connection, and of the door through which its routes go: `@Through(DIVERSITY)`. */
export const DIVERSITY = 'diversity';

/**
 * The door to diversity answers and frozen counts: the same database by a login of its own. It can read and write nothing of people,
 * involvement or payments, and the service's own login nothing of what is behind it. Its transactions carry their audit rows, events and
 * stored answers themselves.
 */
@Injectable()
export class DiversityDb extends Db {}
