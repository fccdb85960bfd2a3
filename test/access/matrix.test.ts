import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sequencer } from '../../src/kernel/events/sequencer';
import { roles } from '../../src/roles';
import { OURS, startApp, type TestApp } from '../support/app';
import { Contract } from '../support/contract';
import type { Operation } from '../support/operations';
import { undone, undoMarkedCalls } from '../support/undo';
import { Wire } from '../support/wire';
import { buildWorlds, type Headers, type Ids, rowsOf, SOMEBODY, withoutRole, type Worlds } from '../support/worlds';
import { type Cell, compared, type Line, read, render, type Whose, WHOSE } from './table';

/**
 * Every route, for every role, on a record of the caller's own, on somebody else's in the same organisation, and on another
 * organisation's, held against `expected.md`. `UPDATE_MATRIX=1` writes that file anew, for a person to read before it is committed.
 *
 * All callers belong to one organisation. "Own" is, for a contributor, their own record and what hangs on it; for a researcher, a
 * project in whose team they are; for a site, the interest that it sent; for everybody, their own account, membership and
 * application. Other roles have nothing that is theirs alone: for them own and other's are the same two records of one organisation.
 *
 * A call is the example of the OpenAPI document with the ids of those records in it, and its writes are taken back. `yes` is any
 * answer but 401, 403 and 404: access was given and the record was seen, even where its state then forbade the change. A list
 * answers `yes` where the record is in it and `none` where it is not.
 */

const FILE = join(__dirname, 'expected.md');
const CALLERS = ['nobody', 'no role', ...Object.keys(roles)];

/** Where the permission is there and a rule about the record forbids the act all the same. */
const REFUSED_BY_RULE = new Set([
  // A coordinator gives and ends the roles researcher and contributor, not that of a coordinator, such as their own.
  'POST /v1/memberships/{id}/end as coordinator, own',
]);

/** What is done to a record that anybody can see, and makes one of the caller's own. */
const OPEN_TO_ALL = new Set(['POST /v1/opportunities/{id}/interests as contributor']);

let t: TestApp;
let worlds: Worlds;
let wire: Wire;
let contract: Contract;
let restore: () => void;
const headers = new Map<string, Headers | Record<string, never>>();
const records = new Map<string, Record<Whose, Ids>>();
const faults: string[] = [];
let lines: Line[] = [];

beforeAll(async () => {
  t = await startApp();
  worlds = await buildWorlds(t);
  await t.app.get(Sequencer, { strict: false }).run();
  wire = new Wire(t.address);
  contract = new Contract(worlds.examples.document);
  for (const caller of CALLERS) {
    headers.set(
      caller,
      caller === 'nobody' ? {} : caller === 'no role' ? await withoutRole(t) : await t.as(caller, OURS),
    );
    records.set(caller, {
      own: CALLERS.indexOf(caller) < 2 ? worlds.own.ids : await worlds.own.own(caller),
      other: worlds.other.ids,
      theirs: worlds.theirs.ids,
    });
  }
  restore = undoMarkedCalls();
  lines = await everyLine();
}, 120_000);

afterAll(async () => {
  restore();
  wire.close();
  await t.stop();
});

async function everyLine(): Promise<Line[]> {
  const made: Line[] = [];
  for (const operation of worlds.examples.operations) {
    const cells: Line['cells'] = {};
    // All callers ask with the same reference, which is what is counted where references could be guessed.
    await t.db.query(`DELETE FROM kernel.rate_limit WHERE key LIKE 'follow%'`);
    await Promise.all(
      CALLERS.map(async (caller) => {
        const of = {} as Record<Whose, Cell>;
        for (const whose of WHOSE)
          of[whose] = await cell(operation, caller, whose).catch((error: unknown): Cell => fault(String(error)));
        cells[caller] = of;
      }),
    );
    made.push({ route: operation.name, tag: operation.tags[0] ?? 'service', access: operation.access, cells });
  }
  return made;
}

/** A call that could not be made or was answered as the document does not say. */
function fault(message: string): Cell {
  if (!faults.includes(message)) faults.push(message);
  return 'none';
}

async function cell(operation: Operation, caller: string, whose: Whose): Promise<Cell> {
  const ids = records.get(caller)?.[whose];
  if (!ids) throw new Error(`There are no records for ${caller}`);
  const rows = operation.method === 'GET' ? rowsOf(operation.path) : undefined;
  let path = addressOf(operation, ids, rows !== undefined);
  const body = fitting(operation, caller, worlds.examples.body(operation, ids), ids);
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  for (;;) {
    const answer = await wire.send({
      method: operation.method,
      path,
      headers: { ...worlds.examples.headers(operation), ...headers.get(caller), ...undone() },
      body: text,
    });
    contract.check(answer);
    if (answer.status === 400 || answer.status === 429)
      return fault(`${operation.name} as ${caller}, ${whose}: ${answer.text}`);
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) return String(answer.status) as Cell;
    if (answer.status !== 200 || rows === undefined) return 'yes';
    if (answer.text.includes(ids[rows] ?? 'no such record')) return 'yes';
    const next = (answer.body as { meta?: { nextCursor?: string | null } } | undefined)?.meta?.nextCursor;
    if (!next) return 'none';
    path = `${path.split('?')[0]}?limit=100&cursor=${encodeURIComponent(next)}`;
  }
}

