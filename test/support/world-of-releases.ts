import type { Certificate } from '../../src/edi/release/release-parts';
import { fixedId } from '../../src/people';
import type { TestApp } from './app';

const TABLE = 'all-selected-socio-economic-background';
const category = (code: string, unknown = false): object => ({ code, label: code, unknown });
const CONTENT = {
  characteristics: [
    {
      key: 'ethnic-group',
      label: 'Ethnic group',
      question: 'Which?',
      categories: [category('white'), category('asian')],
    },
    {
      key: 'socio-economic-background',
      label: 'Background',
      question: 'Which?',
      categories: [category('working-class'), category('professional'), category('not-known', true)],
    },
  ],
  units: [{ key: 'all', level: 'all', name: 'All', areaCode: null, parent: null, organisationId: null, held: false }],
  thresholds: {},
  previousNumber: null,
  notes: [],
};
const CATALOGUE = {
  minimumLeafSize: 25,
  tables: [{ level: 'all', population: 'registered', by: ['socio-economic-background'] }],
};
const CERTIFICATE: Certificate = {
  ...{ shown: 0, hiddenZeros: 0, fileRows: 0, fileShown: 0, fileWithheld: 0, fileNotAvailable: 0 },
  ...{ result: 'safe', threshold: 8, base: 5, catalogueHash: '', figures: 0, primary: 0, complementary: 0 },
  ...{ smallestWidth: 0, withheldShare: 0, verifierVersion: '1', figuresHash: '', log: [] },
};
const FIGURES = ['working-class', 'professional', 'not-known', null].map((code) => ({
  ...{ unit: 'all', hub: null, category: code, status: '' },
  value: 100,
}));

/** One published release, the same for all, and a gap of it that the organisation owns. */
export async function releaseAndGap(t: TestApp, organisationId = ''): Promise<{ release: string; gap: string }> {
  const release = fixedId('release', 'of-everybody');
  const hash = '0'.repeat(64);
  const { rowCount } = await t.db.query(
    `INSERT INTO edi.release (id, title, "from", until, state, step, catalogue, catalogue_hash, snapshot_on, content, certificate, certificate_hash)
     VALUES ($1, 'Everybody', '2026-07-01', '2026-10-01', 'ready', 'signature', $4, $2, '2026-10-20', $3, $5, $2)
     ON CONFLICT (id) DO NOTHING`,
    [release, hash, JSON.stringify(CONTENT), JSON.stringify(CATALOGUE), JSON.stringify(CERTIFICATE)],
  );
  if (rowCount === 1) {
    for (const population of ['registered', 'interested', 'selected'])
      await t.db.query(
        `INSERT INTO edi.release_table (release_id, position, key, title, level, population, characteristic, by_hub, figures)
         VALUES ($1, 1, $2, 'Background', 'all', $3, 'socio-economic-background', false, $4)`,
        [release, TABLE.replace('selected', population), population, JSON.stringify(FIGURES)],
      );
    await t.db.query(
      `UPDATE edi.release SET state = 'published', number = 1, signed_at = now(), published_at = now() WHERE id = $1`,
      [release],
    );
  }
  const { rows } = await t.db.query<{ id: string }>(
    `INSERT INTO edi.gap (release_id, release_number, table_key, unit, category, measure, direction, what, action, organisation_id, due_on, check_by)
     VALUES ($1, 1, $2, 'all', 'working-class', 'progress', 'too-few', 'Fewer were selected.', 'Pay expenses in advance.', $3, '2027-06-30', 2) RETURNING id`,
    [release, TABLE, organisationId],
  );
  return { release, gap: rows[0]?.id ?? '' };
}
