import type { Erased, Stayed } from './personal';
import { personalTable } from './personal';

/** The kernel's own tables that hold something about people. */

personalTable({
  table: 'kernel.consent',
  person: 'person_id',
  heading: 'Consent that you gave',
  holds: 'What you agreed to, when and in which way, and when you withdrew it',
  erase: 'delete',
  keptFor: 'For as long as you are registered',
  rule: 'UK GDPR Article 7(1): the controller must be able to show that consent was given',
  order: 100,
});

personalTable({
  table: 'kernel.objection',
  person: 'person_id',
  heading: 'Objections that you made',
  holds: 'What you objected to, when, and the reason if you gave one',
  erase: 'delete',
  keptFor: 'For as long as you are registered',
  rule: 'UK GDPR Article 21',
  order: 100,
});

const TRAIL: Stayed = {
  what: 'Entries that say that something was done, when and by which account number. Private details are masked in them, and the numbers no longer lead to anybody',
  rule: 'UK GDPR Article 17(3)(b) and (e), with Article 5(2): showing that data were handled lawfully',
};

personalTable({
  table: 'kernel.audit_entry',
  person: 'person_id',
  heading: 'Who read or changed your data',
  holds: 'Entries of the audit trail about your records',
  export: (q, id) =>
    q.query(
      `SELECT at, action, subject, purpose, actor AS "kindOfReader", account_id AS "byAccount", after->>'what' AS what
       FROM kernel.audit_entry WHERE person_id = $1 ORDER BY id`,
      [id],
    ),
  erase: async (tx, id) => left(await tx.query('SELECT 1 FROM kernel.audit_entry WHERE person_id = $1 LIMIT 1', [id])),
  keptFor: 'Six years',
  rule: 'UK GDPR Article 5(2); Limitation Act 1980, section 5',
  order: 900,
});

personalTable({
  table: 'kernel.audit_entry',
  person: 'account_id',
  key: 'account',
  heading: 'What you did in the service',
  holds: 'Entries of the audit trail about what was done with your account',
  export: (q, id) =>
    q.query(`SELECT at, action, subject, purpose FROM kernel.audit_entry WHERE account_id = $1 ORDER BY id`, [id]),
  erase: async (tx, id) => left(await tx.query('SELECT 1 FROM kernel.audit_entry WHERE account_id = $1 LIMIT 1', [id])),
  keptFor: 'Six years',
  rule: 'UK GDPR Article 5(2); Limitation Act 1980, section 5',
  order: 901,
});

personalTable({
  table: 'kernel.erasure_receipt',
  person: 'person_id',
  heading: 'Receipts of erasures',
  holds: 'When your data were erased, what went and what stayed',
  erase: () => Promise.resolve({ went: 0, stayed: [] }),
  keptFor: 'For as long as backups from before the erasure exist, and six years',
  rule: 'UK GDPR Article 5(2): showing that the request was carried out',
  order: 902,
});

function left(found: unknown[]): Erased {
  return { went: 0, stayed: found.length > 0 ? [TRAIL] : [] };
}
