import { dayInUk } from '../../kernel/clock';
import type { Tx } from '../../kernel/db/tx';
import { Erased, personalTable, Stayed } from '../../kernel/privacy/personal';
import { ERASED_ISSUER } from './account.entity';

const RULE = 'UK GDPR Article 5(1)(c) and (e): no more than is needed, no longer than is needed';

/** Stands where it was said why an application was refused, once who applied is erased: a refusal has a reason. */
const REASON_OF_ERASED = 'Not kept: the applicant was erased.';

interface Ended {
  id: string;
  organisation_id: string;
  version: number;
  role: string;
  until: string;
}

/** Roles that have not ended end today; one that has not begun never holds. */
const END_ROLES = `
  UPDATE people.membership SET until = greatest("from", $2::date), version = version + 1, updated_at = now()
  WHERE account_id = $1 AND (until IS NULL OR until > greatest("from", $2::date))
  RETURNING id, organisation_id, version, role, until::text AS until`;

const ROLES_STAYED: Stayed = {
  what: 'Which roles the account’s number had for an organisation, and when: to show who could read or change what. The number no longer leads to anybody',
  rule: 'UK GDPR Article 5(2): showing that data were handled lawfully',
};

personalTable({
  table: 'people.membership',
  person: 'account_id',
  key: 'account',
  heading: 'Your roles',
  shown: { named: { organisation_id: 'people.organisation.name' } },
  holds: 'Which roles your account has or had, in which organisation and when',
  // Whoever looks into the ledger of reads must find in which role an account read, also when it is nobody's any more.
  erase: async (tx, id) => {
    const gone = await tx.query(
      `DELETE FROM people.membership WHERE account_id = $1 AND role = 'contributor' RETURNING 1`,
      [id],
    );
    const ended = await tx.query<Ended>(END_ROLES, [id, dayInUk(tx.at)]);
    for (const { id: subjectId, organisation_id: organisationId, version, role, until } of ended)
      tx.emit({
        ...{ type: 'membership.ended', subject: 'membership', subjectId, version, organisationId },
        data: { role, until },
      });
    const kept = await tx.query('SELECT 1 FROM people.membership WHERE account_id = $1 LIMIT 1', [id]);
    return { went: gone.length, stayed: kept.length > 0 ? [ROLES_STAYED] : [] };
  },
  keptFor:
    'For as long as you have an account; that it had a role for an organisation’s own work, as long as the audit trail',
  rule: RULE,
  order: 700,
});

personalTable({
  table: 'people.organisation',
  person: 'applied_by',
  key: 'account',
  heading: 'Organisations that you applied for',
  holds: 'The application that you made for an organisation to be listed',
  export: (q, id) =>
    q.query(
      `SELECT id, name, state, created_at AS "appliedAt", application_reason AS reason, refusal_reason AS "refusalReason"
       FROM people.organisation WHERE applied_by = $1 ORDER BY id`,
      [id],
    ),
  erase: async (tx, id) => {
    const emptied = await tx.query(
      `UPDATE people.organisation SET applied_by = NULL, application_reason = NULL, version = version + 1, updated_at = now(),
         refusal_reason = CASE WHEN refusal_reason IS NOT NULL THEN '${REASON_OF_ERASED}' END
       WHERE applied_by = $1 RETURNING 1`,
      [id],
    );
    return { went: emptied.length, stayed: [] };
  },
  keptFor: 'The organisation stays listed; that you applied is kept for as long as you have an account',
  rule: RULE,
  order: 700,
});

personalTable({
  table: 'people.account',
  person: 'contributor_id',
  heading: 'Your account',
  holds: 'Your name, and how your sign-in service knows you',
  erase: (tx, id) => empty(tx, 'contributor_id', id),
  keptFor: 'For as long as you have an account',
  rule: RULE,
  order: 880,
});

personalTable({
  table: 'people.account',
  person: 'id',
  key: 'account',
  heading: 'Your account',
  holds: 'Your name, and how your sign-in service knows you',
  export: 'elsewhere',
  erase: (tx, id) => empty(tx, 'id', id),
  keptFor: 'For as long as you have an account',
  rule: RULE,
  order: 881,
});

/** Other records name the account by its number, which stays but no longer leads to anybody. */
async function empty(tx: Tx, column: 'contributor_id' | 'id', id: string): Promise<Erased> {
  const emptied = await tx.query(
    `UPDATE people.account SET issuer = '${ERASED_ISSUER}', subject = id::text, name = 'Erased', contributor_id = NULL,
       suspended_at = coalesce(suspended_at, $2), version = version + 1, updated_at = now()
     WHERE ${column} = $1 AND issuer <> '${ERASED_ISSUER}' RETURNING 1`,
    [id, tx.at],
  );
  return { went: emptied.length, stayed: [] };
}
