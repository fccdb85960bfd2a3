import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, Fault, Refused } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { CollectionEvent } from '../events';
import { KEEP_MAILBOXES, READ_COLLECTIONS, RUN_COLLECTIONS } from '../permissions';
import { ReminderMailboxes } from '../reminder/mailbox.service';
import { QUESTION_SET } from '../returns/question-set';
import type {
  CollectionChange,
  CollectionDetails,
  CollectionProgress,
  CollectionQuery,
  NewCollection,
  NewCollectionMember,
} from './collection.dto';
import { Collection } from './collection.entity';
import { membersOf, standingOf } from './members';

/** Fields that may still change once organisations work on their returns. */
const CHANGEABLE_WHEN_OPEN: readonly string[] = ['title', 'dueOn', 'releaseOn', 'note', 'contact', 'organisations'];

const PAST_DAY: Fault[] = [
  { in: 'body', at: '/dueOn', code: 'due_in_the_past', message: 'Send a day that is not over.' },
];

/** Collections: who returns what by when. */
@Injectable()
export class CollectionService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    private readonly mailboxes: ReminderMailboxes,
  ) {}

  async list(who: Actor, query: CollectionQuery): Promise<Page<CollectionDetails>> {
    const where: Condition[] = [readable(who)];
    if (query.state) where.push((bind) => `r.state = ${bind(query.state)}`);
    const { data, meta } = await this.cursors.page(
      query,
      'diversity collections',
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(Collection, { where: [...where, after], order, limit });
        return found.map((one) => ({ one, sort_key: [one.id] }));
      },
      ({ one }) => one,
    );
    const members = await membersOf(
      this.db,
      data.map(({ id }) => id),
    );
    return {
      data: data.map((one) => ({ ...one, organisations: members.get(one.id) ?? [] }) as CollectionDetails),
      meta,
    };
  }

  async get(who: Actor, id: string): Promise<CollectionDetails> {
    return this.details(this.db, await this.db.one(Collection, id, readable(who)));
  }

  async progress(who: Actor, id: string): Promise<CollectionProgress> {
    await this.db.one(Collection, id, readable(who));
    const organisations = await standingOf(this.db, id, this.clock.today(), (organisation) =>
      who.mayFor(KEEP_MAILBOXES, organisation),
    );
    const count = (...states: string[]): number => organisations.filter(({ state }) => states.includes(state)).length;
    return {
      expected: organisations.length,
      returned: count('returned', 'signed-off'),
      signedOff: count('signed-off'),
      late: count('late'),
      organisations,
    };
  }

  add(who: Actor, { organisations, ...said }: NewCollection): Promise<CollectionDetails> {
    return this.db.write(who, async (tx) => {
      const collection = await tx.insert(Collection, { ...said });
      this.mustBeDueStill(collection, PAST_DAY);
      await this.checkQuestionSet(tx, collection);
      await setMembers(tx, collection.id, organisations);
      await this.mailboxes.give(tx, organisations);
      tell(tx, CollectionEvent.Prepared, collection);
      return this.details(tx, collection);
    });
  }

  change(
    who: Actor,
    id: string,
    version: number,
    { organisations, ...said }: CollectionChange,
  ): Promise<CollectionDetails> {
    return this.db.write(who, async (tx) => {
      const collection = await tx.get(Collection, id);
      if (collection.state !== 'draft') {
        collection.mustBeOpen();
        const fixed = Object.keys(said).filter((field) => !CHANGEABLE_WHEN_OPEN.includes(field));
        if (fixed.length > 0)
          throw new Conflict(
            'collection_is_open',
            `Organisations answer this collection already: ${fixed.join(', ')} cannot change any more. Close it and prepare another one.`,
          );
      }
      const changed = await tx.change(collection, said, version);
      if (changed.state === 'draft' && said.dueOn) this.mustBeDueStill(changed, PAST_DAY);
      await this.checkQuestionSet(tx, changed);
      if (organisations) {
        await setMembers(tx, id, organisations);
        await this.mailboxes.give(tx, organisations);
        if (changed.state === 'open') await keepPredecessors(tx, id);
      }
      tell(tx, CollectionEvent.Changed, changed);
      return this.details(tx, changed);
    });
  }

  open(who: Actor, id: string): Promise<CollectionDetails> {
    return this.db.write(who, async (tx) => {
      const collection = await tx.get(Collection, id);
      collection.mustBe('draft');
      this.mustBeDueStill(collection);
      await keepPredecessors(tx, id);
      const opened = await tx.change(collection, { state: 'open', openedAt: tx.at });
      tell(tx, CollectionEvent.Opened, opened);
      return this.details(tx, opened);
    });
  }

  /** @param without how many organisations, as the caller knows, have not signed off */
  close(who: Actor, id: string, without: number): Promise<CollectionDetails> {
    return this.db.write(who, async (tx) => {
      const collection = await tx.get(Collection, id);
      collection.mustBe('open');
      const [row] = await tx.query<{ asked: number; missing: number }>(SIGNED_OFF, [id]);
      if (row && row.missing !== without) throw missing(row);
      const closed = await tx.change(collection, { state: 'closed', closedAt: tx.at, contact: null });
      await this.mailboxes.neededUntilNow(tx, id);
      tell(tx, CollectionEvent.Closed, closed);
      return this.details(tx, closed);
    });
  }

  /** Postgres refuses it where a release counts it. */
  reopen(who: Actor, id: string): Promise<CollectionDetails> {
    return this.db.write(who, async (tx) => {
      const collection = await tx.get(Collection, id);
      collection.mustBe('closed');
      const reopened = await tx.change(collection, { state: 'open', closedAt: null });
      tell(tx, CollectionEvent.Reopened, reopened);
      return this.details(tx, reopened);
    });
  }

  /** @param faults what of the request is wrong, where it says the day */
  private mustBeDueStill({ dueOn }: Collection, faults: Fault[] = []): void {
    if (dueOn < this.clock.today())
      throw new Refused(
        'due_in_the_past',
        'The last day for returns is over. Choose a later one, then open the collection.',
        faults,
      );
  }

  private async checkQuestionSet(tx: Tx, { questionSetVersion }: Collection): Promise<void> {
    const found = await tx.query('SELECT 1 FROM instruments.questionnaire WHERE key = $1 AND version = $2', [
      QUESTION_SET,
      questionSetVersion,
    ]);
    if (found.length === 0)
      throw new Refused(
        'unknown_question_set',
        `There is no version ${questionSetVersion} of the diversity questions. GET /v1/questionnaires/${QUESTION_SET} shows which there are.`,
      );
  }

  private async details(q: Pick<Tx, 'query'>, collection: Collection): Promise<CollectionDetails> {
    const members = await membersOf(q, [collection.id]);
    return { ...collection, organisations: members.get(collection.id) ?? [] } as CollectionDetails;
  }
}

