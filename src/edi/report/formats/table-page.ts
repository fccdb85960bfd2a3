import type { PublishedCharacteristic, PublishedRelease, PublishedTable } from '../../release/published';
import type { Benchmark } from '../comparison/benchmark';
import { AGE_RANGES, SURENESS } from '../comparison/benchmark';
import type { Interval } from '../comparison/intervals';
import { representation, Representation } from '../comparison/representation';
import { HUB, inWords, percentage, POPULATIONS, TableFigures, written } from '../figures';
import { whyNoBase } from '../missing';
import { dataOfTable, pageOfRelease, TABLE_FORMATS, TableFormat } from './addresses';
import { dataTable, files, howToRead, list, page, paragraph, SIDEWAYS } from './page';
import { comparisonSvg, tableSvg } from './svg';
import { labelOf } from './tidy-csv';
import { escaped } from './xml';

/** The page of one table: numbers, percentages, chart, comparison with the population where there is one, and files. */
export function tablePage(release: PublishedRelease, table: PublishedTable, benchmarks: readonly Benchmark[]): string {
  const view = new TableFigures(release, table);
  const threshold = release.thresholds[table.characteristic] ?? release.threshold;
  const hub = release.characteristics.find(({ key }) => key === HUB);
  const formats = (Object.keys(TABLE_FORMATS) as TableFormat[]).filter((format) => format !== 'html');
  return page(
    { title: `${table.title}: ${release.title}`, heading: table.title },
    [
      { label: 'Diversity of public contributors', href: '/reports/diversity' },
      { label: release.title, href: pageOfRelease(release) },
    ],
    [
      paragraph(
        `${release.title}: release ${release.number}. Data frozen on ${inWords(release.snapshotOn)}. ${POPULATIONS[table.population].means}`,
      ),
      ...asked('People were asked', view.characteristic),
      ...(table.byHub && hub ? asked('For their ethnic group they were asked', hub) : []),
      list(table.notes),
      '<h2>People</h2>',
      peopleTable(view),
      '<h2>Percentages</h2>',
      paragraph('Among people whose answer is known.'),
      ...withoutBase(view).map(paragraph),
      shareTable(view),
      '<h2>Chart</h2>',
      '<details open><summary>The numbers of people as bars</summary>',
      `<div class="wide" role="region" aria-label="Chart" tabindex="0">${SIDEWAYS}${tableSvg(release, table)}</div>`,
      '</details>',
      ...comparisons(view, benchmarks),
      ...howToRead(release, threshold),
      '<h2>Files</h2>',
      files(
        formats.map((format) => ({
          label: TABLE_FORMATS[format].label,
          href: `${dataOfTable(release, table)}?format=${format}`,
        })),
      ),
    ],
  );
}

/** What the rows of a table are called. */
const UNITS: Readonly<Record<PublishedTable['level'], string>> = {
  all: 'Organisations',
  group: 'Group of organisations',
  organisation: 'Organisation',
};

/** The question of a characteristic, or each of them. */
function asked(words: string, { question, questions = [] }: PublishedCharacteristic): string[] {
  return questions.length < 2
    ? [paragraph(`${words}: “${question}”`)]
    : [paragraph(`${words} one or more of these questions:`), list(questions.map((one) => `“${one}”`))];
}

function peopleTable(view: TableFigures): string {
  return figureTable(view, 'people', 'Numbers of people', view.columns(), (place) => written(view.at(place)));
}

function shareTable(view: TableFigures): string {
  const known = view.columns().filter((category) => category !== null && !category.unknown);
  return figureTable(view, 'shares', 'Percentages of people whose answer is known', known, (place) =>
    percentage(view.share(place)),
  );
}

/** Of whom there are no percentages since nobody can say how many answered, and why. */
function withoutBase(view: TableFigures): string[] {
  const rows = view.units.flatMap((unit) => view.rowsOf().map((hub) => ({ unit, hub })));
  const blank = rows.flatMap(({ unit, hub }) => {
    const why = whyNoBase(view, unit.key, hub?.code ?? null);
    const name = [...(view.units.length > 1 ? [unit.name] : []), ...(view.table.byHub ? [labelOf(hub)] : [])].join(
      ': ',
    );
    return why === null ? [] : [{ name, why }];
  });
  const [first] = blank;
  if (!first) return [];
  if (rows.length === 1) return [first.why];
  return [
    `${blank.length === rows.length ? 'There are no percentages here' : 'Some rows have no percentages'}: how many people gave an answer cannot be told, because a category that it needs is withheld or not available. The numbers of people that stand above are not themselves withheld.${
      blank.length === rows.length ? '' : ` These are the rows of ${blank.map(({ name }) => name).join('; ')}.`
    }`,
  ];
}

type Column = ReturnType<TableFigures['columns']>[number];

