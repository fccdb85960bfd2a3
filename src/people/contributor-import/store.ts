import type { Fields, Tx } from '../../kernel/db/tx';
import { followAddress } from '../contributor/address-change';
import { ContactSeal } from '../contributor/contact';
import type { Contributor } from '../contributor/contributor.entity';
import { CONTRIBUTOR_CHANGED, CONTRIBUTOR_JOINED } from '../contributor/contributor.events';
import { Known, ReadRow, sealedFields } from './row';

/** Columns of the table by the file's headings, for those that are stored as they are. */
const PLAIN: Readonly<Record<string, { column: string; type: string; empty: unknown }>> = {
  name: { column: 'name', type: 'text', empty: null },
  known_as: { column: 'known_as', type: 'text', empty: null },
  preferred_channel: { column: 'preferred_channel', type: 'text', empty: null },
  languages: { column: 'languages', type: 'text[]', empty: ['en'] },
  correspondence_language: { column: 'correspondence_language', type: 'text', empty: 'en' },
  topics: { column: 'topics', type: 'text[]', empty: [] },
  health_categories: { column: 'health_categories', type: 'text[]', empty: [] },
  postcode: { column: 'outward_postcode', type: 'text', empty: null },
  region: { column: 'region_code', type: 'text', empty: null },
  age_group: { column: 'age_group', type: 'text', empty: null },
  keep_in_touch: { column: 'keep_in_touch', type: 'text[]', empty: [] },
};

/** Sealed columns, by the heading that brings them. */
const SEALED: Readonly<Record<string, [field: keyof Fields<Contributor>, column: string, type: string][]>> = {
  email: [
    ['emailSealed', 'email_sealed', 'bytea'],
    ['emailIndex', 'email_index', 'bytea'],
  ],
  phone: [
    ['phoneSealed', 'phone_sealed', 'bytea'],
    ['phoneIndex', 'phone_index', 'bytea'],
  ],
  address: [['addressSealed', 'address_sealed', 'bytea']],
  supporter_name: [['supporterSealed', 'supporter_sealed', 'bytea']],
  guardian_name: [
    ['guardianSealed', 'guardian_sealed', 'bytea'],
    ['guardianAgreedAt', 'guardian_agreed_at', 'timestamptz'],
    ['guardianAgreedHow', 'guardian_agreed_how', 'text'],
  ],
  safeguarding_name: [['safeguardingSealed', 'safeguarding_sealed', 'bytea']],
};

interface Stored {
  id: string;
  version: number;
  tie?: string;
}

/** Writes one batch of good rows: new people with their tie to the organisation, and changes of known ones. */
export async function storeBatch(
  tx: Tx,
  seal: ContactSeal,
  batch: { row: ReadRow; known?: Known }[],
  organisationId: string,
  today: string,
): Promise<void> {
  const headings = Object.keys(batch[0]?.row.cells ?? {});
  const fresh = batch.filter((one) => !one.known);
  const ids = await tx.query<{ id: string }>('SELECT uuidv7() AS id FROM generate_series(1, $1::integer)', [
    fresh.length,
  ]);
  const added = fresh.map(({ row }, i) => ({ ...columns(seal, ids[i]?.id ?? '', row), reference: row.reference }));
  const changed = batch.flatMap(({ row, known }) => (known ? [columns(seal, known.id, row)] : []));
  const sets = [
    ...headings.flatMap((heading) => (PLAIN[heading] ? [PLAIN[heading]] : [])),
    ...headings.flatMap((heading) => (SEALED[heading] ?? []).map(([, column, type]) => ({ column, type }))),
  ];
  const names = sets.map((set) => set.column);
  const shape = ['id uuid', 'reference text', ...sets.map((set) => `${set.column} ${set.type}`)].join(', ');
  if (added.length > 0) {
    const rows = await tx.query<Stored>(
      `WITH n AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS n(${shape})),
         made AS (INSERT INTO people.contributor (id, ${names.join(', ')}) SELECT id, ${names.join(', ')} FROM n RETURNING id, version)
       INSERT INTO people.contributor_organisation (contributor_id, organisation_id, "from", home, reference)
       SELECT made.id, $2, $3::date, true, n.reference FROM made JOIN n USING (id) RETURNING contributor_id AS id, 1 AS version, id AS tie`,
      [JSON.stringify(added), organisationId, today],
    );
    tellAll(tx, rows, 'created', organisationId);
  }
  if (changed.length > 0) {
    const rows = await tx.query<Stored>(
      `UPDATE people.contributor c SET ${names.map((name) => `${name} = n.${name}`).join(', ')}, version = c.version + 1, updated_at = now()
       FROM jsonb_to_recordset($1::jsonb) AS n(${shape}) WHERE c.id = n.id RETURNING c.id, c.version`,
      [JSON.stringify(changed)],
    );
    tellAll(tx, rows, 'changed', organisationId);
    if (names.includes('email_index')) for (const { id } of rows) await followAddress(tx, id);
  }
  await tx.flush();
}

function columns(seal: ContactSeal, id: string, row: ReadRow): Record<string, unknown> {
  const stored: Record<string, unknown> = { id };
  for (const [heading, value] of Object.entries(row.cells)) {
    const plain = PLAIN[heading];
    if (plain) stored[plain.column] = value ?? plain.empty;
  }
  const sealed = seal.columns(id, sealedFields(row));
  for (const [field, column] of Object.values(SEALED).flat()) {
    const value = sealed[field];
    if (value !== undefined) stored[column] = Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value;
  }
  return stored;
}

function tellAll(tx: Tx, rows: readonly Stored[], action: 'created' | 'changed', organisationId: string): void {
  for (const { id, version, tie } of rows) {
    tx.audit(action, 'contributor', id, { personId: id, organisationId, after: { by: 'import' } });
    if (action === 'created')
      tx.emit({
        type: CONTRIBUTOR_JOINED.type,
        subject: 'contributor',
        subjectId: id,
        version,
        organisationId,
        data: { contributorOrganisationId: tie },
      });
    else tx.emit({ type: CONTRIBUTOR_CHANGED.type, subject: 'contributor', subjectId: id, version });
  }
}
