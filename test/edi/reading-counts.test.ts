import { shown, vocabulary } from './reading-vocabulary';
import { middles, readCount, settle } from '../../src/edi/returns/reading/count-cell';
import { readCounts } from '../../src/edi/returns/reading/counts';
import { readCsv } from '../../src/edi/returns/reading/csv';
import { Faults } from '../../src/edi/returns/reading/fault';
import type { Grid } from '../../src/edi/returns/reading/grid';
import { NO_MAPPING } from '../../src/edi/returns/reading/headings';

const read = (text: string, suppressedBelow?: number) => readGrid(readCsv(Buffer.from(text)), suppressedBelow);

/** A sheet as a workbook has it that leaves blank rows out. */
const sheet = (lines: readonly (readonly string[])[]): Grid => ({
  notes: [],
  rows: (async function* () {
    for (const [i, cells] of lines.entries()) if (cells.length > 0) yield await Promise.resolve({ row: i + 1, cells });
  })(),
});

const readGrid = async (grid: Grid, suppressedBelow?: number) => {
  const faults = new Faults();
  const { counts } = await readCounts(grid, { vocabulary, mapping: NO_MAPPING, suppressedBelow }, faults);
  const of = (characteristic: string): Record<string, number | string> =>
    Object.fromEntries(
      counts
        .filter((one) => one.characteristic === characteristic)
        .map(({ code, low, high, stage }) => [
          stage === 'registered' ? code : `${stage} ${code}`,
          low === high ? low : `${low}-${high}`,
        ]),
    );
  return { counts, of, notes: grid.notes, faults: shown(faults), messages: faults.list.map(({ message }) => message) };
};

describe('a cell of counts', () => {
  it.each([
    ['12', 12, 12],
    ['1,204', 1204, 1204],
    ['<5', 0, 4],
    ['Fewer than 8', 0, 7],
    ['1–4', 1, 4],
    ['*', 0, null],
    ['[c]', 0, null],
  ])('reads %s', (text, low, high) => expect(readCount(text)).toEqual({ low, high }));

  it.each(['12.5', '-3', 'many', '12%', '', '4-1'])('refuses %s', (text) => expect(readCount(text)).toBeUndefined());
});

describe('withheld counts', () => {
  it('are narrowed by the total, and begin at one where zeros are shown', () => {
    const hidden = { low: 0, high: null };
    const exact = (n: number) => ({ low: n, high: n });
    expect(settle([exact(10), hidden], exact(13), undefined)).toMatchObject({ parts: [exact(10), exact(3)] });
    expect(settle([exact(10), hidden, hidden], exact(13), undefined)).toMatchObject({
      parts: [exact(10), { low: 0, high: 3 }, { low: 0, high: 3 }],
    });
    expect(settle([exact(10), exact(0), hidden], undefined, 5)).toMatchObject({
      parts: [exact(10), exact(0), { low: 1, high: 4 }],
    });
    expect(settle([exact(10), hidden], undefined, undefined)).toBe('no-bound');
    expect(settle([exact(10), exact(4)], exact(13), undefined)).toBe('sum');
    expect(settle([exact(10), { low: 0, high: 4 }], exact(20), undefined)).toBe('sum');
  });
});

describe('whole numbers within ranges', () => {
  it('are the middles, moved until they add up', () => {
    const parts = [
      { low: 10, high: 10 },
      { low: 0, high: 4 },
      { low: 1, high: 4 },
    ];
    expect(middles(parts, undefined)).toEqual([10, 2, 2]);
    expect(middles(parts, 15)).toEqual([10, 3, 2]);
    expect(middles(parts, 18)).toEqual([10, 4, 4]);
    expect(middles(parts, 11)).toEqual([10, 0, 1]);
  });
});

