import { startApp, type TestApp } from '../support/app';
import { answer, Answers, body, born, codeOf, faultsOf, type Row, unsaid } from './answers-support';

let t: TestApp;
let a: Answers;
beforeAll(async () => {
  t = await startApp();
  a = await Answers.of(t);
});
afterAll(() => t.stop());
beforeEach(() => t.clock.set('2026-11-23T12:00:00.000Z'));

const states = (answered: { body: unknown }): Record<string, unknown> =>
  Object.fromEntries(
    (answered.body as { answers: Row[] }).answers.map((one) => [
      String(one.question),
      one.state === 'answered' ? (one.yearOfBirth ?? (one.codes as string[]).join('+')) : one.state,
    ]),
  );
const counted = (answered: { body: unknown }): Record<string, unknown> =>
  Object.fromEntries(
    (answered.body as { countedAs: { characteristic: string; codes: string[] }[] }).countedAs.map((one) => [
      one.characteristic,
      one.codes.join('+'),
    ]),
  );

describe('GET /v1/me/diversity-answers', () => {
  it('is for contributors, and for those whose account is tied to a record', async () => {
    await t.api.get('/v1/me/diversity-answers').expect(401);
    await t.api.get('/v1/me/diversity-answers').set(a.coordinator).expect(403);
    const untied = await t.as('contributor', undefined, 'untied');
    expect((await t.api.get('/v1/me/diversity-answers').set(untied)).status).toBe(404);
  });

  it('says, before anything is answered, why answers may be held, until when, and who sees them', async () => {
    const person = await a.person();
    const { body: got, headers } = await a.get(person).expect(200);
    expect(got).toMatchObject({
      ...{ id: person.id, version: 0, from: null, answers: [], countedAs: [], objectedOn: null },
      kept: {
        purpose: 'equality-monitoring',
        lawfulBasis: 'UK GDPR article 6(1)(e), public task',
        condition: expect.stringContaining('paragraph 8') as string,
        afterwards: expect.stringMatching(/next snapshot leaves you out.*published before stay/) as string,
        until: expect.stringMatching(/Until you take them back/) as string,
      },
    });
    expect(headers.etag).toBe('"0-json"');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('puts each reading in the ledger that the person reads', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('sex', 'female'))).expect(200);
    await a.get(person).expect(200);
    await a.get(person, '?on=2026-11-01').expect(200);
    const { body: ledger } = await t.api.get(`/v1/contributors/${person.id}/reads`).set(person.auth).expect(200);
    const reads = (ledger as { data: Row[] }).data.filter((read) => read.subject === 'diversity_answers');
    expect(reads).toHaveLength(2);
    expect(reads[0]).toMatchObject({ what: 'diversity answers', purpose: 'equality-monitoring', reader: 'person' });
  });
});

