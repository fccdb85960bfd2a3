import { FEW_TABLES, type Figure, made, published, type ReleaseBody, ReleasePeople } from '../edi/release-people';
import { OURS, startApp, type TestApp, THEIRS } from '../support/app';

/** The same people released, or drafted, again by other rules: what one withheld, the others must not tell. */
describe('several releases of the same people', () => {
  let t: TestApp;
  let steward: { authorization: string };
  let first: ReleaseBody;
  let withheld: string[];

  beforeAll(async () => {
    t = await startApp();
    const people = new ReleasePeople(t);
    steward = await t.as('data-steward');
    await people.add(OURS, 100);
    await people.add(THEIRS, 80);
    first = await published(t, steward);
    const shown = await figures(first.id);
    withheld = [...shown].filter(([, figure]) => figure.status === 'c').map(([key]) => key);
    expect(withheld.length).toBeGreaterThan(5);
  });
  afterAll(() => t.stop());

  /** Every figure of a release that anybody, or a steward, can read. */
  const figures = async (id: string, isDraft = false): Promise<Map<string, Figure>> => {
    const found = new Map<string, Figure>();
    const add = (table: string, list: readonly Figure[]): void => {
      for (const one of list) found.set([table, one.unit, one.ethnicGroup ?? '*', one.category ?? '*'].join('|'), one);
    };
    if (isDraft) {
      const { body } = await t.api.get(`/v1/diversity/releases/${id}/draft`).set(steward).expect(200);
      for (const table of (body as { tables: { key: string; figures: (Figure & { hub: string | null })[] }[] }).tables)
        add(
          table.key,
          table.figures.map((one) => ({ ...one, ethnicGroup: one.hub })),
        );
      return found;
    }
    const { body } = await t.api.get(`/v1/diversity/releases/${id}/tables`).expect(200);
    for (const { key } of (body as { data: { key: string }[] }).data) {
      const { body: table } = await t.api.get(`/v1/diversity/releases/${id}/tables/${key}`).expect(200);
      add(key, (table as { figures: Figure[] }).figures);
    }
    return found;
  };
  const toldOf = (seen: ReadonlyMap<string, Figure>): string[] =>
    withheld.filter((key) => typeof seen.get(key)?.value === 'number' && (seen.get(key)?.value ?? 0) > 0);

  it('does not tell by a lower threshold and a finer rounding what the first withheld', async () => {
    const draft = await made(t, steward, { threshold: 5, base: 2 });
    if (draft.state === 'ready') {
      expect(toldOf(await figures(draft.id, true))).toEqual([]);
      await t.api.post(`/v1/diversity/releases/${draft.id}/discard`).set(steward).expect(200);
    } else expect(draft.refusal?.code).toBe('not_proven_safe');
    const { rows } = await t.db.query<{ since: string }>(
      'SELECT DISTINCT refreshed_in AS since FROM edi_snapshot.unit WHERE release_id = $1',
      [draft.id],
    );
    expect(rows).toEqual([{ since: first.id }]);
  });

  it('protects a draft together with those that were given up before it', async () => {
    for (const base of [3, 4]) {
      const draft = await made(t, steward, { threshold: 5 + base, base, catalogue: FEW_TABLES });
      if (draft.state === 'ready') {
        expect(toldOf(await figures(draft.id, true))).toEqual([]);
        await t.api.post(`/v1/diversity/releases/${draft.id}/discard`).set(steward).expect(200);
      }
    }
    const proven = await t.db.query<{ releases: number }>(
      `SELECT max(n)::integer AS releases FROM (
         SELECT count(DISTINCT w ->> 'release') AS n FROM edi_snapshot.protected p, jsonb_array_elements(p.release -> 'proof' -> 'witnesses') w
         GROUP BY p.release_id) per`,
    );
    expect(proven.rows[0]?.releases).toBeGreaterThan(1);
  });

  it('keeps who was counted once for all releases in which these counts stand', async () => {
    const { rows } = await t.db.query<{ kept: number; standing: number }>(
      `SELECT (SELECT count(DISTINCT (release_id, organisation_id)) FROM edi_snapshot.member)::integer AS kept,
         (SELECT count(DISTINCT (refreshed_in, organisation_id)) FROM edi_snapshot.unit WHERE form <> 'empty')::integer AS standing`,
    );
    expect(rows[0]?.kept).toBe(rows[0]?.standing);
  });
});
