import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { BlindIndex } from '../../src/kernel/privacy/blind-index';
import { OURS, startApp, type TestApp } from '../support/app';
import { answer, Answers, body, codeOf, type Own } from './answers-support';
import { Collecting } from './collection-support';

let t: TestApp;
let a: Answers;
let on: Collecting;
beforeAll(async () => {
  t = await startApp();
  a = await Answers.of(t);
  on = await Collecting.at(t);
});
afterAll(() => t.stop());

interface Somebody extends Own {
  reference: string;
  email: string;
}

let people = 0;
/** A contributor with an account, whom the organisation knows by a reference. */
async function somebody(): Promise<Somebody> {
  const n = ++people;
  const known = { reference: `R-${n}`, email: `imported${n}@example.org` };
  return { ...(await a.interests.contributor(known)), ...known };
}

/** Sends a file of contributors, a row each, as a coordinator does; answers how many were added and changed. */
async function imported(rows: Record<string, string>[]): Promise<[added: number, changed: number]> {
  const headings = Object.keys(rows[0]!);
  const text = [headings, ...rows.map((row) => headings.map((heading) => row[heading]!))].map((cells) => cells.join());
  const { body: report } = await t.api
    .post(`/v1/contributors/imports?organisation=${await t.organisation(OURS)}`)
    .set(a.coordinator)
    .set('content-type', 'text/csv')
    .send(text.join('\n'))
    .expect(200);
  return [report.added, report.changed];
}
const row = (of: { reference: string; email: string }, more: Record<string, string> = {}): Record<string, string> => ({
  reference: of.reference,
  name: 'Somebody',
  email: of.email,
  preferred_channel: 'email',
  age_group: 'adult',
  ...more,
});

/** A return of one row under this address; what is stored of it now. */
async function returned(email: string): Promise<() => Promise<{ sex: string; pseudonym: Buffer }>> {
  const { id } = await on.accepted(await on.open(), 'identified-rows', `Email,Sex\n${email},female\n`);
  return async () => {
    const { rows } = await t.db.query<{ sex: string; pseudonym: Buffer }>(
      'SELECT sex, pseudonym FROM edi_answers.returned_row WHERE return_id = $1',
      [id],
    );
    return rows[0] ?? { sex: 'gone', pseudonym: Buffer.alloc(0) };
  };
}
const ofAddress = (email: string): Buffer =>
  t.app.get(Pseudonyms, { strict: false }).ofAddress(t.app.get(BlindIndex, { strict: false }).email(email)!);
const remembered = (who: Own): Promise<number> =>
  a.count('edi_answers.objection_by_address WHERE objector = $1', [a.pseudonym(who)]);

describe('an e-mail address that a file of contributors changes', () => {
  it('is remembered where the person objected, beside the one before: nothing returned under either stays or comes', async () => {
    const person = await somebody();
    await a.object(person).expect(200);
    const email = `moved-${person.email}`;
    const before = await returned(email);
    expect((await before()).sex).toBe('female');
    expect(await imported([row({ ...person, email })])).toEqual([0, 1]);
    expect(await remembered(person)).toBe(2);
    expect((await before()).sex).not.toBe('female');
    for (const address of [person.email, email]) expect((await (await returned(address))()).sex).toBe('not-known');
  });

  it('is remembered of each objector among many rows, and of nobody else', async () => {
    const all = [await somebody(), await somebody(), await somebody()];
    await a.object(all[1]!).expect(200);
    expect(await imported(all.map((one) => row({ ...one, email: `many-${one.email}` })))).toEqual([0, 3]);
    expect(await Promise.all(all.map(remembered))).toEqual([0, 2, 0]);
    const kept = await returned(`many-${all[0]!.email}`);
    expect((await kept()).sex).toBe('female');
  });

  it('is the person’s from then on: a return under it carries the person’s pseudonym, one under the former does not', async () => {
    const person = await somebody();
    const email = `now-${person.email}`;
    expect((await (await returned(person.email))()).pseudonym).toEqual(a.pseudonym(person));
    expect((await (await returned(email))()).pseudonym).toEqual(ofAddress(email));
    expect(await imported([row({ ...person, email })])).toEqual([0, 1]);
    expect((await (await returned(email))()).pseudonym).toEqual(a.pseudonym(person));
    expect((await (await returned(person.email))()).pseudonym).toEqual(ofAddress(person.email));
  });

  it('does not let an objector’s answers back in by a second record that the file adds', async () => {
    const person = await somebody();
    await a.object(person).expect(200);
    expect(await imported([row({ reference: 'second-record', email: person.email })])).toEqual([1, 0]);
    const { rows } = await t.db.query<{ id: string }>(
      `SELECT contributor_id AS id FROM people.contributor_organisation WHERE reference = 'second-record'`,
    );
    expect(codeOf(await a.record(rows[0]!.id, body(answer('sex', 'female'))).expect(409))).toBe('objection_stands');
    expect((await (await returned(person.email))()).sex).toBe('not-known');
  });

  it('leaves everything as it was where the file is only checked, or has a fault', async () => {
    const person = await somebody();
    await a.object(person).expect(200);
    const email = `never-${person.email}`;
    const send = (query: string, text: string) =>
      t.api
        .post(`/v1/contributors/imports?organisation=${ours}${query}`)
        .set(a.coordinator)
        .set('content-type', 'text/csv')
        .send(text);
    const ours = await t.organisation(OURS);
    const heading = Object.keys(row(person)).join();
    const changed = Object.values(row({ ...person, email })).join();
    await send('&dryRun=true', `${heading}\n${changed}\n`).expect(200);
    await send('', `${heading}\n${changed}\nR-x,,,,\n`).expect(422);
    expect(await remembered(person)).toBe(1);
    expect((await (await returned(email))()).sex).toBe('female');
  });
});

describe('a postcode that a file of contributors changes', () => {
  it('reaches no answer: where somebody lives is what they said themselves', async () => {
    const [person, objector] = [await somebody(), await somebody()];
    await a
      .put(
        person,
        0,
        body({ question: 'postcode', state: 'answered', outwardPostcode: 'LS6' }, answer('sex', 'female')),
      )
      .expect(200);
    await a.object(objector).expect(200);
    const before = await a.rows(person);
    expect(before).toHaveLength(1);
    expect(before[0]).toMatchObject({ region: 'E12000003' });
    const moved = [person, objector].map((one) => row(one, { postcode: 'SW1A', region: 'E12000007' }));
    expect(await imported(moved)).toEqual([0, 2]);
    const { rows } = await t.db.query(
      'SELECT DISTINCT outward_postcode, region_code FROM people.contributor WHERE id = ANY($1)',
      [[person.id, objector.id]],
    );
    expect(rows).toEqual([{ outward_postcode: 'SW1A', region_code: 'E12000007' }]);
    expect(await a.rows(person)).toEqual(before);
    expect([await remembered(person), await remembered(objector), await a.objections(objector)]).toEqual([0, 1, 1]);
  });
});
