import type { Query } from './query';

/** A purpose as reference data states it. */
export interface PurposeData {
  slug: string;
  name: string;
  /** What the data are used to do. */
  purpose: string;
  controller: string;
  lawfulBasis: string;
  specialCategoryCondition: string | null;
  consentBased: boolean;
  objectionAllowed: boolean;
  /** ISO 8601 duration, and the event from which it runs. */
  retention: { duration: string; after: string };
  /** `1.0`. A new first number asks people again; a new second number does not. */
  wordingVersion: string;
  wording: string;
  /** Whether the controller has confirmed it. */
  verified: boolean;
}

/**
 * Adds wordings that the database does not have yet; answers how many. A wording that people have seen is never
 * altered: loading another text under the same version is refused.
 */
export async function loadPurposes(tx: Query, rows: readonly PurposeData[], source: string): Promise<number> {
  let added = 0;
  for (const row of rows) {
    const values = [
      ...[
        row.slug,
        row.wordingVersion,
        row.name,
        row.purpose,
        row.wording,
        row.controller,
        row.lawfulBasis,
        row.specialCategoryCondition,
      ],
      ...[row.consentBased, row.objectionAllowed, row.retention.duration, row.retention.after, row.verified, source],
    ];
    const inserted = await tx.query(
      `INSERT INTO kernel.purpose (${COLUMNS}) VALUES (${PLACES}) ON CONFLICT (slug, wording_version) DO NOTHING RETURNING id`,
      values,
    );
    if (inserted.length > 0) added++;
    else await mustBeTheSame(tx, row, values);
  }
  return added;
}

const COLUMNS =
  'slug, wording_version, name, aim, wording, controller, lawful_basis, special_condition, consent_based, objection_allowed, kept_for, kept_after, verified, source';
const PLACES = COLUMNS.split(', ')
  .map((_, i) => `$${i + 1}`)
  .join(', ');

async function mustBeTheSame(tx: Query, row: PurposeData, values: unknown[]): Promise<void> {
  const same = await tx.query(
    `SELECT 1 FROM kernel.purpose WHERE (${COLUMNS}) IS NOT DISTINCT FROM (${PLACES})`,
    values,
  );
  if (same.length === 0)
    throw new Error(
      `Purpose ${row.slug} ${row.wordingVersion} is loaded with other content: give the change a new wordingVersion`,
    );
}
