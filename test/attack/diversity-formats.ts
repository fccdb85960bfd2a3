import { parse } from 'csv-parse/sync';
import ExcelJS from 'exceljs';
import { type Explained, placesOf, strangeNumerals, unexplained } from './diversity-numbers';
import type { Table, Whole } from './diversity-published';
import { Told, type Worked } from './diversity-sums';

/** Reads every format of a table, and says what in it is not in release.json or worked out from that. */

const EVERYBODY = 'Everybody';

/** A count as people write it: with commas, or its mark. */
export function written({ value, status }: Worked): string {
  if (value === null) return `[${status || 'x'}]`;
  return status === '' ? value.toLocaleString('en-GB') : `${value.toLocaleString('en-GB')} [${status}]`;
}

/** A share as people write it. */
export function percent({ value, status }: Worked): string {
  if (value === null) return `[${status || 'x'}]`;
  const digits = `${(value * 100).toFixed(1)}%`;
  return status === '' || (status === 'u' && value === 0) ? digits : `${digits} [${status}]`;
}

const different = (what: string, got: unknown, expected: unknown): string[] =>
  JSON.stringify(got) === JSON.stringify(expected)
    ? []
    : [`${what} is ${JSON.stringify(got)}, and the figures make it ${JSON.stringify(expected)}`];

/** Every place of a table in the order in which files have them. */
function placesIn(told: Told): { unit: string; hub: string | null; category: string | null }[] {
  return told.units.flatMap(({ key: unit }) =>
    told.rows.flatMap((hub) =>
      told.columns.map((category) => ({ unit, hub: hub?.code ?? null, category: category?.code ?? null })),
    ),
  );
}

export function readJson(body: unknown, told: Told, explained: Explained): string[] {
  const figures = placesIn(told).map(({ unit, hub, category }) => {
    const share = told.share(unit, hub, category);
    return {
      value: told.at(unit, hub, category).value,
      share: share.value === null ? null : Number(share.value.toFixed(4)),
    };
  });
  return unexplained(body, { ...explained, numbers: placesOf({ release: told.whole.release, figures }) });
}

export function readJsonStat(body: unknown, told: Told, explained: Explained): string[] {
  const { release } = told.whole;
  const cube = placesOf({
    value: placesIn(told).map(({ unit, hub, category }) => told.at(unit, hub, category).value),
    size: [told.units.length, ...(told.table.byHub ? [told.rows.length] : []), told.columns.length],
    extension: {
      release: { number: release.number },
      threshold: release.thresholds[told.table.characteristic] ?? release.threshold,
      base: release.base,
    },
  });
  // The version of the form itself.
  const numerals = new Set([...explained.numerals, '2.0']);
  return unexplained(body, { ...explained, numerals, numbers: cube });
}

export function readCsv(text: string, whole: Whole, tables: readonly Table[]): string[] {
  const rows = parse<Record<string, string>>(text, { columns: true, relaxColumnCount: false });
  const expected = tables.flatMap((table) => {
    const told = new Told(whole, table);
    return placesIn(told).map(({ unit, hub, category }) => {
      const of = told.units.find((one) => one.key === unit);
      const { value, status } = told.at(unit, hub, category);
      return {
        release: String(whole.release.number),
        snapshotOn: whole.release.snapshotOn,
        periodFrom: whole.release.period.from,
        periodUntil: whole.release.period.until,
        table: table.key,
        level: table.level,
        unit,
        unitName: of?.name ?? '',
        areaCode: of?.areaCode ?? '',
        population: table.population,
        ethnicGroup: hub ?? 'all',
        characteristic: table.characteristic,
        category: category ?? 'all',
        label: told.columns.find((one) => one?.code === category)?.label ?? EVERYBODY,
        value: value === null ? '' : String(value),
        status,
      };
    });
  });
  return different('The file', rows, expected);
}

/** Worksheets, tables and notes are numbered from 1. */
const COUNTED = /\b(?:Table |Note |table_)\d+\b/g;

