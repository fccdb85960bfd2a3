import { parse } from 'csv-parse/sync';
import { isDay } from '../../../kernel/db/day';
import { AGE_RANGES, AgeRange } from '../comparison/benchmark';
import type { PopulationFigure, PopulationSource } from './population-rows';

/** The columns of a file of population figures; each row is one category of one area. */
export const POPULATION_COLUMNS: Readonly<Record<string, string>> = {
  source: 'Key of the source, in small letters, digits and hyphens: nomis-2026-rm032',
  title: 'What the source is called',
  publisher: 'Who published it',
  licence: 'The licence',
  table_id: 'The publisher’s name of the table',
  origin: 'Where the numbers were read',
  reference_day: 'The day they are about, YYYY-MM-DD',
  characteristic: 'Key of the characteristic, such as ethnic-group',
  age_range: `Whom they count: ${Object.keys(AGE_RANGES).join(', ')}`,
  reservation: 'Why no verdict may rest on it, such as another question; may be empty',
  caution: 'What a reader must mind; may be empty',
  area_code: 'GSS code of the area',
  area_name: 'Name of the area',
  category: 'Code of the category',
  label: 'The category in words',
  people: 'How many people, a whole number',
  stands_for: 'Our codes that together are the category, with spaces between; empty for people who did not answer',
  area_total: 'How many people the publisher says there are in all in the area, to check by',
};
const MAY_BE_EMPTY = new Set(['reservation', 'caution', 'stands_for']);
/** Of one source, these say the same on every row. */
const OF_THE_SOURCE = [
  ...['title', 'publisher', 'licence', 'table_id', 'origin', 'reference_day'],
  ...['characteristic', 'age_range', 'reservation', 'caution'],
];
/** How far the categories of an area may add up beside its total: publishers change counts a little to protect people. */
const TOLERANCE = 0.001;

type Row = Record<string, string>;

/** Faults of a file, each with its line (the heading is line 1). */
export class PopulationFaults extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The file is not right, so none of it was taken.\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/**
 * Reads a CSV of population figures; all of it or nothing.
 * @param codes the codes of each characteristic, by its key
 * @throws PopulationFaults with every fault by line
 */
export function readPopulation(csv: Buffer, codes: ReadonlyMap<string, ReadonlySet<string>>): PopulationSource[] {
  const faults: string[] = [];
  const rows = rowsOf(csv);
  if (rows.length === 0) throw new PopulationFaults(['The file has no rows.']);
  const missing = Object.keys(POPULATION_COLUMNS).filter((column) => !(column in (rows[0] ?? {})));
  if (missing.length > 0) throw new PopulationFaults(missing.map((column) => `The column ${column} is missing.`));

  const sources = new Map<string, { first: Row; areas: Map<string, { line: number; row: Row }[]> }>();
  rows.forEach((row, i) => {
    const line = i + 2;
    const wrong = faultsOf(row, codes);
    faults.push(...wrong.map((fault) => `Line ${line}: ${fault}`));
    if (wrong.length > 0) return;
    const source = sources.get(row.source ?? '') ?? {
      first: row,
      areas: new Map<string, { line: number; row: Row }[]>(),
    };
    sources.set(row.source ?? '', source);
    const differs = OF_THE_SOURCE.filter((column) => row[column] !== source.first[column]);
    faults.push(...differs.map((column) => `Line ${line}: ${column} must be the same on every row of one source.`));
    const area = source.areas.get(row.area_code ?? '') ?? [];
    source.areas.set(row.area_code ?? '', [...area, { line, row }]);
  });
  for (const { areas } of sources.values()) for (const area of areas.values()) faults.push(...areaFaults(area));
  if (faults.length > 0) throw new PopulationFaults(faults);
  return [...sources].map(([key, { first, areas }]) =>
    sourceOf(
      key,
      first,
      [...areas.values()].flat().map(({ row }) => row),
    ),
  );
}

function rowsOf(csv: Buffer): Row[] {
  try {
    return parse(csv, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new PopulationFaults([error instanceof Error ? error.message : String(error)]);
  }
}

function faultsOf(row: Row, codes: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const of = (column: string): string => row[column] ?? '';
  const faults = Object.keys(POPULATION_COLUMNS)
    .filter((column) => of(column) === '' && !MAY_BE_EMPTY.has(column))
    .map((column) => `${column} is empty.`);
  const check = (fine: boolean, fault: string): void => {
    if (!fine) faults.push(fault);
  };
  const known = codes.get(of('characteristic'));
  check(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(of('source')), 'source is written in small letters, digits and hyphens.');
  check(isDay(of('reference_day')), 'reference_day must be a day that exists, written YYYY-MM-DD.');
  check(of('age_range') in AGE_RANGES, `age_range is one of ${Object.keys(AGE_RANGES).join(', ')}.`);
  check(/^[EWSNK]\d{8}$/.test(of('area_code')), 'area_code is not a GSS code, such as E92000001.');
  check(/^\d{1,9}$/.test(of('people')), 'people must be a whole number without commas.');
  check(/^\d{1,9}$/.test(of('area_total')), 'area_total must be a whole number without commas.');
  check(known !== undefined, `characteristic is one of ${[...codes.keys()].join(', ')}.`);
  for (const code of standsFor(row))
    check(known?.has(code) !== false, `${of('characteristic')} has no answer with the code ${code}.`);
  return faults;
}

function areaFaults(area: readonly { line: number; row: Row }[]): string[] {
  const faults: string[] = [];
  const [first] = area;
  if (!first) return faults;
  const seen = new Set<string>();
  const used = new Set<string>();
  for (const { line, row } of area) {
    if (seen.has(row.category ?? '')) faults.push(`Line ${line}: ${row.category} is there twice for ${row.area_name}.`);
    seen.add(row.category ?? '');
    for (const code of standsFor(row)) {
      if (used.has(code)) faults.push(`Line ${line}: ${code} stands in two categories of ${row.area_name}.`);
      used.add(code);
    }
    if (row.area_total !== first.row.area_total)
      faults.push(`Line ${line}: area_total must be the same on every row of one area.`);
  }
  const sum = area.reduce((all, { row }) => all + Number(row.people), 0);
  const total = Number(first.row.area_total);
  if (Math.abs(sum - total) > total * TOLERANCE)
    faults.push(`Line ${first.line}: the categories of ${first.row.area_name} add up to ${sum}, not ${total}.`);
  if (used.size === 0 || sum === 0)
    faults.push(`Line ${first.line}: ${first.row.area_name} has nothing to compare with.`);
  return faults;
}

const standsFor = (row: Row): string[] => (row.stands_for ?? '').split(/\s+/).filter((code) => code !== '');

function sourceOf(key: string, first: Row, rows: readonly Row[]): PopulationSource {
  const text = (column: string): string => first[column] ?? '';
  return {
    ...{ key, title: text('title'), publisher: text('publisher'), licence: text('licence'), tableId: text('table_id') },
    ...{ origin: text('origin'), referenceDay: text('reference_day'), characteristic: text('characteristic') },
    ageRange: text('age_range') as AgeRange,
    reservation: text('reservation') || null,
    caution: text('caution') || null,
    figures: rows.map((row): PopulationFigure => ({
      areaCode: row.area_code ?? '',
      areaName: row.area_name ?? '',
      category: row.category ?? '',
      label: row.label ?? '',
      people: Number(row.people),
      of: standsFor(row),
      sureness: 'unchecked',
    })),
  };
}
