import { startApp, type TestApp, THEIRS } from '../support/app';
import { answer, Answers, body, codeOf, faultsOf, type Row, unsaid } from './answers-support';

let t: TestApp;
let a: Answers;
beforeAll(async () => {
  t = await startApp();
  a = await Answers.of(t);
});
afterAll(() => t.stop());

const VOLUNTEER = {
  sexRegisteredAtBirth: 'Female',
  genderIsSameAsSexRegisteredAtBirth: true,
  ethnicGroup: 'black',
  ethnicBackground: 'Black British',
  disability: true,
  disabilityDescription: 'Yes, a little',
  dateOfBirth: '1971-02-03T00:00:00',
  selectedLocale: 'cy-GB',
};

describe('PUT /v1/contributors/{id}/diversity-answers', () => {
  it('is for those who keep the contributor’s record, and for nobody else', async () => {
    const person = await a.person();
    const sent = body(answer('sex', 'female'));
    await t.api.put(`/v1/contributors/${person.id}/diversity-answers`).send(sent).expect(401);
    await a.record(person.id, sent, person.auth).expect(403);
    await a.record(person.id, sent, await t.as('researcher')).expect(403);
    await a.record(person.id, sent, await t.as('data-steward')).expect(403);
    await a.record(person.id, sent, await t.as('coordinator', THEIRS)).expect(404);
    await a.record('01980000-0000-7000-8000-00000000abcd', sent).expect(404);
    expect(await a.rows(person)).toEqual([]);
  });

  it('writes what was told, leaves alone what was not, and gives nothing back', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('religion', 'hindu'), answer('sex', 'male'))).expect(200);
    const told = await a.record(person.id, body(answer('sex', 'female'), unsaid('unpaid-care')));
    expect([told.status, told.text]).toEqual([204, '']);
    expect(await a.rows(person)).toMatchObject([
      { religion: 'hindu', sex: 'female', unpaid_care: 'prefer-not-to-say', channel: 'supporter', version: 2 },
    ]);
    const audit = await t.db.query<Row>(
      `SELECT acting_for, after FROM kernel.audit_entry WHERE person_id = $1 AND action = 'answered' ORDER BY id DESC LIMIT 1`,
      [person.id],
    );
    expect(audit.rows).toEqual([{ acting_for: person.id, after: null }]);
    expect((await a.get(person)).body).toMatchObject({ channel: 'supporter', version: 2 });
  });

  it('says what is wrong by place, and what may not be', async () => {
    const person = await a.person();
    const refused = await a.record(person.id, body(answer('sex', 'woman'))).expect(400);
    expect(faultsOf(refused)).toEqual(['/answers/0/codes/0 unknown_code']);
    const asked = { ...body(answer('sex', 'female')), basis: 'diversity-by-consent' };
    expect(codeOf(await a.record(person.id, asked))).toBe('consent_needed');
    await a.record('not-an-id', body()).expect(400);
  });

  it('leaves answers that rest on agreement resting on it', async () => {
    const person = await a.person();
    await t.api
      .post(`/v1/contributors/${person.id}/consents`)
      .set(person.auth)
      .send({ purpose: 'diversity-by-consent', how: 'online' })
      .expect(201);
    await a.put(person, 0, { ...body(answer('sex', 'male')), basis: 'diversity-by-consent' }).expect(200);
    await a.record(person.id, body(answer('religion', 'sikh'))).expect(204);
    expect(await a.rows(person)).toMatchObject([{ basis: 'diversity-by-consent', religion: 'sikh', sex: 'male' }]);
  });
});

