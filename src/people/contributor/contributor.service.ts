import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import type { Fields, Tx } from '../../kernel/db/tx';
import { NotAllowed, NotFound, Problem, Refused } from '../../kernel/errors/problem';
import { Cursors, keyColumns, NEWEST, Page } from '../../kernel/http/page';
import type { Query } from '../../kernel/privacy/query';
import { Reads } from '../../kernel/privacy/reads';
import { Sealer } from '../../kernel/privacy/sealer';
import { CHANGE_CONTRIBUTORS, READ_CONTRIBUTORS } from '../permissions';
import { followAddress } from './address-change';
import { AccountLink } from './account-link';
import { ContactSeal } from './contact';
import { ContributorOrganisation } from './contributor-organisation.entity';
import {
  ContributorChange,
  ContributorDetails,
  ContributorFields,
  ContributorFilter,
  ContributorSummary,
  NewContributor,
  WorksWith,
} from './contributor.dto';
import { Contributor } from './contributor.entity';
import { CONTRIBUTOR_CHANGED, CONTRIBUTOR_JOINED } from './contributor.events';
import './contributor.personal';
import { contributorsWithin, worksWith } from './reach';

/** Contributors: who they are, how to reach them and what interests them. */
@Injectable()
export class ContributorService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly reads: Reads,
    private readonly seal: ContactSeal,
    private readonly sealer: Sealer,
    private readonly links: AccountLink,
  ) {}

  async list(who: Actor, filter: ContributorFilter): Promise<Page<ContributorSummary>> {
    const page = await this.cursors.page(
      filter,
      'contributors',
      NEWEST,
      async (after, order, limit) => {
        const { params, bind } = binder();
        const where = all([after, ...this.filtered(who, filter)], bind);
        return this.db.query<SummaryRow>(
          `SELECT ${SUMMARY}, ${keyColumns(NEWEST)} FROM people.contributor r WHERE ${where} ORDER BY ${order} LIMIT ${bind(limit)}`,
          params,
        );
      },
      ({ sort_key: _, ...row }) => row,
    );
    await this.noteRead(
      who,
      page.data.map((row) => row.id),
      'name and interests, in a list',
    );
    return page;
  }

  async get(who: Actor, id: string): Promise<ContributorDetails> {
    await this.refuseMerged(who, id);
    const found = await this.db.one(Contributor, id, contributorsWithin(who, READ_CONTRIBUTORS, this.clock.today()));
    await this.noteRead(who, [id], 'name, contact points and interests');
    return this.details(this.db, who, found);
  }

  /** The record of whoever asks. */
  async mine(who: Actor): Promise<ContributorDetails> {
    if (who.contributorId === null)
      throw new NotFound(
        'No contributor record is tied to your account. Register, or use the code that your coordinator gave you.',
      );
    return this.details(this.db, who, await this.db.one(Contributor, who.contributorId, () => `r.state <> 'erased'`));
  }

  /** Adds a contributor for an organisation of the caller's, or registers the caller. */
  async add(who: Actor, body: NewContributor): Promise<ContributorDetails> {
    const { organisationId, reference, myself, ...fields } = body;
    if (!myself) mustAddFor(who, organisationId);
    mustMayNumber(who, organisationId, reference);
    return this.db.write(who, async (tx) => {
      await mustBeVerified(tx, organisationId);
      const id = await this.sealer.rowId(tx);
      const made = await tx.insert(Contributor, { id, ...this.stored(id, fields) }, { personId: id });
      const tie = await tx.insert(
        ContributorOrganisation,
        { contributorId: id, organisationId, from: this.clock.today(), home: true, reference },
        { personId: id, organisationId },
      );
      tx.emit({
        type: CONTRIBUTOR_JOINED.type,
        subject: 'contributor',
        subjectId: id,
        version: made.version,
        organisationId,
        data: { contributorOrganisationId: tie.id },
      });
      if (myself) await this.links.tie(tx, made);
      return this.details(tx, who, made, myself);
    });
  }

  async change(who: Actor, id: string, body: ContributorChange, version: number): Promise<ContributorDetails> {
    return this.db.write(who, async (tx) => {
      const found = await tx.get(Contributor, id, contributorsWithin(who, CHANGE_CONTRIBUTORS, this.clock.today()));
      const changed = await tx.change(found, this.stored(id, body), version, { personId: id });
      if (body.email !== undefined) await followAddress(tx, id);
      tx.emit({ type: CONTRIBUTOR_CHANGED.type, subject: 'contributor', subjectId: id, version: changed.version });
      return this.changed(tx, who, changed);
    });
  }

  /** A record after a change, for whoever made it. They see all of it, which is put on record as any other reading. */
  changed(tx: Tx, who: Actor, row: Contributor): Promise<ContributorDetails> {
    if (who.contributorId !== row.id)
      tx.audit('read', 'contributor', row.id, {
        personId: row.id,
        purpose: 'taking-part',
        after: { what: 'name, contact points and interests' },
      });
    return this.details(tx, who, row);
  }

  /** Ties the caller's account to the record that a code opens. */
  async useCode(who: Actor, code: string): Promise<ContributorDetails> {
    return this.db.write(who, async (tx) => {
      const id = await this.links.redeem(tx, code);
      const found = await tx.get(Contributor, id, () => `r.state <> 'erased'`);
      await this.links.tie(tx, found);
      return this.details(tx, who, found, true);
    });
  }

  /** A contributor as those who may see them do. References are shown to their own organisation and to the person. */
  async details(
    q: Query,
    who: Actor,
    row: Contributor,
    own = who.contributorId === row.id,
  ): Promise<ContributorDetails> {
    const ties = await q.query<WorksWith>(
      `SELECT w.id, w.organisation_id AS "organisationId", o.name AS "organisationName", w."from", w.until, w.home, w.reference
       FROM people.contributor_organisation w JOIN people.organisation o ON o.id = w.organisation_id
       WHERE w.contributor_id = $1 ORDER BY w."from" DESC, w.id DESC`,
      [row.id],
    );
    const sees = (tie: WorksWith): boolean =>
      own || who.mayFor(READ_CONTRIBUTORS, tie.organisationId) || who.mayFor(CHANGE_CONTRIBUTORS, tie.organisationId);
    return {
      ...plain(row),
      ...this.seal.open(row),
      organisations: ties.map((tie) => ({ ...tie, reference: sees(tie) ? tie.reference : null })),
    };
  }

  /** The condition of a filtered list; the export shares it. */
  filtered(who: Actor, filter: Omit<ContributorFilter, 'limit' | 'cursor'>): Condition[] {
    const today = this.clock.today();
    const conditions: Condition[] = [contributorsWithin(who, READ_CONTRIBUTORS, today)];
    const { q, topic, healthCategory, region, language, channel, organisation, state } = filter;
    if (q !== undefined) conditions.push((bind) => prefix(bind(q)));
    if (topic !== undefined) conditions.push((bind) => `${bind(topic)} = ANY(r.topics)`);
    if (healthCategory !== undefined) conditions.push((bind) => `${bind(healthCategory)} = ANY(r.health_categories)`);
    if (region !== undefined)
      conditions.push(
        (bind) =>
          `r.region_code IN (SELECT g.code FROM people.region g WHERE ${bind(region)} IN (g.code, g.nation_code))`,
      );
    if (language !== undefined) conditions.push((bind) => `${bind(language)} = ANY(r.languages)`);
    if (channel !== undefined) conditions.push((bind) => `r.preferred_channel = ${bind(channel)}`);
    if (organisation !== undefined) conditions.push((bind) => worksWith('r', `= ${bind(organisation)}`, bind(today)));
    if (state !== undefined) conditions.push((bind) => `r.state = ${bind(state)}`);
    return conditions;
  }

  /** The columns of a row for the fields of a body. */
  private stored(id: string, body: Partial<ContributorFields>): Fields<Contributor> {
    const { email, phone, address, supporter, guardian, safeguardingContact, ...rest } = body;
    return { ...rest, ...this.seal.columns(id, { email, phone, address, supporter, guardian, safeguardingContact }) };
  }

  /** Whoever reads about somebody else is put on record. */
  private noteRead(who: Actor, ids: readonly string[], what: string): Promise<void> {
    const others = ids.filter((id) => id !== who.contributorId);
    return this.reads.record(who, {
      subject: 'contributor',
      personIds: others,
      ids: others,
      purpose: 'taking-part',
      what,
    });
  }

  /** 410 with the way to the record that stayed, for those who may see that one. */
  private async refuseMerged(who: Actor, id: string): Promise<void> {
    const { params, bind } = binder([id]);
    const [merged] = await this.db.query<{ kept_id: string }>(
      `SELECT m.kept_id FROM people.merged_contributor m JOIN people.contributor r ON r.id = m.kept_id
       WHERE m.gone_id = $1 AND ${contributorsWithin(who, READ_CONTRIBUTORS, this.clock.today())(bind)}`,
      params,
    );
    if (merged)
      throw new Problem(
        410,
        'merged',
        `This record and another were of one person. Use the one that stayed: /v1/contributors/${merged.kept_id}`,
        {
          headers: { link: `</v1/contributors/${merged.kept_id}>; rel="canonical"` },
        },
      );
  }
}