/** What the example cannot know: a site says for whom it sends an interest; whoever follows one knows its reference. */
function fitting({ name }: Operation, caller: string, body: unknown, ids: Ids): unknown {
  if (name === 'POST /v1/opportunities/{id}/interests' && caller === 'site')
    return { ...(body as object), person: SOMEBODY('matrix') };
  const known =
    name.startsWith('POST /v1/interests/') && typeof body === 'object' && body !== null && 'reference' in body;
  return known ? { ...body, reference: ids.reference, ...('contact' in body ? { contact: ids.contact } : {}) } : body;
}

/** The address for these records. Lists are asked for as they come; what answers about an organisation is asked about this one. */
function addressOf(operation: Operation, ids: Ids, isList: boolean): string {
  const path = worlds.examples.path(operation, ids);
  const [address = '', query = ''] = path.split('?');
  const asked = new URLSearchParams(query);
  const takes = (name: string): boolean => operation.parameters.some((one) => one.in === 'query' && one.name === name);
  if (isList && takes('limit')) asked.set('limit', '100');
  if (!isList && operation.method === 'GET' && takes('organisation')) asked.set('organisation', ids.organisation ?? '');
  const text = asked.toString();
  return text ? `${address}?${text}` : address;
}

describe('who may do what to which record', () => {
  it('was asked with requests that are right', () => {
    expect(faults).toEqual([]);
  });

  it('is as the reviewed table says, with a row for every route', () => {
    const found = render(lines, CALLERS);
    if (process.env.UPDATE_MATRIX) writeFileSync(FILE, found);
    const expected = read(readFileSync(FILE, 'utf8'));
    const routes = lines.map((line) => line.route);
    expect({ 'routes without a row': routes.filter((route) => !expected.has(route)) }).toEqual({
      'routes without a row': [],
    });
    expect({ 'rows without a route': [...expected.keys()].filter((route) => !routes.includes(route)) }).toEqual({
      'rows without a route': [],
    });
    expect(compared(read(found), expected)).toEqual([]);
  });

  it('gives nobody without an account, and no account without a role, more than is open to them', () => {
    const open = lines.filter(
      (line) => line.access !== 'public' && (line.cells.nobody?.own !== '401' || line.cells.nobody.theirs !== '401'),
    );
    expect(open.map((line) => line.route)).toEqual([]);
    const given = lines.filter(
      (line) =>
        !['public', 'signed-in'].includes(line.access) &&
        WHOSE.some((whose) => line.cells['no role']?.[whose] !== '403'),
    );
    expect(given.map((line) => line.route)).toEqual([]);
  });

  it('follows the roles: a role without the permission gets 403 whatever the record, one with it never', () => {
    const wrong: string[] = [];
    for (const line of lines.filter((one) => !['public', 'signed-in', ''].includes(one.access))) {
      for (const [role, grants] of Object.entries(roles)) {
        const has = grants.some((grant) => grant.permission.name === line.access);
        for (const whose of WHOSE) {
          const refused = line.cells[role]?.[whose] === '403';
          if (refused === has && !REFUSED_BY_RULE.has(`${line.route} as ${role}, ${whose}`))
            wrong.push(`${line.route} as ${role}, ${whose}: ${line.cells[role]?.[whose]}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('shows no record of another organisation to a permission that reaches one organisation or what is own', () => {
    const shown: string[] = [];
    for (const line of lines.filter((one) => !['public', 'signed-in', ''].includes(one.access))) {
      for (const [role, grants] of Object.entries(roles)) {
        const extents = grants.filter((grant) => grant.permission.name === line.access).map((grant) => grant.extent);
        if (
          extents.length > 0 &&
          !extents.includes('everywhere') &&
          line.cells[role]?.theirs === 'yes' &&
          namesRecord(line.route)
        )
          shown.push(`${line.route} as ${role}`);
      }
    }
    expect(shown.filter((one) => !OPEN_TO_ALL.has(one))).toEqual([]);
  });
});

/** Whether the route is about one record, or a list in which a record would show. */
function namesRecord(route: string): boolean {
  const operation = worlds.examples.operation(route);
  return operation.path.includes('{') || (operation.method === 'GET' && rowsOf(operation.path) !== undefined);
}
