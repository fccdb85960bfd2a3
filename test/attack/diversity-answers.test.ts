import { startApp, type TestApp } from '../support/app';
import { answer, Answers, body, type Own } from '../edi/answers-support';
import { Collecting, THEIRS } from '../edi/collection-support';

let t: TestApp;
let on: Collecting;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
});
afterAll(() => t.stop());

/** Tables in which the text stands anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  const { rows: tables } = await t.db.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'`,
  );
  expect(tables.length).toBeGreaterThan(40);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await t.db.query(`SELECT 1 FROM ${name} x WHERE x::text LIKE '%' || $1 || '%' LIMIT 1`, [text]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

describe('a check of a file whose columns slipped', () => {
  it.each([
    ['a cell', 'Email,Sex\nfemale,slipped.person@example.org\n'],
    ['a heading', 'slipped.person@example.org,Sex\nx,neither\n'],
    ['a number', 'Email,Sex\nsomebody@example.org,07700 900461\n'],
  ])('neither shows nor keeps what stood in %s', async (what, file) => {
    const collection = await on.open();
    const key = `slipped-${what.replace(' ', '-')}`;
    const check = () => on.check(collection, 'identified-rows', file).set('idempotency-key', key);
    const answer = await check();
    expect(answer.status === 200 ? (answer.body as { acceptable: boolean }).acceptable : answer.status).not.toBe(true);
    expect(answer.text).not.toMatch(/slipped\.person|900461/);
    expect(await tablesWith('slipped.person')).toEqual([]);
    expect(await tablesWith('900461')).toEqual([]);
    const { rows } = await t.db.query<{ answer: string | null }>(
      'SELECT answer FROM kernel.idempotency WHERE key = $1',
      [key],
    );
    expect(rows.map((row) => row.answer)).toEqual(answer.status === 200 ? [null] : []);
    expect((await check()).status).toBe(answer.status === 200 ? 204 : answer.status);
  });
});

const answers = async (): Promise<Answers> => Answers.of(t);
let people = 0;

/** A contributor with an account, at an address of their own. */
async function somebodyAt(a: Answers): Promise<Own & { email: string }> {
  const email = `objector${++people}@example.org`;
  return { ...(await a.interests.contributor({ email })), email };
}
async function secondRecord(a: Answers, email: string): Promise<string> {
  const made = await t.api
    .post('/v1/contributors')
    .set(a.coordinator)
    .send({
      organisationId: await a.organisation(),
      name: 'Another',
      email,
      preferredChannel: 'email',
      ageGroup: 'adult',
    })
    .expect(201);
  return (made.body as { id: string }).id;
}
async function move(person: Own, email: string): Promise<void> {
  const now = await t.api.get(`/v1/contributors/${person.id}`).set(person.auth).expect(200);
  await t.api
    .patch(`/v1/contributors/${person.id}`)
    .set(person.auth)
    .set('if-match', String(now.headers.etag))
    .send({ email })
    .expect(200);
}
/** What is stored of the sexes of a return of one row under this address. */
async function returned(email: string, collection?: string): Promise<() => Promise<string[]>> {
  const { id } = await on.accepted(collection ?? (await on.open()), 'identified-rows', `Email,Sex\n${email},female\n`);
  return async () => {
    const { rows } = await t.db.query<{ sex: string }>(
      'SELECT sex FROM edi_answers.returned_row WHERE return_id = $1',
      [id],
    );
    return rows.map(({ sex }) => sex);
  };
}

