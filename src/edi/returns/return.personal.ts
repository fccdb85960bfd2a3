import { personalTable, type PersonReader, type Stayed } from '../../kernel/privacy/personal';

/** Which accounts sent and signed off returns. What is in a return is by pseudonym, and goes with the answers. */

const SENT: Stayed = {
  what: 'That an account sent or signed off a return of an organisation. Its number no longer leads to anybody',
  rule: 'UK GDPR Article 5(2): that what is counted was sent and signed off by somebody of the organisation',
};

for (const [person, heading, holds] of [
  [
    'sent_by_account_id',
    'Diversity returns that you sent',
    'Which returns your account sent for an organisation, and when',
  ],
  [
    'signed_by_account_id',
    'Diversity returns that you signed off',
    'Which returns your account signed off for an organisation, and when',
  ],
] as const)
  personalTable({
    table: 'edi.return',
    person,
    key: 'account',
    heading,
    holds,
    export: (q: PersonReader, id) =>
      q.query(
        `SELECT c.title AS collection, o.name AS organisation, r.created_at AS "sentAt", r.signed_at AS "signedAt"
         FROM edi.return r JOIN edi.collection c ON c.id = r.collection_id JOIN people.organisation o ON o.id = r.organisation_id
         WHERE r.${person} = $1 ORDER BY r.id`,
        [id],
      ),
    erase: async (tx, id) => {
      const kept = await tx.query(`SELECT 1 FROM edi.return WHERE ${person} = $1 LIMIT 1`, [id]);
      return { went: 0, stayed: kept.length > 0 ? [SENT] : [] };
    },
    keptFor: 'As long as the return',
    rule: SENT.rule,
    order: 412,
  });
