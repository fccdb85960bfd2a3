import { type Benchmark, compared, Told } from './diversity-sums';
import { percent, readComparisonSvg, readTableSvg, written } from './diversity-formats';
import { type Explained, plainText, strangeNumerals } from './diversity-numbers';
import type { Whole } from './diversity-published';

/** Reads the pages for people: their tables, their charts, their words, and what stands in their tags. */

interface HtmlTable {
  id: string;
  rows: { heads: string[]; cells: string[] }[];
}

const SVG = /<svg .*?<\/svg>/gs;
const TABLE = /<table>.*?<\/table>/gs;

const within = (markup: string, pattern: RegExp): string[] =>
  [...markup.matchAll(pattern)].map((found) => plainText(found[1] ?? ''));

function tableOf(markup: string): HtmlTable {
  const body = /<tbody>(.*)<\/tbody>/s.exec(markup)?.[1] ?? '';
  return {
    id: /<caption id="([^"]+)">/.exec(markup)?.[1] ?? '',
    rows: body.split('</tr>\n').map((row) => ({
      heads: within(row, /<th scope="row">(.*?)<\/th>/g),
      cells: within(row, /<td class="number">(.*?)<\/td>/g),
    })),
  };
}

/** Words and tags of a page, without its tables of figures and its drawings. */
export function readWords(html: string, explained: Explained): string[] {
  const rest = html.replace(SVG, ' ').replace(TABLE, (table) => table.replace(/<tbody>.*<\/tbody>/s, ''));
  const words = plainText(rest)
    .split('\n')
    .flatMap((text) => strangeNumerals(text.trim(), explained).map((one) => `The page says ${one}: ${text.trim()}`));
  const tags = (rest.match(/<[^>]*>/g) ?? []).flatMap((tag) => {
    const plain = tag
      .replace(/^<\/?h\d/, '')
      .replace(/ (tabindex="-?[01]"|charset="utf-8"|content="[a-z=,0-9 -]+")/g, '');
    return strangeNumerals(plain, explained).map((one) => `A tag says ${one}: ${tag}`);
  });
  return [...words, ...tags];
}

/** The page of one table. */
export function readTablePage(
  html: string,
  whole: Whole,
  key: string,
  benchmarks: readonly Benchmark[],
  explained: Explained,
): string[] {
  const told = Told.of(whole, key);
  if (!told) return ['There is no such table in release.json'];
  const faults: string[] = [];
  const [chart = '', ...charts] = html.match(SVG) ?? [];
  faults.push(...readTableSvg(chart, told, explained));
  const sections = comparisonsOf(told, benchmarks);
  const known = new Map<string, HtmlTable['rows']>([
    ['people', figureRows(told, false)],
    ['shares', figureRows(told, true)],
    ...sections.map(({ id, rows }): [string, HtmlTable['rows']] => [`compared-${id}`, rows.map(comparedRow)]),
  ]);
  for (const table of (html.match(TABLE) ?? []).map(tableOf)) {
    const expected = known.get(table.id);
    if (JSON.stringify(expected) !== JSON.stringify(table.rows))
      faults.push(`${table.id} is ${JSON.stringify(table.rows)}, and the figures make it ${JSON.stringify(expected)}`);
  }
  const drawn = sections.filter(({ rows }) => rows.some((row) => row.share.value !== null));
  if (drawn.length !== charts.length) faults.push(`There are ${charts.length} charts of comparisons`);
  drawn.forEach(({ rows }, i) => faults.push(...readComparisonSvg(charts[i] ?? '', rows, explained)));
  const numerals = new Set([
    ...explained.numerals,
    ...sections.flatMap((one) => [...one.numerals, ...one.rows.flatMap((row) => numeralsOf(row, one.known))]),
  ]);
  return [...faults, ...readWords(html, { ...explained, numerals })];
}

function figureRows(told: Told, shares: boolean): HtmlTable['rows'] {
  const columns = told.columns.filter((one) => !shares || (one !== null && !one.unknown));
  const [only] = told.units.length === 1 ? told.units : [];
  const cell = (unit: string, hub: string | null, category: string | null): string =>
    shares ? percent(told.share(unit, hub, category)) : written(told.at(unit, hub, category));
  if (only && !told.table.byHub)
    return columns.map((category) => ({
      heads: [category?.label ?? 'Everybody'],
      cells: [cell(only.key, null, category?.code ?? null)],
    }));
  return told.units.flatMap((unit) =>
    told.rows.map((hub) => ({
      heads: [...(only ? [] : [unit.name]), ...(told.table.byHub ? [hub?.label ?? 'Everybody'] : [])],
      cells: columns.map((category) => cell(unit.key, hub?.code ?? null, category?.code ?? null)),
    })),
  );
}

type Row = ReturnType<typeof compared>['rows'][number];

function comparisonsOf(told: Told, benchmarks: readonly Benchmark[]) {
  if (told.table.byHub) return [];
  return told.units.flatMap((unit) =>
    benchmarks
      .filter((one) => one.characteristic === told.table.characteristic && one.area.code === unit.areaCode)
      .map((benchmark) => {
        const found = compared(told, unit.key, benchmark);
        const { completeness } = found;
        return {
          ...{ id: `${unit.key}-${benchmark.source}`, rows: found.rows, known: found.known },
          numerals: completeness === null ? [] : [(completeness * 100).toFixed(1)],
        };
      }),
  );
}

const range = (of: { low: number; high: number } | null): string =>
  of ? `${(of.low * 100).toFixed(1)}% to ${(of.high * 100).toFixed(1)}%` : '[z]';

function signed(value: number): string {
  const digits = Math.abs(value).toFixed(1);
  return Number(digits) === 0 ? digits : `${value < 0 ? '−' : '+'}${digits}`;
}

const comparedRow = (row: Row): HtmlTable['rows'][number] => ({
  heads: [row.label],
  cells: [
    percent({ value: row.share.value, status: row.status }),
    range(row.shareInterval),
    `${(row.populationShare * 100).toFixed(1)}%`,
    row.ratio.value === null ? '[z]' : row.ratio.value.toFixed(2),
    row.difference.value === null ? '[z]' : signed(row.difference.value),
    range(row.bounds),
  ],
});

/** The numerals that the sentence about a row may hold. */
export function numeralsOf(row: Row, known: number | null): string[] {
  return [
    (row.populationShare * 100).toFixed(1),
    ...(row.share.value === null ? [] : [(row.share.value * 100).toFixed(1)]),
    ...(row.difference.value === null ? [] : [Math.abs(row.difference.value).toFixed(1)]),
    ...(row.ratioInterval ? [row.ratioInterval.low.toFixed(2), row.ratioInterval.high.toFixed(2)] : []),
    ...(known === null ? [] : [known.toLocaleString('en-GB')]),
  ];
}
