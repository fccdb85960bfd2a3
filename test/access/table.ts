/** Whose record a call is about, for its caller. */
export const WHOSE = ['own', 'other', 'theirs'] as const;
export type Whose = (typeof WHOSE)[number];
export type Cell = 'yes' | 'none' | '401' | '403' | '404';

/** What one route answers every caller. */
export interface Line {
  route: string;
  tag: string;
  /** Permission, `public` or `signed-in`. */
  access: string;
  cells: Record<string, Record<Whose, Cell>>;
}

const WORDS: Record<Whose, string> = { own: 'own', other: "other's", theirs: 'elsewhere' };

const HEAD = `# Who may do what to which record

What each route answers each role, on a record that is their **own**, on an **other's** in the same organisation, and on one
**elsewhere**, in another organisation; **any** stands for all three. How it is found out is said in \`matrix.test.ts\`, which writes
this file when \`UPDATE_MATRIX=1\` is set and fails when an answer is another than it says. Read what changed before you commit it.

\`yes\`: access is given and the record is seen. \`none\`: the list is given, without the record. \`401\`: sign in first. \`403\`: none of
the caller's roles may do this at all. \`404\`: for this caller there is no such record.
`;

/** The table as a page, one section for each part of the API. */
export function render(lines: readonly Line[], callers: readonly string[]): string {
  const parts = [...new Set(lines.map((line) => line.tag))];
  const sections = parts.map((part) => {
    const rows = lines.filter((line) => line.tag === part).flatMap((line) => rowsFor(line, callers));
    const head = [
      `| Route | Needs | Whose | ${callers.join(' | ')} |`,
      `| --- | --- | --- |${' --- |'.repeat(callers.length)}`,
    ];
    return [`## ${part}`, '', ...head, ...rows].join('\n');
  });
  return `${[HEAD, ...sections].join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

function rowsFor(line: Line, callers: readonly string[]): string[] {
  const cells = (whose: Whose): string => callers.map((caller) => line.cells[caller]?.[whose] ?? '').join(' | ');
  const whole = WHOSE.every((whose) => cells(whose) === cells('own'));
  const row = (word: string, whose: Whose): string => `| ${line.route} | ${line.access} | ${word} | ${cells(whose)} |`;
  return whole ? [row('any', 'own')] : WHOSE.map((whose) => row(WORDS[whose], whose));
}

/** The rows of such a page by route: for each, "whose caller" and the cell. */
export function read(page: string): Map<string, Map<string, string>> {
  const table = new Map<string, Map<string, string>>();
  let callers: string[] = [];
  for (const line of page.split('\n').filter((one) => one.startsWith('| '))) {
    const [route = '', , whose = '', ...cells] = line.slice(2, -2).split(' | ');
    if (route === 'Route') callers = cells;
    else if (!route.startsWith('---')) {
      const known = table.get(route) ?? new Map<string, string>();
      const words = whose === 'any' ? Object.values(WORDS) : [whose];
      for (const word of words) callers.forEach((caller, at) => known.set(`${word} / ${caller}`, cells[at] ?? ''));
      table.set(route, known);
    }
  }
  return table;
}

/** Each difference in words. */
export function compared(
  found: Map<string, Map<string, string>>,
  expected: Map<string, Map<string, string>>,
): string[] {
  return [...found].flatMap(([route, cells]) =>
    [...cells]
      .filter(([cell, value]) => expected.get(route)?.get(cell) !== value)
      .map(
        ([cell, value]) =>
          `${route}, ${cell}: answers ${value}, and the table says ${expected.get(route)?.get(cell) ?? 'nothing'}`,
      ),
  );
}
