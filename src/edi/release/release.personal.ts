import { personalTable, type PersonReader, type Stayed } from '../../kernel/privacy/personal';

/** Which accounts asked for and signed releases. */

const SIGNED: Stayed = {
  what: 'That an account asked for or signed a release of figures. Its number no longer leads to anybody',
  rule: 'UK GDPR Article 5(2): that what is published was proven and signed',
};

for (const [person, heading, holds] of [
  ['made_by', 'Releases of figures that you asked for', 'Which releases your account asked for, and when'],
  ['signed_by', 'Releases of figures that you signed', 'Which releases your account signed, and when'],
] as const)
  personalTable({
    table: 'edi.release',
    person,
    key: 'account',
    heading,
    holds,
    export: (q: PersonReader, id) =>
      q.query(
        `SELECT title AS release, created_at AS "askedForAt", signed_at AS "signedAt" FROM edi.release WHERE ${person} = $1 ORDER BY id`,
        [id],
      ),
    erase: async (tx, id) => {
      const kept = await tx.query(`SELECT 1 FROM edi.release WHERE ${person} = $1 LIMIT 1`, [id]);
      return { went: 0, stayed: kept.length > 0 ? [SIGNED] : [] };
    },
    keptFor: 'As long as the release',
    rule: SIGNED.rule,
    order: 411,
  });
