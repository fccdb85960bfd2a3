import type { PublishedRelease } from '../../release/published';
import { SHORTHAND } from '../figures';
import { STYLE_ADDRESS } from './addresses';
import { escaped } from './xml';

/** A whole page of plain HTML, with a heading shorter than its title where one is given: one style sheet of our own, no script, a way past the heading for the keyboard. */
export function page(
  { title, heading = title }: { title: string; heading?: string },
  crumbs: readonly { label: string; href: string }[],
  body: readonly string[],
): string {
  const way = crumbs.map(({ label, href }) => `<li><a href="${escaped(href)}">${escaped(label)}</a></li>`).join('');
  return [
    '<!DOCTYPE html>',
    '<html lang="en-GB">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title>`,
    `<link rel="stylesheet" href="${STYLE_ADDRESS}">`,
    '</head>',
    '<body>',
    '<a class="skip" href="#content">Go to the content</a>',
    '<header>',
    ...(way === '' ? [] : [`<nav aria-label="You are here"><ol>${way}</ol></nav>`]),
    '</header>',
    '<main id="content" tabindex="-1">',
    `<h1>${escaped(heading)}</h1>`,
    ...body,
    '</main>',
    '<footer><p>Licence: <a href="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/">Open Government Licence v3.0</a>.</p></footer>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

export const paragraph = (text: string): string => `<p>${escaped(text)}</p>`;

export const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;

export const files = (items: readonly { label: string; href: string }[]): string =>
  `<ul class="files">${items.map(({ label, href }) => `<li><a href="${escaped(href)}">${escaped(label)}</a></li>`).join('')}</ul>`;

/** Shown on narrow screens only, above what may be wider than they are. */
export const SIDEWAYS = '<p class="hint">Move sideways to see all of it.</p>';

/** A data table. `headings` name the first columns, which head their rows; the others hold numbers. */
export function dataTable(table: {
  id: string;
  caption: string;
  headings: readonly string[];
  columns: readonly string[];
  rows: readonly { heads: readonly string[]; cells: readonly string[] }[];
}): string {
  const heads = [
    ...table.headings.map((heading) => `<th scope="col">${escaped(heading)}</th>`),
    ...table.columns.map((column) => `<th scope="col" class="number">${escaped(column)}</th>`),
  ];
  const rows = table.rows.map(
    ({ heads: names, cells }) =>
      `<tr>${names.map((name) => `<th scope="row">${escaped(name)}</th>`).join('')}${cells
        .map((cell) => `<td class="number">${escaped(cell)}</td>`)
        .join('')}</tr>`,
  );
  return [
    `<div class="wide" role="region" aria-labelledby="${table.id}" tabindex="0">`,
    ...(table.columns.length > 2 ? [SIDEWAYS] : []),
    `<table><caption id="${table.id}"><span>${escaped(table.caption)}</span></caption>`,
    `<thead><tr>${heads.join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></div>`,
  ].join('\n');
}

/** How numbers are kept from telling on anybody, and what the marks in the tables mean. */
export function howToRead(release: PublishedRelease, threshold = release.threshold): string[] {
  const marks = Object.values(SHORTHAND).map(
    ({ mark, means }) => `<dt>${escaped(mark)}</dt><dd>${escaped(means)}</dd>`,
  );
  return [
    '<h2>How to read the numbers</h2>',
    paragraph(
      `Numbers from 1 to ${threshold - 1} are withheld, and so are others that would tell one of them. All other numbers are rounded to the nearest ${release.base}, each on its own, so parts need not add up to their total. Percentages are worked out from the rounded numbers, among people whose answer is known.`,
    ),
    `<dl>${marks.join('')}</dl>`,
  ];
}
