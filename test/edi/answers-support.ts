import { AnswerStore } from '../../src/edi/answers/answer-store';
import { Pseudonyms } from '../../src/edi/door/pseudonym';
import { Interests, somebody } from '../involvement/interest-support';
import { OURS, type TestApp } from '../support/app';

export type Headers = { authorization: string };
export interface Own {
  id: string;
  auth: Headers;
}
export type Row = Record<string, unknown>;

export const answer = (question: string, ...codes: string[]) => ({ question, state: 'answered', codes });
export const unsaid = (question: string) => ({ question, state: 'prefer-not-to-say' });
export const born = (yearOfBirth: number) => ({ question: 'year-of-birth', state: 'answered', yearOfBirth });
export const body = (...answers: object[]) => ({ questionnaire: 'diversity', questionnaireVersion: 1, answers });

/** What the tests of answers share: people, how each channel writes, and what is really stored. */
export class Answers {
  readonly interests: Interests;

  private constructor(
    readonly t: TestApp,
    readonly coordinator: Headers,
    readonly site: Headers,
  ) {
    this.interests = new Interests(t, coordinator, site);
  }

  static async of(t: TestApp): Promise<Answers> {
    return new Answers(t, await t.as('coordinator'), await t.as('site'));
  }

  person(): Promise<Own> {
    return this.interests.contributor();
  }

  get({ auth }: Own, query = '') {
    return this.t.api.get(`/v1/me/diversity-answers${query}`).set(auth);
  }

  put({ auth }: Own, version: number, sent: object) {
    return this.t.api.put('/v1/me/diversity-answers').set(auth).set('if-match', `"${version}-json"`).send(sent);
  }

  withdraw({ auth }: Own, version: number) {
    return this.t.api.delete('/v1/me/diversity-answers').set(auth).set('if-match', `"${version}-json"`);
  }

  object({ auth }: Own) {
    return this.t.api.post('/v1/me/diversity-answers/object').set(auth);
  }

  takeBack({ auth }: Own) {
    return this.t.api.post('/v1/me/diversity-answers/take-back-objection').set(auth);
  }

  record(id: string, sent: object, who = this.coordinator) {
    return this.t.api.put(`/v1/contributors/${id}/diversity-answers`).set(who).send(sent);
  }

  fromSite(interestId: string, volunteer: object, more: object = {}, who = this.site) {
    return this.t.api
      .post('/v1/diversity/answers/be-part-of-research')
      .set(who)
      .send({ interestId, volunteer, ...more });
  }

  /** An interest that the site sent, of somebody who has a record since. */
  async sentFor({ id }: Own): Promise<string> {
    const sent = await this.interests.send(this.site, await this.interests.opportunity(), {
      person: somebody(Math.floor(Number(id.replace(/\D/g, '').slice(-6)))),
    });
    if (sent.status !== 201) throw new Error(sent.text);
    const interestId = String((sent.body as Row).id);
    await this.t.db.query('UPDATE involvement.interest SET contributor_id = $1 WHERE id = $2', [id, interestId]);
    return interestId;
  }

  pseudonym({ id }: { id: string }): Buffer {
    return this.t.app.get(Pseudonyms, { strict: false }).ofContributor(id);
  }

  /** Every row of a person, as the owner of the database sees them. */
  async rows(person: { id: string }): Promise<Row[]> {
    const { rows } = await this.t.db.query<Row>(
      'SELECT * FROM edi_answers.answer_set WHERE pseudonym = $1 ORDER BY "from"',
      [this.pseudonym(person)],
    );
    return rows;
  }

  async objections(person: { id: string }): Promise<number> {
    return this.count('edi_answers.objection WHERE pseudonym = $1', [this.pseudonym(person)]);
  }

  async count(what: string, params: unknown[] = []): Promise<number> {
    const { rows } = await this.t.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`, params);
    return rows[0]?.n ?? 0;
  }

  store(): AnswerStore {
    return this.t.app.get(AnswerStore, { strict: false });
  }

  organisation(): Promise<string> {
    return this.t.organisation(OURS);
  }
}

export const codeOf = (answered: { body: unknown }): string => (answered.body as { code: string }).code;
export const faultsOf = (answered: { body: unknown }): string[] =>
  (answered.body as { errors: { at: string; code: string }[] }).errors.map((fault) => `${fault.at} ${fault.code}`);
