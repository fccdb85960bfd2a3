import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { NotAllowed, NotFound } from '../../kernel/errors/problem';
import { Cursors, keyColumns, NEWEST, Page } from '../../kernel/http/page';
import { CHANGE_ORGANISATION } from '../permissions';
import { holdAccount } from '../account/hold-account';
import { Membership, Role } from '../account/membership.entity';
import { ApplicationQuery, NewApplication, OrganisationApplication, Refusal, Verification } from './application.dto';
import { Maintainer, Organisation, OrganisationState } from './organisation.entity';
import { slugOf } from './slug';

type Row = OrganisationApplication & { sort_key: string[] };

/** Organisations that are not listed apply; an administrator verifies or refuses them. */
@Injectable()
export class ApplicationService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  async apply(who: Actor, { reason, ...facts }: NewApplication): Promise<OrganisationApplication> {
    const { accountId } = who;
    if (accountId === null) throw new NotAllowed('account_needed', 'Open your account first: POST /v1/me.');
    return this.db.write(who, async (tx) => {
      await holdAccount(tx, accountId);
      const slug = await freeSlug(tx, facts.name);
      const state = OrganisationState.Applied;
      const application = { appliedBy: accountId, applicationReason: reason, maintainedBy: Maintainer.Administrator };
      const made = await tx.insert(Organisation, { ...facts, ...application, slug, state });
      tell(tx, 'organisation.applied', made);
      return read(tx, made.id);
    });
  }

  get(who: Actor, id: string): Promise<OrganisationApplication> {
    const mine: Condition = (bind) => `r.applied_by = ${bind(who.accountId)}`;
    return read(who.open ?? this.db, id, who.may(CHANGE_ORGANISATION) ? undefined : mine);
  }

  /** Applications, newest first; for administrators. */
  list(query: ApplicationQuery): Promise<Page<OrganisationApplication>> {
    const ask = (after: Condition, order: string, limit: number): Promise<Row[]> => {
      const { params, bind } = binder([query.state]);
      const where = all([() => 'r.state = $1 AND r.applied_by IS NOT NULL', after], bind);
      return this.db.query<Row>(
        `SELECT ${APPLICATION}, ${keyColumns(NEWEST)} FROM people.organisation r WHERE ${where} ORDER BY ${order} LIMIT ${bind(limit)}`,
        params,
      );
    };
    return this.cursors.page(query, `applications ${query.state}`, NEWEST, ask, ({ sort_key: _, ...row }) => row);
  }

  /** The organisation counts from now on, and whoever applied coordinates it. */
  verify(who: Actor, id: string): Promise<Verification> {
    return this.db.write(who, async (tx) => {
      // The applicant before the organisation, as an erasure takes them: one that is under way is waited for, and no role is given after it.
      await tx.query(
        'SELECT 1 FROM people.organisation r JOIN people.account a ON a.id = r.applied_by WHERE r.id = $1 FOR SHARE OF a',
        [id],
      );
      const stored = await tx.get(Organisation, id);
      stored.mustWait();
      tell(tx, 'organisation.verified', await tx.change(stored, { state: OrganisationState.Verified }));
      const membershipId = stored.appliedBy === null ? null : await this.makeCoordinator(tx, stored.appliedBy, id);
      return { ...(await read(tx, id)), membershipId };
    });
  }

  refuse(who: Actor, id: string, { reason }: Refusal): Promise<OrganisationApplication> {
    return this.db.write(who, async (tx) => {
      const stored = await tx.get(Organisation, id);
      stored.mustWait();
      const refused = await tx.change(stored, { state: OrganisationState.Refused, refusalReason: reason });
      tell(tx, 'organisation.refused', refused);
      return read(tx, id);
    });
  }

  private async makeCoordinator(tx: Tx, accountId: string, organisationId: string): Promise<string> {
    const given = { accountId, organisationId, role: Role.Coordinator, from: this.clock.today(), until: null };
    const { id, version, role, from } = await tx.insert(Membership, given);
    tx.emit({
      type: 'membership.given',
      subject: 'membership',
      subjectId: id,
      version,
      organisationId,
      data: { role, from, until: null },
    });
    return id;
  }
}

const APPLICATION = `
  r.id, r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.slug, r.state, r.name, r.kind, r.region_code AS "regionCode",
  r.nation_code AS "nationCode", r.website, r.description, r.applied_by AS "appliedBy", r.refusal_reason AS "refusalReason",
  r.application_reason AS reason,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', d.id, 'slug', d.slug, 'name', d.name) ORDER BY d.alike DESC, d.name)
    FROM (SELECT o.id, o.slug, o.name, similarity(lower(o.name), lower(r.name)) AS alike FROM people.organisation o
      WHERE o.id <> r.id AND o.state = 'verified' AND lower(o.name) % lower(r.name) AND similarity(lower(o.name), lower(r.name)) >= 0.45
      ORDER BY alike DESC, o.name LIMIT 5) d), '[]') AS "possibleDuplicates"`;

async function read(
  q: Pick<Db | Tx, 'query'>,
  id: string,
  visible: Condition = () => 'TRUE',
): Promise<OrganisationApplication> {
  const { params, bind } = binder([id]);
  const [row] = await q.query<OrganisationApplication>(
    `SELECT ${APPLICATION} FROM people.organisation r WHERE r.id = $1 AND r.applied_by IS NOT NULL AND ${visible(bind)}`,
    params,
  );
  if (!row) throw new NotFound();
  return row;
}

const tell = (tx: Tx, type: string, { id, version, kind }: Organisation): void =>
  tx.emit({ type, subject: 'organisation', subjectId: id, version, organisationId: id, data: { kind } });

/** A slug from the name that nobody has; applications for one name go one after the other. */
async function freeSlug(tx: Tx, name: string): Promise<string> {
  const wanted = slugOf(name);
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('organisation slug ' || $1, 0))`, [wanted]);
  const taken = await tx.query<{ slug: string }>(
    `SELECT slug FROM people.organisation WHERE slug = $1 OR slug LIKE $1 || '-%'`,
    [wanted],
  );
  const used = new Set(taken.map((row) => row.slug));
  for (let n = 1; ; n++) {
    const slug = n === 1 ? wanted : `${wanted}-${n}`;
    if (!used.has(slug)) return slug;
  }
}
