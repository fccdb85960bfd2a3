import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { ANALYST, type Answer } from './diversity-crawl';
import { readComparisonSvg, readCsv, readJson, readJsonStat, readTableSvg, readXlsx } from './diversity-formats';
import { type Explained, placesOf, unexplained } from './diversity-numbers';
import { numeralsOf, readTablePage, readWords } from './diversity-pages';
import type { Whole } from './diversity-published';
import { cellsOf, ROWS } from './diversity-returned';
import { type Benchmark, compared, funnelOf, shareOf, Told, type Worked } from './diversity-sums';

/** What was said before anybody was counted, and what is known of it all beside the figures. */
export interface Before {
  dictionary: unknown;
  benchmarks: Benchmark[];
  populationCsv: string;
  style: string;
  /** Cells of the templates, by their addresses, before anything was returned. */
  templates: ReadonlyMap<string, string>;
}

type Reader = (answer: Answer, of: Reading) => string[] | Promise<string[]>;

/** What a reader has at hand. */
export interface Reading {
  before: Before;
  wholes: readonly Whole[];
  /** The release of the answer; the newest where the address names none. */
  whole: Whole;
  explained: Explained;
  /** Every answer that was read before, by its address without the asker. */
  json: (answer: Answer) => unknown;
  query: (answer: Answer) => URLSearchParams;
}

const RELEASE_NUMBERS = [/^\/release\/number$/, /\/version$/];

const json =
  (numbers: (answer: Answer, of: Reading) => unknown, ...harmless: RegExp[]): Reader =>
  (answer, of) =>
    unexplained(of.json(answer), {
      ...of.explained,
      numbers: placesOf(numbers(answer, of)),
      harmless: [...RELEASE_NUMBERS, ...harmless],
    });

const noNumbers = (): unknown => ({});
const tableIn = ({ path }: Answer): string => /\/([^/?]+)(\?|$)/.exec(path)?.[1] ?? '';
const table = (read: (answer: Answer, told: Told, of: Reading) => string[] | Promise<string[]>): Reader =>
  function tableOf(answer, of) {
    const told = Told.of(of.whole, tableIn(answer));
    return told ? read(answer, told, of) : ['There is no such table in release.json'];
  };
const text = ({ bytes }: Answer): string => bytes.toString('utf8');

function representation(answer: Answer, of: Reading): { told: Told; unit: string; benchmark: Benchmark } {
  const query = of.query(answer);
  const unit = query.get('unit') ?? 'all';
  const characteristic = query.get('characteristic') ?? '';
  const told = Told.oneWay(of.whole, unit, query.get('population') ?? 'registered', characteristic);
  const area = query.get('area') ?? of.whole.units.find(({ key }) => key === unit)?.areaCode ?? 'E92000001';
  const benchmark = of.before.benchmarks.find((one) => one.characteristic === characteristic && one.area.code === area);
  if (!told || !benchmark) throw new Error(`Nothing in release.json is compared at ${answer.path}`);
  return { told, unit, benchmark };
}

function readRepresentation(answer: Answer, of: Reading): string[] {
  const { told, unit, benchmark } = representation(answer, of);
  const { rows, ...found } = compared(told, unit, benchmark);
  const body = of.json(answer) as { rows: { sentence: string }[] };
  const sentences = rows.flatMap((row, i) =>
    unexplained(body.rows[i]?.sentence, {
      ...of.explained,
      numerals: new Set(numeralsOf(row, found.known).concat('95')),
    }),
  );
  const numbers = placesOf({ ...found, rows: rows.map(({ status: _, label: __, ...row }) => row) });
  const others = { ...body, rows: body.rows.map(({ sentence: _, ...row }) => row) };
  return [...sentences, ...unexplained(others, { ...of.explained, numbers, harmless: RELEASE_NUMBERS })];
}

function readFunnel(answer: Answer, of: Reading): string[] {
  const query = of.query(answer);
  const found = funnelOf(of.whole, query.get('unit') ?? 'all', query.get('characteristic') ?? 'ethnic-group');
  const rates = found.groups.flatMap(({ progress }) =>
    progress.flatMap(({ rate, others }) => [rate.value, others.value]),
  );
  const numerals = new Set([...of.explained.numerals, ...rates.map((rate) => ((rate ?? 0) * 100).toFixed(0))]);
  return unexplained(of.json(answer), {
    ...{ ...of.explained, numerals, numbers: placesOf(found), harmless: RELEASE_NUMBERS },
  });
}