describe('an objection holds', () => {
  it('under an address that the person had before, and one that came after', async () => {
    const a = await answers();
    const person = await somebodyAt(a);
    await a.object(person).expect(200);
    await move(person, `second-${person.email}`);
    await move(person, `third-${person.email}`);
    for (const email of [person.email, `second-${person.email}`, `third-${person.email}`])
      expect(await (await returned(email))()).toEqual(['not-known']);
    await a.takeBack(person).expect(200);
    expect(await (await returned(person.email))()).toEqual(['female']);
    expect(await a.count('edi_answers.objection_by_address WHERE objector = $1', [a.pseudonym(person)])).toBe(0);
  });

  it('for rows that came before there was a record', async () => {
    const a = await answers();
    const [email] = [`early${++people}@example.org`];
    const rows = await returned(email);
    expect(await rows()).toEqual(['female']);
    const person = await a.interests.contributor({ email });
    await a.object(person).expect(200);
    expect(await rows()).not.toContain('female');
  });

  it('where a second record has the address: for returns, and for what others write down', async () => {
    const a = await answers();
    const person = await somebodyAt(a);
    const before = await returned(person.email);
    const second = await secondRecord(a, person.email);
    await a.object(person).expect(200);
    expect(await before()).not.toContain('female');
    expect(await (await returned(person.email))()).toEqual(['not-known']);
    await a.record(second, body(answer('sex', 'male'))).expect(409);
    const sent = await a.fromSite(await a.sentFor({ ...person, id: second }), { sexRegisteredAtBirth: 'male' });
    expect(sent.status).toBe(409);
    await move(person, `gone-${person.email}`);
    expect(await (await returned(person.email))()).toEqual(['not-known']);
    await a.record(second, body(answer('sex', 'male'))).expect(409);
  });

  it('for the address of a record that is merged into theirs', async () => {
    const a = await answers();
    const person = await somebodyAt(a);
    await a.object(person).expect(200);
    const other = await secondRecord(a, `merged-${person.email}`);
    const before = await returned(`merged-${person.email}`);
    expect(await before()).toEqual(['female']);
    await t.api
      .post(`/v1/contributors/${person.id}/merge`)
      .set(await t.as('coordinator'))
      .send({ otherId: other, keep: { name: 'this', email: 'this' } })
      .expect(200);
    expect(await before()).not.toContain('female');
    expect(await (await returned(`merged-${person.email}`))()).toEqual(['not-known']);
  });

  it('against a return at the same moment', async () => {
    const a = await answers();
    for (let round = 0; round < 3; round++) {
      const person = await somebodyAt(a);
      await secondRecord(a, person.email);
      const [rows] = await Promise.all([returned(person.email), a.object(person).expect(200)]);
      expect(await rows()).not.toContain('female');
    }
  });

  it('till the person is erased, and then leaves nothing', async () => {
    const a = await answers();
    const person = await somebodyAt(a);
    await a.object(person).expect(200);
    await t.api
      .post(`/v1/contributors/${person.id}/erase`)
      .set(person.auth)
      .send({ because: 'asked_by_person' })
      .expect(200);
    expect(await a.count('edi_answers.objection_by_address WHERE objector = $1', [a.pseudonym(person)])).toBe(0);
  });
});

describe('withdrawing', () => {
  it('empties what organisations returned too, and the person reads how that is', async () => {
    const a = await answers();
    const person = await somebodyAt(a);
    const rows = await returned(person.email);
    await a.put(person, 0, body(answer('sex', 'female'))).expect(200);
    expect(((await a.get(person).expect(200)).body as { kept: { afterwards: string } }).kept.afterwards).toMatch(
      /organisation returned about you/,
    );
    await a.withdraw(person, 1).expect(204);
    expect(await rows()).toEqual(['not-known']);
  });
});

describe('a return', () => {
  it('stays with its organisation, its collection and its form, whoever writes', async () => {
    const other = await on.open();
    const { id } = await on.accepted(await on.open(), 'anonymous-rows', 'Sex\nfemale\n');
    for (const set of [
      `collection_id = '${other}'`,
      `organisation_id = '${await t.organisation(THEIRS)}'`,
      `form = 'identified-rows'`,
    ])
      await expect(t.db.query(`UPDATE edi.return SET ${set} WHERE id = $1`, [id])).rejects.toMatchObject({
        constraint: 'return_stays',
      });
    expect((await on.figures(id).expect(200)).body).toMatchObject({ people: { low: 1, high: 1 } });
  });
});

describe('what a supporter adds', () => {
  it('clears what it contradicts, and tells nothing of what was there', async () => {
    const a = await answers();
    const person = await a.person();
    await a
      .put(
        person,
        0,
        body(
          answer('ethnic-background', 'white-british'),
          answer('long-term-condition', 'yes'),
          answer('activity-limited', 'yes-a-lot'),
          answer('impairment', 'vision'),
        ),
      )
      .expect(200);
    await a.record(person.id, body(answer('ethnic-group', 'black'), answer('long-term-condition', 'no'))).expect(204);
    expect(await a.rows(person)).toMatchObject([
      {
        ...{ ethnic_group: 'black', ethnic_background: null, background_code: null },
        ...{ long_term_condition: 'no', activity_limited: null, impairment: null },
      },
    ]);
    await a.record(person.id, body(answer('activity-limited', 'yes-a-lot'))).expect(204);
    expect(await a.rows(person)).toMatchObject([{ long_term_condition: null, activity_limited: 'yes-a-lot' }]);
  });
});

describe('what a check tells of a file', () => {
  it('counts rows without the heading, and takes none for counts where there are none', async () => {
    const collection = await on.open();
    const one = await on.check(collection, 'counts', 'characteristic,category,count\nsex,female,3\n').expect(200);
    expect(one.body).toMatchObject({ acceptable: true, rows: 1 });
    for (const file of ['characteristic,category,count\n', 'Sex,People\n', 'one,two\n']) {
      const none = await on.check(collection, 'counts', file);
      expect([file, none.status === 200 && (none.body as { acceptable: boolean }).acceptable]).toEqual([file, false]);
    }
  });
});

describe('a version of a questionnaire', () => {
  it.each(['99999999999999', '-1', '0'])('that is no number of one (%s) is told', async (version) => {
    const answer = await t.api.get(`/v1/questionnaires/diversity/versions/${version}`).expect(400);
    expect(answer.body).toMatchObject({ errors: [{ at: 'version', code: 'not_whole' }] });
  });
});
