import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roles } from '../../src/roles';
import { OURS, startApp, type TestApp } from '../support/app';
import { Contract } from '../support/contract';
import type { Operation } from '../support/operations';
import { undone, undoMarkedCalls } from '../support/undo';
import { type Heard, Wire } from '../support/wire';
import { buildWorlds, type Headers, type Ids, type Worlds } from '../support/worlds';

/**
 * Input that is bad on purpose. Each kind, and the test that sends it; kinds that every route must bear are sent to every route of the
 * OpenAPI document here, below. The fuzz sends all of them at random as well.
 */
const COVERED: readonly (readonly [kind: string, file: string, test: string])[] = [
  ['unknown fields', 'api/bad-input.test.ts', 'refuses %s on every route that reads JSON'],
  ['wrong types', 'api/bad-input.test.ts', 'refuses a wrong type in each field of every body'],
  ['deep bodies', 'kernel/http-input.test.ts', 'refuses 72 KB of nesting as input, not as a failure'],
  ['huge bodies', 'kernel/http-input.test.ts', 'takes exactly 1 MiB and refuses a byte more'],
  ['hostile Unicode', 'kernel/http-input.test.ts', 'refuses bytes that are not UTF-8'],
  ['unsafe numbers', 'api/bad-input.test.ts', 'refuses %s on every route that reads JSON'],
  [
    'tampered cursors',
    'api/bad-input.test.ts',
    'refuses a cursor that was altered or is of another list, on every list',
  ],
  ['stale versions', 'api/manners.test.ts', 'is needed to change, compared, and one of two wins'],
  [
    'closed opportunities',
    'involvement/interests.test.ts',
    'is not possible where the opportunity is not public, paused or closed',
  ],
  ['an interest twice', 'involvement/interests.test.ts', 'is once a person while it is live: the second is 409'],
  ['an interest twice at once', 'involvement/interests.test.ts', 'of two at once, exactly one wins'],
  [
    'an interest after the closing day, on both days of the clock change',
    'involvement/interests.test.ts',
    'closes at midnight, UK time, on %s',
  ],
  [
    'a CSV of 100,000 rows with 10 bad ones',
    'people/import.test.ts',
    'stores nothing of 100,000 rows of which 10 are bad, and the others when partial is asked for',
  ],
  ['sort by a column that is not listed', 'api/bad-input.test.ts', 'refuses a sort key that is not listed'],
  [
    "another organisation's ids",
    'access/matrix.test.ts',
    'shows no record of another organisation to a permission that reaches one organisation or what is own',
  ],
  ["another organisation's ids in bodies", 'api/bad-input.test.ts', 'takes no id of another organisation in any body'],
  ['forged tokens of all kinds', 'kernel/access.test.ts', '%s, on every route, saying no more than that'],
];

let t: TestApp;
let worlds: Worlds;
let wire: Wire;
let contract: Contract;
let restore: () => void;
const headers = new Map<string, Headers>();

beforeAll(async () => {
  t = await startApp();
  worlds = await buildWorlds(t);
  wire = new Wire(t.address);
  contract = new Contract(worlds.examples.document);
  for (const role of Object.keys(roles)) headers.set(role, await t.as(role, OURS));
  restore = undoMarkedCalls();
}, 60_000);

afterAll(async () => {
  restore();
  wire.close();
  await t.stop();
});

/** The first role that may, or nobody where anybody may. */
function whoMay({ access }: Operation): Headers | Record<string, never> {
  const role = Object.entries(roles).find(([, grants]) =>
    grants.some((grant) => grant.permission.name === access),
  )?.[0];
  return (
    (role === undefined ? undefined : headers.get(role)) ??
    (access === 'public' ? {} : (headers.get('coordinator') ?? {}))
  );
}

async function send(operation: Operation, given: { path?: string; body?: string; ids?: Ids }): Promise<Heard> {
  const ids = given.ids ?? worlds.own.ids;
  const answer = await wire.send({
    method: operation.method,
    path: given.path ?? worlds.examples.path(operation, ids),
    headers: { ...worlds.examples.headers(operation), ...whoMay(operation), ...undone() },
    body: given.body,
  });
  contract.check(answer);
  return answer;
}

const reading = (): Operation[] => worlds.examples.operations.filter(({ body }) => body?.type.includes('json'));

it('has a test for each kind', () => {
  for (const [kind, file, test] of COVERED) {
    const text = readFileSync(join(__dirname, '..', file), 'utf8').replaceAll("\\'", "'");
    expect({ kind, found: text.split(test).length > (file.endsWith('bad-input.test.ts') ? 2 : 1) }).toEqual({
      kind,
      found: true,
    });
  }
});

const spoil = (text: string, member: string): string => (text === '{}' ? `{${member}}` : `{${member},${text.slice(1)}`);

