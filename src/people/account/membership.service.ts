import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotAllowed, NotFound, Refused } from '../../kernel/errors/problem';
import { Cursors, keyColumns, NEWEST, Page } from '../../kernel/http/page';
import { Reads } from '../../kernel/privacy/reads';
import { Organisation, OrganisationState } from '../organisation/organisation.entity';
import { CHANGE_MEMBERSHIPS, INVITE_MEMBERS, READ_MEMBERSHIPS } from '../permissions';
import { EndOfMembership, MembershipDetails, MembershipQuery, NewMembership } from './account.dto';
import { holdNamedAccount } from './hold-account';
import { INVITED_ROLES, Membership, Role } from './membership.entity';

/** With the contributor whose account it is, who sees that the name was read. */
type Named = MembershipDetails & { contributorId: string | null };
type Row = Named & { sort_key: string[] };

/** Roles of accounts in organisations. A change counts at the next request. */
@Injectable()
export class MembershipService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly reads: Reads,
  ) {}

  async list(who: Actor, query: MembershipQuery): Promise<Page<MembershipDetails>> {
    const ask = (after: Condition, order: string, limit: number): Promise<Row[]> => {
      const { params, bind } = binder();
      const where = all(
        [who.within(READ_MEMBERSHIPS, { organisation: 'r.organisation_id' }), ...filters(query), after],
        bind,
      );
      return this.db.query<Row>(
        `SELECT ${DETAILS}, ${keyColumns(NEWEST)} FROM ${MEMBERSHIPS} WHERE ${where} ORDER BY ${order} LIMIT ${bind(limit)}`,
        params,
      );
    };
    const page = await this.cursors.page<Row, Named>(
      query,
      'memberships',
      NEWEST,
      ask,
      ({ sort_key: _, ...row }) => row,
    );
    return { ...page, data: await this.allShown(who, page.data) };
  }

  async get(who: Actor, id: string): Promise<MembershipDetails> {
    const visible = who.within(READ_MEMBERSHIPS, { organisation: 'r.organisation_id' });
    return this.shown(who, await rowsOf(this.db, id, visible));
  }

  async give(who: Actor, given: NewMembership): Promise<MembershipDetails> {
    const { accountId, organisationId, role, until = null } = given;
    mustGive(who, role, organisationId);
    const named = await this.db.write(who, async (tx) => {
      await holdNamedAccount(tx, accountId);
      const organisation = await this.organisation(tx.get(Organisation, organisationId));
      if (organisation.state !== OrganisationState.Verified)
        throw new Refused(
          'organisation_not_verified',
          'This organisation is not verified, so nobody can have a role in it yet.',
        );
      const from = given.from ?? this.clock.today();
      const made = await tx.insert(Membership, { accountId, organisationId, role, from, until });
      const data = { role, from, until };
      tx.emit({
        type: 'membership.given',
        subject: 'membership',
        subjectId: made.id,
        version: made.version,
        organisationId,
        data,
      });
      return rowsOf(tx, made.id);
    });
    return this.shown(who, named);
  }

  /** Ends a role on a day from today on; one that has not begun yet never holds. */
  async end(who: Actor, id: string, { until }: EndOfMembership): Promise<MembershipDetails> {
    const named = await this.db.write(who, async (tx) => {
      const stored = await tx.get(Membership, id, who.within(INVITE_MEMBERS, { organisation: 'r.organisation_id' }));
      mustGive(who, stored.role, stored.organisationId);
      const today = this.clock.today();
      if (stored.until !== null && stored.until <= today)
        throw new Conflict('already_ended', `This membership ended on ${stored.until}.`);
      if (until && until < today)
        throw new Refused(
          'in_the_past',
          'A membership cannot be ended for days that are past. Give today or a later day.',
        );
      const last = until ?? today;
      const changed = await tx.change(stored, { until: last < stored.from ? stored.from : last });
      const { version, organisationId, role } = changed;
      tx.emit({
        type: 'membership.ended',
        subject: 'membership',
        subjectId: id,
        version,
        organisationId,
        data: { role, until: changed.until },
      });
      return rowsOf(tx, id);
    });
    return this.shown(who, named);
  }

  private async shown(who: Actor, found: Named[]): Promise<MembershipDetails> {
    const [one] = await this.allShown(who, found);
    if (!one) throw new NotFound();
    return one;
  }

  /** As they leave the service: people who are contributors see that the name of their account was read. */
  private async allShown(who: Actor, rows: Named[]): Promise<MembershipDetails[]> {
    const people = rows.filter((row): row is Named & { contributorId: string } => row.contributorId !== null);
    await this.reads.record(who, {
      subject: 'membership',
      personIds: people.map((row) => row.contributorId),
      ids: people.map((row) => row.id),
      purpose: 'service-security',
      what: 'the name of your account',
    });
    return rows.map(({ contributorId: _, ...details }) => details);
  }

  private async organisation(found: Promise<Organisation>): Promise<Organisation> {
    try {
      return await found;
    } catch (error) {
      throw error instanceof NotFound ? unknownOrganisation() : error;
    }
  }
}

const DETAILS = `r.id, r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.version, r.account_id AS "accountId",
  r.organisation_id AS "organisationId", r.role, r."from", r.until, a.name AS "accountName", a.contributor_id AS "contributorId"`;
const MEMBERSHIPS = 'people.membership r JOIN people.account a ON a.id = r.account_id';

/** The membership with the name of its account, or no row. */
function rowsOf(q: Pick<Db | Tx, 'query'>, id: string, visible: Condition = () => 'TRUE'): Promise<Named[]> {
  const { params, bind } = binder([id]);
  return q.query<Named>(`SELECT ${DETAILS} FROM ${MEMBERSHIPS} WHERE r.id = $1 AND ${visible(bind)}`, params);
}

const unknownOrganisation = (): NotFound => new NotFound('No organisation of yours has this id.');

/** Refuses unless the caller may give and end this role there. An organisation gives some roles by itself; an administrator gives all. */
function mustGive(who: Actor, role: Role, organisationId: string): void {
  if (who.mayFor(CHANGE_MEMBERSHIPS, organisationId)) return;
  if (!who.mayFor(INVITE_MEMBERS, organisationId)) throw unknownOrganisation();
  if (INVITED_ROLES.includes(role)) return;
  throw new NotAllowed(
    'role_not_yours_to_give',
    `You may give and end these roles: ${INVITED_ROLES.join(', ')}. Ask a national administrator for the others.`,
  );
}

function filters({ organisation, account, role, at }: MembershipQuery): Condition[] {
  const wanted: Condition[] = [];
  if (organisation) wanted.push((bind) => `r.organisation_id = ${bind(organisation)}`);
  if (account) wanted.push((bind) => `r.account_id = ${bind(account)}`);
  if (role) wanted.push((bind) => `r.role = ${bind(role)}`);
  if (at) wanted.push((bind) => `r."from" <= ${bind(at)}::date AND (r.until IS NULL OR r.until > ${bind(at)}::date)`);
  return wanted;
}
