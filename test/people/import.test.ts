import { OURS, startApp, TestApp, THEIRS } from '../support/app';

let t: TestApp;
let ours: string;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
});
afterAll(() => t.stop());

interface Report {
  rows: number;
  added: number;
  changed: number;
  faultyRows: number;
  faultCount: number;
  dryRun: boolean;
  faults: { row: number; column: string | null; code: string }[];
}
interface Refusal {
  code: string;
  detail: string;
  errors: { at: string; row: number; column: string | null; code: string; message: string }[];
}

const HEADING = 'reference,name,email,preferred_channel,age_group';
const send = async (text: string | Buffer, query = '', headers?: { authorization: string }) =>
  t.api
    .post(`/v1/contributors/imports?organisation=${ours}${query}`)
    .set(headers ?? (await t.as('coordinator')))
    .set('content-type', 'text/csv')
    .send(text);
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;
const csvOf = async (query = ''): Promise<string> => {
  const answer = await t.api.get(`/v1/contributors.csv${query}`).set(await t.as('coordinator'));
  expect(answer.status).toBe(200);
  return answer.text;
};

describe('POST /v1/contributors/imports', () => {
  it('stores rows, headings in any order, with a byte order mark and line breaks in cells', async () => {
    const text =
      '\uFEFFName,Age group,preferred-channel,ADDRESS,topics,postcode,reference,languages\r\n"Ada, Countess",adult,post,"1 Lane\nLeeds",sleep; pain,ls6,A-1,cy;en\r\n';
    const answer = await send(text);
    expect(answer.body).toEqual({
      dryRun: false,
      rows: 1,
      added: 1,
      changed: 0,
      faultyRows: 0,
      faultCount: 0,
      faults: [],
    });
    const list = await t.api.get('/v1/contributors?q=ada').set(await t.as('coordinator'));
    expect(list.body).toMatchObject({
      data: [
        {
          name: 'Ada, Countess',
          topics: ['sleep', 'pain'],
          outwardPostcode: 'LS6',
          languages: ['cy', 'en'],
          keepInTouch: [],
        },
      ],
    });
    const { id } = (list.body as { data: { id: string }[] }).data[0] ?? { id: '' };
    expect((await t.api.get(`/v1/contributors/${id}`).set(await t.as('coordinator'))).body).toMatchObject({
      address: '1 Lane\nLeeds',
      organisations: [{ organisationId: ours, home: true, reference: 'A-1' }],
    });
    expect(await count(`kernel.event WHERE type = 'contributor.joined' AND subject_id = $1`, [id])).toBe(1);
    expect(await count(`kernel.audit_entry WHERE action = 'created' AND person_id = $1`, [id])).toBe(1);
    expect(await count(`kernel.audit_entry WHERE action = 'imported' AND organisation_id = $1`, [ours])).toBe(1);
  });

  it('knows people again by reference: absent columns stay, empty cells clear', async () => {
    await send(`${HEADING},known_as,phone\nB-1,Bea,bea@example.org,email,adult,Bee,020 7946 0018\n`);
    const again = await send(
      'reference,name,preferred_channel,age_group,known_as\nB-1,Beatrice,phone,adult,\nB-2,Ben,in-person,adult,\n',
    );
    expect(again.body).toMatchObject({ added: 1, changed: 1 });
    const list = await t.api.get('/v1/contributors?q=beatrice').set(await t.as('coordinator'));
    const [found] = (list.body as { data: { id: string }[] }).data;
    expect((await t.api.get(`/v1/contributors/${found?.id}`).set(await t.as('coordinator'))).body).toMatchObject({
      name: 'Beatrice',
      knownAs: null,
      email: 'bea@example.org',
      phone: '020 7946 0018',
      preferredChannel: 'phone',
      version: 2,
    });
  });

  it('tells the row, the column and what to do of each fault, and stores nothing', async () => {
    const before = await count('people.contributor');
    const rows = [
      'C-1,Good One,good@example.org,email,adult,,,',
      'C-2,,nobody,pigeon,17,,,',
      'C-3,Young One,y@example.org,email,under-16,,,',
      'C-1,Twice,t@example.org,email,adult,,,',
      `C-5,${'x'.repeat(201)},a@example.org,email,adult,,,`,
      'C-6,No Contact,,phone,adult,,,',
      'C-7,Region,r@example.org,email,adult,E99999999,,',
      'C-8,Half Guardian,h@example.org,email,adult,,Anwen,',
      'C-9,Miscounted,m@example.org',
    ];
    const answer = await send(`${HEADING},region,guardian_name,phone\n${rows.join('\n')}\n`);
    expect(answer.status).toBe(422);
    const { code, detail, errors } = answer.body as Refusal;
    expect(code).toBe('import_has_faults');
    expect(detail).toContain('Nothing was stored: 8 of 9 rows');
    expect(errors.map((fault) => [fault.row, fault.column, fault.code])).toEqual([
      [3, 'name', 'value_missing'],
      [3, 'email', 'text_pattern'],
      [3, 'preferred_channel', 'not_a_choice'],
      [3, 'age_group', 'not_a_choice'],
      [4, 'guardian_name', 'guardian_needed'],
      [4, 'safeguarding_name', 'safeguarding_contact_needed'],
      [5, 'reference', 'repeated'],
      [6, 'name', 'text_length'],
      [7, 'phone', 'channel_without_contact'],
      [8, 'region', 'unknown_region'],
      [9, 'guardian_contact', 'value_missing'],
      [9, 'guardian_agreed_at', 'value_missing'],
      [9, 'guardian_agreed_how', 'value_missing'],
      [10, null, 'cells_miscounted'],
      [10, 'preferred_channel', 'value_missing'],
      [10, 'age_group', 'value_missing'],
    ]);
    expect(errors[0]?.at).toBe('/rows/3/name');
    expect(await count('people.contributor')).toBe(before);
  });

  it('stores nothing of 100,000 rows of which 10 are bad, and the others when partial is asked for', async () => {
    const before = await count('people.contributor');
    const lines = Array.from({ length: 100_000 }, (_, i) =>
      i % 10_000 === 5000 ? `D-${i},Bad ${i},nobody,email,adult` : `D-${i},Person ${i},p${i}@example.org,email,adult`,
    );
    const answer = await send([HEADING, ...lines].join('\n'));
    expect(answer.status).toBe(422);
    const { errors } = answer.body as Refusal;
    expect(errors.map((fault) => fault.row)).toEqual(Array.from({ length: 10 }, (_, i) => i * 10_000 + 5002));
    expect(await count('people.contributor')).toBe(before);
    const some = await send([HEADING, ...lines.slice(4000, 6000)].join('\n'), '&partial=true');
    expect(some.body).toMatchObject({
      rows: 2000,
      added: 1999,
      faultyRows: 1,
      faultCount: 1,
      faults: [{ row: 1002, column: 'email' }],
    });
    expect(await count('people.contributor')).toBe(before + 1999);
  }, 120_000);

  it('checks without storing, and lists at most 1,000 faults of all', async () => {
    const before = await count('people.contributor');
    const lines = Array.from({ length: 1500 }, (_, i) => `E-${i},P,nobody,email,adult`);
    const { body } = (await send(
      [HEADING, ...lines, 'E-x,Fine,f@example.org,email,adult'].join('\n'),
      '&dryRun=true',
    )) as { body: Report };
    expect(body).toMatchObject({ dryRun: true, rows: 1501, added: 1, faultyRows: 1500, faultCount: 1500 });
    expect(body.faults).toHaveLength(1000);
    expect(await count('people.contributor')).toBe(before);
  });

  it.each<[string, string | Buffer, number, string]>([
    ['an unknown heading', 'name,preferred_channel,age_group,ethnicity\nA,email,adult,x\n', 400, 'unknown_heading'],
    ['a heading that is missing', 'name,age_group\nA,adult\n', 400, 'heading_missing'],
    ['a heading twice', 'name,name,preferred_channel,age_group\nA,A,in-person,adult\n', 400, 'repeated_heading'],
    ['no rows', `${HEADING}\n`, 400, 'no_rows'],
    ['a quotation mark that is not closed', `${HEADING}\nA,"B,c@example.org,email,adult\n`, 400, 'malformed_csv'],
    ['a row without end', `${HEADING}\nA,${'x'.repeat(150_000)},c@example.org,email,adult\n`, 400, 'malformed_csv'],
  ])('refuses %s', async (_, text, status, code) => {
    const answer = await send(text);
    expect(answer.status).toBe(status);
    expect((answer.body as Refusal).errors.map((fault) => fault.code)).toContain(code);
  });

  it('refuses Windows-1252 in so many words, said or not', async () => {
    const bytes = Buffer.from(`${HEADING}\nF-1,Ren\xe9,r@example.org,email,adult\n`, 'latin1');
    const answer = await send(bytes);
    expect([answer.status, (answer.body as Refusal).code]).toEqual([400, 'not_utf8']);
    const said = await t.api
      .post(`/v1/contributors/imports?organisation=${ours}`)
      .set(await t.as('coordinator'))
      .set('content-type', 'text/csv; charset=windows-1252')
      .send(bytes);
    expect(said.status).toBe(415);
  });

  it('is for those with leave, in their own organisation', async () => {
    const text = `${HEADING}\nG-1,A,a@example.org,email,adult\n`;
    expect(
      (await t.api.post(`/v1/contributors/imports?organisation=${ours}`).set('content-type', 'text/csv').send(text))
        .status,
    ).toBe(401);
    expect((await send(text, '', await t.as('researcher'))).status).toBe(403);
    expect((await send(text, '', await t.as('coordinator', THEIRS))).status).toBe(404);
    expect((await send(text, '&dryRun=perhaps')).status).toBe(400);
  });

  it('adds each reference once when one file comes twice at the same moment', async () => {
    const text = `${HEADING}\nH-1,Hal,hal@example.org,email,adult\nH-2,Hat,hat@example.org,email,adult\n`;
    const both = await Promise.all([send(text), send(text)]);
    expect(both.map((answer) => answer.status)).toEqual([200, 200]);
    expect(both.map((answer) => (answer.body as Report).added).sort()).toEqual([0, 2]);
    expect(await count(`people.contributor_organisation WHERE reference LIKE 'H-%'`)).toBe(2);
  });
});

