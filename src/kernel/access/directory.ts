/** An account as the access guard needs to know it, read anew at each request so that a change counts at once. */
export interface KnownAccount {
  id: string;
  kind: 'person' | 'system';
  /** The contributor whose account it is, if any. */
  contributorId: string | null;
  /** Memberships that hold today. */
  memberships: { organisationId: string; role: string }[];
}

/** A live API key. It only identifies; it gives no permission. */
export interface KnownKey {
  id: string;
  organisationId: string;
}

/** Where accounts and keys are kept. The people area provides it. */
export abstract class Directory {
  /** The account of a verified token, or null where there is none (yet). A suspended account answers 'suspended'. */
  abstract byToken(issuer: string, subject: string): Promise<KnownAccount | 'suspended' | null>;
  /** The live key with this SHA-256 hash, or null. Notes its last use. */
  abstract byKey(hash: Buffer): Promise<KnownKey | null>;
}
