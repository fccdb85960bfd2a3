import type { TestApp } from '../support/app';
import { type Answer, Asking, fetched } from './diversity-crawl';
import type { Explained } from './diversity-numbers';
import { togetherIn, type Whole } from './diversity-published';
import { type Before, FILES, READERS, type Reading } from './diversity-readers';
import { type Scene } from './diversity-scene';

/** Everything that was asked, and what of it nobody could explain. */
export interface Told {
  faults: string[];
  /** Routes that answered some outsider, and routes that refused all of them. */
  answered: Set<string>;
  refused: Set<string>;
  answers: Answer[];
}

/** Headers that an answer may have. Whatever else came could carry a number. */
const HEADERS = new Set([
  ...['access-control-allow-origin', 'access-control-expose-headers', 'cache-control', 'connection', 'content-length'],
  ...['content-disposition', 'content-security-policy', 'content-type', 'date', 'etag', 'keep-alive', 'link'],
  ...['referrer-policy', 'strict-transport-security', 'vary', 'www-authenticate', 'x-content-type-options'],
  ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-trace-id'],
]);
/** Of routes with more addresses than this, those who are signed in ask only some: what everybody may see is the same for all. */
const MANY = 60;
const EVERY = 13;

/** Asks every route of the area as every outsider, and reads each answer. */
export async function whatIsTold(t: TestApp, scene: Scene, wholes: readonly Whole[], before: Before): Promise<Told> {
  const asking = await Asking.of(t, scene, wholes);
  const outsiders = Object.entries(await asking.outsiders());
  const told: Told = { faults: [], answered: new Set(), refused: new Set(), answers: [] };
  const seen = new Map<string, string>();
  for (const route of asking.routes) {
    const paths = asking.paths(route);
    for (const [i, ask] of paths.entries())
      for (const [who, headers] of outsiders) {
        if (who !== 'nobody' && paths.length > MANY && i % EVERY > 0) continue;
        const answer = await fetched(t, { route: route.path, ...ask, who }, headers);
        const same = `${answer.status} ${answer.bytes.toString('base64')}`;
        if (answer.status === 200) told.answered.add(route.path);
        if (answer.status === 200 && seen.get(ask.path) === same) continue;
        seen.set(ask.path, same);
        FILES.set(ask.path, answer.bytes);
        told.answers.push(answer);
      }
    if (!told.answered.has(route.path)) told.refused.add(route.path);
  }
  told.faults.push(...asking.unknown);
  for (const answer of told.answers) {
    const found = await readAnswer(answer, wholes, before);
    told.faults.push(
      ...found.map((fault) => `${answer.who} at ${answer.path} (${answer.status} ${answer.type}): ${fault}`),
    );
  }
  return told;
}

/** What of one answer nobody can explain. */
export async function readAnswer(answer: Answer, wholes: readonly Whole[], before: Before): Promise<string[]> {
  const newest = wholes.at(-1);
  const whole = wholes.find(({ release }) => release.id === answer.release) ?? newest;
  if (!whole) throw new Error('Nothing was published');
  const of: Reading = {
    ...{ before, wholes, whole, explained: explainedBy(whole, wholes, before) },
    json: ({ bytes }) => JSON.parse(bytes.toString('utf8')) as unknown,
    query: ({ path }) => new URLSearchParams(path.split('?')[1] ?? ''),
  };
  const reader = answer.status === 200 ? READERS[`${answer.route} ${answer.type}`] : READERS[`refused ${answer.type}`];
  if (!reader) return ['Nobody knows how to read this'];
  const headers = Object.keys(answer.headers).filter((name) => !HEADERS.has(name));
  return [...headers.map((name) => `It has a header ${name}`), ...(await reader(answer, of))];
}

/** What the pages say in words of their own, with numerals that are about no people. */
const SAID_BY_ITSELF = [
  'people aged 16 and over',
  'fewer than 25 people',
  'Fewer than 25 people',
  'fewer than 20 people',
  'sha256',
];

const kept = new Map<string, Explained>();

/** Names and questions of the releases, what was said before anybody was counted, and the numerals of the rules. */
function explainedBy(whole: Whole, wholes: readonly Whole[], before: Before): Explained {
  const known = kept.get(whole.release.id);
  if (known) return known;
  const texts = new Set<string>();
  const say = (tree: unknown): void => {
    if (typeof tree === 'string') texts.add(tree);
    else if (typeof tree === 'object' && tree !== null) Object.values(tree).forEach(say);
  };
  for (const { characteristics, units, tables } of wholes)
    say([characteristics, units, tables.map(({ key, title }) => [key, title])]);
  // The attack takes these sums for what they are: published numbers.
  for (const one of wholes) say(togetherIn(one).map(({ note }) => note));
  say([before.dictionary, before.benchmarks, SAID_BY_ITSELF]);
  const { threshold, thresholds, base } = whole.release;
  const rules = [threshold, ...Object.values(thresholds)].flatMap((one) => [one - 1, one]);
  const numbers = wholes.map(({ release }) => release.number);
  const explained = { texts, numerals: new Set([...rules, ...numbers, base, 1, 20, 25, 95].map(String)) };
  kept.set(whole.release.id, explained);
  return explained;
}