export async function readXlsx(
  bytes: Buffer,
  whole: Whole,
  tables: readonly Table[],
  explained: Explained,
): Promise<string[]> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(bytes).buffer);
  const sheets = tables.map((_, i) => `Table ${i + 1}`);
  const faults = different(
    'The list of worksheets',
    book.worksheets.map((sheet) => sheet.name),
    ['Cover', 'Contents', 'Notes', ...sheets],
  );
  for (const sheet of book.worksheets) {
    const table = tables[sheets.indexOf(sheet.name)];
    const rows: unknown[][] = [];
    let inTable = false;
    sheet.eachRow((row) => {
      const cells = (row.values as unknown[]).slice(1);
      if (inTable) rows.push(cells);
      else
        for (const cell of cells) {
          const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
          if (typeof cell === 'number' || strangeNumerals(text.replace(COUNTED, ' '), explained).length > 0)
            faults.push(`${sheet.name} says ${text}`);
        }
      if (table && cells[0] === 'Unit') inTable = true;
    });
    if (!table) continue;
    const told = new Told(whole, table);
    const expected = told.units.flatMap((unit) =>
      told.rows.map((hub) => [
        unit.name,
        unit.areaCode ?? '[z]',
        ...(table.byHub ? [hub?.label ?? EVERYBODY] : []),
        ...told.columns.map((category) => {
          const figure = told.at(unit.key, hub?.code ?? null, category?.code ?? null);
          return figure.value ?? written(figure);
        }),
      ]),
    );
    faults.push(...different(`${sheet.name} (${table.key})`, rows, expected));
  }
  return faults;
}

const LEFT = 100;
/** The longest bar. */
const LONGEST = 430;
const LINE = 17;

/** The numerals of a drawing in their order, colours apart. */
const drawn = (markup: string): string[] =>
  markup.replace(/ (fill|stroke)="#[0-9a-f]{6}"/g, '').match(/\d[\d,]*(?:\.\d+)?/g) ?? [];

/** How high a label is, by the lines that the drawing gives it. */
const highOf = (group: string): number => (group.match(/class="label"/g) ?? []).length * LINE;

/** How much higher words on their own are than one line. */
const moreOf = (group: string): number => ((group.match(/<text /g) ?? []).length - 1) * LINE;

/** A heading as it is drawn, on its lines: its words are known. */
function headed(words: string, body: string): string {
  const lines = [...body.matchAll(/<text x="12" y="\d+" font-weight="700">(.*?)<\/text>/g)].map((one) => one[1] ?? '');
  if (lines.join(' ').replaceAll('&amp;', '&') !== words) return `another heading: ${lines.join(' ')}`;
  return lines.map((one, i) => `12 ${22 + i * LINE} 700 ${one}`).join(' ');
}

/** The groups of a drawing: how far down each is, and what is in it. */
const groupsOf = (svg: string): { y: number; body: string }[] =>
  [...svg.matchAll(/<g transform="translate\(0 (\d+)\)">(.*?)<\/g>/g)].map(([, y, body]) => ({
    y: Number(y),
    body: body ?? '',
  }));

/** A label as it is drawn: its words and its lines are known, whatever numerals they hold. */
function labelled(label: string, body: string): string {
  const words = [...body.matchAll(/<text x="12" y="\d+" class="label">(.*?)<\/text>/g)].map((one) => one[1] ?? '');
  const text = words.join(' ').replaceAll('&amp;', '&');
  if (text !== label) return `another label: ${text}`;
  return words.map((one, i) => `12 ${(i + 1) * LINE} ${one}`).join(' ');
}