describe('PUT /v1/me/diversity-answers', () => {
  it('keeps three states apart, and says what they count as', async () => {
    const person = await a.person();
    const put = await a
      .put(
        person,
        0,
        body(
          ...[born(1961), answer('sex', 'female'), unsaid('religion'), answer('long-term-condition', 'yes')],
          ...[answer('activity-limited', 'yes-a-little'), answer('impairment', 'hearing', 'memory')],
          { question: 'postcode', state: 'answered', outwardPostcode: 'LS2' },
        ),
      )
      .expect(200);
    expect(put.headers.etag).toBe('"1-json"');
    const got = await a.get(person).expect(200);
    expect(got.body).toEqual(put.body);
    expect(states(got)).toMatchObject({
      ...{ 'year-of-birth': 1961, sex: 'female', religion: 'prefer-not-to-say', 'unpaid-care': 'not-asked' },
      ...{ impairment: 'hearing+memory', postcode: 'E12000003' },
    });
    expect(counted(got)).toMatchObject({
      ...{ age: '65-74', sex: 'female', religion: 'prefer-not-to-say', 'unpaid-care': 'not-known' },
      ...{ disability: 'limited-a-little', impairment: 'hearing+memory', region: 'E12000003' },
    });
    expect(await a.rows(person)).toMatchObject([
      { version: 1, channel: 'person', basis: 'equality-monitoring', until: null },
    ]);
  });

  it('brings ethnic backgrounds of each nation to the five groups, and says where that cannot be', async () => {
    const person = await a.person();
    const of = async (version: number, code: string, list?: string): Promise<Record<string, unknown>> => {
      const sent = body({ ...answer('ethnic-background', code), ...(list ? { list } : {}) });
      return counted(await a.put(person, version, sent).expect(200));
    };
    expect(await of(0, 'mixed-white-and-asian')).toMatchObject({
      ...{ 'ethnic-group': 'mixed', 'ethnic-background': 'mixed-white-and-asian' },
    });
    expect(await of(1, 'caribbean-or-black', 'ethnic-background-scotland/1')).toMatchObject({
      ...{ 'ethnic-group': 'black', 'ethnic-background': 'not-known' },
    });
    expect(await of(2, 'other', 'ethnic-background-northern-ireland/1')).toMatchObject({
      ...{ 'ethnic-group': 'not-known', 'ethnic-background': 'not-known' },
    });
    expect((await a.rows(person))[0]).toMatchObject({
      ...{ background_list: 'ethnic-background-northern-ireland/1', background_code: 'other' },
    });
  });

  it('keeps one age of two that agree, in whatever order they come: the year, or the band where the year is not said', async () => {
    const person = await a.person();
    const notAsked = (question: string) => ({ question, state: 'not-asked' });
    let version = 0;
    for (const [sent, year, band] of [
      [[born(1991), answer('age', '25-34')], 1991, null],
      [[answer('age', '35-44'), born(1991)], 1991, null],
      [[born(1951), notAsked('age')], 1951, null],
      [[answer('age', '25-34'), unsaid('year-of-birth')], null, '25-34'],
      [[answer('age', '25-34'), notAsked('year-of-birth')], null, '25-34'],
      [[notAsked('age'), unsaid('year-of-birth')], null, 'prefer-not-to-say'],
    ] as const) {
      await a.put(person, version++, body(...sent)).expect(200);
      expect(await a.rows(person)).toMatchObject([{ year_of_birth: year, age_band: band }]);
    }
  });

  it('takes back what it gave: what was read can be sent again and nothing of it is lost', async () => {
    const person = await a.person();
    const { body: first } = await a.put(person, 0, body(born(1951), answer('sex', 'female'))).expect(200);
    const read = (first as { answers: Row[] }).answers.filter(({ question }) => question !== 'postcode');
    const again = read.map(({ question, state, codes, list, yearOfBirth }) => ({
      ...{ question, state, list, yearOfBirth },
      ...((codes as string[]).length > 0 ? { codes } : {}),
    }));
    const { body: second } = await a.put(person, 1, body(...again)).expect(200);
    expect((second as { answers: Row[] }).answers).toEqual((first as { answers: Row[] }).answers);
  });

  it('keeps what stood before for the days before, so that a day can be asked about', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('unpaid-care', 'none'), answer('sex', 'male'))).expect(200);
    await a.put(person, 1, body(answer('unpaid-care', 'up-to-9-hours'), answer('sex', 'male'))).expect(200);
    t.clock.set('2026-12-05T12:00:00.000Z');
    await a.put(person, 2, body(answer('unpaid-care', '10-19-hours'))).expect(200);
    const on = async (day: string): Promise<unknown> =>
      counted(await a.get(person, `?on=${day}`).expect(200))['unpaid-care'];
    expect([await on('2026-11-22'), await on('2026-11-23'), await on('2026-12-04'), await on('2026-12-05')]).toEqual([
      ...[undefined, 'up-to-9-hours', 'up-to-9-hours', '10-19-hours'],
    ]);
    expect(counted(await a.get(person))).toMatchObject({ sex: 'not-known' });
    expect(await a.rows(person)).toHaveLength(2);
  });

  it('asks for the version that was read', async () => {
    const person = await a.person();
    await t.api
      .put('/v1/me/diversity-answers')
      .set(person.auth)
      .send(body(answer('sex', 'male')))
      .expect(428);
    await a.put(person, 1, body(answer('sex', 'male'))).expect(412);
    await a.put(person, 0, body(answer('sex', 'male'))).expect(200);
    await a.put(person, 0, body(answer('sex', 'male'))).expect(412);
  });

  it.each<[string, object, string]>([
    ['an unknown question', body(answer('shoe-size', 'x')), '/answers/0/question unknown_question'],
    ['an unknown code', body(answer('sex', 'woman')), '/answers/0/codes/0 unknown_code'],
    ['a code of another list', body(answer('ethnic-background', 'scottish')), '/answers/0/codes/0 unknown_code'],
    [
      'a list of another version',
      body({ ...answer('ethnic-background', 'white-roma'), list: 'ethnic-background/2' }),
      '/answers/0/list unknown_list',
    ],
    [
      'another version of the questionnaire',
      { ...body(), questionnaireVersion: 2 },
      '/questionnaireVersion unknown_questionnaire',
    ],
    ['another questionnaire', { ...body(), questionnaire: 'feedback' }, '/questionnaireVersion unknown_questionnaire'],
    [
      'two answers to one question',
      body(answer('sex', 'male'), answer('sex', 'female')),
      '/answers/1/question repeated',
    ],
    ['two codes where one can be', body(answer('sex', 'male', 'female')), '/answers/0/codes too_many'],
    ['none with others', body(answer('impairment', 'none', 'vision')), '/answers/0/codes not_together'],
    ['an answer without one', body({ question: 'sex', state: 'answered' }), '/answers/0/codes answer_missing'],
    ['an answer that is not said', body({ ...unsaid('sex'), codes: ['male'] }), '/answers/0/state answer_and_state'],
    ['a year of birth to come', body(born(2027)), '/answers/0/yearOfBirth born_in_the_future'],
    ['a birth 130 years ago', body(born(1896)), '/answers/0/yearOfBirth born_too_long_ago'],
    ['a year of birth for a code', body({ ...born(1961), codes: ['45-54'] }), '/answers/0/yearOfBirth answer_missing'],
    [
      'a postcode that is none',
      body({ question: 'postcode', state: 'answered', outwardPostcode: 'ZZ9' }),
      '/answers/0/outwardPostcode unknown_postcode',
    ],
    [
      'a group that is not the background’s',
      body(answer('ethnic-group', 'white'), answer('ethnic-background', 'asian-indian')),
      '/answers answers_contradict',
    ],
    ['an age that is not the year’s', body(born(1951), answer('age', '25-34')), '/answers answers_contradict'],
    ['a year of birth with no age to say', body(unsaid('age'), born(1951)), '/answers answers_contradict'],
    [
      'an effect of no condition',
      body(answer('long-term-condition', 'no'), answer('activity-limited', 'yes-a-lot')),
      '/answers answers_contradict',
    ],
    ['a state that is none', body({ question: 'sex', state: 'unknown' }), '/answers/0/state not_a_choice'],
    ['an unknown field', { ...body(), mood: 'good' }, '/mood unknown_field'],
  ])('refuses %s, says where, and repeats nothing of it', async (_, sent, fault) => {
    const person = await a.person();
    const refused = await a.put(person, 0, sent);
    expect(refused.status).toBe(400);
    expect(faultsOf(refused)).toContain(fault);
    expect(refused.text).not.toMatch(/1896|2027|1951|25-34|"woman"|scottish|asian-indian|yes-a-lot|ZZ9/);
    expect(await a.rows(person)).toEqual([]);
  });

  it('tells and writes down that it was done, and nothing of what was said', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('religion', 'sikh'), answer('sexual-orientation', 'bisexual'))).expect(200);
    const { rows } = await t.db.query<Row>(
      `SELECT action, subject, subject_id, before, after, purpose FROM kernel.audit_entry WHERE person_id = $1 AND subject = 'diversity_answers'`,
      [person.id],
    );
    expect(rows).toEqual([
      {
        ...{ action: 'answered', subject: 'diversity_answers', subject_id: person.id },
        ...{ before: null, after: null, purpose: 'equality-monitoring' },
      },
    ]);
    const events = await t.db.query<Row>(
      `SELECT type, public, data FROM kernel.event WHERE subject_id = $1 AND subject = 'diversity-answers'`,
      [person.id],
    );
    expect(events.rows).toEqual([{ type: 'diversity-answers.given', public: false, data: { channel: 'person' } }]);
    for (const table of ['kernel.audit_entry', 'kernel.event', 'kernel.idempotency'])
      expect(await a.count(`${table} x WHERE x::text ~ 'sikh|bisexual'`)).toBe(0);
  });

  it('rests on agreement where that is the basis, and ends with it', async () => {
    const person = await a.person();
    const sent = { ...body(answer('sex', 'male')), basis: 'diversity-by-consent' };
    const refused = await a.put(person, 0, sent);
    expect([refused.status, codeOf(refused)]).toEqual([422, 'consent_needed']);
    const consents = `/v1/contributors/${person.id}/consents`;
    const given = await t.api
      .post(consents)
      .set(person.auth)
      .send({ purpose: 'diversity-by-consent', how: 'online' })
      .expect(201);
    const put = await a.put(person, 0, sent).expect(200);
    expect(put.body).toMatchObject({
      kept: { purpose: 'diversity-by-consent', condition: expect.stringContaining('explicit consent') as string },
    });
    await t.api
      .post(`${consents}/${String((given.body as Row).id)}/withdraw`)
      .set(person.auth)
      .expect(200);
    expect(await a.rows(person)).toEqual([]);
    expect((await a.get(person)).body).toMatchObject({ version: 0, answers: [] });
  });
});

