import { Faults } from '../../src/edi/returns/reading/fault';
import { NO_MAPPING } from '../../src/edi/returns/reading/headings';
import type { RowsSetting } from '../../src/edi/returns/reading/rows';
import { Vocabulary } from '../../src/edi/returns/reading/vocabulary';

const list = (codes: Record<string, string>) => Object.entries(codes).map(([code, label]) => ({ code, label }));

/** A small question set for tests of reading. */
export const vocabulary = new Vocabulary(
  [
    {
      key: 'ethnic-group',
      label: 'Ethnic group',
      several: false,
      codes: list({ asian: 'Asian or Asian British', black: 'Black', mixed: 'Mixed', white: 'White', other: 'Other' }),
    },
    {
      key: 'ethnic-background',
      label: 'Ethnic background',
      several: false,
      codes: list({
        indian: 'Indian',
        pakistani: 'Pakistani',
        african: 'African',
        'white-irish': 'Irish',
        arab: 'Arab',
      }),
    },
    {
      key: 'age',
      label: 'Age',
      several: false,
      codes: list({
        'under-16': 'Under 16',
        '16-17': '16 to 17',
        '18-24': '18 to 24',
        '25-84': '25 to 84',
        '85-and-over': '85 and over',
      }),
    },
    {
      key: 'sex',
      label: 'Sex',
      several: false,
      codes: [
        { code: 'female', label: 'Female', also: ['f'] },
        { code: 'male', label: 'Male', also: ['m'] },
      ],
    },
    {
      key: 'disability',
      label: 'Disability',
      several: false,
      codes: list({
        'limited-a-lot': 'Limited a lot',
        'limited-a-little': 'Limited a little',
        'condition-not-limiting': 'Not limiting',
        'no-condition': 'No condition',
      }),
    },
    { key: 'impairment', label: 'Impairment', several: true, codes: list({ vision: 'Vision', hearing: 'Hearing' }) },
    {
      key: 'region',
      label: 'Region',
      several: false,
      codes: list({ E12000003: 'Yorkshire and The Humber', W92000004: 'Wales' }),
    },
  ],
  { indian: 'asian', pakistani: 'asian', african: 'black', 'white-irish': 'white', arab: 'other' },
);

export const rowsSetting = (more: Partial<RowsSetting> = {}): RowsSetting => ({
  vocabulary,
  mapping: NO_MAPPING,
  identified: false,
  day: '2026-09-30',
  questionSet: '1',
  regionOf: (outward) => (outward === 'LS6' ? 'E12000003' : undefined),
  ...more,
});

/** Faults as `row column code`. */
export const shown = (faults: Faults): string[] =>
  faults.list.map(({ row, column, cell, code }) => [row, column ?? cell, code].join(' '));
