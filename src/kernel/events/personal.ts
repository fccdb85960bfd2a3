import { personalTable } from '../privacy/personal';

personalTable({
  table: 'kernel.event',
  person: 'account_id',
  key: 'account',
  heading: 'Events that you caused',
  holds: 'What happened to records by your account: kind and moment. No name or detail stands in an event',
  export: (q, id) => q.query('SELECT at, type, subject FROM kernel.event WHERE account_id = $1 ORDER BY entry', [id]),
  erase: async (tx, id) => {
    const found = await tx.query('SELECT 1 FROM kernel.event WHERE account_id = $1 LIMIT 1', [id]);
    return { went: 0, stayed: found.length > 0 ? [LOG] : [] };
  },
  keptFor: 'For as long as the log of events is kept',
  rule: 'UK GDPR Article 5(2): others keep their copies right by the log, so its entries are never altered',
  order: 903,
});

const LOG = {
  what: 'Entries of the event log with the number of your account, which no longer leads to anybody',
  rule: 'UK GDPR Article 17(3)(b) and (e), with Article 5(2)',
};