describe('DELETE /v1/me/diversity-answers', () => {
  it('deletes them all, those of earlier days too, and lets them be given again', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('sex', 'male'))).expect(200);
    t.clock.set('2026-12-05T12:00:00.000Z');
    await a.put(person, 1, body(answer('sex', 'male'))).expect(200);
    await t.api.delete('/v1/me/diversity-answers').set(person.auth).expect(428);
    await a.withdraw(person, 1).expect(412);
    expect(await a.rows(person)).toHaveLength(2);
    await a.withdraw(person, 2).expect(204);
    expect(await a.rows(person)).toEqual([]);
    await a.withdraw(person, 2).expect(404);
    expect(
      await a.count(`kernel.event WHERE subject_id = $1 AND type = 'diversity-answers.withdrawn'`, [person.id]),
    ).toBe(1);
    expect(await a.count(`kernel.audit_entry WHERE person_id = $1 AND action = 'withdrew'`, [person.id])).toBe(1);
    await a.put(person, 0, body(answer('sex', 'male'))).expect(200);
  });
});

describe('POST /v1/me/diversity-answers/object', () => {
  it('ends answers, is remembered, and keeps everybody from entering new ones until it is taken back', async () => {
    const person = await a.person();
    const interest = await a.sentFor(person);
    await a.put(person, 0, body(answer('sex', 'male'))).expect(200);
    const objected = await a.object(person).expect(200);
    expect(objected.body).toEqual({ contributorId: person.id, objected: true });
    expect(await a.rows(person)).toEqual([]);
    expect(await a.objections(person)).toBe(1);
    expect((await a.get(person)).body).toMatchObject({ version: 0, objectedOn: '2026-11-23' });
    for (const refused of [
      await a.put(person, 0, body(answer('sex', 'male'))),
      await a.record(person.id, body(answer('sex', 'male'))),
      await a.fromSite(interest, { sexRegisteredAtBirth: 'male' }),
    ])
      expect([refused.status, codeOf(refused)]).toEqual([409, 'objection_stands']);
    expect(await a.rows(person)).toEqual([]);
    await a.object(person).expect(200);
    await a.takeBack(person).expect(200);
    expect(codeOf(await a.takeBack(person))).toBe('no_objection');
    expect(await a.objections(person)).toBe(0);
    await a.put(person, 0, body(answer('sex', 'male'))).expect(200);
  });

  it('is the same objection that is written down among the others', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('sex', 'male'))).expect(200);
    const path = `/v1/contributors/${person.id}/objections`;
    const made = await t.api
      .post(path)
      .set(a.coordinator)
      .send({ purpose: 'equality-monitoring', how: 'phone' })
      .expect(201);
    expect(await a.rows(person)).toEqual([]);
    expect(await a.objections(person)).toBe(1);
    await t.api
      .post(`${path}/${String((made.body as Row).id)}/withdraw`)
      .set(person.auth)
      .expect(200);
    expect(await a.objections(person)).toBe(0);
    await a.object(person).expect(200);
    const { body: listed } = await t.api.get(path).set(person.auth).expect(200);
    expect((listed as { data: Row[] }).data.filter((one) => one.withdrawnAt === null)).toMatchObject([
      { purpose: 'equality-monitoring' },
    ]);
  });

  it('asks for an account tied to a record', async () => {
    await t.api.post('/v1/me/diversity-answers/object').expect(401);
    await t.api.post('/v1/me/diversity-answers/object').set(a.coordinator).expect(403);
    await t.api.post('/v1/me/diversity-answers/take-back-objection').set(a.site).expect(403);
  });
});
