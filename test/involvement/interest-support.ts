import { Relay } from '../../src/kernel/events/relay';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { OURS, TestApp } from '../support/app';
import { act, Headers, Known, makeDraft, makeProject } from './opportunity-support';

export const QUESTIONS = [
  { key: 'why', question: 'What do you know about falls?', maxWords: 10, required: false, ways: ['text', 'recording'] },
  { key: 'when', question: 'Which days suit you?', required: false, ways: ['text', 'letter'] },
];

/** Where each fault of an answer stands, with its code. */
export const faults = (answer: { body: unknown }): string[] =>
  (answer.body as { errors: { at: string; code: string }[] }).errors.map((e) => `${e.at} ${e.code}`);

/** Somebody without an account, as a site tells of them. */
export const somebody = (n: number, more: object = {}) => ({
  name: `Person ${n}`,
  email: `person${n}@example.org`,
  replyBy: 'email',
  ...more,
});

/** What the tests of interests share: open opportunities, people, and what is owed to them. */
export class Interests {
  private people = 0;
  private project: Promise<Known> | undefined;

  constructor(
    readonly t: TestApp,
    readonly coordinator: Headers,
    readonly site: Headers,
  ) {}

  /** A published opportunity of ours. */
  async opportunity(more: object = {}): Promise<string> {
    this.project ??= makeProject(this.t, this.coordinator);
    const { id } = await makeDraft(this.t, this.coordinator, (await this.project).id, {
      questions: QUESTIONS,
      ...more,
    });
    const answer = await act(this.t, this.coordinator, id, 'publish');
    if (answer.status !== 200) throw new Error(answer.text);
    return id;
  }

  async projectId(): Promise<string> {
    this.project ??= makeProject(this.t, this.coordinator);
    return (await this.project).id;
  }

  /** A contributor of ours with an account; `more` says how they are reached. */
  async contributor(more: object = {}): Promise<{ id: string; auth: Headers; name: string }> {
    const n = ++this.people;
    const name = `Contributor ${n}`;
    const made = await this.t.api
      .post('/v1/contributors')
      .set(this.coordinator)
      .send({
        organisationId: await this.t.organisation(OURS),
        name,
        email: `contributor${n}@example.org`,
        preferredChannel: 'email',
        ageGroup: 'adult',
        ...more,
      });
    if (made.status !== 201) throw new Error(made.text);
    const { id } = made.body as Known;
    const account = await this.t.account('contributor', OURS, `c${n}`);
    await this.t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [id, account.id]);
    return { id, auth: await this.t.as('contributor', OURS, `c${n}`), name };
  }

  send(who: Headers, opportunityId: string, body: object = {}) {
    return this.t.api.post(`/v1/opportunities/${opportunityId}/interests`).set(who).send(body);
  }

  record(opportunityId: string, body: object, who = this.coordinator) {
    return this.t.api
      .post(`/v1/opportunities/${opportunityId}/interests/recorded`)
      .set(who)
      .send({ channel: 'phone', ...body });
  }

  /** The interest of a new contributor. */
  async sent(
    opportunityId: string,
    body: object = {},
    more: object = {},
  ): Promise<Known & { contributor: { id: string; auth: Headers } }> {
    const contributor = await this.contributor(more);
    const answer = await this.send(contributor.auth, opportunityId, body);
    if (answer.status !== 201) throw new Error(answer.text);
    return { ...(answer.body as Known), contributor };
  }

  /** The interest of somebody without a record, whose contact was confirmed by call. */
  async recorded(opportunityId: string, person: object = {}, more: object = {}): Promise<Known> {
    const answer = await this.record(opportunityId, {
      person: { ...somebody(++this.people), ...person },
      confirmedByCall: true,
      ...more,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body as Known;
  }

  /** A move of one interest. */
  move(who: Headers, id: unknown, move: string, body?: object) {
    const call = this.t.api.post(`/v1/interests/${String(id)}/${move}`).set(who);
    return body ? call.send(body) : call;
  }

  decide(opportunityId: string, decisions: object[], who = this.coordinator) {
    return this.t.api.post(`/v1/opportunities/${opportunityId}/decisions`).set(who).send({ decisions });
  }

  /** The state as the database has it. */
  async stateOf(id: unknown): Promise<string> {
    const { rows } = await this.t.db.query<{ state: string }>('SELECT state FROM involvement.interest WHERE id = $1', [
      id,
    ]);
    return rows[0]?.state ?? 'none';
  }

  async count(opportunityId: string, ...states: string[]): Promise<number> {
    const { rows } = await this.t.db.query<{ n: number }>(
      'SELECT count(*)::integer AS n FROM involvement.interest WHERE opportunity_id = $1 AND state = ANY($2)',
      [opportunityId, states],
    );
    return rows[0]?.n ?? 0;
  }

  /** Kinds and states of the notices about what came of an interest, in their order. Word that it came in is not of them. */
  async noticesOf(interestId: unknown): Promise<string[]> {
    const { rows } = await this.t.db.query<{ told: string }>(
      `SELECT kind || ' ' || state AS told FROM involvement.notice WHERE interest_id = $1 AND kind <> 'interest-received' ORDER BY id`,
      [interestId],
    );
    return rows.map((row) => row.told);
  }

  /** Does the jobs that wait. */
  drain(): Promise<number> {
    return this.t.app.get(Jobs, { strict: false }).drain('notice.send', true);
  }

  /** Lets the log reach its consumers. */
  async relay(): Promise<void> {
    await this.t.app.get(Relay, { strict: false }).drain();
  }

  /** What was sent to an address, newest last. */
  async messagesTo(
    to: string,
  ): Promise<{ id: string; channel: string; subject: string; body: string; language: string; ref: string | null }[]> {
    const { rows } = await this.t.db.query(
      'SELECT id, channel, subject, body, language, ref FROM kernel.outbox_message WHERE recipient = $1 ORDER BY made_at, id',
      [to],
    );
    return rows as never;
  }
}
