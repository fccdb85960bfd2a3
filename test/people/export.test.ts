import { types } from 'pg';
import { OURS, startApp, TestApp } from '../support/app';

let t: TestApp;
let ours: string;
beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
});
afterAll(() => t.stop());

/** Lines of the file, and how many arrays were made of what the database gave for it. */
async function exported(): Promise<{ lines: string[]; arrays: number }> {
  const headers = await t.as('coordinator');
  const original = types.getTypeParser;
  let arrays = 0;
  const overheard = jest.spyOn(types, 'getTypeParser').mockImplementation((type, format) => {
    const read = original(type, format) as (value: string) => unknown;
    return (value: string) => {
      const made = read(value);
      if (Array.isArray(made)) arrays++;
      return made;
    };
  });
  try {
    const { text } = await t.api.get(`/v1/contributors.csv?organisation=${ours}`).set(headers).expect(200);
    return { lines: text.trimEnd().split('\r\n'), arrays };
  } finally {
    overheard.mockRestore();
  }
}

describe('a long file of contributors', () => {
  // Arrays of waiting rows teach V8 to make all later ones in the old generation, and the file takes twice the memory.
  it('makes no array for a row, however many rows there are', async () => {
    const before = await exported();
    const rows = Array.from(
      { length: 700 },
      (_, n) => `L-${n},Person ${n},in-person,adult,"sleep; pain",en;cy,results`,
    );
    const added = await t.api
      .post(`/v1/contributors/imports?organisation=${ours}`)
      .set(await t.as('coordinator'))
      .set('content-type', 'text/csv')
      .send(['reference,name,preferred_channel,age_group,topics,languages,keep_in_touch', ...rows].join('\n'));
    expect(added.body).toMatchObject({ added: 700, faultCount: 0 });
    const after = await exported();
    expect(after.lines).toHaveLength(before.lines.length + 700);
    expect(after.arrays).toBe(before.arrays);
    const last = after.lines.find((line) => line.startsWith('L-699,')) ?? '';
    expect(last.split(',')).toEqual(expect.arrayContaining(['Person 699', 'en;cy', 'sleep;pain', 'results']));
  });
});