function figureTable(
  view: TableFigures,
  id: string,
  caption: string,
  columns: readonly Column[],
  cell: (place: { unit: string; hub: string | null; category: string | null }) => string,
): string {
  const { byHub } = view.table;
  const heading = `${caption}: ${view.table.title.charAt(0).toLowerCase()}${view.table.title.slice(1)}`;
  const [only] = view.units.length === 1 ? view.units : [];
  if (only && !byHub)
    return dataTable({
      ...{ id, caption: heading, headings: ['Answer'], columns: [only.name] },
      rows: columns.map((category) => ({
        heads: [labelOf(category)],
        cells: [cell({ unit: only.key, hub: null, category: category?.code ?? null })],
      })),
    });
  return dataTable({
    id,
    caption: heading,
    headings: [...(only ? [] : [UNITS[view.table.level]]), ...(byHub ? ['Ethnic group'] : [])],
    columns: columns.map(labelOf),
    rows: view.units.flatMap((unit) =>
      view.rowsOf().map((hub) => ({
        heads: [...(only ? [] : [unit.name]), ...(byHub ? [labelOf(hub)] : [])],
        cells: columns.map((category) =>
          cell({ unit: unit.key, hub: hub?.code ?? null, category: category?.code ?? null }),
        ),
      })),
    ),
  });
}

/** One section for each unit of a one-way table that has population figures of its own area. */
function comparisons(view: TableFigures, benchmarks: readonly Benchmark[]): string[] {
  const { release, table } = view;
  if (table.byHub) return [];
  const compared = view.units.flatMap((unit) =>
    benchmarks
      .filter((one) => one.characteristic === table.characteristic && one.area.code === unit.areaCode)
      .flatMap((benchmark) => {
        const one = representation(release, { unit: unit.key, population: table.population, benchmark });
        return one ? [one] : [];
      }),
  );
  // What holds of each is said once, at the top.
  const [first] = compared;
  if (!first) return [];
  const always = first.notes.filter((note) => compared.every(({ notes }) => notes.includes(note)));
  const links = compared.map(
    (one) => `<li><a href="#${escaped(headingOf(one))}">${escaped(`${one.unitName}: ${one.benchmark.title}`)}</a></li>`,
  );
  return [
    '<h2 id="compared">Contributors beside the population</h2>',
    list(always),
    ...(compared.length > 1 ? [`<nav aria-labelledby="compared"><ul class="files">${links.join('')}</ul></nav>`] : []),
    ...compared.flatMap((one) => comparison(one, always)),
  ];
}

const headingOf = ({ unit, benchmark }: Representation): string => `beside-${unit}-${benchmark.source}`;

function comparison(compared: Representation, alreadySaid: readonly string[]): string[] {
  const { benchmark } = compared;
  const id = `compared-${compared.unit}-${benchmark.source}`;
  const verdicts = compared.rows.some((row) => row.verdict !== null);
  return [
    `<h3 id="${escaped(headingOf(compared))}">${escaped(`${compared.unitName} and the population of ${benchmark.area.name}`)}</h3>`,
    paragraph(
      `Population: ${AGE_RANGES[benchmark.ageRange]} in ${benchmark.area.name}, ${benchmark.title} (${benchmark.tableId}), ${benchmark.publisher}, ${benchmark.licence}. ${SURENESS[benchmark.sureness]}`,
    ),
    ...compared.noVerdictBecause.map(paragraph),
    ...(compared.completeness === null
      ? []
      : [
          paragraph(
            `An answer is known for ${percentage({ value: compared.completeness, status: '' })} of the contributors. The last column says how low and how high the share of all contributors could be, if none or all of the others belonged there.`,
          ),
        ]),
    chartOf(compared),
    dataTable({
      id,
      caption: `Contributors and population: ${compared.unitName}`,
      headings: ['Category'],
      columns: [
        'Contributors',
        '95% interval',
        'Population',
        'Ratio',
        'Difference in percentage points',
        'Lowest and highest possible',
      ],
      rows: compared.rows.map((row) => ({
        heads: [row.label],
        cells: [
          percentage(row.share),
          range(row.shareInterval),
          `${(row.populationShare * 100).toFixed(1)}%`,
          row.ratio.value === null ? '[z]' : row.ratio.value.toFixed(2),
          row.difference.value === null ? '[z]' : signed(row.difference.value),
          range(row.bounds),
        ],
      })),
    }),
    ...(verdicts ? ['<h4>In words</h4>', list(compared.rows.map((row) => row.sentence))] : []),
    list(compared.notes.filter((note) => !alreadySaid.includes(note))),
  ].filter((part) => part !== '');
}

function chartOf(compared: Representation): string {
  const chart = comparisonSvg(compared);
  const label = `Chart: ${compared.unitName}, ${compared.benchmark.title}`;
  return chart
    ? `<div class="wide" role="region" aria-label="${escaped(label)}" tabindex="0">${SIDEWAYS}${chart}</div>`
    : '';
}

/** With its sign, and nought without one. */
const signed = (value: number): string => {
  const digits = Math.abs(value).toFixed(1);
  return Number(digits) === 0 ? digits : `${value < 0 ? '−' : '+'}${digits}`;
};

const range = (interval: Interval | null): string =>
  interval ? `${(interval.low * 100).toFixed(1)}% to ${(interval.high * 100).toFixed(1)}%` : '[z]';
