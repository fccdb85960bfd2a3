import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { Client } from 'pg';
import { BlindIndex } from '../../src/kernel/privacy/blind-index';
import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { startApp, TestApp } from '../support/app';
import { Collecting, OURS, THEIRS } from './collection-support';

let t: TestApp;
let on: Collecting;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
});
afterAll(() => t.stop());

/** A contributor by the API; answers its id. */
async function contributor(email: string, organisation = OURS, more: object = {}): Promise<string> {
  const answer = await t.api
    .post('/v1/contributors')
    .set(await t.as('coordinator', organisation))
    .send({
      organisationId: await t.organisation(organisation),
      name: 'Somebody',
      email,
      preferredChannel: 'email',
      ageGroup: 'adult',
      ...more,
    });
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

interface Row {
  pseudonym: Buffer | null;
  organisation_id: string;
  sex: string;
  age: string;
  ethnic_group: string;
}
const rowsOf = async (id: string): Promise<Row[]> =>
  (
    await t.db.query<Row>(
      'SELECT pseudonym, organisation_id, sex, age, ethnic_group FROM edi_answers.returned_row WHERE return_id = $1 ORDER BY sex',
      [id],
    )
  ).rows;
const ours = (id: string): Buffer => t.app.get(Pseudonyms, { strict: false }).ofContributor(id);

describe('identified rows', () => {
  it('carry pseudonyms: of the contributor where the address is known, of the address else', async () => {
    const known = await contributor('known@example.org');
    const collection = await on.open();
    const sent = await on.accepted(
      collection,
      'identified-rows',
      'Email,Sex\nKnown@Example.org,female\nstranger@example.org,male\n',
    );
    const rows = await rowsOf(sent.id);
    expect(rows[0]?.pseudonym?.equals(ours(known))).toBe(true);
    expect(
      rows[1]?.pseudonym?.equals(
        t.app
          .get(Pseudonyms, { strict: false })
          .ofAddress(t.app.get(BlindIndex, { strict: false }).email('stranger@example.org') ?? Buffer.alloc(0)),
      ),
    ).toBe(true);
  });

  it('count each person at home, where home returns to the collection too', async () => {
    await contributor('home-is-there@example.org', THEIRS);
    const outside = await contributor('home-is-outside@example.org', 'rrdn-east-midlands');
    expect(outside).toBeTruthy();
    const collection = await on.open();
    const { id } = await on.accepted(
      collection,
      'identified-rows',
      'Email,Sex\nhome-is-there@example.org,female\nhome-is-outside@example.org,male\n',
    );
    expect((await rowsOf(id)).map((row) => row.organisation_id)).toEqual([
      await t.organisation(THEIRS),
      await t.organisation(OURS),
    ]);
    expect((await on.figures(id).expect(200)).body).toMatchObject({ people: { low: 2, high: 2 } });
  });

  it('know contributors of the organisation by id, and nobody else’s', async () => {
    const [mine, theirs] = [
      await contributor('by-id@example.org'),
      await contributor('by-id-of-theirs@example.org', THEIRS),
    ];
    const collection = await on.open();
    await on.accepted(collection, 'identified-rows', `Contributor id,Sex\n${mine.toUpperCase()},female\n`);
    for (const id of [theirs, '01941f29-7c00-7000-8000-000000000000'])
      expect(
        (await on.check(collection, 'identified-rows', `Contributor id,Sex\n${id},female\n`).expect(200)).body,
      ).toMatchObject({
        faults: [{ row: 2, column: 'Contributor id', cell: 'A2', code: 'unknown_contributor' }],
      });
  });

  it('honour objections: the answers count as not known, and not even how many is told', async () => {
    const id = await contributor('objects@example.org');
    await t.db.query(`INSERT INTO edi_answers.objection (pseudonym, since, wording) VALUES ($1, '2026-11-01', '1.0')`, [
      ours(id),
    ]);
    const collection = await on.open();
    const file =
      'Email,Sex,Ethnic background,Impairment\nobjects@example.org,female,Indian,vision\nother@example.org,male,,\n';
    const checked = await on.check(collection, 'identified-rows', file).expect(200);
    expect(checked.body).toMatchObject({ acceptable: true });
    const nobody = await on.check(collection, 'identified-rows', file.replace('objects@', 'objects-not@')).expect(200);
    expect(checked.body).toEqual(nobody.body);
    const sent = await on.accepted(collection, 'identified-rows', file);
    expect(sent.received).toEqual({ rows: 2, notes: [expect.stringContaining('object')] });
    expect(JSON.stringify(sent)).not.toContain('objects@');
    expect((await rowsOf(sent.id)).map(({ sex, ethnic_group }) => [sex, ethnic_group])).toEqual([
      ['male', 'not-known'],
      ['not-known', 'not-known'],
    ]);
  });

  it('leave no address anywhere: not in a table, not in a file', async () => {
    const collection = await on.open();
    const marker = 'very.particular.person';
    const path = on.path(collection, 'identified-rows');
    await t.api
      .post(path)
      .set(on.analyst)
      .set({ 'content-type': 'text/csv', 'idempotency-key': 'particular' })
      .send(`Email,Sex\n${marker}@example.org,female\n`)
      .expect(201);
    await on.send(collection, 'identified-rows', `Email,Sex\n${marker}@example.org,neither\n`).expect(422);
    const { rows: tables } = await t.db.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind = 'r' AND n.nspname IN ('kernel', 'edi', 'edi_answers', 'edi_snapshot', 'pgboss')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      const { rows } = await t.db.query<{ found: boolean }>(
        `SELECT EXISTS (SELECT FROM ${name} x WHERE x::text LIKE '%${marker}%') AS found`,
      );
      expect([name, rows[0]?.found]).toEqual([name, false]);
    }
    const walk = (folder: string): string[] =>
      readdirSync(folder).flatMap((name) =>
        statSync(join(folder, name)).isDirectory() ? walk(join(folder, name)) : [join(folder, name)],
      );
    expect(walk(t.config.dataDir).filter((file) => readFileSync(file).includes(marker))).toEqual([]);
  });

  it('are refused where two rows are one person, also by different names of one contributor', async () => {
    const collection = await on.open();
    const twice = await on
      .send(collection, 'identified-rows', 'Email,Sex\na@example.org,female\nA@EXAMPLE.org,male\n')
      .expect(422);
    expect(twice.body).toMatchObject({ errors: [{ row: 3, column: 'Email', code: 'person_twice' }] });
  });
});

