import { OURS, startApp, TestApp } from '../support/app';
import { Wire } from '../support/wire';

/** Small requests that would cost much: to answer, to match, to unfold. */

let t: TestApp;
let wire: Wire;
let headers: Record<string, string>;
let ours: string;
beforeAll(async () => {
  t = await startApp();
  wire = new Wire(t.address);
  headers = { ...(await t.as('coordinator')), 'content-type': 'application/json' };
  ours = await t.organisation(OURS);
});
afterAll(async () => {
  wire.close();
  await t.stop();
});

const MOST_ANSWERED = 400_000;
/** Far beyond what an honest reading takes on a busy machine, far below what an unfolding one does. */
const LONGEST_MS = 15_000;

async function send(path: string, body: string, more: Record<string, string> = {}): Promise<number> {
  const began = performance.now();
  const { status, text } = await wire.send({ method: 'POST', path, headers: { ...headers, ...more }, body });
  expect(text.length).toBeLessThan(MOST_ANSWERED);
  expect(performance.now() - began).toBeLessThan(LONGEST_MS);
  return status;
}

describe('a small request does not cost much', () => {
  it('with a heading of a file that has thousands of unknown columns', async () => {
    const type = { 'content-type': 'text/csv' };
    expect(await send(`/v1/contributors/imports?organisation=${ours}`, `${'a,'.repeat(45_000)}a\nb\n`, type)).toBe(400);
    expect(await send('/v1/opportunities/bulk', `${'a,'.repeat(45_000)}a\nb\n`, type)).toBe(400);
  });

  it('with one quotation mark that never closes', async () => {
    const file = `reference,name,preferred_channel,age_group\n"${'a,b\n'.repeat(200_000)}`;
    expect(await send(`/v1/contributors/imports?organisation=${ours}`, file, { 'content-type': 'text/csv' })).toBe(400);
  });

  it('with a hundred thousand unknown fields in its items', async () => {
    const item = `{${Array.from({ length: 900 }, (_, n) => `"f${n}":1`).join(',')}}`;
    const items = `{"items":[${Array.from({ length: 100 }, () => item).join(',')}]}`;
    expect(await send('/v1/activities/bulk', items)).toBe(400);
    await send('/v1/opportunities/bulk', items);
  });

  it.each([
    ['dots', `a@${'.'.repeat(300_000)}@`],
    ['letters and dots', `a@${'a.'.repeat(150_000)} `],
    ['at signs', '@'.repeat(300_000)],
    ['blanks', ' '.repeat(300_000)],
    ['digits', `+${'0'.repeat(300_000)}x`],
    ['combining marks', 'a\u0301'.repeat(60_000)],
    ['one that unfolds when it is normalised', '\uFDFA'.repeat(60_000)],
  ])('with a text of %s in every field', async (_, text) => {
    const person = { name: text, email: text, phone: text };
    for (const [field, value] of Object.entries(person)) {
      const body = JSON.stringify({
        organisationId: ours,
        name: 'x',
        preferredChannel: 'email',
        ageGroup: 'adult',
        [field]: value,
      });
      if (body.length < 1_000_000) expect(await send('/v1/contributors', body)).toBe(400);
    }
    await send('/v1/interests/follow', JSON.stringify({ reference: text, contact: text.slice(0, 1000) }));
  });

  it('with a list of ten thousand, or nested deeply', async () => {
    const topics = JSON.stringify(Array.from({ length: 10_000 }, (_, n) => `t${n}`));
    const body = (more: string) =>
      `{"organisationId":"${ours}","name":"x","preferredChannel":"email","ageGroup":"adult",${more}}`;
    expect(await send('/v1/contributors', body(`"topics":${topics}`))).toBe(400);
    expect(await send('/v1/contributors', body(`"topics":${'['.repeat(200_000)}`))).toBe(400);
    expect(await send('/v1/contributors', body(`"supporter":${'{"name":'.repeat(100_000)}`))).toBe(400);
    expect(await send('/v1/contributors', `[${'{},'.repeat(300_000)}{}]`)).toBe(400);
  });
});

describe('a body of many faults', () => {
  const asked = async (items: object[]) => {
    const before = process.cpuUsage(); // the service runs in this process; others on the machine do not count
    const answer = await t.api
      .post('/v1/activities/bulk')
      .set({ authorization: headers.authorization ?? '' })
      .send({ items });
    expect(answer.status).toBe(400);
    const { detail, errors } = answer.body as { detail: string; errors: { at: string; code: string }[] };
    return { detail, errors, text: answer.text, seconds: process.cpuUsage(before).user / 1e6 };
  };
  const unknown = (fields: number): object =>
    Object.fromEntries(Array.from({ length: fields }, (_, n) => [`f~${n}`, 1]));

  it('of ninety thousand fields that there are not is refused at once, in a short answer that says how many', async () => {
    const { detail, errors, text, seconds } = await asked(Array.from({ length: 90 }, () => unknown(1000)));
    expect(detail).toContain('The first 100 of 90000 faults');
    expect(errors).toHaveLength(100);
    expect(errors[0]).toMatchObject({ at: '/items/0/f~00', code: 'unknown_field' });
    expect(text.length).toBeLessThan(20_000);
    expect(seconds).toBeLessThan(1.5);
  });

  it('with a list that is too long is refused before its items are looked into', async () => {
    const wrong = { on: 1, kind: 1, title: 1, mode: 1, minutes: 'x', attendance: 1, involvementId: 1 };
    const { errors, seconds } = await asked(Array.from({ length: 9000 }, () => wrong));
    expect(errors).toMatchObject([{ at: '/items', code: 'too_many' }]);
    expect(seconds).toBeLessThan(1.5);
  });

  it('of a few says each, among the other faults', async () => {
    const { errors } = await asked([unknown(3)]);
    expect(errors.filter(({ code }) => code === 'unknown_field').map(({ at }) => at)).toEqual([
      '/items/0/f~00',
      '/items/0/f~01',
      '/items/0/f~02',
    ]);
    expect(errors.length).toBeGreaterThan(3);
  });
});

describe('a file for spreadsheets', () => {
  it('holds no formula of any writing, and reads back as it was', async () => {
    const names = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '＝1+1',
      '＋1',
      '－1',
      '＠x',
      "'=1",
      "''+1",
      '=cmd|"/c calc"!A1',
      '"=1"',
    ];
    const type = { ...headers, 'content-type': 'text/csv' };
    for (const [n, name] of names.entries())
      await t.api
        .post('/v1/contributors')
        .set({ authorization: headers.authorization ?? '' })
        .send({
          organisationId: ours,
          reference: `F-${n}`,
          name,
          preferredChannel: 'in-person',
          ageGroup: 'adult',
          topics: [name],
        })
        .expect(201);
    const file = await t.api.get('/v1/contributors.csv').set({ authorization: headers.authorization ?? '' });
    for (const line of file.text.split('\r\n').slice(1))
      for (const cell of line.split(',')) expect(cell).not.toMatch(/^"?[=+\-@\t＝＋－＠]/);
    await wire.send({
      method: 'POST',
      path: `/v1/contributors/imports?organisation=${ours}`,
      headers: type,
      body: file.text,
    });
    const { rows } = await t.db.query<{ name: string; topic: string }>(
      `SELECT c.name, c.topics[1] AS topic FROM people.contributor c JOIN people.contributor_organisation w ON w.contributor_id = c.id
       WHERE w.reference LIKE 'F-%' ORDER BY substr(w.reference, 3)::integer`,
    );
    expect(rows).toEqual(names.map((name) => ({ name, topic: name })));
  });
});