function readTrend(answer: Answer, of: Reading): string[] {
  const query = of.query(answer);
  const [unit, hub, category] = [query.get('unit') ?? 'all', query.get('ethnicGroup'), query.get('category')];
  const points = of.wholes.flatMap((whole) => {
    const found = whole.tables.find(
      (one) =>
        one.byHub === (hub !== null) &&
        one.population === (query.get('population') ?? 'registered') &&
        one.characteristic === query.get('characteristic') &&
        one.figures.some((figure) => figure.unit === unit && figure.hub === hub && figure.category === category),
    );
    const told = found && new Told(whole, found);
    if (!told) return [];
    const number = (of: Worked): { value: number | null } => ({ value: of.value });
    const release = { number: whole.release.number };
    return [{ release, count: number(told.at(unit, hub, category)), share: number(told.share(unit, hub, category)) }];
  });
  return unexplained(of.json(answer), { ...of.explained, numbers: placesOf({ points }) });
}

interface GapBody {
  releaseId: string;
  tableKey: string;
  unit: string;
  ethnicGroup: string | null;
  category: string;
  measure: 'share' | 'progress';
  checkBy: number;
  outcome: { sentence: string } | null;
}

function readGap(gap: GapBody, of: Reading): string[] {
  const measured = (whole: Whole | undefined): { value: number | null } => {
    const told = whole && Told.of(whole, gap.tableKey);
    if (!told) return { value: null };
    if (gap.measure === 'share') return { value: told.share(gap.unit, gap.ethnicGroup, gap.category).value };
    const stages = ['registered', 'interested', 'selected', 'took-part'];
    const wider = stages[stages.indexOf(told.table.population) - 1] ?? '';
    const base = Told.oneWay(told.whole, gap.unit, wider, told.table.characteristic);
    const { value, status } = told.at(gap.unit, gap.ethnicGroup, gap.category);
    return { value: shareOf(value, status, base?.at(gap.unit, null, gap.category).value ?? null).value };
  };
  const shows = of.wholes.find(({ release }) => release.id === gap.releaseId);
  const later = of.wholes.filter(({ release }) => release.number <= gap.checkBy).at(-1);
  const outcome = { before: measured(shows), after: measured(later) };
  const numerals = new Set([
    ...Object.values(outcome).map(({ value }) => ((value ?? 0) * 100).toFixed(1)),
    ...of.wholes.map(({ release }) => String(release.number)),
  ]);
  return unexplained(gap, {
    ...{ ...of.explained, numerals, numbers: placesOf(gap.outcome === null ? {} : { outcome }) },
    harmless: [/\/version$/, /^\/(releaseNumber|checkBy)$/, /^\/outcome\/release\/number$/],
  });
}

const REACH = ['reached', 'interested', 'selected', 'tookPart'];

/** The rows of the report on reach: counts rounded to 5, none from 1 to 7, and words. */
function readReach(lines: readonly Record<string, unknown>[], { explained }: Reading): string[] {
  return lines.flatMap((line) => [
    ...REACH.flatMap((figure) => {
      const value = line[figure];
      if (value === null || value === '' || Number(value) === 0) return [];
      return Number(value) % 5 === 0 && Number(value) >= 10 ? [] : [`${figure} is ${JSON.stringify(value)}`];
    }),
    ...unexplained(Object.fromEntries(Object.entries(line).filter(([name]) => !REACH.includes(name))), explained),
  ]);
}

const readReachCsv: Reader = (answer, of) =>
  readReach(parse<Record<string, string>>(text(answer), { columns: true }), of);

interface ReachBody {
  exact: boolean;
  total: Record<string, unknown>;
  rows: Record<string, unknown>[];
}

const T = '/v1/diversity/releases/{release}';
const PAGE = '/reports/diversity';

