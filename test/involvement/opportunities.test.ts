import { NOON, OURS, startApp, TestApp, THEIRS } from '../support/app';
import {
  act,
  auditOf,
  code,
  eventsOf,
  Headers,
  Known,
  lastEvent,
  makeDraft,
  makeProject,
  WHOLE,
} from './opportunity-support';

describe('Opportunities', () => {
  let t: TestApp;
  let coordinator: Headers;
  let other: Headers;
  let administrator: Headers;
  let project: Known;

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    other = await t.as('coordinator', THEIRS);
    administrator = await t.as('national-administrator');
    project = await makeProject(t, coordinator);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const draft = (more: object = {}): Promise<Known> => makeDraft(t, coordinator, project.id, more);
  const published = async (more: object = {}): Promise<Known> => {
    const { id } = await draft(more);
    const answer = await act(t, coordinator, id, 'publish');
    expect(answer.status).toBe(200);
    return answer.body as Known;
  };
  const patch = (id: string, version: number, body: object, who = coordinator) =>
    t.api.patch(`/v1/opportunities/${id}`).set(who).set('if-match', `"${version}-json"`).send(body);
  const versions = async (
    id: string,
    who = coordinator,
  ): Promise<{ number: number; material: boolean; changes: string[]; body: Known }[]> =>
    ((await t.api.get(`/v1/opportunities/${id}/versions`).set(who)).body as { data: never[] }).data;

  describe('POST /v1/opportunities', () => {
    it('makes a draft of a project, title and kind alone', async () => {
      const answer = await t.api
        .post('/v1/opportunities')
        .set(coordinator)
        .send({ projectId: project.id, kind: 'survey', title: 'A survey' });
      expect(answer.status).toBe(201);
      const made = answer.body as Known;
      expect(answer.headers.location).toBe(`/v1/opportunities/${made.id}/draft`);
      expect(made).toMatchObject({
        state: 'draft',
        organisationId: await t.organisation(OURS),
        accessProvision: [],
        payment: null,
        paid: false,
        closesAt: null,
      });
      expect(await eventsOf(t, made.id)).toEqual(['opportunity.drafted']);
      expect(await auditOf(t, made.id)).toEqual(['created']);
      expect((await t.api.get(`/v1/opportunities/${made.id}/versions`)).status).toBe(404);
    });

    it('takes every field of the checklist', async () => {
      const all = {
        ...WHOLE,
        mode: 'hybrid',
        sessions: 4,
        hoursPerSession: 1.5,
        totalHours: 6,
        preparationHours: 2,
        whoElse: 'Two researchers',
        dates: 'Tuesdays',
        startsOn: '2027-01-12',
        endsOn: '2027-02-02',
        placesAvailable: 8,
        differenceItMakes: 'You decide.',
        hearBackBy: '2027-03-01',
        hearBackHow: 'By letter',
        support: 'A call',
        skillsWanted: 'None',
        livedExperienceWanted: 'A fall',
        noExperienceNeeded: true,
        minAge: 14,
        maxAge: 99,
        openToUnder18: true,
        safeguarding: 'Two staff',
        selectionMethod: 'random-draw',
        selectionCriteria: 'By numbers',
        draw: { on: '2026-12-20', reserves: 3 },
        questions: [{ key: 'why', question: 'Why?', maxWords: 100, required: true, ways: ['text', 'letter'] }],
        payment: { kind: 'amount', pence: 5500, per: 'activity' },
        expenses: 'Buses',
        expensesPaid: true,
        accessProvision: ['captions', 'step-free'],
        place: { name: 'Library', town: 'Leeds', outwardPostcode: 'LS1' },
        regionCode: 'E12000003',
        languages: ['en', 'cy'],
        healthCategories: ['musculoskeletal'],
        conditions: ['falls'],
        contact: { name: 'Tobi', email: 'tobi@example.org', phone: '01632 960121' },
        welsh: { title: 'Siarad' },
        easyRead: { title: 'Talk', summary: 'We talk.' },
        identifiers: [{ scheme: 'local-site', value: 'A-1' }],
      };
      const made = await draft(all);
      expect(made).toMatchObject(all);
      expect(made).toMatchObject({ paid: true, closesAt: '2026-12-19T00:00:00.000Z' });
      const { rows } = await t.db.query<{ after: Record<string, unknown> }>(
        `SELECT after FROM kernel.audit_entry WHERE subject_id = $1`,
        [made.id],
      );
      expect(rows[0]?.after.contact).toBe('(private)');
    });

    it('refuses whoever may not, and projects that are not theirs, without saying that they exist', async () => {
      const body = { projectId: project.id, kind: 'survey', title: 'A survey' };
      expect((await t.api.post('/v1/opportunities').send(body)).status).toBe(401);
      expect(
        (
          await t.api
            .post('/v1/opportunities')
            .set(await t.as('contributor'))
            .send(body)
        ).status,
      ).toBe(403);
      expect((await t.api.post('/v1/opportunities').set(other).send(body)).status).toBe(404);
      expect(
        (
          await t.api
            .post('/v1/opportunities')
            .set(await t.as('researcher'))
            .send(body)
        ).status,
      ).toBe(404);
    });

    it.each<[string, object, number, string]>([
      ['an unknown field', { colour: 'red' }, 400, '/colour'],
      ['a wrong choice', { mode: 'telepathy' }, 400, '/mode'],
      ['a fault inside an object', { payment: { kind: 'amount', pence: 1.5 } }, 400, '/payment/pence'],
      ['a fault inside a list', { howToApply: [{ way: 'pigeon', detail: 'x' }] }, 400, '/howToApply/0/way'],
      ['a day that does not exist', { closesOn: '2027-02-30' }, 400, '/closesOn'],
      ['an amount without pence', { payment: { kind: 'amount' } }, 422, '/payment'],
      ['no payment of an amount', { payment: { kind: 'none', pence: 5 } }, 422, '/payment'],
      ['a band without its name', { payment: { kind: 'policy-band' } }, 422, '/payment/band'],
      ['an end before the start', { startsOn: '2027-01-02', endsOn: '2027-01-01' }, 422, '/endsOn'],
      ['ages out of order', { minAge: 30, maxAge: 20 }, 422, '/maxAge'],
      [
        'two questions with one key',
        { questions: [0, 1].map(() => ({ key: 'a', question: 'b', required: false, ways: ['text'] })) },
        422,
        '/questions/1/key',
      ],
      [
        'a health category that is not one',
        { healthCategories: ['musculoskeletal', 'elbows'] },
        422,
        '/healthCategories/1',
      ],
      ['a language that is not one', { languages: ['xx'] }, 422, '/languages/0'],
    ])('refuses %s', async (_, more, status, at) => {
      const answer = await t.api
        .post('/v1/opportunities')
        .set(coordinator)
        .send({ projectId: project.id, ...WHOLE, ...more });
      expect(answer.status).toBe(status);
      expect((answer.body as { errors: { at: string }[] }).errors.map((e) => e.at)).toEqual([at]);
    });

    it('refuses a region that is not one, and an outside identifier that is taken', async () => {
      const region = await t.api
        .post('/v1/opportunities')
        .set(coordinator)
        .send({ projectId: project.id, ...WHOLE, regionCode: 'E99999999' });
      expect([region.status, code(region)]).toEqual([422, 'unknown_region']);
      await draft({ identifiers: [{ scheme: 'voice', value: '7' }] });
      const taken = await t.api
        .post('/v1/opportunities')
        .set(coordinator)
        .send({ projectId: project.id, ...WHOLE, identifiers: [{ scheme: 'voice', value: '7' }] });
      expect([taken.status, code(taken)]).toEqual([409, 'identifier_taken']);
    });
  });

  describe('researchers', () => {
    it('draft, change and submit for their own projects; they neither publish nor change what is public', async () => {
      const researcher = await t.as('researcher', OURS, 'own');
      const { id: accountId } = await t.account('researcher', OURS, 'own');
      const mine = await makeProject(t, coordinator);
      await t.api.post(`/v1/projects/${mine.id}/team`).set(coordinator).send({ accountId, role: 'researcher' });
      const made = await makeDraft(t, researcher, mine.id);
      expect((await patch(made.id, 1, { summary: 'Better words.' }, researcher)).status).toBe(200);
      expect((await t.api.get(`/v1/projects/${mine.id}/opportunities`).set(researcher)).body).toMatchObject({
        data: [{ id: made.id }],
      });
      expect((await act(t, researcher, made.id, 'submit')).status).toBe(200);
      expect((await act(t, researcher, made.id, 'publish')).status).toBe(403);
      const live = (await act(t, coordinator, made.id, 'publish')).body as Known;
      const late = await patch(made.id, live.version, { summary: 'On my own.' }, researcher);
      expect([late.status, code(late)]).toEqual([403, 'publisher_needed']);
      const foreign = await draft();
      expect((await patch(foreign.id, 1, { summary: 'x' }, researcher)).status).toBe(404);
      expect((await t.api.get(`/v1/opportunities/${foreign.id}/draft`).set(researcher)).status).toBe(404);
      expect((await t.api.get(`/v1/projects/${project.id}/opportunities`).set(researcher)).status).toBe(404);
    });
  });

  describe('PATCH and versions', () => {
    it('needs the version that was read, and leaves things alone where nothing changes', async () => {
      const { id } = await draft();
      expect((await t.api.patch(`/v1/opportunities/${id}`).set(coordinator).send({ title: 'x' })).status).toBe(428);
      expect((await patch(id, 2, { title: 'x' })).status).toBe(412);
      expect((await patch(id, 1, { title: 'x' }, other)).status).toBe(404);
      expect((await patch(id, 1, { title: WHOLE.title, summary: WHOLE.summary })).body).toMatchObject({ version: 1 });
      expect((await patch(id, 1, { title: null })).status).toBe(400);
      expect((await patch(id, 1, { summary: null, closesOn: null })).body).toMatchObject({
        version: 2,
        summary: null,
        closesOn: null,
        closesAt: null,
      });
      expect(await eventsOf(t, id)).toEqual(['opportunity.drafted', 'opportunity.edited']);
    });

    it('merges objects field by field', async () => {
      const { id } = await draft({ place: { name: 'Library', town: 'Leeds', outwardPostcode: 'LS1' } });
      expect((await patch(id, 1, { place: { name: 'Town hall', town: null } })).body).toMatchObject({
        place: { name: 'Town hall', outwardPostcode: 'LS1' },
      });
    });

    it('keeps each published version, and marks what people rely on', async () => {
      const { id, version } = await published({ payment: { kind: 'none' } });
      const plain = (await patch(id, version, { summary: 'Two evenings, with tea.' })).body as Known;
      expect(plain).toMatchObject({ publishedVersion: 2, materialVersion: 1 });
      expect(await lastEvent(t, id)).toMatchObject({
        type: 'opportunity.changed',
        public: true,
        data: { publishedVersion: 2, material: false, changes: ['summary'] },
      });
      const material = (
        await patch(id, plain.version, { dates: 'Mondays', payment: { kind: 'amount', pence: 2500, per: 'hour' } })
      ).body as Known;
      expect(material).toMatchObject({ publishedVersion: 3, materialVersion: 3, paid: true });
      await act(t, coordinator, id, 'extend', { closesOn: '2027-01-15' });
      const kept = await versions(id);
      expect(kept.map((v) => [v.number, v.material, v.changes])).toEqual([
        [4, true, ['closesOn']],
        [3, true, ['dates', 'payment']],
        [2, false, ['summary']],
        [1, true, []],
      ]);
      expect(kept.map((v) => v.body.summary)).toEqual([
        'Two evenings, with tea.',
        'Two evenings, with tea.',
        'Two evenings, with tea.',
        WHOLE.summary,
      ]);
      expect(((await t.api.get(`/v1/opportunities/${id}/versions`)).body as { data: unknown[] }).data).toHaveLength(4);
    });

    it.each([
      ['dates', 'x'],
      ['startsOn', '2027-01-01'],
      ['endsOn', '2027-01-01'],
      ['place', { town: 'York' }],
      ['payment', { kind: 'none' }],
      ['expensesPaid', true],
      ['mode', 'phone'],
      ['sessions', 9],
      ['hoursPerSession', 3],
      ['totalHours', 27],
      ['closesOn', '2026-12-31'],
      ['skillsWanted', 'x'],
      ['livedExperienceWanted', 'x'],
      ['noExperienceNeeded', true],
      ['minAge', 30],
      ['maxAge', 60],
      ['selectionMethod', 'first-come'],
    ])('takes a change of %s for material', async (field, value) => {
      // prettier-ignore
      const { id, version } = await published();
      expect((await patch(id, version, { [field]: value })).body).toMatchObject({
        publishedVersion: 2,
        materialVersion: 2,
      });
    });

    it('refuses to take away what the public must know', async () => {
      const { id, version } = await published();
      expect(code(await patch(id, version, { summary: null }))).toBe('not_complete');
      expect(code(await patch(id, version, { closesOn: '2026-11-22' }))).toBe('closing_day_over');
    });

    it('hides the versions of a hidden one from the public, not from its staff', async () => {
      const { id } = await published();
      await act(t, administrator, id, 'hide', { hiddenBecause: 'It asks for money.' });
      expect((await t.api.get(`/v1/opportunities/${id}/versions`)).status).toBe(404);
      expect((await t.api.get(`/v1/opportunities/${id}/versions`).set(other)).status).toBe(404);
      expect(await versions(id)).toHaveLength(1);
      expect((await t.api.get(`/v1/opportunities/${id}/draft`).set(coordinator)).body).toMatchObject({
        hiddenBecause: 'It asks for money.',
      });
      expect(code(await act(t, administrator, id, 'hide', { hiddenBecause: 'Again' }))).toBe('already_hidden');
    });

    it('lets only one of two changes of the same version through', async () => {
      const { id, version } = await published();
      const answers = await Promise.all(['A', 'B'].map((summary) => patch(id, version, { summary })));
      expect(answers.map((a) => a.status).sort()).toEqual([200, 412]);
      expect(await versions(id)).toHaveLength(2);
    });

    it('cannot be altered afterwards by the service', async () => {
      const { rows } = await t.db.query(
        `SELECT has_table_privilege('partnerships_service', 'involvement.opportunity_version', 'DELETE') AS d,
                has_column_privilege('partnerships_service', 'involvement.opportunity_version', 'body', 'UPDATE') AS u`,
      );
      expect(rows).toEqual([{ d: false, u: false }]);
    });
  });
});
