import type { Test } from 'supertest';
import type { TestApp } from '../support/app';

export type Headers = { authorization: string };
export const OURS = 'rrdn-north-west';
export const THEIRS = 'rrdn-south-west-central';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export interface Sent {
  id: string;
  version: number;
  state: string;
  form: string;
  replacesId: string | null;
  received: { rows: number; notes: string[] } | null;
}

/** Collections and returns for tests, by way of the API. */
export class Collecting {
  constructor(
    private readonly t: TestApp,
    readonly steward: Headers,
    readonly analyst: Headers,
    private readonly ids: Readonly<Record<string, string>>,
  ) {}

  static async at(t: TestApp): Promise<Collecting> {
    return new Collecting(t, await t.as('data-steward'), await t.as('diversity-analyst'), {
      [OURS]: await t.organisation(OURS),
      [THEIRS]: await t.organisation(THEIRS),
    });
  }

  async draft(more: Record<string, unknown> = {}): Promise<{ id: string; version: number }> {
    const answer = await this.t.api
      .post('/v1/diversity/collections')
      .set(this.steward)
      .send({ ...this.body(), ...more })
      .expect(201);
    return answer.body as { id: string; version: number };
  }

  body(): Record<string, unknown> {
    return {
      title: 'Public contributors, July to September 2026',
      from: '2026-07-01',
      until: '2026-10-01',
      forms: ['live', 'identified-rows', 'anonymous-rows', 'counts'],
      dueOn: '2026-12-11',
      releaseOn: '2027-01-19',
      organisations: [{ organisationId: this.ids[OURS] }, { organisationId: this.ids[THEIRS] }],
    };
  }

  /** A collection that takes returns. */
  async open(more: Record<string, unknown> = {}): Promise<string> {
    const { id } = await this.draft(more);
    await this.t.api.post(`/v1/diversity/collections/${id}/open`).set(this.steward).expect(200);
    return id;
  }

  /** @param without how many organisations have not signed off, where any have not */
  close(id: string, without?: number): Test {
    const call = this.t.api.post(`/v1/diversity/collections/${id}/close`).set(this.steward);
    return without === undefined ? call : call.send({ without });
  }

  reopen(id: string): Test {
    return this.t.api.post(`/v1/diversity/collections/${id}/reopen`).set(this.steward);
  }

  path(collection: string, form: string, more = '', organisation = OURS): string {
    const basis = form === 'counts' ? 'not-personal-data' : 'data-sharing-agreement';
    return `/v1/diversity/collections/${collection}/returns?organisation=${this.ids[organisation]}&form=${form}&basis=${basis}&basisReference=DSA-1${more}`;
  }

  send(
    collection: string,
    form: string,
    file: string | Buffer | undefined,
    more = '',
    who = this.analyst,
    organisation = OURS,
  ): Test {
    const call = this.t.api.post(this.path(collection, form, more, organisation)).set(who);
    return file === undefined
      ? call
      : call.set('content-type', typeof file === 'string' || file[0] !== 0x50 ? 'text/csv' : XLSX).send(file);
  }

  check(collection: string, form: string, file: string | Buffer, more = ''): Test {
    return this.t.api
      .post(`/v1/diversity/collections/${collection}/returns/check?organisation=${this.ids[OURS]}&form=${form}${more}`)
      .set(this.analyst)
      .set('content-type', typeof file === 'string' || file[0] !== 0x50 ? 'text/csv' : XLSX)
      .send(file);
  }

  async accepted(collection: string, form: string, file: string | Buffer | undefined, more = ''): Promise<Sent> {
    const answer = await this.send(collection, form, file, more).expect(201);
    return answer.body as Sent;
  }

  signOff(id: string, who = this.analyst): Test {
    return this.t.api.post(`/v1/diversity/returns/${id}/sign-off`).set(who);
  }

  figures(id: string, who = this.analyst): Test {
    return this.t.api.get(`/v1/diversity/returns/${id}/figures`).set(who);
  }

  /** Counts of rows in the tables behind the diversity login. */
  async stored(): Promise<number[]> {
    const { rows } = await this.t.db.query<{ n: number[] }>(
      `SELECT ARRAY[(SELECT count(*)::int FROM edi.return), (SELECT count(*)::int FROM edi_answers.returned_row), (SELECT count(*)::int FROM edi_answers.returned_count)] AS n`,
    );
    return rows[0]?.n ?? [];
  }
}
