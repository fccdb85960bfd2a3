import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { permissions } from '../../kernel/access/permission';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder, Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound, NotSignedIn } from '../../kernel/errors/problem';
import { Cursors, keyColumns, NEWEST, Page } from '../../kernel/http/page';
import { PersonalData } from '../../kernel/privacy/personal-data';
import { Reads } from '../../kernel/privacy/reads';
import { CHANGE_MEMBERSHIPS, ERASE_PERSON, READ_MEMBERSHIPS } from '../permissions';
import type { ErasureReason, ErasureReceipt } from '../person/person.dto';
import { AccountDetails, AccountQuery, Me, NewAccount, OwnAccount, OwnMembership, OwnPermission } from './account.dto';
import { Account, AccountKind, ERASED_ISSUER } from './account.entity';

type Row = AccountDetails & { sort_key: string[] };

/** Accounts: one's own, and those of colleagues. */
@Injectable()
export class AccountService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly reads: Reads,
    private readonly data: PersonalData,
  ) {}

  async me(who: Actor): Promise<Me> {
    const q = who.open ?? this.db;
    const { issuer, subject } = identityOf(who);
    const [account = null] = await q.query<OwnAccount>(
      `SELECT ${OWN} FROM people.account r WHERE r.issuer = $1 AND r.subject = $2`,
      [issuer, subject],
    );
    const memberships = account ? await q.query<OwnMembership>(OWN_MEMBERSHIPS, [account.id, this.clock.today()]) : [];
    return { account, memberships, permissions: ownPermissions(who) };
  }

  /** Opens the account of whoever the token speaks for. It may do nothing until somebody gives it a role. */
  open(who: Actor, given: NewAccount): Promise<Me> {
    return this.db.write(who, async (tx) => {
      const { id, version, kind } = await tx.insert(Account, {
        ...identityOf(who),
        name: given.name,
        kind: given.kind ?? AccountKind.Person,
      });
      tx.emit({ type: 'account.opened', subject: 'account', subjectId: id, version, data: { kind } });
      return { account: await own(tx, id), memberships: [], permissions: ownPermissions(who) };
    });
  }

  async list(who: Actor, query: AccountQuery): Promise<Page<AccountDetails>> {
    const ask = (after: Condition, order: string, limit: number): Promise<Row[]> => {
      const { params, bind } = binder();
      const where = all([known(who, query.organisation), after], bind);
      return this.db.query<Row>(
        `SELECT ${DETAILS}, ${keyColumns(NEWEST)} FROM people.account r WHERE ${where} ORDER BY ${order} LIMIT ${bind(limit)}`,
        params,
      );
    };
    const page = await this.cursors.page(query, 'accounts', NEWEST, ask, ({ sort_key: _, ...row }) => row);
    await this.noteRead(who, page.data);
    return page;
  }

  async get(who: Actor, id: string): Promise<AccountDetails> {
    const { params, bind } = binder([id]);
    const [found] = await this.db.query<AccountDetails>(
      `SELECT ${DETAILS} FROM people.account r WHERE r.id = $1 AND ${known(who)(bind)}`,
      params,
    );
    if (!found) throw new NotFound();
    await this.noteRead(who, [found]);
    return found;
  }

  /** Suspends the account from its next request on, or lets it in again. */
  suspend(who: Actor, id: string, suspended: boolean): Promise<AccountDetails> {
    return this.db.write(who, async (tx) => {
      const stored = await tx.get(Account, id, who.within(CHANGE_MEMBERSHIPS, {}));
      if ((stored.suspendedAt !== null) === suspended)
        throw new Conflict(
          suspended ? 'already_suspended' : 'not_suspended',
          suspended ? 'This account is suspended already.' : 'This account is not suspended.',
        );
      const {
        issuer: _i,
        subject: _s,
        ...details
      } = await tx.change(stored, { suspendedAt: suspended ? tx.at : null }, undefined, {
        personId: stored.contributorId,
      });
      return details;
    });
  }

  /** Erases an account that is no contributor's: who it was goes, its roles end, and what it did stays under its number. */
  erase(who: Actor, id: string, because: ErasureReason): Promise<ErasureReceipt> {
    return this.db.write(who, async (tx) => {
      const stored = await tx.get(Account, id, who.within(ERASE_PERSON, {}));
      if (stored.issuer === ERASED_ISSUER) throw new NotFound('This account was erased already.');
      if (stored.contributorId !== null)
        throw new Conflict(
          'has_record',
          `This account is a contributor’s. Send POST /v1/contributors/${stored.contributorId}/erase: it erases the person with their accounts.`,
        );
      return this.data.eraseAccount(tx, id, because);
    });
  }

  /** People who are contributors see that their account was looked at. */
  private noteRead(who: Actor, accounts: AccountDetails[]): Promise<void> {
    const people = accounts.filter((a): a is AccountDetails & { contributorId: string } => a.contributorId !== null);
    return this.reads.record(who, {
      subject: 'account',
      personIds: people.map((a) => a.contributorId),
      ids: people.map((a) => a.id),
      purpose: 'service-security',
      what: 'the name of your account',
    });
  }
}

const DETAILS = `r.id, r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.version, r.name, r.kind,
  r.contributor_id AS "contributorId", r.suspended_at AS "suspendedAt"`;
const OWN = `r.id, r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.version, r.issuer, r.subject, r.name, r.kind,
  r.contributor_id AS "contributorId"`;
const OWN_MEMBERSHIPS = `
  SELECT m.id, m.organisation_id AS "organisationId", o.slug AS "organisationSlug", o.name AS "organisationName", m.role, m."from", m.until
  FROM people.membership m JOIN people.organisation o ON o.id = m.organisation_id AND o.state = 'verified'
  WHERE m.account_id = $1 AND (m.until IS NULL OR m.until > $2::date AND m.until > m."from") ORDER BY o.name, m.role, m."from" LIMIT 1000`;

async function own(tx: Tx, id: string): Promise<OwnAccount | null> {
  const [account = null] = await tx.query<OwnAccount>(`SELECT ${OWN} FROM people.account r WHERE r.id = $1`, [id]);
  return account;
}

function identityOf(who: Actor): { issuer: string; subject: string } {
  if (!who.identity) throw new NotSignedIn();
  return who.identity;
}

function ownPermissions(who: Actor): OwnPermission[] {
  return [...permissions().values()]
    .filter((p) => who.may(p))
    .map((p) => ({ name: p.name, means: p.means, ...who.reach(p) }))
    .map((p) => ({ ...p, organisations: [...p.organisations].sort() }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Accounts that have, or had, a role in an organisation whose roles the caller may see. */
const known =
  (who: Actor, organisation?: string): Condition =>
  (bind) => {
    const seen = who.within(READ_MEMBERSHIPS, { organisation: 'm.organisation_id' })(bind);
    if (!organisation && who.reach(READ_MEMBERSHIPS).everywhere) return 'TRUE';
    const there = organisation ? `m.organisation_id = ${bind(organisation)}` : 'TRUE';
    return `EXISTS (SELECT 1 FROM people.membership m WHERE m.account_id = r.id AND ${there} AND ${seen})`;
  };
