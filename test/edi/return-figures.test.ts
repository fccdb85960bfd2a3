import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiversityDb } from '../../src/edi/door/diversity-db';
import { startApp, type TestApp } from '../support/app';
import { Collecting, OURS, THEIRS } from './collection-support';

const SQL = readFileSync(join(__dirname, '../../src/edi/returns/own-figures.sql'), 'utf8');

let t: TestApp;
let on: Collecting;
let ours: string;
let theirs: string;
beforeAll(async () => {
  t = await startApp();
  on = await Collecting.at(t);
  [ours, theirs] = [await t.organisation(OURS), await t.organisation(THEIRS)];
});
afterAll(() => t.stop());

/** The figures as the diversity login gives them to whoever names an organisation. */
const figures = (id: string, organisation: string) =>
  t.app
    .get(DiversityDb, { strict: false })
    .query<{ characteristic: string; code: string; low: number }>(SQL, [id, organisation]);
const returnOf = async (form: string, file: string): Promise<string> =>
  (await on.accepted(await on.open(), form, file)).id;

describe('the true counts of a return', () => {
  it.each([
    ['rows', 'anonymous-rows', 'Sex\nfemale\nmale\n'],
    ['counts', 'counts', 'question,answer,people\nsex,female,30\nsex,male,20\n'],
  ])('are nothing for another organisation than the one that returned them: %s', async (_, form, file) => {
    const id = await returnOf(form, file);
    const own = await figures(id, ours);
    expect(
      own
        .filter(({ characteristic }) => characteristic === 'sex')
        .map(({ code }) => code)
        .sort(),
    ).toEqual(['female', 'male']);
    expect(await figures(id, theirs)).toEqual([]);
  });

  it('are nothing for another organisation either where kinds of impairment are counted', async () => {
    const id = await returnOf('anonymous-rows', 'Sex,Impairment\nfemale,vision\n');
    expect((await figures(id, ours)).filter(({ characteristic }) => characteristic === 'impairment')).toMatchObject([
      { code: 'vision', low: 1 },
    ]);
    expect(await figures(id, theirs)).toEqual([]);
  });

  it('are told of each return to somebody who works for both organisations, and written down of the one that it is of', async () => {
    const { id: account } = await t.account('diversity-analyst', OURS, 'of both');
    await t.db.query(
      `INSERT INTO people.membership (account_id, organisation_id, role, "from") VALUES ($1, $2, 'diversity-analyst', '2025-01-01')`,
      [account, theirs],
    );
    const both = await t.as('diversity-analyst', OURS, 'of both');
    const collection = await on.open();
    const first = await on.accepted(collection, 'anonymous-rows', 'Sex\nfemale\n');
    const second = (await on.send(collection, 'anonymous-rows', 'Sex\nmale\nmale\n', '', both, THEIRS).expect(201))
      .body as {
      id: string;
    };
    expect((await on.figures(first.id, both).expect(200)).body).toMatchObject({ people: { low: 1, high: 1 } });
    expect((await on.figures(second.id, both).expect(200)).body).toMatchObject({ people: { low: 2, high: 2 } });
    await on.figures(second.id).expect(404);
    const { rows } = await t.db.query<{ subject_id: string; organisation_id: string }>(
      `SELECT subject_id, organisation_id FROM kernel.audit_entry WHERE purpose = 'own-figures' AND account_id = $1 ORDER BY id`,
      [account],
    );
    expect(rows).toEqual([
      { subject_id: first.id, organisation_id: ours },
      { subject_id: second.id, organisation_id: theirs },
    ]);
  });
});
