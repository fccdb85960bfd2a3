import type { Erased, Stayed } from './personal';
import { personalTable } from './personal';

/** The kernel's own tables that hold something about people. */

personalTable({
  table: 'kernel.consent',
  person: 'person_id',
  heading: 'Consent that you gave',
  holds: 'What you agreed to, when and in which way, and when you withdrew it',
  shown: { without: ['consent_based'] },
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
  shown: { without: ['objection_allowed'] },
  erase: 'delete',
  keptFor: 'For as long as you are registered',
  rule: 'UK GDPR Article 21',
  order: 100,
});

const WRITTEN_DOWN = 'UK GDPR Article 5(1)(c): the number of the account is taken out when it is no longer needed';

personalTable({
  table: 'kernel.consent',
  person: 'recorded_by',
  key: 'account',
  heading: 'Consent that you wrote down',
  holds: 'That your account wrote down a consent, its own or somebody else’s; not whose it was',
  export: (q, id) =>
    q.query(
      'SELECT purpose, created_at AS "writtenDownAt" FROM kernel.consent WHERE recorded_by = $1 ORDER BY created_at, id',
      [id],
    ),
  erase: { anonymise: { recorded_by: null } },
  keptFor: 'As long as the consent, or until your account is erased',
  rule: WRITTEN_DOWN,
  order: 101,
});

personalTable({
  table: 'kernel.objection',
  person: 'recorded_by',
  key: 'account',
  heading: 'Objections that you wrote down',
  holds: 'That your account wrote down an objection, its own or somebody else’s; not whose it was',
  export: (q, id) =>
    q.query(
      'SELECT purpose, created_at AS "writtenDownAt" FROM kernel.objection WHERE recorded_by = $1 ORDER BY created_at, id',
      [id],
    ),
  erase: { anonymise: { recorded_by: null } },
  keptFor: 'As long as the objection, or until your account is erased',
  rule: WRITTEN_DOWN,
  order: 101,
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

const RECEIPTS: Stayed = {
  what: 'That an account carried out an erasure, in its receipt. The number of the account no longer leads to anybody',
  rule: 'UK GDPR Article 5(2): showing that the request was carried out',
};

personalTable({
  table: 'kernel.erasure_receipt',
  person: 'person_id',
  heading: 'Receipts of erasures',
  holds: 'When your data were erased, what went and what stayed',
  erase: () => Promise.resolve({ went: 0, stayed: [] }),
  keptFor: 'For as long as backups from before the erasure exist, and six years',
  rule: RECEIPTS.rule,
  order: 902,
});

personalTable({
  table: 'kernel.erasure_receipt',
  person: 'erased_by',
  key: 'account',
  heading: 'Erasures that you carried out',
  holds: 'When your account erased a person, an interest or an account, and why; the receipts hold no personal data',
  export: (q, id) =>
    q.query(
      'SELECT subject AS "whatWasErased", erased_at AS "erasedAt", because FROM kernel.erasure_receipt WHERE erased_by = $1 ORDER BY erased_at, id',
      [id],
    ),
  erase: async (tx, id) => {
    const kept = await tx.query('SELECT 1 FROM kernel.erasure_receipt WHERE erased_by = $1 LIMIT 1', [id]);
    return { went: 0, stayed: kept.length > 0 ? [RECEIPTS] : [] };
  },
  keptFor: 'As long as the receipt',
  rule: RECEIPTS.rule,
  order: 903,
});

function left(found: unknown[]): Erased {
  return { went: 0, stayed: found.length > 0 ? [TRAIL] : [] };
}
