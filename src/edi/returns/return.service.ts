import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { NotFound, Refused } from '../../kernel/errors/problem';
import type { Query } from '../../kernel/privacy/query';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import type { CollectionMember } from '../collection/collection.dto';
import { Collection, ReturnForm } from '../collection/collection.entity';
import { readable } from '../collection/collection.service';
import { cannotOf, membersOf } from '../collection/members';
import { DiversityDb } from '../door/diversity-db';
import { ReturnEvent } from '../events';
import { READ_COLLECTIONS, READ_OWN_FIGURES, SEND_RETURNS, SIGN_RETURNS } from '../permissions';
import { Intake, ReturnIntake } from './intake.service';
import { asFault } from './reading/fault';
import type { CheckQuery, ReturnCheck, ReturnDetails, ReturnQuery, SendQuery, Supports } from './return.dto';
import { Return } from './return.entity';
import type { ReturnFile } from './return-file';
import { sizeNotes, sizeOf, storedSize } from './return-size';
import { deleteAnswers, storeAnswers } from './returned-answers';

/** What a return is sent to. */
interface Round {
  collection: Collection;
  member: CollectionMember;
  members: readonly CollectionMember[];
}

/** The return that stands, as far as replacing it needs. */
type Standing = Pick<Return, 'id' | 'form'>;

/** Returns: checked, accepted as a whole, replaced, signed off, opened again. */
@Injectable()
export class ReturnService {
  constructor(
    private readonly db: Db,
    private readonly diversity: DiversityDb,
    private readonly intake: ReturnIntake,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  /** Reads the file as sending would, and stores nothing. */
  async check(who: Actor, collectionId: string, query: CheckQuery, file: ReturnFile | undefined): Promise<ReturnCheck> {
    const round = await this.round(who, collectionId, query);
    const read = await this.read(round, query, file);
    const { rows, notes, faults } = read;
    const [current] = await this.db.query<Standing>(
      `SELECT id, form FROM edi.return WHERE collection_id = $1 AND organisation_id = $2 AND state <> 'replaced'`,
      [collectionId, query.organisation],
    );
    const sizes =
      current && faults.count === 0 ? await this.sizes(who, this.diversity, query.organisation, read, current) : [];
    return {
      acceptable: faults.count === 0,
      rows,
      faultyRows: faults.faultyRows,
      faultCount: faults.count,
      faults: faults.list,
      notes: told(query.form, [...notes, ...sizes]),
      supports: supportsOf(query.form),
      late: round.member.dueOn < this.clock.today(),
      replacesId: current?.id ?? null,
    };
  }

  /** Accepts a return as a whole, in the place of the one that stands, or refuses it with every fault. */
  async send(who: Actor, collectionId: string, query: SendQuery, file: ReturnFile | undefined): Promise<ReturnDetails> {
    const round = await this.round(who, collectionId, query);
    const { organisation, form, basis, basisReference } = query;
    const read = await this.read(round, query, file);
    if (read.faults.count > 0) throw nothingStored(read);
    return this.diversity.write(who, async (tx) => {
      await mustBeOpen(tx, collectionId);
      const dueOn = await holdPlace(tx, collectionId, organisation);
      const { replaced, sizes } = await this.replace(who, tx, collectionId, organisation, read);
      const made = await tx.insert(
        Return,
        {
          ...{ collectionId, organisationId: organisation, form, basis, basisReference },
          late: dueOn < this.clock.today(),
          sentByAccountId: who.accountId,
          replacesId: replaced?.id ?? null,
          toldCharacteristics: read.told?.characteristics ?? null,
          toldStages: read.told?.stages ?? null,
        },
        { organisationId: organisation },
      );
      await storeAnswers(tx, made.id, organisation, read);
      tell(tx, ReturnEvent.Accepted, made, { form, replacesId: made.replacesId });
      return detailsOf(made, { rows: read.rows, notes: told(form, [...read.notes, ...sizes]) });
    });
  }

  list(who: Actor, { collection, organisation, state, ...page }: ReturnQuery): Promise<Page<ReturnDetails>> {
    const where: Condition[] = [mayRead(who)];
    if (collection) where.push((bind) => `r.collection_id = ${bind(collection)}`);
    if (organisation) where.push((bind) => `r.organisation_id = ${bind(organisation)}`);
    if (state) where.push((bind) => `r.state = ${bind(state)}`);
    return this.cursors.page(
      page,
      'diversity returns',
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(Return, { where: [...where, after], order, limit });
        return found.map((one) => ({ one, sort_key: [one.id] }));
      },
      ({ one }) => detailsOf(one),
    );
  }

  async get(who: Actor, id: string): Promise<ReturnDetails> {
    return detailsOf(await this.db.one(Return, id, mayRead(who)));
  }

  /** The organisation says that this return holds. */
  signOff(who: Actor, id: string): Promise<ReturnDetails> {
    const own = who.within(SIGN_RETURNS, { organisation: 'r.organisation_id' });
    return this.move(
      who,
      id,
      own,
      (tx, found) => {
        found.mustBeSignable();
        return tx.change(
          found,
          { state: 'signed-off', signedAt: tx.at, signedByAccountId: who.accountId },
          found.version,
          { organisationId: found.organisationId },
        );
      },
      ReturnEvent.SignedOff,
    );
  }

  /** The steward lets a corrected return come after all. */
  reopen(who: Actor, id: string, because: string): Promise<ReturnDetails> {
    return this.move(
      who,
      id,
      () => 'TRUE',
      (tx, found) => {
        found.mustBeSignedOff();
        return tx.change(
          found,
          { state: 'accepted', signedAt: null, signedByAccountId: null, reopenedAt: tx.at, reopenedBecause: because },
          found.version,
          { organisationId: found.organisationId },
        );
      },
      ReturnEvent.Reopened,
    );
  }

