import type { PublishedRelease, PublishedUnit } from '../../release/published';
import { inWords, lastDay, POPULATIONS } from '../figures';
import { dataOfRelease, pageOfTable, REACH_FILE } from './addresses';
import { files, howToRead, list, page, paragraph } from './page';
import { escaped } from './xml';

const LEVELS: Readonly<Record<PublishedUnit['level'], string>> = {
  all: 'Everybody',
  group: 'Groups of organisations',
  organisation: 'Organisations',
};

/** The page of a release: what it is, its tables by level, its files. `reach` where that file is among them. */
export function indexPage(release: PublishedRelease, reach: boolean): string {
  const levels = (Object.keys(LEVELS) as PublishedUnit['level'][]).flatMap((level) => {
    const tables = release.tables.filter((table) => table.level === level);
    if (tables.length === 0) return [];
    const links = tables.map(
      (table) => `<li><a href="${escaped(pageOfTable(release, table))}">${escaped(table.title)}</a></li>`,
    );
    return [`<h3>${LEVELS[level]}</h3>`, `<ul>${links.join('')}</ul>`];
  });
  const populations = Object.values(POPULATIONS).map(
    ({ label, means }) => `<dt>${escaped(label)}</dt><dd>${escaped(means)}</dd>`,
  );
  const held = release.units.filter((unit) => unit.held).map((unit) => unit.name);
  const data = dataOfRelease(release);
  return page(
    `Diversity of public contributors: ${release.title.replace(/^(?:diversity of )?public contributors[,:]? */i, '')}`,
    [],
    [
      paragraph(
        `Who takes part in NIHR public involvement, from ${inWords(release.period.from)} to ${inWords(lastDay(release.period.until))}. Release ${release.number}, “${release.title}”; data frozen on ${inWords(release.snapshotOn)}. A release never changes.`,
      ),
      ...(held.length > 0 ? [paragraph(`Shown with the numbers of an earlier release: ${held.join(', ')}.`)] : []),
      '<h2>Tables</h2>',
      ...levels,
      '<h2>Whole release</h2>',
      files([
        { label: 'All tables as one CSV file', href: `${data}/all.csv` },
        { label: 'What its columns mean (CSVW)', href: `${data}/all.csv-metadata.json` },
        { label: 'Excel workbook', href: `${data}/release.xlsx` },
        { label: 'JSON', href: `${data}/release.json` },
        ...(reach
          ? [{ label: 'How many were reached and came on, by quarter (CSV)', href: `${data}/${REACH_FILE}` }]
          : []),
        { label: 'Files and their checksums', href: `${data}/manifest` },
        { label: 'Data dictionary', href: '/v1/diversity/dictionary' },
        { label: 'Other releases', href: '/v1/diversity/releases' },
      ]),
      '<h2>Who is counted</h2>',
      paragraph('Everybody is counted once, at their home organisation and at the furthest stage that they reached.'),
      `<dl>${populations.join('')}</dl>`,
      ...howToRead(release),
      ...(release.notes.length > 0 ? ['<h2>Notes</h2>', list(release.notes)] : []),
    ],
  );
}

/** The page while nothing has been published. */
export const emptyPage = (): string =>
  page(
    'Diversity of public contributors',
    [],
    [
      paragraph('No release has been published yet.'),
      '<p>The days on which releases are due are in the <a href="/v1/diversity/calendar">calendar</a>.</p>',
    ],
  );

/** The page for an address at which there is no release or table. */
export const notFoundPage = (): string =>
  page(
    'There is no such report',
    [{ label: 'Diversity of public contributors', href: '/reports/diversity' }],
    [
      paragraph('The address names no release or no table of it. It may have been cut short or mistyped.'),
      '<p>Go to <a href="/reports/diversity">the newest release</a> and choose a table there.</p>',
    ],
  );
