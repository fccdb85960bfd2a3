import type { Tx } from '../db/tx';
import type { Bind, Condition } from '../db/sql';
import type { Permission } from './permission';

/** Which rows a permission reaches, over all of the actor's roles. */
export interface Reach {
  /** Every row there is. */
  readonly everywhere: boolean;
  /** Rows of these organisations. */
  readonly organisations: readonly string[];
  /** Rows that are the actor's own: their own record, or a project of theirs. */
  readonly own: boolean;
}

const NOWHERE: Reach = { everywhere: false, organisations: [], own: false };

/** Where a table keeps whose row it is: how to say "of one of these organisations", and how to say "the actor's own". */
export interface Ownership {
  /** SQL of the row's organisation, such as `r.organisation_id`; absent where rows belong to none. */
  organisation?: string;
  /** SQL condition that the row is the actor's own. */
  own?: (bind: Bind) => string;
}

export interface ActorFacts {
  kind: 'person' | 'system' | 'service' | 'anonymous';
  accountId: string | null;
  /** The contributor that the account belongs to, where it is a contributor's. */
  contributorId: string | null;
  /** Whom the verified token speaks for; absent without a token. An identity may have no account yet. */
  identity?: { issuer: string; subject: string };
  /** Who this is for rate limits and idempotency: an account, an API key or an address. */
  key: string;
  roles: readonly string[];
  /** Current memberships. */
  memberships: readonly { organisationId: string; role: string }[];
  reaches: ReadonlyMap<string, Reach>;
  traceId: string;
}

/** Who is asking, and what they may reach. One object a request. */
export class Actor {
  readonly kind: ActorFacts['kind'];
  readonly accountId: string | null;
  readonly contributorId: string | null;
  readonly identity: ActorFacts['identity'];
  readonly key: string;
  readonly roles: readonly string[];
  readonly memberships: ActorFacts['memberships'];
  readonly traceId: string;
  private readonly reaches: ReadonlyMap<string, Reach>;
  /** The transaction that this request already has open, which further writes join. */
  open: Tx | undefined;

  constructor(facts: ActorFacts) {
    this.kind = facts.kind;
    this.accountId = facts.accountId;
    this.contributorId = facts.contributorId;
    this.identity = facts.identity;
    this.key = facts.key;
    this.roles = facts.roles;
    this.memberships = facts.memberships;
    this.reaches = facts.reaches;
    this.traceId = facts.traceId;
  }

  /** Whether any role of the actor gives the permission, over whatever rows. */
  may(permission: Permission): boolean {
    return this.reaches.has(permission.name);
  }

  reach(permission: Permission): Reach {
    return this.reaches.get(permission.name) ?? NOWHERE;
  }

  /** Whether the permission covers a record of this organisation as such (not as the actor's own). */
  mayFor(permission: Permission, organisationId: string): boolean {
    const reach = this.reach(permission);
    return reach.everywhere || reach.organisations.includes(organisationId);
  }

  /** The person, where this account does for somebody else what is theirs to do or say; null for themself and for the service. */
  actsFor(personId: string | null): string | null {
    return this.accountId !== null && personId !== this.contributorId ? personId : null;
  }

  /** The rows that the permission covers, as a condition for a query: what lies outside it does not exist for the actor. */
  within(permission: Permission, ownership: Ownership): Condition {
    const reach = this.reach(permission);
    return (bind) => {
      if (reach.everywhere) return 'TRUE';
      const ways: string[] = [];
      if (ownership.organisation && reach.organisations.length > 0)
        ways.push(`${ownership.organisation} = ANY(${bind(reach.organisations)}::uuid[])`);
      if (ownership.own && reach.own) ways.push(ownership.own(bind));
      return ways.length === 0 ? 'FALSE' : `(${ways.join(' OR ')})`;
    };
  }
}

const NIL_TRACE = '0'.repeat(32);

/** Somebody without an account. */
export const anonymous = (traceId = NIL_TRACE, key = 'anonymous'): Actor =>
  new Actor({
    kind: 'anonymous',
    accountId: null,
    contributorId: null,
    key,
    roles: [],
    memberships: [],
    reaches: new Map(),
    traceId,
  });

/** The service itself, for what it does by the clock or on events. */
export const theService = (traceId = NIL_TRACE): Actor =>
  new Actor({
    kind: 'service',
    accountId: null,
    contributorId: null,
    key: 'service',
    roles: [],
    memberships: [],
    reaches: new Map(),
    traceId,
  });