/** How each answer of each route is read, by its media type. A route or a form that is not here is an answer that nobody read. */
export const READERS: Readonly<Record<string, Reader>> = {
  [`${T}/tables/{table} application/json`]: table((answer, told, of) => readJson(of.json(answer), told, of.explained)),
  [`${T}/tables/{table} application/vnd.json-stat+json`]: table((answer, told, of) =>
    readJsonStat(of.json(answer), told, of.explained),
  ),
  [`${T}/tables/{table} text/csv`]: table((answer, told, of) => readCsv(text(answer), of.whole, [told.table])),
  [`${T}/tables/{table} application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`]: table((answer, told, of) =>
    readXlsx(answer.bytes, of.whole, [told.table], of.explained),
  ),
  [`${T}/tables/{table} image/svg+xml`]: table((answer, told, of) => readTableSvg(text(answer), told, of.explained)),
  [`${T}/tables/{table} text/html`]: table((answer, told, of) =>
    readTablePage(text(answer), of.whole, told.table.key, of.before.benchmarks, of.explained),
  ),
  [`${PAGE}/releases/{release}/{table} text/html`]: table((answer, told, of) =>
    readTablePage(text(answer), of.whole, told.table.key, of.before.benchmarks, of.explained),
  ),
  [`${PAGE}/releases/{release} text/html`]: (answer, of) => readWords(text(answer), of.explained),
  [`${PAGE} text/html`]: (answer, of) => readWords(text(answer), of.explained),
  [`${PAGE}/style.css text/css`]: (answer, of) =>
    text(answer) === of.before.style ? [] : ['The style is not what it was before anybody was counted'],
  [`${T}/all.csv text/csv`]: (answer, of) => readCsv(text(answer), of.whole, of.whole.tables),
  [`${T}/all.csv-metadata.json application/csvm+json`]: json(noNumbers, /\/datatype\/minimum$/),
  [`${T}/release.json application/json`]: json((_, of) => of.whole),
  [`${T}/release.xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet`]: (answer, of) =>
    readXlsx(answer.bytes, of.whole, of.whole.tables, of.explained),
  [`${T}/tables application/json`]: json((_, of) => ({
    data: of.whole.tables.map(({ figures }) => ({ figures: figures.length })),
  })),
  [`${T}/reach.csv text/csv`]: readReachCsv,
  [`${T}/representation application/json`]: readRepresentation,
  [`${T}/representation image/svg+xml`]: (answer, of) => {
    const { told, unit, benchmark } = representation(answer, of);
    return readComparisonSvg(text(answer), compared(told, unit, benchmark).rows, of.explained);
  },
  [`${T}/funnel application/json`]: readFunnel,
  '/v1/diversity/trends application/json': readTrend,
  '/v1/diversity/gaps application/json': (answer, of) => {
    const { data, ...rest } = of.json(answer) as { data: GapBody[] };
    return [
      ...data.flatMap((gap) => readGap(gap, of)),
      ...unexplained(rest, { ...of.explained, harmless: [/^\/meta\/limit$/] }),
    ];
  },
  '/v1/diversity/gaps/{id} application/json': (answer, of) => readGap(of.json(answer) as GapBody, of),
  [`${T} application/json`]: json((_, of) => releaseNumbers(of.whole), ...rulesOfRelease('')),
  '/v1/diversity/releases application/json': json(noNumbers, /^\/meta\/limit$/, ...rulesOfRelease('/data/\\d+')),
  '/v1/diversity/calendar application/json': json(noNumbers, /^\/data\/\d+\/number$/),
  '/v1/diversity/dictionary application/json': json((_, of) => ({
    characteristics: of.whole.characteristics.map(({ key }) => ({
      threshold: of.whole.release.thresholds[key] ?? of.whole.release.threshold,
    })),
  })),
  '/v1/diversity/population-figures application/json': (answer, of) => {
    const known = new Set(of.before.benchmarks.map((one) => JSON.stringify(one)));
    const { data, ...rest } = of.json(answer) as { data: unknown[] };
    return [
      ...data.flatMap((one) => (known.has(JSON.stringify(one)) ? [] : ['It was not there before anybody was counted'])),
      ...unexplained(rest, of.explained),
    ];
  },
  '/v1/diversity/population-figures text/csv': (answer, of) => {
    const known = new Set(of.before.populationCsv.split('\r\n'));
    return text(answer)
      .split('\r\n')
      .filter((line) => !known.has(line));
  },
  [`${T}/manifest application/json`]: (answer, of) => readManifest(answer, of),
  '/v1/reports/reach application/json': (answer, of) => {
    const { total, rows, ...about } = of.json(answer) as ReachBody;
    // What it may know exactly is its own; there, nothing happened.
    if (about.exact)
      return [...placesOf({ total, rows })].flatMap(([at, count]) =>
        count === 0 ? [] : [`${at} is ${count}, exactly`],
      );
    return [...readReach([total, ...rows], of), ...unexplained(about, { ...of.explained, harmless: RELEASE_NUMBERS })];
  },
  '/v1/reports/reach text/csv': readReachCsv,
  '/v1/diversity/collections application/json': json(noNumbers, /^\/meta\/limit$/, /\/questionSetVersion$/),
  '/v1/diversity/collections/{id} application/json': json(noNumbers, /^\/questionSetVersion$/),
  '/v1/diversity/collections/{id}/template text/csv': readTemplate,
  '/v1/diversity/collections/{id}/template application/vnd.openxmlformats-officedocument.spreadsheetml.sheet':
    readTemplate,
  '/v1/diversity/heading-mappings/{organisation} application/json': json(noNumbers),
  '/v1/diversity/reminder-mailboxes/{organisation} application/json': json(noNumbers),
  '/v1/diversity/returns application/json': json(noNumbers, /^\/meta\/limit$/, /\/questionSetVersion$/),
  '/v1/diversity/returns/{id} application/json': json(noNumbers, /^\/questionSetVersion$/),
  '/v1/diversity/returns/{id}/figures application/json': readOwnFigures,
  '/v1/diversity/returns/{id}/figures text/csv': readOwnFigures,
  'refused application/problem+json': (answer, of) =>
    unexplained(of.json(answer), { ...of.explained, numbers: placesOf({ status: answer.status }) }),
  'refused text/html': (answer, of) => readWords(text(answer), of.explained),
  // Organisations, and how often one corrected its return: nothing here is counted from answers.
  '/v1/diversity/collections/{id}/progress application/json': json(
    () => ({ expected: 3, returned: 2, signedOff: 2 }),
    ...[/^\/late$/, /^\/organisations\/\d+\/corrections$/],
  ),
};