export function readTableSvg(svg: string, told: Told, explained: Explained): string[] {
  const most = Math.max(1, ...told.table.figures.map((one) => (one.category === null ? 0 : (one.value ?? 0))));
  const groups = groupsOf(svg);
  const faults: string[] = [];
  let [at, y] = [0, 12];
  const next = (expected: (body: string) => string, height: (body: string) => number): void => {
    const { y: found = -1, body = '' } = groups[at++] ?? {};
    faults.push(...different(`Part ${at}`, [found, ...drawn(body)], [y, ...drawn(expected(body))]));
    y += height(body);
  };
  for (const unit of told.units)
    for (const hub of told.rows) {
      const all = written(told.at(unit.key, hub?.code ?? null, null));
      next(
        (body) => headed(`${unit.name}${told.table.byHub ? `: ${hub?.label ?? EVERYBODY}` : ''} (${all} people)`, body),
        (body) => 34 + moreOf(body),
      );
      for (const category of told.characteristic.categories) {
        const figure = told.at(unit.key, hub?.code ?? null, category.code);
        const length = Math.round(((figure.value ?? 0) / most) * LONGEST);
        const bar = (top: number): string => (length > 0 ? `${LEFT} ${top + 6} ${length} 16` : '');
        next(
          (body) => `${labelled(category.label, body)} 12 ${highOf(body) + 19} ${written(figure)} ${bar(highOf(body))}`,
          (body) => 30 + highOf(body),
        );
      }
      y += 12;
    }
  faults.push(...different('The number of parts', groups.length, at));
  return [...faults, ...around(svg, y, explained)];
}

/** What a drawing has beside its parts: its size, and words. */
export function around(svg: string, height: number, explained: Explained): string[] {
  const words = [...svg.matchAll(/<(title|desc) id="[a-z0-9-]+">(.*?)<\/\1>/g)].map((found) => found[2] ?? '');
  const rest = svg.replace(/<g .*<\/g>/g, '').replace(/<(title|desc) .*?<\/\1>/g, '');
  const size = drawn(rest.replace(/ aria-labelledby="[a-z0-9 -]+"/, '').replace(/xmlns="[^"]+"/, ''));
  return [
    ...words.flatMap((text) => strangeNumerals(text, explained).map((one) => `It says ${one}: ${text}`)),
    ...different('The size', size, ['0', '0', '600', height, '600', height, '14', '600', height].map(String)),
  ];
}

/** The chart of a comparison: bars, intervals and the population's shares, where the numbers put them. */
export function readComparisonSvg(
  svg: string,
  rows: readonly {
    label: string;
    status: string;
    share: { value: number | null };
    shareInterval: { low: number; high: number } | null;
    populationShare: number;
  }[],
  explained: Explained,
): string[] {
  const highest = Math.max(
    ...rows.flatMap((row) => [row.shareInterval?.high ?? 0, row.share.value ?? 0, row.populationShare]),
  );
  const x = (share: number): number => LEFT + Math.round((share / highest) * LONGEST);
  const [key, ...groups] = groupsOf(svg);
  const more = moreOf(key?.body ?? '');
  const places = Array.from({ length: more / LINE + 1 }, (_, i) => ['12', String(20 + i * LINE)]).flat();
  const faults = different(
    'The key',
    [key?.y, ...drawn(key?.body ?? '').filter((one) => one !== '95')],
    [12, ...places],
  );
  let y = 46 + more;
  for (const [i, row] of rows.entries()) {
    const { y: found, body = '' } = groups[i] ?? {};
    const { value } = row.share;
    const top = highOf(body);
    const length = value === null ? 0 : x(value) - LEFT;
    const [low, high] = [x(row.shareInterval?.low ?? 0), x(row.shareInterval?.high ?? 0)];
    const population = x(row.populationShare);
    const expected = [
      labelled(row.label, body),
      `12 ${top + 18} ${percent({ value, status: row.status })}`,
      length > 0 ? `${LEFT} ${top + 6} ${length} 14` : '',
      row.shareInterval
        ? `${low} ${top + 27} ${high} ${low} ${top + 23} ${top + 31} ${high} ${top + 23} ${top + 31} 2`
        : '',
      `${population} ${top + 33} 7 7 7 7 7 7 ${population + 14} ${top + 45} ${(row.populationShare * 100).toFixed(1)}%`,
    ];
    faults.push(...different(row.label, [found, ...drawn(body)], [y, ...drawn(expected.join(' '))]));
    y += 58 + top;
  }
  faults.push(...different('The number of rows', groups.length, rows.length));
  return [...faults, ...around(svg, y + 12, explained)];
}
