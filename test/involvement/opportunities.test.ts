import { OpportunityClock } from '../../src/involvement/opportunity/opportunity-clock';
import { NOON, OURS, startApp, TestApp, THEIRS } from '../support/app';
import { act, auditOf, code, eventsOf, Headers, Known, lastEvent, makeDraft, makeProject, WHOLE } from './opportunity-support';

const NEEDS_APPROVAL = 'rrdn-yorkshire-and-humber';

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
  const versions = async (id: string, who = coordinator): Promise<{ number: number; material: boolean; changes: string[]; body: Known }[]> =>
    ((await t.api.get(`/v1/opportunities/${id}/versions`).set(who)).body as { data: never[] }).data;

  describe('POST /v1/opportunities', () => {
    it('makes a draft of a project, title and kind alone', async () => {
      const answer = await t.api.post('/v1/opportunities').set(coordinator).send({ projectId: project.id, kind: 'survey', title: 'A survey' });
      expect(answer.status).toBe(201);
      const made = answer.body as Known;
      expect(answer.headers.location).toBe(`/v1/opportunities/${made.id}/draft`);
      expect(made).toMatchObject({ state: 'draft', organisationId: await t.organisation(OURS), accessProvision: [], payment: null, paid: false, closesAt: null });
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
      const { rows } = await t.db.query<{ after: Record<string, unknown> }>(`SELECT after FROM kernel.audit_entry WHERE subject_id = $1`, [made.id]);
      expect(rows[0]?.after.contact).toBe('(private)');
    });

    it('refuses whoever may not, and projects that are not theirs, without saying that they exist', async () => {
      const body = { projectId: project.id, kind: 'survey', title: 'A survey' };
      expect((await t.api.post('/v1/opportunities').send(body)).status).toBe(401);
      expect((await t.api.post('/v1/opportunities').set(await t.as('contributor')).send(body)).status).toBe(403);
      expect((await t.api.post('/v1/opportunities').set(other).send(body)).status).toBe(404);
      expect((await t.api.post('/v1/opportunities').set(await t.as('researcher')).send(body)).status).toBe(404);
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
      ['two questions with one key', { questions: [0, 1].map(() => ({ key: 'a', question: 'b', required: false, ways: ['text'] })) }, 422, '/questions/1/key'],
      ['a health category that is not one', { healthCategories: ['musculoskeletal', 'elbows'] }, 422, '/healthCategories/1'],
      ['a language that is not one', { languages: ['xx'] }, 422, '/languages/0'],
    ])('refuses %s', async (_, more, status, at) => {
      const answer = await t.api.post('/v1/opportunities').set(coordinator).send({ projectId: project.id, ...WHOLE, ...more });
      expect(answer.status).toBe(status);
      expect((answer.body as { errors: { at: string }[] }).errors.map((e) => e.at)).toEqual([at]);
    });

    it('refuses a region that is not one, and an outside identifier that is taken', async () => {
      const region = await t.api.post('/v1/opportunities').set(coordinator).send({ projectId: project.id, ...WHOLE, regionCode: 'E99999999' });
      expect([region.status, code(region)]).toEqual([422, 'unknown_region']);
      await draft({ identifiers: [{ scheme: 'voice', value: '7' }] });
      const taken = await t.api.post('/v1/opportunities').set(coordinator).send({ projectId: project.id, ...WHOLE, identifiers: [{ scheme: 'voice', value: '7' }] });
      expect([taken.status, code(taken)]).toEqual([409, 'identifier_taken']);
    });
  });

  describe('the life of an opportunity', () => {
    it('goes from draft to withdrawn, each step told', async () => {
      const { id } = await draft();
      const steps: [string, object | undefined, string][] = [
        ['submit', undefined, 'in-review'],
        ['return', { reviewNote: 'Say how travel is paid.' }, 'draft'],
        ['submit', undefined, 'in-review'],
        ['schedule', { publishAt: '2026-11-30T09:00:00Z' }, 'scheduled'],
        ['publish', undefined, 'published'],
        ['pause', undefined, 'paused'],
        ['resume', undefined, 'published'],
        ['extend', { closesOn: '2027-01-15' }, 'published'],
        ['close', undefined, 'closed'],
        ['reopen', { closesOn: '2027-01-31' }, 'published'],
        ['hide', { hiddenBecause: 'It asks for money.' }, 'published'],
        ['unhide', undefined, 'published'],
        ['withdraw', undefined, 'withdrawn'],
      ];
      for (const [move, body, state] of steps) {
        const who = move.endsWith('hide') ? administrator : coordinator;
        const answer = await act(t, who, id, move, body);
        expect([move, answer.status, (answer.body as Known).state]).toEqual([move, 200, state]);
      }
      const told = ['drafted', 'submitted', 'returned', 'submitted', 'scheduled', 'published', 'paused', 'resumed', 'extended', 'closed', 'reopened', 'hidden', 'unhidden', 'withdrawn'];
      expect(await eventsOf(t, id)).toEqual(told.map((type) => `opportunity.${type}`));
      expect(await auditOf(t, id)).toHaveLength(14);
      const { rows } = await t.db.query<{ version: number }>('SELECT version FROM kernel.event WHERE subject_id = $1 ORDER BY entry', [id]);
      expect(rows.map((r) => r.version)).toEqual(told.map((_, i) => i + 1));
    });

    const MOVES: [string, object | undefined][] = [
      ['submit', undefined],
      ['return', { reviewNote: 'x' }],
      ['publish', undefined],
      ['schedule', { publishAt: '2026-11-30T09:00:00Z' }],
      ['pause', undefined],
      ['resume', undefined],
      ['close', undefined],
      ['extend', { closesOn: '2027-01-15' }],
      ['reopen', { closesOn: '2027-01-15' }],
      ['withdraw', undefined],
    ];
    const ALLOWED: Record<string, string[]> = {
      draft: ['submit', 'publish', 'schedule', 'withdraw'],
      'in-review': ['return', 'publish', 'schedule', 'withdraw'],
      scheduled: ['return', 'publish', 'schedule', 'withdraw'],
      published: ['pause', 'close', 'extend', 'withdraw'],
      paused: ['resume', 'close', 'extend', 'withdraw'],
      closed: ['reopen', 'withdraw'],
      withdrawn: [],
    };
    const PATHS: Record<string, [string, object?][]> = {
      draft: [],
      'in-review': [['submit']],
      scheduled: [['schedule', { publishAt: '2026-11-29T09:00:00Z' }]],
      published: [['publish']],
      paused: [['publish'], ['pause']],
      closed: [['publish'], ['close']],
      withdrawn: [['withdraw']],
    };

    it.each(Object.keys(ALLOWED))('refuses what does not fit one that is %s', async (state) => {
      const { id } = await draft();
      for (const [move, body] of PATHS[state] ?? []) expect((await act(t, coordinator, id, move, body)).status).toBe(200);
      for (const [move, body] of MOVES.filter(([m]) => !ALLOWED[state]?.includes(m))) {
        const answer = await act(t, coordinator, id, move, body);
        expect([move, answer.status, code(answer)]).toEqual([move, 409, 'wrong_state']);
      }
      const { rows } = await t.db.query('SELECT state FROM involvement.opportunity WHERE id = $1', [id]);
      expect(rows).toEqual([{ state }]);
    });

    it('refuses to publish what does not say what people must know', async () => {
      const { body } = await t.api.post('/v1/opportunities').set(coordinator).send({ projectId: project.id, kind: 'survey', title: 'A survey' });
      for (const move of ['submit', 'publish']) {
        const answer = await act(t, coordinator, (body as Known).id, move);
        expect([answer.status, code(answer)]).toEqual([422, 'not_complete']);
        const at = (answer.body as { errors: { at: string }[] }).errors.map((e) => e.at);
        expect(at).toEqual(['/summary', '/stage', '/mode', '/whatIsInvolved', '/closesOn', '/howToApply']);
      }
    });

    it('refuses days and moments that are past', async () => {
      const late = await draft({ closesOn: '2026-11-22' });
      expect(code(await act(t, coordinator, late.id, 'publish'))).toBe('closing_day_over');
      const { id } = await draft();
      expect(code(await act(t, coordinator, id, 'schedule', { publishAt: '2026-11-23T11:59:59Z' }))).toBe('not_in_the_future');
      expect(code(await act(t, coordinator, id, 'schedule', { publishAt: '2026-12-19T00:00:00Z' }))).toBe('closes_before_published');
      await act(t, coordinator, id, 'publish');
      expect(code(await act(t, coordinator, id, 'extend', { closesOn: '2026-12-18' }))).toBe('not_later');
      await act(t, coordinator, id, 'close');
      expect(code(await act(t, coordinator, id, 'reopen', { closesOn: '2026-11-22' }))).toBe('closing_day_over');
    });

    it('knows nobody of another organisation, and lets no role do what is not its own', async () => {
      const { id } = await draft();
      for (const [move, body] of MOVES) {
        expect([move, (await act(t, other, id, move, body)).status]).toEqual([move, 404]);
        expect([move, (await act(t, await t.as('contributor'), id, move, body)).status]).toEqual([move, 403]);
      }
      expect((await act(t, coordinator, id, 'hide', { hiddenBecause: 'x' })).status).toBe(403);
      expect((await act(t, administrator, id, 'publish')).status).toBe(403);
      expect((await act(t, administrator, id, 'hide', { hiddenBecause: 'x' })).status).toBe(409);
    });

    it('lets one of two who publish at once succeed', async () => {
      const { id } = await draft();
      const answers = await Promise.all([1, 2].map(() => act(t, coordinator, id, 'publish')));
      expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
      expect((await eventsOf(t, id)).filter((type) => type === 'opportunity.published')).toHaveLength(1);
      expect(await versions(id)).toHaveLength(1);
    });

    it('says nothing to the public of one that was never public', async () => {
      const { id } = await draft();
      await act(t, coordinator, id, 'withdraw');
      expect(await lastEvent(t, id)).toMatchObject({ type: 'opportunity.dropped', public: false });
    });
  });

  describe('a second approver', () => {
    let author: Headers;
    let approver: Headers;
    let theirs: Known;

    beforeAll(async () => {
      author = await t.as('coordinator', NEEDS_APPROVAL, 'author');
      approver = await t.as('coordinator', NEEDS_APPROVAL, 'approver');
      await t.db.query('UPDATE people.organisation SET second_approver = true WHERE slug = $1', [NEEDS_APPROVAL]);
      theirs = await makeProject(t, author, NEEDS_APPROVAL);
    });
    const approve = (who: Headers, id: string, version: number) => act(t, who, id, 'approve').set('if-match', `"${version}-json"`);
    const submitted = async (): Promise<Known> => {
      const { id } = await makeDraft(t, author, theirs.id);
      return (await act(t, author, id, 'submit')).body as Known;
    };

    it('is needed before anything becomes public, and must be somebody else', async () => {
      const { id, version } = await submitted();
      expect(code(await act(t, author, id, 'publish'))).toBe('approval_needed');
      expect(code(await act(t, author, id, 'schedule', { publishAt: '2026-11-30T09:00:00Z' }))).toBe('approval_needed');
      const self = await approve(author, id, version);
      expect([self.status, code(self)]).toEqual([403, 'second_person_needed']);
      expect((await act(t, approver, id, 'approve')).status).toBe(428);
      expect((await approve(approver, id, version - 1)).status).toBe(412);
      const approved = await approve(approver, id, version);
      expect(approved.body).toMatchObject({ state: 'in-review', approvedBy: (await t.account('coordinator', NEEDS_APPROVAL, 'approver')).id });
      expect((await act(t, author, id, 'publish')).body).toMatchObject({ state: 'published' });
    });

    it('is asked again after any change', async () => {
      const { id, version } = await submitted();
      await approve(approver, id, version);
      const changed = await patch(id, version + 1, { summary: 'Something else altogether.' }, approver);
      expect(changed.body).toMatchObject({ approvedBy: null });
      expect(code(await act(t, author, id, 'publish'))).toBe('approval_needed');
      expect((await approve(approver, id, version + 2)).status).toBe(403);
    });

    it('is not passed by when a change, an approval and a publication come at once', async () => {
      for (let round = 0; round < 5; round++) {
        const { id, version } = await submitted();
        const [changed, approved] = await Promise.all([patch(id, version, { summary: `Round ${round}` }, author), approve(approver, id, version), act(t, author, id, 'publish')]);
        expect([changed, approved].filter((a) => a.status === 200).length).toBeGreaterThanOrEqual(1);
        const { rows } = await t.db.query<{ state: string; summary: string; approved_by: string | null }>('SELECT state, summary, approved_by FROM involvement.opportunity WHERE id = $1', [id]);
        const [row] = rows;
        if (row?.state === 'published' || row?.approved_by) expect(row.summary).toBe(WHOLE.summary);
      }
    });

    it('holds in the database, whatever the service does', async () => {
      const { id } = await submitted();
      await expect(t.db.query(`UPDATE involvement.opportunity SET state = 'published', publish_at = now() WHERE id = $1`, [id])).rejects.toMatchObject({ constraint: 'opportunity_second_approver' });
      await expect(t.db.query('UPDATE involvement.opportunity SET approved_by = submitted_by, approved_at = now() WHERE id = $1', [id])).rejects.toMatchObject({ constraint: 'opportunity_approved_by_another' });
    });

    it('sees what changes after publication: pause, change, approve, resume', async () => {
      const { id, version } = await submitted();
      await approve(approver, id, version);
      const live = (await act(t, author, id, 'publish')).body as Known;
      expect(code(await patch(id, live.version, { dates: 'Mondays' }, author))).toBe('approval_needed');
      await act(t, author, id, 'pause');
      const changed = (await patch(id, live.version + 1, { dates: 'Mondays' }, author)).body as Known;
      expect(await versions(id, author)).toHaveLength(1);
      const hiddenFromPublic = await t.db.query('SELECT 1 FROM involvement.public_opportunity WHERE id = $1', [id]);
      expect(hiddenFromPublic.rows).toEqual([]);
      expect(code(await act(t, author, id, 'resume'))).toBe('approval_needed');
      await approve(approver, id, changed.version);
      expect((await act(t, author, id, 'resume')).body).toMatchObject({ state: 'published', publishedVersion: 2, materialVersion: 2 });
      expect(await lastEvent(t, id)).toMatchObject({ type: 'opportunity.resumed', data: { publishedVersion: 2, material: true } });
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
      expect((await t.api.get(`/v1/projects/${mine.id}/opportunities`).set(researcher)).body).toMatchObject({ data: [{ id: made.id }] });
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
      expect((await patch(id, 1, { summary: null, closesOn: null })).body).toMatchObject({ version: 2, summary: null, closesOn: null, closesAt: null });
      expect(await eventsOf(t, id)).toEqual(['opportunity.drafted', 'opportunity.edited']);
    });

    it('merges objects field by field', async () => {
      const { id } = await draft({ place: { name: 'Library', town: 'Leeds', outwardPostcode: 'LS1' } });
      expect((await patch(id, 1, { place: { name: 'Town hall', town: null } })).body).toMatchObject({ place: { name: 'Town hall', outwardPostcode: 'LS1' } });
    });

    it('keeps each published version, and marks what people rely on', async () => {
      const { id, version } = await published({ payment: { kind: 'none' } });
      const plain = (await patch(id, version, { summary: 'Two evenings, with tea.' })).body as Known;
      expect(plain).toMatchObject({ publishedVersion: 2, materialVersion: 1 });
      expect(await lastEvent(t, id)).toMatchObject({ type: 'opportunity.changed', public: true, data: { publishedVersion: 2, material: false, changes: ['summary'] } });
      const material = (await patch(id, plain.version, { dates: 'Mondays', payment: { kind: 'amount', pence: 2500, per: 'hour' } })).body as Known;
      expect(material).toMatchObject({ publishedVersion: 3, materialVersion: 3, paid: true });
      await act(t, coordinator, id, 'extend', { closesOn: '2027-01-15' });
      const kept = await versions(id);
      expect(kept.map((v) => [v.number, v.material, v.changes])).toEqual([
        [4, true, ['closesOn']],
        [3, true, ['dates', 'payment']],
        [2, false, ['summary']],
        [1, true, []],
      ]);
      expect(kept.map((v) => v.body.summary)).toEqual(['Two evenings, with tea.', 'Two evenings, with tea.', 'Two evenings, with tea.', WHOLE.summary]);
      expect(((await t.api.get(`/v1/opportunities/${id}/versions`)).body as { data: unknown[] }).data).toHaveLength(4);
    });

    it.each([
      ['dates', 'x'], ['startsOn', '2027-01-01'], ['endsOn', '2027-01-01'], ['place', { town: 'York' }], ['payment', { kind: 'none' }], ['expensesPaid', true],
      ['mode', 'phone'], ['sessions', 9], ['hoursPerSession', 3], ['totalHours', 27], ['closesOn', '2026-12-31'], ['skillsWanted', 'x'],
      ['livedExperienceWanted', 'x'], ['noExperienceNeeded', true], ['minAge', 30], ['maxAge', 60], ['selectionMethod', 'first-come'],
    ])('takes a change of %s for material', async (field, value) => { // prettier-ignore
      const { id, version } = await published();
      expect((await patch(id, version, { [field]: value })).body).toMatchObject({ publishedVersion: 2, materialVersion: 2 });
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
      expect((await t.api.get(`/v1/opportunities/${id}/draft`).set(coordinator)).body).toMatchObject({ hiddenBecause: 'It asks for money.' });
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

  describe('the clock', () => {
    const run = (): Promise<number> => t.app.get(OpportunityClock).run();
    const publicStatus = async (id: string): Promise<unknown> => {
      const { rows } = await t.db.query<{ status: string }>(
        `SELECT involvement.opportunity_status(state, publish_at, closes_at, $2) AS status FROM involvement.public_opportunity WHERE id = $1`,
        [id, t.clock.now()],
      );
      return rows[0]?.status;
    };

    it.each([
      ['in winter', '2026-12-18', '2026-12-18T23:59:59.999Z', '2026-12-19T00:00:00.000Z'],
      ['in summer', '2027-06-30', '2027-06-30T22:59:59.999Z', '2027-06-30T23:00:00.000Z'],
      ['on the day the clocks go forward', '2027-03-28', '2027-03-28T22:59:59.999Z', '2027-03-28T23:00:00.000Z'],
      ['on the day the clocks go back', '2027-10-31', '2027-10-31T23:59:59.999Z', '2027-11-01T00:00:00.000Z'],
      ['on the day before the clocks go forward', '2027-03-27', '2027-03-27T23:59:59.999Z', '2027-03-28T00:00:00.000Z'],
      ['on the day before the clocks go back', '2027-10-30', '2027-10-30T22:59:59.999Z', '2027-10-30T23:00:00.000Z'],
    ])('keeps an opportunity open to the end of its closing day in the UK %s', async (_, closesOn, last, over) => {
      const { id } = await published({ closesOn });
      t.clock.set(last);
      expect(await publicStatus(id)).toBe('open');
      await run();
      expect(await eventsOf(t, id)).not.toContain('opportunity.closed');
      t.clock.set(over);
      expect(await publicStatus(id)).toBe('closed');
      expect(code(await act(t, coordinator, id, 'pause'))).toBe('wrong_state');
      expect(await run()).toBeGreaterThanOrEqual(1);
      expect(await lastEvent(t, id)).toMatchObject({ type: 'opportunity.closed', data: { closedAt: over } });
      expect(await run()).toBe(0);
    });

    it('publishes what was scheduled, with its version and event, once', async () => {
      const { id } = await draft();
      await act(t, coordinator, id, 'schedule', { publishAt: '2026-11-30T09:00:00Z' });
      expect(await publicStatus(id)).toBe('scheduled');
      t.clock.set('2026-11-30T08:59:59.999Z');
      await run();
      expect(await lastEvent(t, id)).toMatchObject({ type: 'opportunity.scheduled' });
      t.clock.set('2026-11-30T09:00:00Z');
      expect(await publicStatus(id)).toBe('open');
      await Promise.all([run(), run()]);
      expect(await eventsOf(t, id)).toEqual(['opportunity.drafted', 'opportunity.scheduled', 'opportunity.published']);
      const [first] = await versions(id);
      expect(first).toMatchObject({ number: 1, at: '2026-11-30T09:00:00.000Z', accountId: null });
    });

    it('writes down what it missed before the next step is taken', async () => {
      const { id } = await published();
      t.clock.set('2026-12-20T12:00:00Z');
      expect((await act(t, coordinator, id, 'reopen', { closesOn: '2026-12-31' })).body).toMatchObject({ state: 'published', closedAt: null });
      expect((await eventsOf(t, id)).slice(-2)).toEqual(['opportunity.closed', 'opportunity.reopened']);
    });
  });

  describe('reports', () => {
    const REPORT = { reason: 'asks-for-money', text: 'They want a fee from Perpetua Wren.', contact: 'perpetua.wren@example.org' };

    it('come from anybody, sealed, and are settled by an administrator', async () => {
      const { id } = await published();
      const answer = await t.api.post(`/v1/opportunities/${id}/reports`).send(REPORT);
      expect(answer.status).toBe(201);
      const receipt = answer.body as Known;
      expect(receipt).toMatchObject({ opportunityId: id, reason: 'asks-for-money', state: 'open' });
      expect(JSON.stringify(receipt)).not.toContain('Perpetua');
      expect(await lastEvent(t, receipt.id)).toMatchObject({ type: 'opportunity-report.made', public: false });
      const { rows } = await t.db.query<{ plain: boolean }>(`SELECT position('Perpetua'::bytea IN text_sealed) > 0 AS plain FROM involvement.opportunity_report WHERE id = $1`, [receipt.id]);
      expect(rows).toEqual([{ plain: false }]);

      const list = await t.api.get(`/v1/opportunity-reports?state=open&opportunity=${id}`).set(administrator);
      expect((list.body as { data: Known[] }).data).toMatchObject([{ ...REPORT, id: receipt.id }]);
      const at = `/v1/opportunity-reports/${receipt.id}`;
      expect((await t.api.get(at).set(administrator)).body).toMatchObject(REPORT);
      expect(await auditOf(t, receipt.id)).toEqual(['created', 'read', 'read']);
      const settle = (version: number) => t.api.post(`${at}/settle`).set(administrator).set('if-match', `"${version}-json"`).send({ outcome: 'changed', outcomeNote: 'Fee taken out.' });
      expect((await t.api.post(`${at}/settle`).set(administrator).send({ outcome: 'changed' })).status).toBe(428);
      expect((await settle(9)).status).toBe(412);
      expect((await settle(1)).body).toMatchObject({ state: 'settled', outcome: 'changed', version: 2 });
      expect(code(await settle(2))).toBe('already_settled');
      expect(await lastEvent(t, receipt.id)).toMatchObject({ type: 'opportunity-report.settled', data: { opportunityId: id, outcome: 'changed' } });
    });

    it('are about what is public, and nobody else reads them', async () => {
      const hidden = await published();
      await act(t, administrator, hidden.id, 'hide', { hiddenBecause: 'x' });
      const { id } = await draft();
      for (const unknown of [id, hidden.id, project.id]) expect((await t.api.post(`/v1/opportunities/${unknown}/reports`).send(REPORT)).status).toBe(404);
      expect((await t.api.get('/v1/opportunity-reports')).status).toBe(401);
      expect((await t.api.get('/v1/opportunity-reports').set(coordinator)).status).toBe(403);
      expect((await t.api.get(`/v1/opportunity-reports/${id}`).set(administrator)).status).toBe(404);
      const live = await published();
      const bad = await t.api.post(`/v1/opportunities/${live.id}/reports`).send({ reason: 'dull', text: 'x'.repeat(2001) });
      expect((bad.body as { errors: { at: string }[] }).errors.map((e) => e.at).sort()).toEqual(['/reason', '/text']);
    });
  });
});
