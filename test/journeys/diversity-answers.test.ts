import { answer, Answers, body, born, codeOf, type Own, type Row, unsaid } from '../edi/answers-support';
import { startApp, type TestApp } from '../support/app';

/**
 * Three people answer about themselves by three channels; what they said is counted as it stood at the time, one of them objects and
 * one withdraws, and nobody who chooses people can see any of it.
 */
let t: TestApp;
let a: Answers;
let joan: Own;
let winston: Own;
let amina: Own;
let interest: string;

beforeAll(async () => {
  t = await startApp();
  a = await Answers.of(t);
  [joan, winston, amina] = [await a.person(), await a.person(), await a.person()];
  interest = await a.sentFor(amina);
}, 30_000);
afterAll(() => t.stop());

/** How many count as what, as a release would see it on a day. */
const counted = async (characteristic: string, day: string): Promise<Record<string, number>> => {
  const { rows } = await t.db.query<{ code: string; n: number }>(
    `SELECT ${characteristic} AS code, count(*)::int AS n FROM edi_answers.answers_as_of($1) GROUP BY 1`,
    [day],
  );
  return Object.fromEntries(rows.map((row) => [row.code, row.n]));
};

it('Joan reads what she is asked and why, and answers what she wants to', async () => {
  const { body: questions } = await t.api.get('/v1/questionnaires/diversity').expect(200);
  expect((questions as { item: Row[] }).item.map((item) => item.linkId)).toContain('ethnic-background');
  const { body: before } = await a.get(joan).expect(200);
  expect((before as { kept: Row }).kept.wording).toMatch(/only to count/);
  await a
    .put(
      joan,
      0,
      body(born(1949), answer('sex', 'female'), answer('ethnic-background', 'white-british'), unsaid('religion')),
    )
    .expect(200);
});

it('Winston tells a coordinator on the phone, who writes it down and cannot read it back', async () => {
  await a
    .record(winston.id, body(answer('ethnic-background', 'black-caribbean'), answer('long-term-condition', 'no')))
    .expect(204);
  await t.api.get('/v1/me/diversity-answers').set(a.coordinator).expect(403);
  await t.api.get(`/v1/contributors/${winston.id}/diversity-answers`).set(a.coordinator).expect(405);
  const { body: record } = await t.api.get(`/v1/contributors/${winston.id}`).set(a.coordinator).expect(200);
  expect(JSON.stringify(record)).not.toMatch(/caribbean/);
  expect((await a.get(winston)).body).toMatchObject({ channel: 'supporter' });
});

it('Amina answered at Be Part of Research, which sends what it has and hears what could not be mapped', async () => {
  const { body: receipt } = await a
    .fromSite(interest, {
      ...{ sexRegisteredAtBirth: 'female', ethnicGroup: 'black', ethnicBackground: 'Black British', disability: null },
      ...{ dateOfBirth: '1990-07-01', selectedLocale: 'en-GB', emailAddress: 'amina@example.org' },
    })
    .expect(200);
  expect(receipt).toMatchObject({
    notRead: ['emailAddress'],
    notMapped: [{ field: 'ethnicBackground' }, { field: 'selectedLocale' }],
  });
  expect((await a.get(amina)).body).toMatchObject({ channel: 'site' });
});

it('all three are counted, each unknown as what it is', async () => {
  expect(await counted('ethnic_group', '2026-11-23')).toEqual({ white: 1, black: 2 });
  expect(await counted('religion', '2026-11-23')).toEqual({ 'prefer-not-to-say': 1, 'not-known': 2 });
  expect(await counted('ethnic_background', '2026-11-23')).toEqual({
    'white-british': 1,
    'black-caribbean': 1,
    'not-known': 1,
  });
});

it('Joan’s answer changes, and the weeks before are counted as they were', async () => {
  t.clock.set('2026-12-14T10:00:00.000Z');
  const { body: now } = await a.get(joan).expect(200);
  await a
    .put(joan, (now as { version: number }).version, body(born(1949), answer('unpaid-care', 'up-to-9-hours')))
    .expect(200);
  expect(await counted('unpaid_care', '2026-12-13')).toEqual({ 'not-known': 3 });
  expect(await counted('unpaid_care', '2026-12-14')).toEqual({ 'not-known': 2, 'up-to-9-hours': 1 });
});

it('Winston objects: his answers go, and nobody brings them back', async () => {
  await a.object(winston).expect(200);
  expect(await counted('ethnic_group', '2026-11-23')).toEqual({ white: 1, black: 1 });
  expect(codeOf(await a.record(winston.id, body(answer('sex', 'male'))))).toBe('objection_stands');
  expect((await a.get(winston)).body).toMatchObject({ version: 0, objectedOn: '2026-12-14', answers: [] });
});

it('Amina withdraws, and can answer again another day', async () => {
  await a.withdraw(amina, 1).expect(204);
  expect(await counted('ethnic_group', '2026-12-14')).toEqual({ 'not-known': 1 });
  await a.fromSite(interest, { ethnicGroup: 'black' }).expect(200);
  expect(await counted('ethnic_group', '2026-12-14')).toEqual({ 'not-known': 1, black: 1 });
});

it('each of them sees who read what, and finds everything in the copy of their data', async () => {
  const { body: ledger } = await t.api.get(`/v1/contributors/${joan.id}/reads`).set(joan.auth).expect(200);
  const readers = (ledger as { data: Row[] }).data.filter((read) => read.subject === 'diversity_answers');
  expect(readers).toHaveLength(2);
  expect(new Set(readers.map((read) => read.reader))).toEqual(new Set(['person']));
  const { body: copy } = await t.api.get(`/v1/contributors/${joan.id}/everything`).set(joan.auth).expect(200);
  const sections = (copy as { sections: { heading: string; rows: Row[] }[] }).sections;
  expect(sections.find((one) => one.heading === 'Your diversity answers')?.rows).toHaveLength(2);
});

it('nothing that anybody said stands anywhere but behind the second login', async () => {
  const { rows } = await t.db.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname IN ('kernel', 'people', 'involvement', 'edi', 'pgboss')
       AND c.relname <> 'population_figure' -- the census, which uses the same codes`,
  );
  const found: string[] = [];
  for (const { name } of rows)
    if ((await a.count(`${name} x WHERE x::text ~ 'black-caribbean|white-british|Black British|up-to-9-hours'`)) > 0)
      found.push(name);
  expect(found).toEqual([]);
});
