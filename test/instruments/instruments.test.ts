import { loadInstrumentsInto } from '../../src/instruments/reference/load';
import { startApp, type TestApp } from '../support/app';

let t: TestApp;
beforeAll(async () => {
  t = await startApp();
});
afterAll(() => t.stop());

type Row = Record<string, unknown>;

describe('GET /v1/questionnaires', () => {
  it('lists every version with its source', async () => {
    const { body } = await t.api.get('/v1/questionnaires').expect(200);
    expect((body as { data: Row[] }).data).toEqual([
      expect.objectContaining({ key: 'diversity', version: 1, verified: false }),
    ]);
  });
});

describe('GET /v1/questionnaires/{key}', () => {
  it('gives the newest version as FHIR, as JSON unless FHIR’s own type is asked for', async () => {
    const plain = await t.api.get('/v1/questionnaires/diversity').expect(200);
    expect(plain.headers['content-type']).toMatch(/^application\/json/);
    expect(plain.body).toMatchObject({ resourceType: 'Questionnaire', version: '1', status: 'active' });
    const accepted = await t.api.get('/v1/questionnaires/diversity').set('accept', 'application/fhir+json').expect(200);
    expect(accepted.headers['content-type']).toMatch(/^application\/fhir\+json/);
    const asked = await t.api.get('/v1/questionnaires/diversity?format=fhir').expect(200);
    expect(asked.headers['content-type']).toMatch(/^application\/fhir\+json/);
    expect(JSON.parse(asked.text)).toEqual(plain.body);
  });

  it('answers 304 to who has it, and 404, 400 and 406 to who asks for what there is not', async () => {
    const { headers } = await t.api.get('/v1/questionnaires/diversity').expect(200);
    await t.api.get('/v1/questionnaires/diversity').set('if-none-match', String(headers.etag)).expect(304);
    await t.api.get('/v1/questionnaires/unknown').expect(404);
    await t.api.get('/v1/questionnaires/diversity?format=xml').expect(400);
    await t.api.get('/v1/questionnaires/diversity').set('accept', 'text/html').expect(406);
  });
});

describe('GET /v1/questionnaires/{key}/versions/{version}', () => {
  it('gives that version', async () => {
    const { body } = await t.api.get('/v1/questionnaires/diversity/versions/1').expect(200);
    expect(body).toMatchObject({ id: 'diversity-1' });
    await t.api.get('/v1/questionnaires/diversity/versions/2').expect(404);
    await t.api.get('/v1/questionnaires/diversity/versions/one').expect(400);
  });
});

describe('GET /v1/code-lists', () => {
  it('lists every version of every list', async () => {
    const { body } = await t.api.get('/v1/code-lists').expect(200);
    const names = (body as { data: Row[] }).data.map((row) => `${String(row.key)}/${String(row.version)}`);
    expect(names).toEqual(
      expect.arrayContaining(['ethnic-background-be-part-of-research/1', 'ethnic-background-be-part-of-research/2']),
    );
  });

  it('reads the newest version of one, or the one asked for', async () => {
    const newest = await t.api.get('/v1/code-lists/ethnic-background-be-part-of-research').expect(200);
    expect(newest.body).toMatchObject({ version: 2 });
    const earlier = await t.api.get('/v1/code-lists/ethnic-background-be-part-of-research?version=1').expect(200);
    expect((earlier.body as { codes: Row[] }).codes.map((code) => code.code)).toContain('irish-traveller-or-gypsy');
    await t.api.get('/v1/code-lists/ethnic-background?version=9').expect(404);
    await t.api.get('/v1/code-lists/ethnic-background?version=x').expect(400);
    await t.api.get('/v1/code-lists/unknown').expect(404);
  });
});

describe('GET /v1/code-lists/{key}/mappings', () => {
  it('says what each code is elsewhere, and what cannot be mapped', async () => {
    const { body } = await t.api.get('/v1/code-lists/ethnic-background-be-part-of-research/mappings').expect(200);
    const rows = (body as { data: Row[] }).data;
    expect(rows.find((row) => row.code === 'black-british' && row.toList === 'ethnic-background')).toMatchObject({
      toCode: null,
      note: expect.any(String) as string,
    });
    const five = await t.api.get('/v1/code-lists/ethnic-background/mappings?to=ethnic-group').expect(200);
    expect(new Set((five.body as { data: Row[] }).data.map((row) => row.toCode))).toEqual(
      new Set(['asian', 'black', 'mixed', 'white', 'other', 'prefer-not-to-say']),
    );
    await t.api.get('/v1/code-lists/unknown/mappings').expect(404);
  });
});

describe('loading at start', () => {
  it('changes nothing that is right, and puts right what is not', async () => {
    const state = async (): Promise<string[]> => {
      const { rows } = await t.db.query<{ xmin: string }>('SELECT xmin::text FROM instruments.code ORDER BY 1');
      return rows.map((row) => row.xmin);
    };
    const before = await state();
    await loadInstrumentsInto(t.config.database.url);
    expect(await state()).toEqual(before);
    await t.db.query(`UPDATE instruments.code SET label = 'Wrong' WHERE list = 'sex' AND code = 'female'`);
    await loadInstrumentsInto(t.config.database.url);
    const { body } = await t.api.get('/v1/code-lists/sex').expect(200);
    expect((body as { codes: Row[] }).codes[0]).toMatchObject({ code: 'female', label: 'Female', welshLabel: 'Benyw' });
  });
});
