import type { TestApp } from '../support/app';
import { OURS } from '../support/app';

/** What the tests of opportunities share: a project, a draft that can be published, and a look at what was told and recorded. */

export interface Known {
  id: string;
  version: number;
  [field: string]: unknown;
}

export type Headers = { authorization: string };

/** A draft that says everything that is needed to publish it. */
export const WHOLE = {
  kind: 'focus-group',
  title: 'Talk about falls',
  summary: 'Two evenings with six others.',
  stage: 'design',
  mode: 'online',
  whatIsInvolved: 'You talk about what would help.',
  howToApply: [{ way: 'phone', detail: 'Ring 01632 960121.' }],
  closesOn: '2026-12-18',
} as const;

export async function makeProject(t: TestApp, who: Headers, organisation = OURS, more: object = {}): Promise<Known> {
  const body = { organisationId: await t.organisation(organisation), kind: 'study', title: 'Steady Steps', ...more };
  const made = await t.api.post('/v1/projects').set(who).send(body);
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  return made.body as Known;
}

export async function makeDraft(t: TestApp, who: Headers, projectId: string, more: object = {}): Promise<Known> {
  const made = await t.api
    .post('/v1/opportunities')
    .set(who)
    .send({ projectId, ...WHOLE, ...more });
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  return made.body as Known;
}

/** A state change; `body` where it takes one. */
export const act = (t: TestApp, who: Headers, id: unknown, move: string, body?: object) => {
  const call = t.api.post(`/v1/opportunities/${String(id)}/${move}`).set(who);
  return body ? call.send(body) : call;
};

/** Types of the events about a record, in their order. */
export async function eventsOf(t: TestApp, subjectId: unknown): Promise<string[]> {
  const { rows } = await t.db.query<{ type: string }>(
    'SELECT type FROM kernel.event WHERE subject_id = $1 ORDER BY entry',
    [subjectId],
  );
  return rows.map((row) => row.type);
}

/** The newest event about a record. */
export async function lastEvent(
  t: TestApp,
  subjectId: unknown,
): Promise<{ type: string; public: boolean; version: number; data: Record<string, unknown> }> {
  const { rows } = await t.db.query(
    'SELECT type, public, version, data FROM kernel.event WHERE subject_id = $1 ORDER BY entry DESC LIMIT 1',
    [subjectId],
  );
  return rows[0] as never;
}

/** Actions in the audit trail about a record. */
export async function auditOf(t: TestApp, subjectId: unknown): Promise<string[]> {
  const { rows } = await t.db.query<{ action: string }>(
    'SELECT action FROM kernel.audit_entry WHERE subject_id = $1 ORDER BY id',
    [subjectId],
  );
  return rows.map((row) => row.action);
}

export const code = (answer: { body: unknown }): string => (answer.body as { code: string }).code;
