import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { NotFound, Problem, Stale } from '../../kernel/errors/problem';
import { Cursors, keyColumns, Page, SortKey } from '../../kernel/http/page';
import { SET_ORGANISATION } from '../permissions';
import { DETAILS, visibleTo } from './organisation-rows';
import type {
  IdentifierScheme,
  NewOrganisation,
  OrganisationChange,
  OrganisationDetails,
  OrganisationOwn,
  OrganisationQuery,
  OrganisationSettings,
  OutsideIdentifier,
  Predecessor,
} from './organisation.dto';
import { Maintainer, Organisation, OrganisationState } from './organisation.entity';

const BY_NAME: readonly SortKey[] = [
  { sql: 'r.name', direction: 'asc', type: 'text' },
  { sql: 'r.id', direction: 'asc', type: 'uuid' },
];

type Row = OrganisationDetails & { sort_key: string[] };

/** The register of organisations: anybody reads it, administrators keep it. */
@Injectable()
export class OrganisationService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
  ) {}

  list(who: Actor, query: OrganisationQuery): Promise<Page<OrganisationDetails>> {
    const ask = (after: Condition, order: string, limit: number): Promise<Row[]> => {
      const { params, bind } = binder();
      const where = all([...filters(query), visibleTo(who), after], bind);
      return this.db.query<Row>(
        `SELECT ${DETAILS}, ${keyColumns(BY_NAME)} FROM people.organisation r WHERE ${where} ORDER BY ${order} LIMIT ${bind(limit)}`,
        params,
      );
    };
    return this.cursors.page(query, 'organisations by name', BY_NAME, ask, ({ sort_key: _, ...row }) => row);
  }

  get(who: Actor, id: string): Promise<OrganisationDetails> {
    return details(who.open ?? this.db, id, visibleTo(who));
  }

  add(who: Actor, given: NewOrganisation): Promise<OrganisationDetails> {
    return this.db.write(who, (tx) => this.insert(tx, given));
  }

  /** An administrator's change. From then on the data that come with the service leave the organisation alone. */
  change(who: Actor, id: string, version: number, given: OrganisationChange): Promise<OrganisationDetails> {
    return this.db.write(who, (tx) => this.update(tx, id, version, given));
  }

  /** What an organisation has decided for itself. */
  async settings(who: Actor, id: string): Promise<OrganisationOwn> {
    return ownOf(await this.db.one(Organisation, id, who.within(SET_ORGANISATION, { organisation: 'r.id' })));
  }

  /** What an organisation decides for itself. */
  set(who: Actor, id: string, version: number, given: OrganisationSettings): Promise<OrganisationOwn> {
    return this.db.write(who, async (tx) => {
      const stored = await tx.get(Organisation, id, who.within(SET_ORGANISATION, { organisation: 'r.id' }));
      const before = { ...stored };
      const changed = await tx.change(stored, given, version);
      tell(tx, 'organisation.changed', changed, differing(before, changed, given));
      return ownOf(changed);
    });
  }

  /**
   * Adds the organisation that another register calls so, or changes it. A change needs the version that the caller has
   * read; a version for an organisation that is not there is stale.
   */
  put(
    who: Actor,
    identifier: OutsideIdentifier,
    version: number | undefined,
    given: NewOrganisation,
  ): Promise<{ made: boolean; organisation: OrganisationDetails }> {
    return this.db.write(who, async (tx) => {
      await lockIdentifier(tx, identifier);
      const [found] = await tx.query<{ id: string }>(
        'SELECT organisation_id AS id FROM people.organisation_identifier WHERE scheme = $1 AND value = $2',
        [identifier.scheme, identifier.value],
      );
      const others = (given.identifiers ?? []).filter(
        (i) => i.scheme !== identifier.scheme || i.value !== identifier.value,
      );
      const whole = { ...given, identifiers: [identifier, ...others] };
      if (!found) {
        if (version !== undefined)
          throw new Stale('There is no organisation with this identifier (any more). Leave If-Match out to add it.');
        return { made: true, organisation: await this.insert(tx, whole) };
      }
      if (version === undefined)
        throw new Problem(
          428,
          'if_match_needed',
          'There is an organisation with this identifier. Read it, and send its ETag in an If-Match header.',
        );
      const { slug: _, ...facts } = whole;
      return { made: false, organisation: await this.update(tx, found.id, version, { ...ALL_EMPTY, ...facts }) };
    });
  }

  private async insert(
    tx: Tx,
    { identifiers = [], predecessors = [], ...facts }: NewOrganisation,
  ): Promise<OrganisationDetails> {
    const state = OrganisationState.Verified;
    const made = await tx.insert(Organisation, { ...facts, state, maintainedBy: Maintainer.Administrator });
    await setIdentifiers(tx, made.id, identifiers);
    await setPredecessors(tx, made.id, predecessors);
    tell(tx, 'organisation.added', made);
    return details(tx, made.id);
  }

  private async update(tx: Tx, id: string, version: number, given: OrganisationChange): Promise<OrganisationDetails> {
    const { identifiers, predecessors, ...facts } = given;
    const stored = await tx.get(Organisation, id);
    const before = { ...stored };
    const changed = await tx.change(stored, { ...facts, maintainedBy: Maintainer.Administrator }, version);
    if (identifiers) await setIdentifiers(tx, id, identifiers);
    if (predecessors) await setPredecessors(tx, id, predecessors);
    const fields = differing(before, changed, facts);
    if (identifiers) fields.push('identifiers');
    if (predecessors) fields.push('predecessors');
    tell(tx, 'organisation.changed', changed, fields);
    return details(tx, id);
  }
}