describe('rows under an earlier name', () => {
  it('count for the follower, which is said; others are refused', async () => {
    const collection = await on.open();
    const file = (name: string): string =>
      `Organisation,Sex\ncrn-greater-manchester,female\n${name},male\nrrdn-north-west,male\n`;
    const sent = await on.accepted(collection, 'anonymous-rows', file('crn-north-west-coast'));
    expect(sent.received?.notes).toEqual([
      expect.stringMatching(/counts for you: .*Greater Manchester; .*North West Coast/),
    ]);
    expect(new Set((await rowsOf(sent.id)).map((row) => row.organisation_id))).toEqual(
      new Set([await t.organisation(OURS)]),
    );
    for (const name of ['crn-wessex', 'rrdn-south-west-central', 'nowhere'])
      expect((await on.check(collection, 'anonymous-rows', file(name)).expect(200)).body).toMatchObject({
        faults: [{ row: 3, code: 'another_organisation' }],
      });
    const counts =
      'organisation,characteristic,category,count\ncrn-greater-manchester,sex,female,3\nrrdn-north-west,sex,female,4\n';
    const { id } = await on.accepted(collection, 'counts', counts);
    expect((await on.figures(id).expect(200)).body).toMatchObject({ people: { low: 7, high: 7 } });
  });
});

describe('workbooks and encodings', () => {
  it('are read like CSV, with formulas and merged cells told', async () => {
    const collection = await on.open();
    const made = async (fill: (sheet: ExcelJS.Worksheet) => void): Promise<Buffer> => {
      const book = new ExcelJS.Workbook();
      fill(book.addWorksheet('Return'));
      return Buffer.from(await book.xlsx.writeBuffer());
    };
    const good = await made((sheet) =>
      sheet.addRows([
        ['Sex', 'Date of birth'],
        ['Female', new Date(Date.UTC(1960, 4, 1))],
        ['Male', null],
      ]),
    );
    const { id } = await on.accepted(collection, 'anonymous-rows', good);
    expect((await rowsOf(id)).map(({ sex, age }) => [sex, age])).toEqual([
      ['female', '65-74'],
      ['male', 'not-known'],
    ]);
    const formula = await made((sheet) => sheet.addRows([['Sex'], [{ formula: 'A1', result: 'Female' }]]));
    expect((await on.check(collection, 'anonymous-rows', formula).expect(200)).body).toMatchObject({
      acceptable: false,
      faults: [{ cell: 'A2', code: 'formula' }],
    });
    const merged = await made((sheet) => {
      sheet.addRows([
        ['Sex', 'Age'],
        ['Female', 40],
      ]);
      sheet.mergeCells('A2:A3');
    });
    expect((await on.send(collection, 'anonymous-rows', merged).expect(422)).body).toMatchObject({
      ...{ code: 'return_has_faults', errors: [{ code: 'merged_cells', cell: 'A2' }] },
    });
    expect(
      (await on.send(collection, 'anonymous-rows', Buffer.from('PK\u0003\u0004broken')).expect(400)).body,
    ).toMatchObject({ errors: [{ code: 'not_a_workbook' }] });
    const utf16 = Buffer.from('\uFEFFSex\tAge\r\nFemale\t40\r\n', 'utf16le');
    expect((await on.accepted(collection, 'anonymous-rows', utf16)).received?.notes).toHaveLength(2);
    const [short, rest] = ['Sex\nf\n', 'x'.repeat(49 * 1024 * 1024)];
    await on.send(collection, 'anonymous-rows', `${short}${rest}`).expect(413);
    expect(
      (await on.send(collection, 'anonymous-rows', `Sex\n${'f\n'.repeat(200_001)}`).expect(413)).body,
    ).toMatchObject({ code: 'too_many_rows' });
  });
});