/** What `{release}` says of the release, beside ids and days. */
function rulesOfRelease(at: string): RegExp[] {
  const of = (name: string): RegExp => new RegExp(`^${at}/${name}$`);
  return ['number', 'progress', 'threshold', 'thresholds/\\d+/threshold', 'base', 'catalogue/minimumLeafSize'].map(of);
}

const releaseNumbers = ({ release }: Whole): unknown => ({
  ...{ number: release.number, threshold: release.threshold, base: release.base },
});

function readManifest(answer: Answer, of: Reading): string[] {
  const { files, ...rest } = of.json(answer) as {
    files: { name: string; size: number; sha256: string; href: string }[];
  };
  return [
    ...unexplained(
      { ...rest, files: files.map(({ size: _, ...file }) => file) },
      { ...of.explained, numbers: placesOf({ number: of.whole.release.number }) },
    ),
    ...files.flatMap(({ name, size, sha256, href }) => {
      const file = FILES.get(href);
      if (!file) return [`${name} was not read at ${href}`];
      return file.length === size && createHash('sha256').update(file).digest('hex') === sha256
        ? []
        : [`${name} is not what the manifest says`];
    }),
  ];
}

/** True counts are answered to the organisation that collected the answers, and of nobody else's people. */
function readOwnFigures(answer: Answer): string[] {
  const people = answer.type === 'text/csv' ? undefined : (JSON.parse(text(answer)) as { people: unknown }).people;
  const own =
    people === undefined || JSON.stringify(people) === JSON.stringify({ low: ROWS.length, high: ROWS.length });
  return answer.who === ANALYST && own ? [] : ['True counts for somebody who did not collect them'];
}

async function readTemplate(answer: Answer, of: Reading): Promise<string[]> {
  const before = of.before.templates.get(answer.path);
  return before === (await cellsOf(answer)) ? [] : ['The template is not what it was before anything was returned'];
}

/** Every file that was read, by its address. */
export const FILES = new Map<string, Buffer>();