const ownOf = (organisation: Organisation): OrganisationOwn => {
  const { id, createdAt, updatedAt, version, secondApprover, guardianPolicy, website, description } = organisation;
  return { id, createdAt, updatedAt, version, secondApprover, guardianPolicy, website, description };
};

/** What a PUT leaves out is cleared. */
const ALL_EMPTY: OrganisationChange = {
  ...{ regionCode: null, nationCode: null, hostId: null, from: null, until: null, website: null, description: null },
  ...{ source: null, factsChecked: false, note: null, predecessors: [] },
};

function filters(query: OrganisationQuery): Condition[] {
  const { kind, region, nation, q, at, identifier, state } = query;
  const wanted: Condition[] = [(bind) => `r.state = ${bind(state)}`];
  if (kind) wanted.push((bind) => `r.kind = ${bind(kind)}`);
  if (region) wanted.push((bind) => `r.region_code = ${bind(region)}`);
  if (nation) wanted.push((bind) => `r.nation_code = ${bind(nation)}`);
  if (q) wanted.push((bind) => `lower(r.name) LIKE ${bind(`%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`)}`);
  if (at)
    wanted.push(
      (bind) =>
        `(r."from" IS NULL OR r."from" <= ${bind(at)}::date) AND (r.until IS NULL OR r.until > ${bind(at)}::date)`,
    );
  if (identifier) {
    const [scheme, value] = [
      identifier.slice(0, identifier.indexOf(':')) as IdentifierScheme,
      identifier.slice(identifier.indexOf(':') + 1),
    ];
    wanted.push(
      (bind) =>
        `r.id = (SELECT i.organisation_id FROM people.organisation_identifier i WHERE i.scheme = ${bind(scheme)} AND i.value = ${bind(value)})`,
    );
  }
  return wanted;
}

async function details(
  q: Pick<Db | Tx, 'query'>,
  id: string,
  visible: Condition = () => 'TRUE',
): Promise<OrganisationDetails> {
  const { params, bind } = binder([id]);
  const [row] = await q.query<OrganisationDetails>(
    `SELECT ${DETAILS} FROM people.organisation r WHERE r.id = $1 AND ${visible(bind)}`,
    params,
  );
  if (!row) throw new NotFound();
  return row;
}

/** Tells that an organisation was added or changed, and in which fields; one that is not verified is nobody else's business. */
function tell(tx: Tx, type: string, { id, version, kind, state }: Organisation, fields?: string[]): void {
  if (state !== OrganisationState.Verified) return;
  const data = { kind, ...(fields && { fields }) };
  tx.emit({ type, subject: 'organisation', subjectId: id, version, organisationId: id, data });
}

/** The fields among those given that are another than before. */
const differing = (before: Partial<Organisation>, after: Organisation, given: Partial<Organisation>): string[] =>
  (Object.keys(given) as (keyof Organisation)[]).filter((field) => before[field] !== after[field]);

/** Two callers who add the same outside identifier at once go one after the other. */
const lockIdentifier = (tx: Tx, { scheme, value }: OutsideIdentifier): Promise<unknown> =>
  tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('organisation ' || $1 || ':' || $2, 0))`, [scheme, value]);

async function setIdentifiers(tx: Tx, id: string, identifiers: OutsideIdentifier[]): Promise<void> {
  const gone = await tx.query<OutsideIdentifier>(
    'DELETE FROM people.organisation_identifier WHERE organisation_id = $1 RETURNING scheme, value',
    [id],
  );
  await tx.query(
    `INSERT INTO people.organisation_identifier (scheme, value, organisation_id)
     SELECT DISTINCT scheme, value, $1::uuid FROM jsonb_to_recordset($2::jsonb) AS i(scheme text, value text)`,
    [id, JSON.stringify(identifiers)],
  );
  if (gone.length + identifiers.length > 0)
    tx.audit('identifiers-set', 'organisation', id, { before: { identifiers: gone }, after: { identifiers } });
}

/** Replaces the predecessors; those whose successors so change get a new version, since their answers show it. */
async function setPredecessors(tx: Tx, id: string, predecessors: Predecessor[]): Promise<void> {
  const gone = await tx.query<{ id: string }>(
    'DELETE FROM people.organisation_predecessor WHERE successor_id = $1 RETURNING predecessor_id AS id',
    [id],
  );
  await tx.query(
    `INSERT INTO people.organisation_predecessor (successor_id, predecessor_id, part, verified)
     SELECT DISTINCT ON (p.id) $1::uuid, p.id, coalesce(p.part, false), coalesce(p.verified, false)
     FROM jsonb_to_recordset($2::jsonb) AS p(id uuid, part boolean, verified boolean)`,
    [id, JSON.stringify(predecessors)],
  );
  for (const touched of [...new Set([...gone, ...predecessors].map((p) => p.id))].sort()) {
    const predecessor = await tx.get(Organisation, touched);
    tell(tx, 'organisation.changed', await tx.change(predecessor, {}), ['successors']);
  }
}
