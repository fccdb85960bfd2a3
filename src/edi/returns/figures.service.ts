import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { Conflict, Refused } from '../../kernel/errors/problem';
import { DiversityDb } from '../door/diversity-db';
import { READ_OWN_FIGURES } from '../permissions';
import { FigureRow, figuresOf, OwnFigures } from './own-figures';
import { readVocabulary } from './question-set';
import { Return } from './return.entity';

const SQL = readFileSync(join(__dirname, 'own-figures.sql'), 'utf8');

/** True counts, for the organisation that collected the answers and for nobody else. */
@Injectable()
export class FiguresService {
  constructor(
    private readonly db: Db,
    private readonly diversity: DiversityDb,
  ) {}

  async of(who: Actor, id: string): Promise<OwnFigures> {
    const found = await this.db.one(Return, id, who.within(READ_OWN_FIGURES, { organisation: 'r.organisation_id' }));
    const { form, state, organisationId } = found;
    if (form === 'live')
      throw new Refused(
        'figures_only_in_releases',
        'People gave these answers to this service and not to your organisation. They are counted in releases, where nobody is exposed; no true counts of them are given.',
      );
    if (state === 'replaced')
      throw new Conflict(
        'return_replaced',
        'A corrected return took the place of this one, and its answers were deleted. Ask for the figures of the newer one.',
      );
    const vocabulary = await readVocabulary(this.db);
    const rows = await this.diversity.query<FigureRow>(SQL, [id, organisationId]);
    await this.db.write(who, (tx) => {
      tx.audit('read', 'return', id, { organisationId, purpose: 'own-figures' });
      return Promise.resolve();
    });
    return figuresOf(id, form, rows, vocabulary);
  }
}