const SIGNED_OFF = `
  SELECT count(*)::integer AS asked, count(*) FILTER (WHERE r.id IS NULL)::integer AS missing
  FROM edi.collection_organisation m
  LEFT JOIN edi.return r ON r.collection_id = m.collection_id AND r.organisation_id = m.organisation_id AND r.state = 'signed-off'
  WHERE m.collection_id = $1`;

/** How many have not signed off, which is no secret to who runs collections, and what to do. */
function missing({ asked, missing: count }: { asked: number; missing: number }): Conflict {
  const detail =
    count === 0
      ? `All ${asked} organisations have signed off their returns. Send "without": 0, or leave it out.`
      : `${count} of ${asked} organisations have not signed off a return. GET progress says which: let them sign off first, or send "without": ${count} to close the collection without them. What is not signed off is in no release.`;
  return new Conflict('returns_missing', detail, [
    { in: 'body', at: '/without', code: 'returns_missing', message: `Send ${count} to close it without them.` },
  ]);
}

/** Collections that the caller may see: a steward all; others those in which their organisation must return, from the day they open. */
export function readable(who: Actor): Condition {
  const within = who.within(READ_COLLECTIONS, { organisation: 'm.organisation_id' });
  return (bind) =>
    who.reach(RUN_COLLECTIONS).everywhere
      ? 'TRUE'
      : `r.state <> 'draft' AND EXISTS (SELECT FROM edi.collection_organisation m WHERE m.collection_id = r.id AND ${within(bind)})`;
}