  /** Locks the collection before the return, as sending does, so that closing waits for both or comes before them. */
  private move(
    who: Actor,
    id: string,
    within: Condition,
    change: (tx: Tx, found: Return) => Promise<Return>,
    event: string,
  ): Promise<ReturnDetails> {
    return this.db.write(who, async (tx) => {
      const { collectionId } = await this.db.one(Return, id, within);
      await mustBeOpen(tx, collectionId);
      const changed = await change(tx, await tx.get(Return, id, within));
      tell(tx, event, changed);
      return detailsOf(changed);
    });
  }

  private async round(who: Actor, collectionId: string, { organisation, form }: CheckQuery): Promise<Round> {
    if (!who.mayFor(SEND_RETURNS, organisation)) throw new NotFound('No organisation of yours has this id.');
    const collection = await this.db.one(Collection, collectionId, readable(who));
    const members = (await membersOf(this.db, [collectionId])).get(collectionId) ?? [];
    const member = members.find((one) => one.organisationId === organisation);
    if (!member) throw new NotFound('This organisation does not return to this collection.');
    collection.mustBeOpen();
    if (!collection.forms.includes(form))
      throw new Refused(
        'form_not_allowed',
        `This collection takes ${collection.forms.join(', ')}. Choose one of these.`,
      );
    return { collection, member, members };
  }

  private read({ collection, members }: Round, query: CheckQuery, file: ReturnFile | undefined): Promise<Intake> {
    const { organisation, form, suppressedBelow } = query;
    const { until, questionSetVersion } = collection;
    return this.intake.read(
      { organisationId: organisation, form, suppressedBelow, until, questionSetVersion, members },
      file,
    );
  }

  private async replace(
    who: Actor,
    tx: Tx,
    collectionId: string,
    organisationId: string,
    read: Intake,
  ): Promise<{ replaced?: Return; sizes: string[] }> {
    const [current] = await tx.query<Standing>(
      `SELECT id, form FROM edi.return WHERE collection_id = $1 AND organisation_id = $2 AND state <> 'replaced'`,
      [collectionId, organisationId],
    );
    if (!current) return { sizes: [] };
    const standing = await tx.get(Return, current.id);
    standing.mustBeReplaceable();
    const sizes = await this.sizes(who, tx, organisationId, read, current);
    await deleteAnswers(tx, standing.id);
    const replaced = await tx.change(standing, { state: 'replaced' }, standing.version, { organisationId });
    return { replaced, sizes };
  }

  /** What is to be noted of two sizes, told only to those who may read the exact figures of the organisation. Live returns have none here. */
  private async sizes(
    who: Actor,
    q: Query,
    organisationId: string,
    read: Intake,
    { id, form }: Standing,
  ): Promise<string[]> {
    const holdsPeople = read.people.length > 0 || read.counts.length > 0;
    if (form === 'live' || !holdsPeople || !who.mayFor(READ_OWN_FIGURES, organisationId)) return [];
    return sizeNotes(sizeOf(read), await storedSize(q, id));
  }
}

/** Returns whose facts the caller may read: a steward all, others those of their organisations. */
const mayRead = (who: Actor): Condition => who.within(READ_COLLECTIONS, { organisation: 'r.organisation_id' });

/** Keeps the collection from being closed till the transaction ends. */
async function mustBeOpen(tx: Tx, collectionId: string): Promise<void> {
  const [found] = await tx.query<{ state: Collection['state'] }>(
    'SELECT state FROM edi.collection WHERE id = $1 FOR SHARE',
    [collectionId],
  );
  const collection = Object.assign(new Collection(), { state: found?.state ?? 'closed' });
  collection.mustBeOpen();
}

/** Lets returns of one organisation come one after the other. Answers its last day. */
async function holdPlace(tx: Tx, collectionId: string, organisationId: string): Promise<string> {
  const [place] = await tx.query<{ due_on: string }>(
    `SELECT coalesce(m.due_on, c.due_on) AS due_on FROM edi.collection_organisation m JOIN edi.collection c ON c.id = m.collection_id
     WHERE m.collection_id = $1 AND m.organisation_id = $2 FOR NO KEY UPDATE OF m`,
    [collectionId, organisationId],
  );
  if (!place) throw new NotFound('This organisation does not return to this collection.');
  return place.due_on;
}

const supportsOf = (form: ReturnForm): Supports => ({
  deduplication: form === 'live' || form === 'identified-rows',
  twoWayTables: form !== 'counts',
  cannot: cannotOf(form),
});

const detailsOf = (one: Return, received: ReturnDetails['received'] = null): ReturnDetails =>
  ({ ...one, supports: supportsOf(one.form), received }) as ReturnDetails;

function tell(
  tx: Tx,
  type: string,
  { id, version, organisationId, collectionId }: Return,
  data: Record<string, unknown> = {},
): void {
  tx.emit({ type, subject: 'return', subjectId: id, version, organisationId, data: { collectionId, ...data } });
}

/** Said of every return that names people, whoever is in it: a number would tell of one person whether they objected. */
const OBJECTORS =
  'People who object to this use are counted nowhere with their answers. Whether any of these people do is not told.';

const told = (form: ReturnForm, notes: readonly string[]): string[] =>
  form === 'identified-rows' ? [...notes, OBJECTORS] : [...notes];

function nothingStored({ faults }: Intake): Refused {
  const listed = faults.count > faults.list.length ? ` The first ${faults.list.length} are listed.` : '';
  return new Refused(
    'return_has_faults',
    `Nothing was stored: the file has ${faults.count} ${faults.count === 1 ? 'fault' : 'faults'}.${listed} Mend them and send it again; a return is accepted as a whole or not at all.`,
    faults.list.map(asFault),
  );
}
