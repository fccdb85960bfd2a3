import type { PublishedRelease, PublishedTable } from '../../release/published';
import type { Representation } from '../comparison/representation';
import { inWords, percentage, TableFigures, written } from '../figures';
import { labelOf } from './tidy-csv';
import { escaped } from './xml';

const WIDTH = 600;
/** Where bars begin. Labels stand above them and numbers at their left, so that a narrow screen shows both. */
const BARS = 100;
/** Height of a bar's row, below its label. */
const ROW = 30;
/** Height of a category that is compared, below its label: its bar, its interval, and the population. */
const COMPARED = 58;
const HEADING = 34;
const MARGIN = 12;
/** Room at the right for the number beside a diamond. */
const NUMBERS = 58;
const SPAN = WIDTH - BARS - NUMBERS - MARGIN;
const INK = '#16191d';
const BAR = '#1d4f91';
const POPULATION = '#8a4b08';

/** Most characters of a label on one line, and the height of each further one. */
const LABEL_LENGTH = 38;
const LINE = 17;

interface Line {
  y: number;
  body: string;
}

/**
 * A bar chart of a table, drawn from published counts: units and ethnic groups in sections, categories in their fixed order. A
 * withheld count is written as [c] and has no bar; nothing is told by colour alone.
 */
export function tableSvg(release: PublishedRelease, table: PublishedTable): string {
  const view = new TableFigures(release, table);
  const most = Math.max(1, ...table.figures.map((figure) => (figure.category === null ? 0 : (figure.value ?? 0))));
  const lines: Line[] = [];
  let y = MARGIN;
  for (const unit of view.units)
    for (const hub of view.rowsOf()) {
      const all = view.at({ unit: unit.key, hub: hub?.code ?? null, category: null });
      const name = table.byHub ? `${unit.name}: ${labelOf(hub)}` : unit.name;
      const heading = wrapped(22, `${name} (${written(all)} people)`, 'head');
      lines.push({ y, body: heading.body });
      y += HEADING + heading.high - LINE;
      for (const category of view.characteristic.categories) {
        const figure = view.at({ unit: unit.key, hub: hub?.code ?? null, category: category.code });
        const length = Math.round(((figure.value ?? 0) / most) * SPAN);
        const label = wrapped(LINE, category.label, 'label');
        const bar =
          length > 0
            ? `<rect x="${BARS}" y="${label.high + 6}" width="${length}" height="16" class="bar" fill="${BAR}"/>`
            : '';
        lines.push({ y, body: `${label.body}${text(MARGIN, label.high + 19, written(figure))}${bar}` });
        y += ROW + label.high;
      }
      y += MARGIN;
    }
  return svg(y, {
    id: table.key,
    title: table.title,
    desc: `Bar chart of the table beside it, release ${release.number}, data frozen on ${inWords(release.snapshotOn)}. People are counted to the nearest ${release.base}; [c] stands for a withheld number and has no bar.`,
    lines,
  });
}

/**
 * Shares of contributors as bars, below each its 95% interval and the population's share as a diamond. Undefined where no
 * share can be shown.
 */
export function comparisonSvg(compared: Representation): string | undefined {
  const highest = Math.max(
    ...compared.rows.flatMap((row) => [row.shareInterval?.high ?? 0, row.share.value ?? 0, row.populationShare]),
  );
  if (compared.rows.every((row) => row.share.value === null)) return undefined;
  const x = (share: number): number => BARS + Math.round((share / highest) * SPAN);
  let y = MARGIN;
  const lines: Line[] = [];
  const key = `Bar: contributors. Line below it: 95% interval. Diamond: ${compared.benchmark.area.name}.`;
  const explained = wrapped(20, key, 'plain');
  lines.push({ y, body: explained.body });
  y += HEADING + explained.high - LINE;
  for (const row of compared.rows) {
    const { value } = row.share;
    const length = value === null ? 0 : x(value) - BARS;
    const label = wrapped(LINE, row.label, 'label');
    const top = label.high;
    const bar =
      length > 0 ? `<rect x="${BARS}" y="${top + 6}" width="${length}" height="14" class="bar" fill="${BAR}"/>` : '';
    const interval = row.shareInterval;
    const whiskers = interval ? whisker(top + 27, x(interval.low), x(interval.high)) : '';
    const population = x(row.populationShare);
    lines.push({
      y,
      body: `${label.body}${text(MARGIN, top + 18, percentage(row.share))}${bar}${whiskers}${diamond(population, top + 33)}${text(population + 14, top + 45, `${(row.populationShare * 100).toFixed(1)}%`)}`,
    });
    y += COMPARED + top;
  }
  return svg(y + MARGIN, {
    id: `${compared.unit}-${compared.characteristic}`,
    title: `${compared.unitName} and the population of ${compared.benchmark.area.name}`,
    desc: `Share of contributors by category with 95% intervals, and share of the population. ${compared.noVerdictBecause.join(' ')}`,
    lines,
  });
}

/** An interval, below its bar. */
const whisker = (at: number, low: number, high: number): string =>
  `<path d="M${low} ${at}H${high}M${low} ${at - 4}V${at + 4}M${high} ${at - 4}V${at + 4}" class="line" stroke="${INK}" stroke-width="2" fill="none"/>`;

const diamond = (at: number, top: number): string =>
  `<path d="M${at} ${top}l7 7-7 7-7-7z" class="population" fill="${POPULATION}"/>`;

type Kind = 'plain' | 'head' | 'label';
/** By attributes, not by a style: pages and images are shown under a policy that forbids styles within. */
const KINDS: Readonly<Record<Kind, string>> = { plain: '', head: ' font-weight="700"', label: ' class="label"' };

const text = (x: number, y: number, words: string, kind: Kind = 'plain'): string =>
  `<text x="${x}" y="${y}"${KINDS[kind]}>${escaped(words)}</text>`;

/** Words on as many lines as they need, the first at `y`, and how high they are together. */
function wrapped(y: number, words: string, kind: Kind): { body: string; high: number } {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= LABEL_LENGTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return { body: lines.map((line, i) => text(MARGIN, y + i * LINE, line, kind)).join(''), high: lines.length * LINE };
}

function svg(height: number, chart: { id: string; title: string; desc: string; lines: readonly Line[] }): string {
  const [title, desc] = [`title-${chart.id}`, `desc-${chart.id}`];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="14" fill="${INK}" role="img" aria-labelledby="${title} ${desc}">`,
    `<title id="${title}">${escaped(chart.title)}</title>`,
    `<desc id="${desc}">${escaped(chart.desc)}</desc>`,
    `<rect width="${WIDTH}" height="${height}" class="paper" fill="#ffffff"/>`,
    ...chart.lines.map(({ y, body }) => `<g transform="translate(0 ${y})">${body}</g>`),
    '</svg>',
    '',
  ].join('\n');
}