describe('GET /v1/contributors.csv', () => {
  it('gives what the import reads, formulas made harmless and read back as they were', async () => {
    const text =
      'reference,name,known_as,phone,preferred_channel,age_group,keep_in_touch\nI-1,"=HYPERLINK(""http://x"")",@me,+44 20 7946 0018,phone,adult,results\n';
    await send(text);
    const csv = await csvOf('?channel=phone');
    expect(csv.split('\r\n')[0]).toContain('reference,name,known_as,email,phone');
    const row = csv.split('\r\n').find((line) => line.startsWith('I-1,')) ?? '';
    expect(row).toContain(`I-1,"'=HYPERLINK(""http://x"")",'@me,,'+44 20 7946 0018,`);
    const again = await send(`${csv.split('\r\n')[0]}\r\n${row}\r\n`);
    expect(again.body).toMatchObject({ changed: 1, faultCount: 0 });
    const { data } = (await t.api.get('/v1/contributors?q=hyperlink').set(await t.as('coordinator'))).body as {
      data: { name: string; knownAs: string }[];
    };
    expect(data).toMatchObject([{ name: '=HYPERLINK("http://x")', knownAs: '@me' }]);
  });

  it('is one entry in the ledger of the organisation, and each person sees it', async () => {
    const before = await count(`kernel.audit_entry WHERE action = 'exported' AND organisation_id = $1`, [ours]);
    await csvOf();
    expect(
      await count(`kernel.audit_entry WHERE action = 'exported' AND organisation_id = $1 AND person_id IS NULL`, [
        ours,
      ]),
    ).toBe(before + 1);
    const { rows } = await t.db.query<{ id: string }>(
      `SELECT contributor_id AS id FROM people.contributor_organisation WHERE reference = 'B-2'`,
    );
    await t.db.query(`UPDATE people.contributor_organisation SET "from" = '2020-01-01'`);
    const reads = await t.api.get(`/v1/contributors/${rows[0]?.id}/reads`).set(await t.as('auditor'));
    const [first] = (reads.body as { data: { action: string; what: string; roles: { role: string }[] }[] }).data;
    expect(first).toMatchObject({
      action: 'exported',
      what: 'contributors with contact points, as a file',
      roles: [{ role: 'coordinator' }],
    });
  });

  it('is for those with leave, in their own organisation', async () => {
    expect((await t.api.get('/v1/contributors.csv')).status).toBe(401);
    expect((await t.api.get('/v1/contributors.csv').set(await t.as('data-steward'))).status).toBe(403);
    expect(
      (await t.api.get(`/v1/contributors.csv?organisation=${ours}`).set(await t.as('coordinator', THEIRS))).status,
    ).toBe(404);
    const theirs = await t.api.get('/v1/contributors.csv').set(await t.as('coordinator', THEIRS));
    expect(theirs.text.trim().split('\r\n')).toHaveLength(1);
  });
});