it.each<[string, (text: string) => string, number, string | undefined]>([
  ['an unknown field', (text) => spoil(text, '"colour":"red"'), 400, 'invalid_input'],
  ['a number that is not exact', (text) => spoil(text, '"colour":9007199254740993'), 400, 'invalid_input'],
  ['30 levels of nesting', (text) => spoil(text, `"colour":${'['.repeat(30)}${']'.repeat(30)}`), 400, 'invalid_input'],
  ['U+0000', (text) => spoil(text, '"colour":"\\u0000"'), 400, 'invalid_input'],
  ['half a surrogate pair', (text) => spoil(text, '"colour":"\\udc00"'), 400, 'invalid_input'],
  ['a name given twice', (text) => spoil(text, '"colour":1,"colour":2'), 400, 'invalid_input'],
  ['__proto__', (text) => spoil(text, '"__proto__":{"isAdmin":true}'), 400, 'invalid_input'],
  ['a list', () => '[]', 400, undefined],
  ['half of it', (text) => text.slice(0, -1), 400, 'malformed_json'],
])('refuses %s on every route that reads JSON', async (_, change, status, expected) => {
  const wrong: string[] = [];
  for (const operation of reading()) {
    const answer = await send(operation, {
      body: change(JSON.stringify(worlds.examples.body(operation, worlds.own.ids))),
    });
    const { code } = answer.body as { code: string };
    if (answer.status !== status || (expected !== undefined && code !== expected))
      wrong.push(`${operation.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }
  expect(wrong).toEqual([]);
  expect(reading().length).toBeGreaterThan(30);
});

it('refuses a wrong type in each field of every body', async () => {
  const { schemas } = worlds.examples;
  const wrong: string[] = [];
  for (const operation of reading()) {
    const body = worlds.examples.body(operation, worlds.own.ids) as object;
    const { properties = {} } = schemas.plain(operation.body?.schema ?? {});
    for (const [name, field] of Object.entries(properties)) {
      const other = ['string', 'boolean'].includes(schemas.typeOf(field)) ? 7 : 'seven';
      const answer = await send(operation, { body: JSON.stringify({ ...body, [name]: other }) });
      const faults = (answer.body as { errors?: { at: string }[] }).errors ?? [];
      if (answer.status !== 400 || !faults.some(({ at }) => at === `/${name}` || at.startsWith(`/${name}/`)))
        wrong.push(`${operation.name} ${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
  }
  expect(wrong).toEqual([]);
}, 60_000);

it('refuses a cursor that was altered or is of another list, on every list', async () => {
  const lists = worlds.examples.operations.filter(({ parameters }) => parameters.some((one) => one.name === 'cursor'));
  const { body } = await wire.send({ method: 'GET', path: '/v1/organisations?limit=1' });
  const real = (body as { meta: { nextCursor: string } }).meta.nextCursor;
  const wrong: string[] = [];
  for (const operation of lists) {
    const cursors = [
      `${real}x`,
      real.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A')),
      'x',
      ...(operation.path === '/v1/organisations' ? [] : [real]),
    ];
    for (const cursor of cursors) {
      const path = worlds.examples.path(operation, worlds.own.ids);
      const answer = await send(operation, {
        path: `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`,
      });
      const hidden = answer.status === 404 && operation.path.includes('{');
      if (!hidden && !(answer.status === 400 && answer.text.includes('bad_cursor')))
        wrong.push(`${operation.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(lists.length).toBeGreaterThan(15);
});

it('refuses a sort key that is not listed', async () => {
  const sorted = worlds.examples.operations.filter(({ parameters }) => parameters.some((one) => one.name === 'sort'));
  expect(sorted.length).toBeGreaterThan(0);
  for (const operation of sorted) {
    for (const key of ['title', 'created_at', 'newest;DROP TABLE x', '(SELECT 1)', 'newest,title']) {
      const answer = await send(operation, { path: `${operation.path}?sort=${encodeURIComponent(key)}` });
      expect([key, answer.status, (answer.body as { errors: { at: string; code: string }[] }).errors[0]]).toMatchObject(
        [key, 400, { at: 'sort', code: 'not_a_choice' }],
      );
    }
  }
});

it('takes no id of another organisation in any body', async () => {
  const taken: string[] = [];
  for (const operation of reading().filter(
    ({ path, access }) => !path.includes('{') && roles.coordinator?.some((grant) => grant.permission.name === access),
  )) {
    const body = worlds.examples.body(operation, worlds.theirs.ids);
    const names = Object.values(worlds.theirs.ids).some((id) => JSON.stringify(body).includes(id));
    const answer = await wire.send({
      method: operation.method,
      path: worlds.examples.path(operation, worlds.theirs.ids),
      headers: { ...worlds.examples.headers(operation), ...headers.get('coordinator'), ...undone() },
      body: JSON.stringify(body),
    });
    const stored = answer.status < 300 && !answer.text.includes('"result":"refused"');
    if (names && stored) taken.push(`${operation.name}: ${answer.status} ${answer.text.slice(0, 300)}`);
  }
  expect(taken).toEqual([]);
});