describe('two at once', () => {
  const PEOPLE = 'Sex\nfemale\n';

  it('returns of one organisation: one stands in the end, and each other one was replaced', async () => {
    const collection = await on.open();
    const answers = await Promise.all([1, 2, 3, 4].map(() => on.send(collection, 'anonymous-rows', PEOPLE)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const { rows } = await t.db.query<{ state: string; n: number }>(
      `SELECT r.state, (SELECT count(*)::int FROM edi_answers.returned_row a WHERE a.return_id = r.id) AS n FROM edi.return r WHERE collection_id = $1 ORDER BY r.state, r.id`,
      [collection],
    );
    expect(rows).toEqual([{ state: 'accepted', n: 1 }, ...[1, 2, 3].map(() => ({ state: 'replaced', n: 0 }))]);
  });

  it('a return against sign-off: either it is replaced and not signed, or signed and not replaced', async () => {
    for (let round = 0; round < 4; round++) {
      const collection = await on.open();
      const { id } = await on.accepted(collection, 'anonymous-rows', PEOPLE);
      const [signed, sent] = await Promise.all([on.signOff(id), on.send(collection, 'anonymous-rows', PEOPLE)]);
      const codes = [signed, sent].map(({ status, body }) => `${status} ${(body as { code?: string }).code ?? ''}`);
      expect([
        ['200 ', '409 return_signed_off'],
        ['409 return_replaced', '201 '],
      ]).toContainEqual(codes);
    }
  });

  it('sign-off against close: nothing is signed off in a closed collection, and none is closed without fewer than was said', async () => {
    for (let round = 0; round < 4; round++) {
      const collection = await on.open();
      const { id } = await on.accepted(collection, 'anonymous-rows', PEOPLE);
      const [signed, closed] = await Promise.all([on.signOff(id), on.close(collection, 2)]);
      const codes = [signed, closed].map(({ status, body }) => `${status} ${(body as { code?: string }).code ?? ''}`);
      expect([
        ['200 ', '409 returns_missing'],
        ['409 collection_not_open', '200 '],
      ]).toContainEqual(codes);
      const { rows } = await t.db.query<{ standing: string[] }>(
        `SELECT ARRAY[r.state, c.state] AS standing FROM edi.return r JOIN edi.collection c ON c.id = r.collection_id WHERE r.id = $1`,
        [id],
      );
      expect(rows).toEqual([{ standing: signed.status === 200 ? ['signed-off', 'open'] : ['accepted', 'closed'] }]);
    }
  });
});

describe('the logins', () => {
  it('keep returned answers from the service, and from replacing what is signed off', async () => {
    const collection = await on.open();
    const { id } = await on.accepted(collection, 'anonymous-rows', 'Sex\nfemale\n');
    await on.signOff(id).expect(200);
    const service = new Client({ connectionString: t.config.database.url });
    await service.connect();
    try {
      for (const table of ['returned_row', 'returned_count'])
        await expect(service.query(`SELECT 1 FROM edi_answers.${table}`)).rejects.toMatchObject({ code: '42501' });
      await expect(service.query(`DELETE FROM edi.return WHERE id = $1`, [id])).rejects.toMatchObject({
        code: '42501',
      });
      await expect(service.query(`UPDATE edi.return SET state = 'replaced' WHERE id = $1`, [id])).rejects.toMatchObject(
        { constraint: 'return_signed_stands' },
      );
    } finally {
      await service.end();
    }
  });
});