type SummaryRow = ContributorSummary & { sort_key: string[] };

const SUMMARY = `r.id, r.version, r.updated_at AS "updatedAt", r.name, r.known_as AS "knownAs", r.preferred_channel AS "preferredChannel", r.languages,
  r.correspondence_language AS "correspondenceLanguage", r.topics, r.health_categories AS "healthCategories", r.outward_postcode AS "outwardPostcode",
  r.region_code AS "regionCode", r.age_group AS "ageGroup", r.keep_in_touch AS "keepInTouch", r.state`;

/** That a name begins with a text, in a form that the index on names serves. */
const prefix = (text: string): string =>
  `r.name_key ~>=~ people.name_key(${text}) AND r.name_key ~<~ (people.name_key(${text}) || chr(1114111))`;

function plain(
  row: Contributor,
): Omit<
  ContributorDetails,
  'email' | 'phone' | 'address' | 'supporter' | 'guardian' | 'safeguardingContact' | 'organisations'
> {
  const { id, createdAt, updatedAt, version, name, knownAs, preferredChannel, languages, correspondenceLanguage } = row;
  const { topics, healthCategories, outwardPostcode, regionCode, ageGroup, keepInTouch, state, leftAt } = row;
  return {
    ...{ id, createdAt, updatedAt, version, name, knownAs, preferredChannel, languages, correspondenceLanguage },
    ...{ topics, healthCategories, outwardPostcode, regionCode, ageGroup, keepInTouch, state, leftAt },
  };
}

