import { personalTable } from '../../kernel/privacy/personal';

/** Which accounts wrote, submitted and approved opportunities, and what reviewers wrote to them. */

const RULE = 'UK GDPR Article 5(1)(c): the number of the account is taken out when it is no longer needed';
const OPPORTUNITY = 'involvement.opportunity';

personalTable({
  table: OPPORTUNITY,
  person: 'edited_by',
  key: 'account',
  heading: 'Opportunities that you last changed',
  holds: 'Which opportunities your account last changed, and what a reviewer wrote when giving one back',
  export: (q, id) =>
    q.query(
      `SELECT title AS opportunity, review_note AS "reviewNote" FROM ${OPPORTUNITY} WHERE edited_by = $1 ORDER BY id`,
      [id],
    ),
  erase: { anonymise: { edited_by: null, review_note: null } },
  keptFor: 'Until somebody else changes it, or your account is erased',
  rule: RULE,
  order: 400,
});

personalTable({
  table: OPPORTUNITY,
  person: 'submitted_by',
  key: 'account',
  heading: 'Opportunities that you submitted',
  holds:
    'Which opportunities your account submitted for review, when, and what the reviewer wrote when giving one back',
  export: (q, id) =>
    q.query(
      `SELECT title AS opportunity, submitted_at AS "submittedAt", review_note AS "reviewNote" FROM ${OPPORTUNITY} WHERE submitted_by = $1 ORDER BY id`,
      [id],
    ),
  erase: { anonymise: { submitted_by: null, review_note: null } },
  keptFor: 'For as long as the opportunity is on record, or until your account is erased',
  rule: RULE,
  order: 401,
});

personalTable({
  table: OPPORTUNITY,
  person: 'approved_by',
  key: 'account',
  heading: 'Opportunities that you approved',
  holds: 'Which opportunities your account approved as the second person, and when',
  export: (q, id) =>
    q.query(
      `SELECT title AS opportunity, approved_at AS "approvedAt" FROM ${OPPORTUNITY} WHERE approved_by = $1 ORDER BY id`,
      [id],
    ),
  erase: async (tx, id) => {
    const kept = await tx.query(`SELECT 1 FROM ${OPPORTUNITY} WHERE approved_by = $1 LIMIT 1`, [id]);
    const stayed = {
      what: 'That an account approved an opportunity as the second person. Its number no longer leads to anybody',
      rule: 'UK GDPR Article 5(2): that what is published was seen by two people',
    };
    return { went: 0, stayed: kept.length > 0 ? [stayed] : [] };
  },
  keptFor: 'For as long as the opportunity is on record',
  rule: 'UK GDPR Article 5(2)',
  order: 402,
});
