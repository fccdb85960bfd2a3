import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roles } from '../../src/roles';
import { OURS, startApp, type TestApp } from '../support/app';
import { Contract } from '../support/contract';
import type { Operation } from '../support/operations';
import { undone, undoMarkedCalls } from '../support/undo';
import { type Call, type Heard, Wire } from '../support/wire';
import { buildWorlds, type Headers, withoutRole, type Worlds } from '../support/worlds';
import { Chance, Generator } from './generate';
import { Mutator, write } from './mutations';

/**
 * Thousands of calls made from the OpenAPI document, half of them valid, half spoiled in one way, by every role. What must hold of
 * each is in `faultOf`. The seed comes from the document, so that the same document is always asked the same and a changed one is
 * asked anew; `FUZZ_SEED` gives another, `FUZZ_CALLS` makes a run longer. Most writes are taken back, so that the records which calls
 * are made about stay; the rest are left to stand, so that calls meet states that nobody thought of.
 */

const DOCUMENT = readFileSync(join(__dirname, '../../docs/openapi.json'));
const SEED = Number(process.env.FUZZ_SEED ?? createHash('sha256').update(DOCUMENT).digest().readUInt32BE() >>> 1);
const CALLS = Number(process.env.FUZZ_CALLS ?? 4000);
const AT_ONCE = 8;

/** Words of the stack, the database and its driver that no answer may hold. */
const INSIDE = [
  /\bat (Object|async|new|Module)\b.*[.:]/,
  /node_modules/,
  /\.(ts|js):\d+/,
  /\bSELECT\b.*\bFROM\b/,
  /\bINSERT INTO\b/,
  /\bpg_/,
  /QueryFailed/,
  /constraint "/,
  /relation "/,
  /violates/,
  /syntax error/i,
  /typeorm/i,
  /ECONN/,
  /TypeError/,
  /undefined \(reading/,
  /fastify/i,
  /nest(js)?\b.*exception/i,
];

/** Codes of faults that the schema alone decides: a request that fits the document must not be refused with one. */
const SHAPE = new Set([
  'unknown_field',
  'not_whole',
  'not_number',
  'not_a_flag',
  'not_a_choice',
  'text_length',
  'too_small',
  'too_large',
  'not_a_day',
  'not_an_instant',
  'not_a_list',
  'not_an_object',
  'text_pattern',
  'too_few',
  'not_an_id',
  'too_many',
  'not_text',
  'malformed_json',
]);

let t: TestApp;
let worlds: Worlds;
let wire: Wire;
let contract: Contract;
let restore: () => void;
const callers: { name: string; headers: Headers | Record<string, never> }[] = [];

beforeAll(async () => {
  t = await startApp();
  worlds = await buildWorlds(t);
  wire = new Wire(t.address);
  contract = new Contract(worlds.examples.document);
  restore = undoMarkedCalls();
  callers.push({ name: 'nobody', headers: {} }, { name: 'no role', headers: await withoutRole(t) });
  for (const role of Object.keys(roles)) callers.push({ name: role, headers: await t.as(role, OURS) });
}, 60_000);

afterAll(async () => {
  restore();
  wire.close();
  await t.stop();
});

/** A caller who may, mostly; else anybody. */
function callerFor(operation: Operation, chance: Chance): (typeof callers)[number] {
  const fitting = callers.filter(
    ({ name }) =>
      operation.access === 'public' ||
      operation.access === 'signed-in' ||
      roles[name]?.some((grant) => grant.permission.name === operation.access),
  );
  return fitting.length > 0 && chance.is(0.75) ? chance.of(fitting) : chance.of(callers);
}

/** What is wrong with an answer, if anything. */
function faultOf(call: Call, answer: Heard, is: { valid: boolean; wrong: boolean }): string | undefined {
  if (answer.status >= 500) return `answers ${answer.status}: ${answer.text}`;
  const said = `${answer.text} ${JSON.stringify(answer.headers)}`;
  const leak = answer.status >= 400 && INSIDE.find((word) => word.test(said));
  if (leak) return `says ${String(leak)}: ${answer.text.slice(0, 400)}`;
  if (is.wrong && answer.status < 300) return `is accepted with ${answer.status}`;
  if (answer.status >= 400 && call.method !== 'HEAD') {
    if (!answer.headers['content-type']?.startsWith('application/problem+json'))
      return `answers ${answer.status} as ${answer.headers['content-type'] ?? 'nothing'}: ${answer.text.slice(0, 200)}`;
    const { traceId } = answer.body as { traceId?: string };
    if (traceId !== answer.headers['x-trace-id']) return `has another trace in its headers: ${answer.text}`;
  }
  if (is.valid && answer.status === 400) {
    const { errors = [], code } = answer.body as {
      errors?: { code: string; at: string; message: string }[];
      code: string;
    };
    const shape = errors.filter((one) => SHAPE.has(one.code));
    if (shape.length > 0 || SHAPE.has(code)) return `fits the document and is refused: ${JSON.stringify(shape)}`;
  }
  try {
    if (call.method !== 'OPTIONS' && answer.status !== 405) contract.check(answer);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

it(
  `keeps its word in ${CALLS} calls (FUZZ_SEED=${SEED})`,
  async () => {
    process.stdout.write(`fuzz: FUZZ_SEED=${SEED} FUZZ_CALLS=${CALLS}\n`);
    const chance = new Chance(SEED);
    const generator = new Generator(chance, worlds.examples.schemas, [
      worlds.own.ids,
      worlds.other.ids,
      worlds.theirs.ids,
      { ...worlds.own.ids, ...worlds.own.bySite },
    ]);
    const mutator = new Mutator(chance, worlds.examples.schemas);
    const faults = new Map<string, string>();
    const statuses: Record<number, number> = {};
    const accepted = new Set<string>();
    const { operations } = worlds.examples;
    let made = 0;

    const one = async (): Promise<void> => {
      const operation = operations[made++ % operations.length];
      if (!operation) return;
      const caller = callerFor(operation, chance);
      const draft = generator.draft(operation);
      const valid = chance.is(0.5);
      const spoiled = valid ? { how: 'as documented', wrong: false, call: write(draft) } : mutator.spoil(draft);
      const kept = chance.is(0.9) ? undone() : {};
      const call = { ...spoiled.call, headers: { ...kept, ...spoiled.call.headers, ...caller.headers } };
      const answer = await wire.send(call);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      if (valid && answer.status < 300) accepted.add(operation.name);
      const fault = faultOf(call, answer, { valid, wrong: spoiled.wrong });
      if (fault)
        faults.set(
          `${operation.name} (${spoiled.how.replace(/ in .*/, '')})`,
          `${fault}\n  as ${caller.name}: ${spoiled.how}: ${call.method} ${call.path.slice(0, 300)} ${JSON.stringify(spoiled.call.headers)} ${String(call.body ?? '').slice(0, 1500)}`,
        );
    };
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (made < CALLS) await one();
      }),
    );

    process.stdout.write(
      `fuzz: statuses ${JSON.stringify(statuses)}; accepted at least once: ${accepted.size} of ${operations.length} operations\n`,
    );
    expect([...faults].map(([where, fault]) => `${where} ${fault}`)).toEqual([]);
    expect(accepted.size).toBeGreaterThan(operations.length / 3);
  },
  30_000 + CALLS * 40,
);
