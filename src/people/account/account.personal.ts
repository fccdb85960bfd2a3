import { personalTable } from '../../kernel/privacy/personal';

const RULE = 'UK GDPR Article 5(1)(c) and (e): no more than is needed, no longer than is needed';

personalTable({
  table: 'people.membership',
  person: 'account_id',
  key: 'account',
  heading: 'Your roles',
  holds: 'Which roles your account has or had, in which organisation and when',
  erase: 'delete',
  keptFor: 'For as long as you have an account',
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
  erase: { anonymise: { applied_by: null, application_reason: null } },
  keptFor: 'The organisation stays listed; that you applied is kept for as long as you have an account',
  rule: RULE,
  order: 700,
});

personalTable({
  table: 'people.account',
  person: 'contributor_id',
  heading: 'Your account',
  holds: 'Your name, and how your sign-in service knows you',
  // Other records name the account by its number, which stays but no longer leads to anybody.
  erase: async (tx, id) => {
    const emptied = await tx.query(
      `UPDATE people.account SET issuer = 'erased', subject = id::text, name = 'Erased', contributor_id = NULL,
         suspended_at = coalesce(suspended_at, $2), version = version + 1, updated_at = now()
       WHERE contributor_id = $1 RETURNING 1`,
      [id, tx.at],
    );
    return { went: emptied.length, stayed: [] };
  },
  keptFor: 'For as long as you have an account',
  rule: RULE,
  order: 880,
});