describe('POST /v1/diversity/answers/be-part-of-research', () => {
  it('takes a volunteer as that service has them, and names what could not be mapped', async () => {
    const person = await a.person();
    const sent = await a.fromSite(await a.sentFor(person), { ...VOLUNTEER, firstName: 'Ada', healthConditions: [] });
    expect(sent.status).toBe(200);
    expect(sent.body).toEqual({
      kept: [
        ...['sex', 'gender-identity', 'ethnic-group', 'ethnic-background', 'long-term-condition', 'activity-limited'],
        'year-of-birth',
      ],
      notMapped: [
        { field: 'ethnicBackground', code: 'cannot_be_mapped', message: expect.any(String) as string },
        { field: 'selectedLocale', code: 'cannot_be_mapped', message: expect.any(String) as string },
      ],
      notRead: ['firstName', 'healthConditions'],
    });
    expect(sent.text).not.toMatch(/Black British|1971|Ada|cy-GB/);
    expect(await a.rows(person)).toMatchObject([
      {
        ...{ sex: 'female', gender_identity: 'same-as-sex-registered', ethnic_group: 'black', ethnic_background: null },
        ...{ background_list: 'ethnic-background-be-part-of-research/2', background_code: 'black-british' },
        ...{ disability: 'limited-a-little', year_of_birth: 1971, main_language: null, channel: 'site' },
      },
    ]);
  });

  it('keeps nothing where nothing was filled, and changes only what was', async () => {
    const person = await a.person();
    const interest = await a.sentFor(person);
    const nothing = await a.fromSite(interest, { sexRegisteredAtBirth: null, ethnicGroup: '' }).expect(200);
    expect(nothing.body).toEqual({ kept: [], notMapped: [], notRead: [] });
    expect(await a.rows(person)).toEqual([]);
    await a.fromSite(interest, { ethnicGroup: 'white' }).expect(200);
    const wrong = await a.fromSite(interest, { sexRegisteredAtBirth: 7, dateOfBirth: '2050-01-01', disability: 'x' });
    expect((wrong.body as { notMapped: Row[] }).notMapped.map((one) => [one.field, one.code])).toEqual([
      ['sexRegisteredAtBirth', 'unknown_value'],
      ['dateOfBirth', 'unknown_value'],
      ['disability', 'unknown_value'],
    ]);
    expect(await a.rows(person)).toMatchObject([{ ethnic_group: 'white', sex: null }]);
  });

  it('is for sites, for people whose interest they sent themselves, once those have a record', async () => {
    const person = await a.person();
    const interest = await a.sentFor(person);
    const call = () => t.api.post('/v1/diversity/answers/be-part-of-research');
    await call().send({ interestId: interest, volunteer: VOLUNTEER }).expect(401);
    await a.fromSite(interest, VOLUNTEER, {}, a.coordinator).expect(403);
    await a.fromSite(interest, VOLUNTEER, {}, await t.as('site', undefined, 'another')).expect(404);
    await a.fromSite('01980000-0000-7000-8000-00000000abcd', VOLUNTEER).expect(404);
    await a.fromSite('nothing', VOLUNTEER).expect(400);
    await call().set(a.site).send({ interestId: interest }).expect(400);
    await call().set(a.site).send({ interestId: interest, volunteer: [] }).expect(400);
    expect(await a.rows(person)).toEqual([]);
    await t.db.query(`UPDATE involvement.interest SET contributor_id = NULL WHERE id = $1`, [interest]);
    expect(codeOf(await a.fromSite(interest, VOLUNTEER))).toBe('no_record_yet');
  });

  it('has one effect for one Idempotency-Key, and stores no answer with it', async () => {
    const person = await a.person();
    const interest = await a.sentFor(person);
    const send = () => a.fromSite(interest, VOLUNTEER).set('idempotency-key', 'volunteer-1');
    await send().expect(200);
    const again = await send();
    expect([again.status, again.headers['idempotent-replay'], again.text]).toEqual([204, 'true', '']);
    expect(await a.rows(person)).toMatchObject([{ version: 1 }]);
    const stored = await t.db.query<Row>(
      `SELECT answer, request_hash FROM kernel.idempotency WHERE key = 'volunteer-1'`,
    );
    expect(stored.rows).toMatchObject([{ answer: null }]);
    const other = await a.fromSite(interest, { ethnicGroup: 'asian' }).set('idempotency-key', 'volunteer-1');
    expect(codeOf(other)).toBe('idempotency_key_reused');
  });

  it('commits the stored answer with the effect, or neither', async () => {
    const person = await a.person();
    const interest = await a.sentFor(person);
    await a.object(person).expect(200);
    const send = () => a.fromSite(interest, VOLUNTEER).set('idempotency-key', 'volunteer-2');
    expect(codeOf(await send())).toBe('objection_stands');
    expect(await a.count(`kernel.idempotency WHERE key = 'volunteer-2'`)).toBe(0);
    await a.takeBack(person).expect(200);
    await send().expect(200);
    expect(await a.rows(person)).toHaveLength(1);
  });
});
