import type { PublishedRelease, PublishedTable, PublishedUnit } from '../../release/published';
import { HUB, inWords, lastDay, POPULATION_ORDER, POPULATIONS } from '../figures';
import { dataOfRelease, pageOfTable, REACH_FILE } from './addresses';
import { files, howToRead, list, page, paragraph } from './page';
import { escaped } from './xml';

const LEVELS: Readonly<Record<PublishedUnit['level'], string>> = {
  all: 'All organisations together',
  group: 'Groups of organisations',
  organisation: 'Each organisation',
};

/** The page of a release: what it is, its tables by level, its files. `reach` where that file is among them. */
export function indexPage(release: PublishedRelease, reach: boolean): string {
  const levels = (Object.keys(LEVELS) as PublishedUnit['level'][]).flatMap((level) => {
    const tables = release.tables.filter((table) => table.level === level);
    return tables.length === 0 ? [] : [`<h3>${LEVELS[level]}</h3>`, ...listsOf(release, tables)];
  });
  const populations = Object.values(POPULATIONS).map(
    ({ label, means }) => `<dt>${escaped(label)}</dt><dd>${escaped(means)}</dd>`,
  );
  const held = release.units.filter((unit) => unit.held).map((unit) => unit.name);
  const data = dataOfRelease(release);
  return page(
    {
      title: `Diversity of public contributors: ${release.title.replace(/^(?:diversity of )?public contributors[,:]? */i, '')}`,
    },
    [],
    [
      paragraph(
        `Who takes part in NIHR public involvement, from ${inWords(release.period.from)} to ${inWords(lastDay(release.period.until))}. Release ${release.number}, “${release.title}”; data frozen on ${inWords(release.snapshotOn)}. A release never changes.`,
      ),
      ...(held.length > 0 ? [paragraph(`Shown with the numbers of an earlier release: ${held.join(', ')}.`)] : []),
      '<h2>Tables</h2>',
      ...levels,
      ...compared(release),
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

/** Links to tables of one level: a list for each population, and one for what is told by ethnic group and more. */
function listsOf(release: PublishedRelease, tables: readonly PublishedTable[]): string[] {
  return POPULATION_ORDER.flatMap((population) =>
    [false, true].flatMap((byHub) => {
      const found = tables.filter((table) => table.population === population && table.byHub === byHub);
      if (found.length === 0) return [];
      const links = inOrder(release, found).map(({ table, label }) => {
        const [href, title] = [escaped(pageOfTable(release, table)), escaped(table.title)];
        return `<li><a href="${href}" aria-label="${title}">${escaped(label)}</a></li>`;
      });
      const heading = `${POPULATIONS[population].label}${byHub ? ', by ethnic group and another answer' : ''}`;
      return [`<h4>${heading}</h4>`, `<ul class="files">${links.join('')}</ul>`];
    }),
  );
}

/** Tables in the order of their characteristics, what tells ethnic group more finely next to it. */
function inOrder(release: PublishedRelease, tables: readonly PublishedTable[]) {
  return tables
    .map((table) => {
      const at = release.characteristics.findIndex(({ key }) => key === table.characteristic);
      const { label = table.title, categories = [] } = release.characteristics[at] ?? {};
      const finer = categories.some(({ within }) => within !== undefined);
      return { table, label, place: table.characteristic === HUB ? -2 : finer ? -1 : at };
    })
    .sort((one, other) => one.place - other.place);
}

/** What the service works out of the release at each reading. */
function compared(release: PublishedRelease): string[] {
  const tables = release.tables.filter(
    ({ level, population, byHub }) => level === 'all' && population === 'registered' && !byHub,
  );
  const [first] = inOrder(release, tables);
  if (!first) return [];
  const by = `characteristic=${first.table.characteristic}`;
  const data = dataOfRelease(release);
  return [
    '<h2>Compared and followed</h2>',
    paragraph(
      'Where population figures of the same area are known, a table’s own page sets contributors beside them. For programs there are also, as JSON:',
    ),
    files([
      { label: `How many came on from stage to stage, by ${lower(first.label)}`, href: `${data}/funnel?${by}` },
      {
        label: `Registered contributors over all releases, by ${lower(first.label)}`,
        href: `/v1/diversity/trends?${by}`,
      },
      { label: 'Population figures to compare with', href: '/v1/diversity/population-figures' },
      {
        label: 'Gaps that this release shows, and who does what about them',
        href: `/v1/diversity/gaps?release=${release.id}`,
      },
    ]),
  ];
}

const lower = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1);

/** The page while nothing has been published. */
export const emptyPage = (): string =>
  page(
    { title: 'Diversity of public contributors' },
    [],
    [
      paragraph('No release has been published yet.'),
      '<p>The days on which releases are due are in the <a href="/v1/diversity/calendar">calendar</a>.</p>',
    ],
  );

/** The page for an address at which there is no release or table. */
export const notFoundPage = (): string =>
  page(
    { title: 'There is no such report' },
    [{ label: 'Diversity of public contributors', href: '/reports/diversity' }],
    [
      paragraph('The address names no release or no table of it. It may have been cut short or mistyped.'),
      '<p>Go to <a href="/reports/diversity">the newest release</a> and choose a table there.</p>',
    ],
  );
