/** Looks for every number in an answer: as a number, in a sentence, in a name. */

const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32,64}\b/gi;
/** Where a list goes on: the list, and the sort key of its last row, signed. */
const CURSOR = /\b(WyJ[\w-]+)\.[\w-]{22}\b/g;
const MOMENTS =
  /\b\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|\+00)|\b\d{4}-\d\d(-\d\d)?\b|\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b/g;
const AREAS = /\b[EWSNK]\d{8}\b/g;
const NUMERAL = /\d[\d,]*(?:\.\d+)?/g;

/** What an answer may hold, beside the numbers that were worked out again. */
export interface Explained {
  /** Numbers by their place in the answer: `/rows/0/count`. */
  numbers?: ReadonlyMap<string, number>;
  /** Places of numbers that are about no people. */
  harmless?: readonly RegExp[];
  /** Texts that are known: names, questions, whatever was said before anybody was counted. */
  texts: ReadonlySet<string>;
  /** Numerals that sentences may hold. */
  numerals: ReadonlySet<string>;
}

/** The numbers of a tree of objects and lists by their places. */
export function placesOf(tree: unknown, at = '', found = new Map<string, number>()): Map<string, number> {
  if (typeof tree === 'number') found.set(at, tree);
  else if (typeof tree === 'object' && tree !== null)
    for (const [key, value] of Object.entries(tree)) placesOf(value, `${at}/${key}`, found);
  return found;
}

const phrases = new WeakMap<ReadonlySet<string>, string[]>();

/** Known texts that hold numerals, the longest first. */
function phrasesOf(texts: ReadonlySet<string>): string[] {
  const known = phrases.get(texts) ?? [...texts].filter((one) => /\d/.test(one)).sort((a, b) => b.length - a.length);
  phrases.set(texts, known);
  return known;
}

const numeralsIn = (text: string, numerals: ReadonlySet<string>): string[] =>
  (
    text
      .replace(CURSOR, (_, key: string) => Buffer.from(key, 'base64url').toString('utf8'))
      .replace(IDS, ' ')
      .replace(MOMENTS, ' ')
      .replace(AREAS, ' ')
      .match(NUMERAL) ?? []
  )
    .map((one) => one.replace(/,+$/, ''))
    .filter((one) => !numerals.has(one));

/** The numerals of a text that nothing explains. Ids, days, moments and codes of areas are none, nor is what a known text says. */
export function strangeNumerals(text: string, { texts, numerals }: Explained): string[] {
  if (numeralsIn(text, numerals).length === 0) return [];
  const left = phrasesOf(texts).reduce((rest, phrase) => rest.replaceAll(phrase, ' '), text);
  return numeralsIn(left, numerals);
}

/** Everything in a JSON answer that nothing explains, as sentences. */
export function unexplained(body: unknown, explained: Explained): string[] {
  const { numbers = new Map<string, number>(), harmless = [] } = explained;
  const faults: string[] = [];
  const seen = new Set<string>();
  const walk = (value: unknown, at: string): void => {
    if (typeof value === 'number') {
      seen.add(at);
      const worked = numbers.get(at);
      if (worked === undefined ? !harmless.some((one) => one.test(at)) : !near(worked, value))
        faults.push(
          `${at} is ${value}${worked === undefined ? ', and nothing says why' : `, worked out as ${worked}`}`,
        );
    } else if (typeof value === 'string') {
      const strange = strangeNumerals(value, explained);
      if (strange.length > 0) faults.push(`${at} says ${strange.join(' and ')}: ${value}`);
    } else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        if (!Array.isArray(value) && strangeNumerals(key, explained).length > 0)
          faults.push(`${at} has a field ${key}`);
        walk(inner, `${at}/${key}`);
      }
  };
  walk(body, '');
  for (const [at, worked] of numbers) if (!seen.has(at)) faults.push(`${at} is missing, worked out as ${worked}`);
  return faults;
}

const near = (one: number, other: number): boolean => Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one));

/** A text without its tags, references turned into what they stand for. */
export const plainText = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
