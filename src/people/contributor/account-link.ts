import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotAllowed, Refused } from '../../kernel/errors/problem';
import { Account, AccountKind } from '../account/account.entity';
import { Membership, Role } from '../account/membership.entity';
import { CHANGE_CONTRIBUTORS } from '../permissions';
import type { LinkCode } from './contributor.dto';
import { Contributor } from './contributor.entity';
import { codeHash, newCode } from './link';
import { contributorsWithin } from './reach';

const CODE_LIVES_MS = 14 * 86_400_000;

/** Ties accounts to contributors' records: by a code that a coordinator hands over, or by registering. */
@Injectable()
export class AccountLink {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  /** Makes a code for a contributor; an earlier one stops working. */
  async makeCode(who: Actor, id: string): Promise<LinkCode> {
    const code = newCode();
    return this.db.write(who, async (tx) => {
      await tx.get(Contributor, id, contributorsWithin(who, CHANGE_CONTRIBUTORS, this.clock.today()));
      await tx.query('DELETE FROM people.link_code WHERE expires_at <= $1', [tx.at]);
      const expiresAt = new Date(tx.at.getTime() + CODE_LIVES_MS);
      await tx.query(
        `INSERT INTO people.link_code (contributor_id, code_hash, expires_at, made_by_account_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (contributor_id) DO UPDATE SET code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at,
           made_by_account_id = EXCLUDED.made_by_account_id`,
        [id, codeHash(code), expiresAt, who.accountId],
      );
      tx.audit('made_link_code', 'contributor', id, { personId: id });
      return { contributorId: id, code, expiresAt };
    });
  }

  /** Uses up a code; answers the contributor that it opens. Of two at once, one gets it. */
  async redeem(tx: Tx, code: string): Promise<string> {
    const [used] = await tx.query<{ contributor_id: string; made_by_account_id: string | null }>(
      'DELETE FROM people.link_code WHERE code_hash = $1 AND expires_at > $2 RETURNING contributor_id, made_by_account_id',
      [codeHash(code), tx.at],
    );
    if (!used)
      throw new Refused(
        'code_not_good',
        'This code is not right, was used before or is too old. Ask your coordinator for a new one.',
      );
    if (used.made_by_account_id !== null && used.made_by_account_id === tx.actor.accountId) throw forAnother();
    await this.mustNotWorkThere(tx, used.contributor_id);
    return used.contributor_id;
  }

  /**
   * Refuses whoever works, now or later, for an organisation that keeps or kept the record: what people keep for their own eyes is
   * not for those who could come by a code of theirs.
   */
  private async mustNotWorkThere(tx: Tx, contributorId: string): Promise<void> {
    const works = await tx.query(
      `SELECT 1 FROM people.membership m
       JOIN people.contributor_organisation w ON w.organisation_id = m.organisation_id AND w.contributor_id = $2
       WHERE m.account_id = $1 AND m.role <> 'contributor' AND (m.until IS NULL OR m.until > $3::date) LIMIT 1`,
      [tx.actor.accountId, contributorId, this.clock.today()],
    );
    if (works.length > 0) throw forAnother();
  }

  /** Makes the caller's account (a new one, where there is none) the contributor's, with the role contributor in their organisations. */
  async tie(tx: Tx, contributor: Contributor): Promise<void> {
    const account = await this.ownAccount(tx, contributor.name);
    if (account.contributorId !== null)
      throw new Conflict(
        'already_registered',
        'Your account has a contributor record already. GET /v1/me/contributor shows it.',
      );
    const tied = await tx.query('SELECT 1 FROM people.account WHERE contributor_id = $1 AND suspended_at IS NULL', [
      contributor.id,
    ]);
    if (tied.length > 0)
      throw new Conflict(
        'has_account',
        'This record has an account already. If nobody can sign in with it any more, ask an administrator to suspend it first.',
      );
    await tx.change(account, { contributorId: contributor.id }, account.version, { personId: contributor.id });
    const today = this.clock.today();
    const places = await tx.query<{ organisation_id: string }>(
      `SELECT w.organisation_id FROM people.contributor_organisation w
       WHERE w.contributor_id = $1 AND (w.until IS NULL OR w.until > $3::date)
         AND NOT EXISTS (SELECT FROM people.membership m WHERE m.account_id = $2 AND m.organisation_id = w.organisation_id
           AND m.role = 'contributor' AND (m.until IS NULL OR m.until > $3::date))`,
      [contributor.id, account.id, today],
    );
    for (const { organisation_id: organisationId } of places)
      await tx.insert(
        Membership,
        { accountId: account.id, organisationId, role: Role.Contributor, from: today },
        { organisationId, personId: contributor.id },
      );
  }

  private async ownAccount(tx: Tx, name: string): Promise<Account> {
    const { accountId, identity, kind } = tx.actor;
    if (kind !== 'person' || !identity)
      throw new NotAllowed('not_a_person', 'Only a person who is signed in can have a contributor record.');
    if (accountId !== null) return tx.get(Account, accountId);
    return tx.insert(Account, { ...identity, name, kind: AccountKind.Person });
  }
}

const forAnother = (): Refused =>
  new Refused(
    'code_for_another',
    'You made this code, or have a role with an organisation that keeps this record, so it cannot become yours. Give the code to the person. If it is about you, sign in with an account that has no such role.',
  );