describe('tidy counts', () => {
  const SEX = 'characteristic,category,count\nsex,Female,30\nsex,Male,20\n';

  it('are read, with ethnic groups made from backgrounds and questions not counted as not known', async () => {
    const { counts, of, faults } = await read(
      `${SEX}Ethnic background,Indian,12\nethnic-background,African,35\nethnic-background,Not known,3\n`,
    );
    expect(faults).toEqual([]);
    expect(of('sex')).toEqual({ female: 30, male: 20 });
    expect(of('ethnic-group')).toEqual({ asian: 12, black: 35, 'not-known': 3 });
    expect(
      new Set(
        ['sex', 'ethnic-group', 'age'].map((key) =>
          counts.filter((c) => c.characteristic === key).reduce((n, c) => n + c.people, 0),
        ),
      ),
    ).toEqual(new Set([50]));
    expect(of('age')).toEqual({ 'not-known': 50 });
    expect(of('impairment')).toEqual({});
  });

  it('keep "<5" and stars as ranges', async () => {
    expect((await read('question,answer,number\nsex,female,<5\nsex,male,20\nsex,total,*\n', 5)).of('sex')).toEqual({
      female: '0-4',
      male: 20,
    });
    expect((await read('question,answer,number\nsex,female,<5\nsex,male,20\n')).of('sex')).toEqual({
      female: '0-4',
      male: 20,
    });
    const { of } = await read('question,answer,number\nsex,female,*\nsex,male,20\nsex,not known,0\nsex,Total,23\n');
    expect(of('sex')).toEqual({ female: 3, male: 20, 'not-known': 0 });
    expect((await read('question,answer,number\nsex,female,*\nsex,male,20\n')).faults).toEqual([
      '2  star_without_bound',
    ]);
  });

  it.each([
    ['a total that is another', `${SEX}sex,total,51\n`, '2  counts_do_not_add_up'],
    ['questions about different numbers of people', `${SEX}age,18-24,49\n`, '4  counts_do_not_add_up'],
    [
      'groups that are not the sum of their backgrounds',
      `${SEX}ethnic-background,Indian,50\nethnic-group,black,50\n`,
      '2  counts_do_not_add_up',
    ],
    ['an unknown question', `${SEX}shoe-size,9,1\n`, '4 characteristic unknown_characteristic'],
    ['an unknown answer', `${SEX}sex,neither,1\n`, '4 category unknown_code'],
    ['half a person', `${SEX}sex,not known,1.5\n`, '4 count not_a_count'],
    ['one answer twice', `${SEX}sex,F,31\n`, '4 count counted_twice'],
    ['nothing but several answers', 'characteristic,category,count\nimpairment,vision,3\n', '2  people_not_counted'],
  ])('tell %s', async (_, text, fault) => expect((await read(text)).faults).toContain(fault));

  it('count each stage by itself', async () => {
    const { of } = await read('stage,characteristic,category,count\nregistered,sex,f,3\ntook part,sex,f,2\n');
    expect(of('sex')).toEqual({ female: 3, 'took-part female': 2 });
  });
});

