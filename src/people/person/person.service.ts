import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import type { Permission } from '../../kernel/access/permission';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { NotFound } from '../../kernel/errors/problem';
import { Cursors, Page } from '../../kernel/http/page';
import { ErasedBecause, PersonalData, PersonKeys } from '../../kernel/privacy/personal-data';
import type { Query } from '../../kernel/privacy/query';
import { Contributor } from '../contributor/contributor.entity';
import { expiry } from '../contributor/contributor.personal';
import { contributorsWithin } from '../contributor/reach';
import { ERASE_PERSON, EXPORT_PERSON, READ_LEDGER } from '../permissions';
import { ErasureReason, ErasureReceipt, PersonCopy, ReadEntry, ReadFilter } from './person.dto';

const READS_OF = readFileSync(join(__dirname, 'reads-of.sql'), 'utf8');
const READS = 'reads-of-person';
const NEWEST_ENTRY = '9223372036854775807';

/** A person's rights: a copy of everything, erasure, and who read their data. */
@Injectable()
export class PersonService implements OnModuleInit {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly data: PersonalData,
  ) {}

  onModuleInit(): void {
    expiry.erase = async (tx, ids) => {
      for (const id of ids) await this.eraseOne(tx, id, 'kept_long_enough');
    };
  }

  async everything(who: Actor, id: string): Promise<PersonCopy> {
    await this.visible(who, EXPORT_PERSON, id);
    const { personId: contributorId, ...copy } = await this.data.exportPerson(who, await keysOf(this.db, id));
    return { contributorId, ...copy };
  }

  async erase(who: Actor, id: string, because: ErasureReason): Promise<ErasureReceipt> {
    return this.db.write(who, async (tx) => {
      await tx.get(Contributor, id, contributorsWithin(who, ERASE_PERSON, this.clock.today()));
      return this.eraseOne(tx, id, because);
    });
  }

  /** A receipt, for those who may erase anybody, and for the person where their account still stands. */
  async receipt(who: Actor, id: string): Promise<ErasureReceipt> {
    const found = await this.data.receipt(id);
    if (!found || !(who.reach(ERASE_PERSON).everywhere || found.subjectId === who.contributorId)) throw new NotFound();
    return found;
  }

  async reads(who: Actor, id: string, page: ReadFilter): Promise<Page<ReadEntry>> {
    await this.visible(who, READ_LEDGER, id);
    const [before = NEWEST_ENTRY] = page.cursor === undefined ? [] : this.cursors.read(`${READS} ${id}`, page.cursor);
    const merged = await this.db.query<{ gone_id: string }>(
      'SELECT gone_id FROM people.merged_contributor WHERE kept_id = $1',
      [id],
    );
    const found = await this.db.query<ReadEntry>(READS_OF, [
      [id, ...merged.map((row) => row.gone_id)],
      before,
      page.limit + 1,
    ]);
    const data = found.slice(0, page.limit);
    const last = data.at(-1);
    const nextCursor = found.length > page.limit && last ? this.cursors.after(`${READS} ${id}`, [last.id]) : null;
    return { data, meta: { limit: page.limit, nextCursor } };
  }

  private async eraseOne(tx: Tx, id: string, because: ErasedBecause): Promise<ErasureReceipt> {
    return this.data.erasePerson(tx, await keysOf(tx, id, 'FOR NO KEY UPDATE'), because);
  }

  private async visible(who: Actor, permission: Permission, id: string): Promise<void> {
    await this.db.one(Contributor, id, contributorsWithin(who, permission, this.clock.today()));
  }
}

/** The person's keys; for an erasure their accounts are locked, so that what they are just writing comes before it or not at all. */
async function keysOf(q: Query, personId: string, lock: '' | 'FOR NO KEY UPDATE' = ''): Promise<PersonKeys> {
  const accounts = await q.query<{ id: string }>(
    `SELECT id FROM people.account WHERE contributor_id = $1 ORDER BY id ${lock}`,
    [personId],
  );
  return { personId, accountIds: accounts.map((row) => row.id) };
}