/** Makes these organisations, and no others, the ones that must return. One that has returned cannot be left out. */
async function setMembers(tx: Tx, collectionId: string, members: readonly NewCollectionMember[]): Promise<void> {
  const ids = members.map(({ organisationId }) => organisationId);
  if (new Set(ids).size < ids.length)
    throw new Conflict('organisation_twice', 'An organisation stands in the list twice. Send each once.');
  const [returned] = await tx.query<{ name: string }>(
    `SELECT o.name FROM edi.return r JOIN people.organisation o ON o.id = r.organisation_id
     WHERE r.collection_id = $1 AND r.state <> 'replaced' AND r.organisation_id <> ALL($2::uuid[]) LIMIT 1`,
    [collectionId, ids],
  );
  if (returned)
    throw new Conflict('organisation_has_returned', `${returned.name} has returned already and cannot be left out.`);
  const unknown = await tx.query(
    `SELECT FROM unnest($1::uuid[]) AS asked(id) WHERE NOT EXISTS (SELECT FROM people.organisation o WHERE o.id = asked.id AND o.state = 'verified')`,
    [ids],
  );
  if (unknown.length > 0)
    throw new Refused('unknown_organisation', 'There is no verified organisation with one of these ids.');
  const gone = await tx.query<{ organisation_id: string }>(
    `DELETE FROM edi.collection_organisation WHERE collection_id = $1 AND organisation_id <> ALL($2::uuid[]) RETURNING organisation_id`,
    [collectionId, ids],
  );
  await tx.query(
    `INSERT INTO edi.collection_organisation (collection_id, organisation_id, due_on)
     SELECT $1, m.id, m.due FROM unnest($2::uuid[], $3::date[]) AS m(id, due)
     ON CONFLICT (collection_id, organisation_id) DO UPDATE SET due_on = EXCLUDED.due_on, version = collection_organisation.version + 1, updated_at = now()
     WHERE collection_organisation.due_on IS DISTINCT FROM EXCLUDED.due_on`,
    [collectionId, ids, members.map(({ dueOn }) => dueOn ?? null)],
  );
  tx.audit('set', 'collection_organisation', collectionId, {
    after: { organisations: ids, left: gone.map(({ organisation_id }) => organisation_id) },
  });
}

/** Keeps whom the organisations followed, as it stands now: a later change of the register does not change what was counted where. */
export async function keepPredecessors(tx: Tx, collectionId: string): Promise<void> {
  await tx.query('DELETE FROM edi.collection_predecessor WHERE collection_id = $1', [collectionId]);
  await tx.query(
    `INSERT INTO edi.collection_predecessor (collection_id, organisation_id, predecessor_id, part)
     SELECT m.collection_id, m.organisation_id, p.predecessor_id,
       p.part OR EXISTS (SELECT FROM people.organisation_predecessor other WHERE other.predecessor_id = p.predecessor_id AND other.successor_id <> p.successor_id)
     FROM edi.collection_organisation m JOIN people.organisation_predecessor p ON p.successor_id = m.organisation_id
     WHERE m.collection_id = $1`,
    [collectionId],
  );
}

function tell(tx: Tx, type: string, { id, version }: Collection): void {
  tx.emit({ type, subject: 'collection', subjectId: id, version });
}
