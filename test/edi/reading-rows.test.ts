import { describe as of } from '../../src/kernel/errors/describe';
import { rowsSetting, shown } from './reading-vocabulary';
import { readCsv } from '../../src/edi/returns/reading/csv';
import { Faults, MOST_ROWS } from '../../src/edi/returns/reading/fault';
import { readRows, RowsSetting } from '../../src/edi/returns/reading/rows';
import { plain, Vocabulary } from '../../src/edi/returns/reading/vocabulary';

const read = async (text: string | Buffer, more: Partial<RowsSetting> = {}) => {
  const faults = new Faults();
  const grid = readCsv(typeof text === 'string' ? Buffer.from(text) : text);
  const { people, rows } = await readRows(grid, rowsSetting(more), faults);
  return { people, rows, notes: grid.notes, faults, shown: shown(faults) };
};
const codesOf = async (text: string | Buffer) => (await read(text)).people.map(({ codes }) => codes.join(','));
const refusal = async (reading: Promise<unknown>): Promise<string> => {
  const problem = of(
    await reading.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  return `${problem.status} ${problem.errors?.[0]?.code ?? problem.code}`;
};

describe('rows of people in a file', () => {
  it('reads codes, labels and their other names, and keeps the three states apart', async () => {
    const { people, shown: faults } = await read(
      'Ethnic group,sex,AGE\nasian,Female,18-24\nAsian or Asian British,m,40\nprefer not to say,,unknown\n',
    );
    expect(faults).toEqual([]);
    expect(people.map(({ codes }) => codes.slice(0, 4))).toEqual([
      ['asian', 'not-known', '18-24', 'female'],
      ['asian', 'not-known', '25-84', 'male'],
      ['prefer-not-to-say', 'not-known', 'not-known', 'not-known'],
    ]);
  });

  it('works out what follows: group from background, age from birth, region from postcode, disability from two questions', async () => {
    const { people, shown: faults } = await read(
      'Ethnic background,dob,postcode,Long-term condition,Activities reduced,Impairment\nIndian,01/10/2008,LS6 3HN,yes,a lot,Hearing; vision\nprefer not to say,1950-02-28,ls6,no,,\n',
    );
    expect(faults).toEqual([]);
    expect(people.map(({ codes }) => codes)).toEqual([
      ['asian', 'indian', '16-17', 'not-known', 'limited-a-lot', 'hearing vision', 'E12000003'],
      ['prefer-not-to-say', 'prefer-not-to-say', '25-84', 'not-known', 'no-condition', 'not-known', 'E12000003'],
    ]);
  });

  it.each([
    ['an unknown code', 'sex\nfemail\n', '2 sex unknown_code'],
    ['a birth to come', 'dob\n2026-10-01\n', '2 dob born_in_future'],
    ['a birth 130 years ago', 'dob\n1896-09-30\n', '2 dob born_too_long_ago'],
    ['a year of birth to come', 'year of birth\n2027\n', '2 year of birth born_in_future'],
    ['an American date', 'dob\n12/31/1980\n', '2 dob not_a_day'],
    ['a postcode of nowhere', 'postcode\nZZ9\n', '2 postcode unknown_postcode'],
    ['columns that disagree', 'ethnic group,ethnic background\nblack,Indian\n', '2  codes_disagree'],
    ['a condition that is none', 'long-term condition,activities reduced\nno,a lot\n', '2  codes_disagree'],
    ['an unknown heading', 'Sexx\nfemale\n', '1 Sexx unknown_heading'],
    ['a question twice', 'sex,Sex\nf,f\n', '1 Sex repeated_heading'],
    ['cells beyond the headings', 'sex\nf,extra\n', '2 B2 cells_miscounted'],
    ['identifiers in anonymous rows', 'e-mail,sex\na@example.org,f\n', '1 e-mail identifier_not_allowed'],
    ['an answer and its refusal', 'impairment\nvision;prefer not to say\n', '2 impairment codes_disagree'],
    ['another version', 'question set,sex\nv2,f\n', '2 question set wrong_version'],
  ])('tells %s by row and column', async (_, text, fault) => {
    expect((await read(text)).shown).toContain(fault);
  });

  it('tells mixed versions, and two answers for one person', async () => {
    expect((await read('question set,sex\n1,f\n2,m\n')).shown).toEqual(['3 question set mixed_versions']);
    const twice = await read('e-mail,sex\nA@example.org,f\na@example.org,m\n,m\n', { identified: true });
    expect(twice.shown).toEqual(['3 e-mail person_twice', '4 e-mail identifier_missing']);
    expect(twice.faults.list[0]?.message).toContain('Row 2');
    expect((await read('sex\nf\n', { identified: true })).shown).toEqual(['1  identifier_missing']);
  });

  it('suggests what is near, and takes the organisation’s own headings and codes', async () => {
    const { faults } = await read('sex\nfemail\n');
    expect(faults.list[0]?.message).toContain('Did you mean "Female"');
    const mapping = {
      headings: new Map([
        [plain('Gender (form 3)'), 'sex'],
        [plain('Name'), 'leave-out'],
      ]),
      codes: new Map([['sex', new Map([[plain('W'), 'female']])]]),
    };
    const mapped = await read('Name,Gender (form 3)\nSomebody,W\n', { mapping });
    expect(mapped.shown).toEqual([]);
    expect(mapped.people[0]?.codes[3]).toBe('female');
  });

  it('names the question and its answers, quotes what was written, and never an address', async () => {
    const { faults } = await read(
      'Ethnic group,Stage,Long-term condition\nMartian,sometimes,maybe\nme@example.org,me@example.org,020 7946 0999\n',
    );
    const list = '"Asian or Asian British", "Black", "Mixed", "White", "Other", "Prefer not to say", "Not known"';
    const own = 'or map your own code once with PUT /v1/diversity/heading-mappings/{organisation}.';
    expect(faults.list.map(({ message }) => message)).toEqual([
      `"Martian" is not an answer to "Ethnic group". Write one of: ${list}; ${own}`,
      '"sometimes" is no stage. Write one of: registered, interested, selected, took-part.',
      '"maybe" is no answer here. Write yes, no or prefer not to say.',
      `"[not shown]" is not an answer to "Ethnic group". Write one of: ${list}; ${own}`,
      '"[not shown]" is no stage. Write one of: registered, interested, selected, took-part.',
      '"[not shown]" is no answer here. Write yes, no or prefer not to say.',
    ]);
    const codes = Array.from({ length: 11 }, (_, i) => ({ code: `c${i}`, label: `Country ${i}` }));
    const many = new Vocabulary([{ key: 'country', label: 'Country', several: false, codes }]);
    const unknown = await read('Country\nMoon\n', { vocabulary: many });
    expect(unknown.faults.list[0]?.message).toContain(
      '"Moon" is not an answer to "Country". Write one of its 13 answers, which the sheet Codes of the template lists;',
    );
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFFsex;age\nFemale;30\n')],
    ['UTF-16 with a mark', Buffer.from('\uFEFFsex\tage\r\nFemale\t30\r\n', 'utf16le')],
    ['UTF-16 without one', Buffer.from('sex,age\nFemale,30\n', 'utf16le')],
    ['UTF-16, big end first', Buffer.from('\uFEFFsex,age\nFemale,30\n', 'utf16le').swap16()],
    ['sep=', Buffer.from('sep=|\nsex|age\nFemale|30\n')],
  ])('reads %s', async (_, bytes) => {
    expect(await codesOf(bytes)).toEqual(['not-known,not-known,25-84,female,not-known,not-known,not-known']);
  });

  it('reads Windows-1252 and says so, and refuses what no encoding explains', async () => {
    const { notes, shown: faults } = await read(
      Buffer.concat([Buffer.from('sex\nf'), Buffer.from([0xe9]), Buffer.from('m\n')]),
    );
    expect(notes[0]).toContain('WINDOWS-1252');
    expect(faults).toEqual(['2 sex unknown_code']);
    expect(await refusal(read(Buffer.from([0x73, 0x81, 0x8d, 0x0a])))).toBe('400 wrong_encoding');
    expect(await refusal(read(Buffer.from([0xef, 0xbb, 0xbf, 0x73, 0xff])))).toBe('400 wrong_encoding');
    expect(await refusal(read(Buffer.from('sex\nf\u0000\n')))).toBe('400 not_a_text_file');
    expect(await refusal(read('sex\n"f\n'))).toBe('400 malformed_csv');
    expect(await refusal(read(Buffer.from('PK\u0003\u0004 and so on')))).toBe('400 not_a_text_file');
    expect(await refusal(read('\n\n'))).toBe('400 no_rows');
  });

  it('takes 200,000 rows and says so where there is one more', async () => {
    expect(await refusal(read(`sex\n${'f\n'.repeat(MOST_ROWS + 1)}`))).toBe('413 too_many_rows');
    const { rows } = await read(`sex\n${'f\n'.repeat(MOST_ROWS)}`);
    expect(rows).toBe(MOST_ROWS);
  }, 180_000);
});