function mustAddFor(who: Actor, organisationId: string): void {
  if (!who.may(CHANGE_CONTRIBUTORS))
    throw new NotAllowed('not_allowed', 'You may not add other people. Send "myself": true to register yourself.');
  if (!who.mayFor(CHANGE_CONTRIBUTORS, organisationId)) throw new NotFound('No organisation of yours has this id.');
}

/**
 * Refuses a reference by whoever does not keep the organisation's contributors. It is the organisation's, whose files know people
 * again by it: somebody who chose it themselves would be sent the data of whom it was meant for.
 */
export function mustMayNumber(who: Actor, organisationId: string, reference: string | null | undefined): void {
  if (reference === undefined || reference === null || who.mayFor(CHANGE_CONTRIBUTORS, organisationId)) return;
  throw new Refused('reference_not_yours', 'The organisation gives its own references. Leave "reference" out.');
}

/** Refuses an organisation that does not count (yet). */
export async function mustBeVerified(tx: Tx, organisationId: string): Promise<void> {
  const [found] = await tx.query(`SELECT 1 FROM people.organisation WHERE id = $1 AND state = 'verified' FOR SHARE`, [
    organisationId,
  ]);
  if (!found) throw new Refused('unknown_organisation', 'There is no verified organisation with this id.');
}
