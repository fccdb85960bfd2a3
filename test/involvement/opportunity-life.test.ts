import { OpportunityClock } from '../../src/involvement/opportunity/opportunity-clock';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { NOON, startApp, TestApp, THEIRS } from '../support/app';
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

const NEEDS_APPROVAL = 'rrdn-yorkshire-and-humber';

describe('The life of an opportunity', () => {
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

  describe('its moves', () => {
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
      const told = [
        'drafted',
        'submitted',
        'returned',
        'submitted',
        'scheduled',
        'published',
        'paused',
        'resumed',
        'extended',
        'closed',
        'reopened',
        'hidden',
        'unhidden',
        'withdrawn',
      ];
      expect(await eventsOf(t, id)).toEqual(told.map((type) => `opportunity.${type}`));
      expect(await auditOf(t, id)).toHaveLength(14);
      const { rows } = await t.db.query<{ version: number }>(
        'SELECT version FROM kernel.event WHERE subject_id = $1 ORDER BY entry',
        [id],
      );
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
      for (const [move, body] of PATHS[state] ?? [])
        expect((await act(t, coordinator, id, move, body)).status).toBe(200);
      for (const [move, body] of MOVES.filter(([m]) => !ALLOWED[state]?.includes(m))) {
        const answer = await act(t, coordinator, id, move, body);
        expect([move, answer.status, code(answer)]).toEqual([move, 409, 'wrong_state']);
      }
      const { rows } = await t.db.query('SELECT state FROM involvement.opportunity WHERE id = $1', [id]);
      expect(rows).toEqual([{ state }]);
    });

    it('refuses to publish what does not say what people must know', async () => {
      const { body } = await t.api
        .post('/v1/opportunities')
        .set(coordinator)
        .send({ projectId: project.id, kind: 'survey', title: 'A survey' });
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
      expect(code(await act(t, coordinator, id, 'schedule', { publishAt: '2026-11-23T11:59:59Z' }))).toBe(
        'not_in_the_future',
      );
      expect(code(await act(t, coordinator, id, 'schedule', { publishAt: '2026-12-19T00:00:00Z' }))).toBe(
        'closes_before_published',
      );
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
    const approve = (who: Headers, id: string, version: number) =>
      act(t, who, id, 'approve').set('if-match', `"${version}-json"`);
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
      expect(approved.body).toMatchObject({
        state: 'in-review',
        approvedBy: (await t.account('coordinator', NEEDS_APPROVAL, 'approver')).id,
      });
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
        const [changed, approved] = await Promise.all([
          patch(id, version, { summary: `Round ${round}` }, author),
          approve(approver, id, version),
          act(t, author, id, 'publish'),
        ]);
        expect([changed, approved].filter((a) => a.status === 200).length).toBeGreaterThanOrEqual(1);
        const { rows } = await t.db.query<{ state: string; summary: string; approved_by: string | null }>(
          'SELECT state, summary, approved_by FROM involvement.opportunity WHERE id = $1',
          [id],
        );
        const [row] = rows;
        if (row?.state === 'published' || row?.approved_by) expect(row.summary).toBe(WHOLE.summary);
      }
    });

    it('holds in the database, whatever the service does', async () => {
      const { id } = await submitted();
      await expect(
        t.db.query(`UPDATE involvement.opportunity SET state = 'published', publish_at = now() WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ constraint: 'opportunity_second_approver' });
      await expect(
        t.db.query('UPDATE involvement.opportunity SET approved_by = submitted_by, approved_at = now() WHERE id = $1', [
          id,
        ]),
      ).rejects.toMatchObject({ constraint: 'opportunity_approved_by_another' });
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
      expect((await act(t, author, id, 'resume')).body).toMatchObject({
        state: 'published',
        publishedVersion: 2,
        materialVersion: 2,
      });
      expect(await lastEvent(t, id)).toMatchObject({
        type: 'opportunity.resumed',
        data: { publishedVersion: 2, material: true },
      });
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

    it('is looked at each minute, by a job', async () => {
      const { id } = await published({ closesOn: '2026-12-01' });
      t.clock.set('2026-12-02T00:00:30Z');
      const jobs = t.app.get(Jobs);
      await jobs.tick();
      expect(await jobs.drain('opportunity.clock')).toBe(1);
      expect(await lastEvent(t, id)).toMatchObject({ type: 'opportunity.closed' });
    });

    it('writes down what it missed before the next step is taken', async () => {
      const { id } = await published();
      t.clock.set('2026-12-20T12:00:00Z');
      expect((await act(t, coordinator, id, 'reopen', { closesOn: '2026-12-31' })).body).toMatchObject({
        state: 'published',
        closedAt: null,
      });
      expect((await eventsOf(t, id)).slice(-2)).toEqual(['opportunity.closed', 'opportunity.reopened']);
    });
  });
});