describe('pivot tables', () => {
  it('are read one under another, each with its heading, empty cells being nobody', async () => {
    const { of, faults } = await read(
      'Sex,\nRow Labels,Count of ID\nFemale,30\nMale,\nPrefer not to say,20\nGrand Total,50\n,\nAge,\nRow Labels,Count of ID\n18 to 24,45\nUnknown,5\nGrand Total,50\n',
    );
    expect(faults).toEqual([]);
    expect(of('sex')).toEqual({ female: 30, male: 0, 'prefer-not-to-say': 20 });
    expect(of('age')).toEqual({ '18-24': 45, 'not-known': 5 });
  });

  it('recognise subtotals over and under their rows, and check them', async () => {
    const compact =
      'Ethnicity,Count\nAsian or Asian British,15\nIndian,10\nPakistani,5\nBlack,7\nAfrican,7\nGrand total,22\n';
    const { of, faults } = await read(compact);
    expect(faults).toEqual([]);
    expect(of('ethnic-background')).toEqual({ indian: 10, pakistani: 5, african: 7 });
    expect(of('ethnic-group')).toEqual({ asian: 15, black: 7 });
    expect((await read(compact.replace('British,15', 'British,16'))).faults).toEqual([
      '2 Count subtotal_does_not_add_up',
    ]);
    const outline =
      'Ethnic group,Ethnic background,Number\nAsian or Asian British,Indian,10\n,Pakistani,5\nBlack total,,7\nBlack,African,7\nTotal,,22\n';
    expect(
      (await read(outline.replace('Black total,,7\n', 'Asian or Asian British Total,,15\n'))).of('ethnic-group'),
    ).toEqual({ asian: 15, black: 7 });
  });

  it('take one question across and one down apart, and check rows and columns', async () => {
    const table =
      'Count,Column Labels,,\nEthnic group,Female,Male,Grand Total\nBlack,10,<5,12\nWhite,20,18,38\nGrand Total,30,20,50\n';
    const { of, faults, notes } = await read(table);
    expect(faults).toEqual([]);
    expect(of('ethnic-group')).toEqual({ black: 12, white: 38 });
    expect(of('sex')).toEqual({ female: 30, male: 20 });
    expect(notes.join(' ')).toContain('one question');
    expect((await read(table.replace('30,20,50', '31,20,51'))).faults).toContain('5 Female subtotal_does_not_add_up');
    expect((await read(table.replace('18,38', '18,39'))).faults).toContain('4 Grand Total subtotal_does_not_add_up');
  });

  it('read stages across, leave percentages out, and see the question from its answers', async () => {
    const { of, faults, notes } = await read(
      'Who,Registered,%,Took part\nFemale,30,60%,3\nMale,20,40%,2\nTotal,50,100%,5\n',
    );
    expect(faults).toEqual([]);
    expect(of('sex')).toEqual({ female: 30, male: 20, 'took-part female': 3, 'took-part male': 2 });
    expect(notes.join(' ')).toContain('percentages');
  });

  const TWO = [
    ...[['Sex'], ['Row Labels', 'Count of people'], ['Female', '30'], ['Male', '20'], ['Grand Total', '50'], []],
    ...[['Age'], ['Row Labels', 'Count of people'], ['18 to 24', '45'], ['Unknown', '5'], ['Grand Total', '50']],
  ];

  it('stand apart where a workbook leaves the blank row between them out, and where somebody deleted it', async () => {
    for (const lines of [TWO, TWO.filter((cells) => cells.length > 0)]) {
      const { of, faults } = await readGrid(sheet(lines));
      expect(faults).toEqual([]);
      expect(of('sex')).toEqual({ female: 30, male: 20 });
      expect(of('age')).toEqual({ '18-24': 45, 'not-known': 5 });
    }
  });

  it('under a name that nobody knows are seen from their answers, or told once with what comes near', async () => {
    const named = (title: string, answer = '18 to 24') =>
      TWO.map((cells) => cells.map((cell) => (cell === 'Age' ? title : cell === '18 to 24' ? answer : cell)));
    expect((await readGrid(sheet(named('Age band')))).of('age')).toEqual({ '18-24': 45, 'not-known': 5 });
    for (const lines of [named('Age band', 'Young'), named('Age band', 'Young').filter((cells) => cells.length > 0)]) {
      const { faults, messages } = await readGrid(sheet(lines));
      expect(faults).toEqual([expect.stringMatching(/^[89] Row Labels unknown_table$/)]);
      expect(messages[0]).toMatch(/"Young", "Unknown".*Did you mean "Age"\?.*PUT .*heading-mappings\/\{organisation\}/);
    }
    const partly = await read('What,Count\nFemale,3\nMartian,2\n');
    expect(partly.messages).toEqual([expect.stringMatching(/\("Female", "Martian"\) answer\. Did you mean "Sex"\?/)]);
  });

  it('tell column and cell of a fault, and what can be done about it', async () => {
    const faults = new Faults();
    const setting = { vocabulary, mapping: NO_MAPPING, suppressedBelow: undefined };
    const lines = [
      ['Sex', 'Count'],
      ['Female', '3'],
      ['N/K', '2'],
      ['Age band', ''],
      ['16 to 17', '5'],
    ];
    await readCounts(sheet(lines), setting, faults);
    expect(faults.list).toMatchObject([
      {
        ...{ row: 4, column: 'Sex', cell: 'A4', code: 'unknown_heading' },
        message: expect.stringMatching(/Did you mean "Age"\?.*map your own heading once with PUT/) as string,
      },
      {
        ...{ row: 3, column: 'Sex', cell: 'A3', code: 'unknown_code' },
        message:
          '"N/K" is not an answer to "Sex". Write one of: "Female", "Male", "Prefer not to say", "Not known"; or map your own code once with PUT /v1/diversity/heading-mappings/{organisation}.',
      },
      { row: 5, column: 'Sex', cell: 'A5', code: 'unknown_code' },
    ]);
  });

  it.each([
    ['an answer of no question', 'Sex,Count\nFemale,3\nPurple,2\n', '3 Sex unknown_code'],
    ['a table of nothing known', 'What,Count\nRed,3\nBlue,2\n', '2 What unknown_table'],
    ['columns of nothing known', 'Sex,Red,Blue\nFemale,3,2\n', '1 Red unknown_heading'],
    ['a cell that is no count', 'Sex,Count\nFemale,3\nMale,some\n', '3 Count not_a_count'],
    ['no numbers at all', 'Sex\nFemale\n', '1  no_counts'],
    ['a total that is another', 'Sex,Count\nFemale,3\nMale,2\nTotal,6\n', '2  counts_do_not_add_up'],
  ])('tell %s', async (_, text, fault) => expect((await read(text)).faults).toContain(fault));
});
