import type { Tx } from '../../kernel/db/tx';
import { personalTable } from '../../kernel/privacy/personal';
import { CONTRIBUTOR_ERASED } from './contributor.events';

/** How contributors' own tables are exported, erased and kept. */

/** Erases whole persons whose time is over; set by the person service, which knows how. */
export const expiry: { erase: (tx: Tx, ids: string[]) => Promise<void> } = {
  erase: () => Promise.reject(new Error('Nobody has said how to erase a person whose time is over')),
};

const EMPTY = [
  ...[
    'name',
    'known_as',
    'email_sealed',
    'email_index',
    'phone_sealed',
    'phone_index',
    'address_sealed',
    'preferred_channel',
    'supporter_sealed',
  ],
  ...[
    'outward_postcode',
    'region_code',
    'age_group',
    'guardian_sealed',
    'guardian_agreed_at',
    'guardian_agreed_how',
    'safeguarding_sealed',
    'left_at',
  ],
].map((column) => `${column} = NULL`);
const NO_LISTS = ['languages', 'topics', 'health_categories', 'keep_in_touch'].map((column) => `${column} = '{}'`);

personalTable({
  table: 'people.contributor',
  person: 'id',
  heading: 'You',
  shown: { without: ['name_key'] },
  holds:
    'Your name, how to reach you, who supports you, your languages, what interests you, where you live (roughly) and your age group',
  erase: async (tx, id) => {
    const [row] = await tx.query<{ version: number }>(
      `UPDATE people.contributor SET ${[...EMPTY, ...NO_LISTS].join(', ')}, correspondence_language = 'en', state = 'erased', version = version + 1, updated_at = now()
       WHERE id = $1 AND state <> 'erased' RETURNING version`,
      [id],
    );
    if (row) tx.emit({ type: CONTRIBUTOR_ERASED.type, subject: 'contributor', subjectId: id, version: row.version });
    return { went: row ? 1 : 0, stayed: [] };
  },
  keptFor: 'Three years after you left the last organisation that you worked with',
  rule: 'UK GDPR Article 5(1)(e)',
  order: 500,
  retention: {
    from: 'left_at',
    after: { purpose: 'taking-part' },
    where: `r.state = 'left'`,
    then: (tx, ids) => expiry.erase(tx, ids),
  },
});

personalTable({
  table: 'people.contributor_organisation',
  person: 'contributor_id',
  heading: 'Organisations that you work with',
  shown: { named: { organisation_id: 'people.organisation.name' } },
  holds: 'Which organisations you work or worked with, when, and the number that they know you by',
  erase: 'delete',
  keptFor: 'For as long as you are registered',
  rule: 'UK GDPR Article 5(1)(e)',
  order: 300,
});

personalTable({
  table: 'people.link_code',
  person: 'contributor_id',
  heading: 'Codes to tie your account to your record',
  holds: 'Whether a code waits for you, and until when; not the code itself',
  erase: 'delete',
  keptFor: 'Until it is used, or somebody is given a newer one; after two weeks it no longer works',
  rule: 'UK GDPR Article 5(1)(c)',
  order: 300,
  export: (q, id) => q.query('SELECT expires_at AS "expiresAt" FROM people.link_code WHERE contributor_id = $1', [id]),
});

personalTable({
  table: 'people.link_code',
  person: 'made_by_account_id',
  key: 'account',
  heading: 'Codes that you made for contributors',
  holds: 'That your account made a code that still waits to be used',
  export: (q, id) =>
    q.query('SELECT expires_at AS "expiresAt" FROM people.link_code WHERE made_by_account_id = $1 ORDER BY 1', [id]),
  erase: 'delete',
  keptFor: 'Until it is used, or somebody is given a newer one; after two weeks it no longer works',
  rule: 'UK GDPR Article 5(1)(c)',
  order: 300,
});

personalTable({
  table: 'people.merged_contributor',
  person: 'kept_id',
  heading: 'Records of you that were put together',
  holds: 'The numbers of earlier records of yours, and when they were put together',
  erase: 'delete',
  keptFor: 'For as long as you are registered',
  rule: 'UK GDPR Article 5(1)(d): keeping data right',
  order: 300,
});
