import { randomUUID } from 'node:crypto';
import { EventReader } from '../../src/kernel/events/reader';
import { Sender } from '../../src/kernel/messages/sender';
import { OpportunityNotices } from '../../src/involvement/notice/opportunity-notices';
import { NOON, OURS, startApp, TestApp, THEIRS } from '../support/app';
import { Interests } from './interest-support';
import { act, auditOf, code, eventsOf, Headers, lastEvent } from './opportunity-support';

interface Notice {
  id: string;
  version: number;
  kind: string;
  state: string;
  channel: string;
  to: string | null;
  text: string;
  overdue: boolean;
  note: string | null;
}

describe('Notices', () => {
  let t: TestApp;
  let on: Interests;
  let coordinator: Headers;
  let theirs: Headers;
  let site: Headers;

  beforeAll(async () => {
    t = await startApp();
    [coordinator, theirs, site] = [await t.as('coordinator'), await t.as('coordinator', THEIRS), await t.as('site')];
    on = new Interests(t, coordinator, site);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));
  afterEach(() => jest.restoreAllMocks());

  const noticeOf = async (interestId: unknown): Promise<Notice> => {
    const { rows } = await t.db.query<{ id: string }>(
      'SELECT id FROM involvement.notice WHERE interest_id = $1 ORDER BY id DESC LIMIT 1',
      [interestId],
    );
    return (await t.api.get(`/v1/notices/${rows[0]?.id}`).set(coordinator).expect(200)).body as Notice;
  };
  const shortlisted = async (more: object = {}, body: object = {}) => {
    const interest = await on.sent(await on.opportunity(), body, more);
    await on.move(coordinator, interest.id, 'shortlist').expect(200);
    return interest;
  };
  const count = async (): Promise<Record<string, number>> =>
    (
      await t.api
        .get('/v1/notices/count')
        .query({ organisation: await t.organisation(OURS) })
        .set(coordinator)
        .expect(200)
    ).body as Record<string, number>;
  const publishChange = async (opportunity: string, change: object) => {
    const { headers } = await t.api.get(`/v1/opportunities/${opportunity}/draft`).set(coordinator).expect(200);
    await t.api
      .patch(`/v1/opportunities/${opportunity}`)
      .set(coordinator)
      .set('if-match', headers.etag ?? '')
      .send(change)
      .expect(200);
  };

  describe('an outcome', () => {
    it('is owed in the same transaction, and sent by e-mail in the words of the person’s language', async () => {
      const { id } = await shortlisted({ email: 'dilwyn@example.org', correspondenceLanguage: 'cy' });
      expect(await on.noticesOf(id)).toEqual(['shortlisted owed']);
      await on.drain();
      expect(await on.noticesOf(id)).toEqual(['shortlisted sent']);
      const [message] = await on.messagesTo('dilwyn@example.org');
      expect(message).toMatchObject({
        channel: 'email',
        language: 'cy',
        subject: 'Rydych ar y rhestr fer: Talk about falls',
      });
      const notice = await noticeOf(id);
      expect(message).toMatchObject({ id: notice.id, ref: notice.id });
      expect(await lastEvent(t, notice.id)).toMatchObject({ type: 'notice.sent', data: { kind: 'shortlisted' } });
    });

    it('is written in Welsh where the interest asks for it', async () => {
      const { id } = await shortlisted({}, { language: 'cy' });
      expect(await noticeOf(id)).toMatchObject({ language: 'cy' });
    });

    it.each([
      ['a text', { preferredChannel: 'text', phone: '07700 900777' }, '07700 900777', 'text'],
      ['a letter', { preferredChannel: 'post', address: '4 Mill Lane\nLeeds\nLS6 3AA' }, /4 Mill Lane/, 'letter'],
    ])('is sent as %s', async (_, more, to, channel) => {
      const { id } = await shortlisted(more);
      await on.drain();
      expect(await on.noticesOf(id)).toEqual(['shortlisted sent']);
      const { rows } = await t.db.query<{ recipient: string; channel: string }>(
        `SELECT recipient, channel FROM kernel.outbox_message WHERE id = $1`,
        [(await noticeOf(id)).id],
      );
      expect(rows[0]).toMatchObject({ channel, recipient: typeof to === 'string' ? to : expect.stringMatching(to) });
    });

    it.each([
      ['phone', { phone: '01632 960001' }, '01632 960001'],
      ['in-person', {}, /@example\.org/],
      ['supporter', { supporter: { name: 'Keith', contact: '01632 960304' } }, 'Keith, 01632 960304'],
    ])('by %s stays open until somebody tells the person', async (preferredChannel, more, to) => {
      const { id } = await shortlisted({ preferredChannel, ...more });
      await on.drain();
      expect(await on.noticesOf(id)).toEqual(['shortlisted owed']);
      const notice = await noticeOf(id);
      expect(notice).toMatchObject({
        channel: preferredChannel,
        to: expect.stringMatching(to),
        text: expect.stringContaining('You are on the shortlist.'),
      });
      expect(notice.overdue).toBe(false);
    });

    it('reaches somebody without a record at the contact of the interest', async () => {
      const opportunity = await on.opportunity();
      const { id } = await on.recorded(opportunity, { email: 'without@example.org', name: 'Win Without' });
      await on.move(coordinator, id, 'turn-down', { reason: 'We had more carers than places.' }).expect(200);
      await on.drain();
      const [message] = await on.messagesTo('without@example.org');
      expect(message?.body).toMatch(/Dear Win Without,[^]*The reason: We had more carers than places\./);
    });

    it('takes the place of what was owed before', async () => {
      const { id } = await shortlisted({ preferredChannel: 'phone', phone: '01632 960002' });
      await on.move(coordinator, id, 'offer', {}).expect(200);
      expect(await on.noticesOf(id)).toEqual(['shortlisted dropped', 'offered owed']);
      await on.move(coordinator, id, 'accept').expect(200);
      expect(await on.noticesOf(id)).toEqual(['shortlisted dropped', 'offered dropped', 'accepted owed']);
      await on.move(coordinator, id, 'withdraw').expect(200);
      expect(await on.noticesOf(id)).toEqual(['shortlisted dropped', 'offered dropped', 'accepted dropped']);
    });

    it('that is rolled back owes nothing', async () => {
      const opportunity = await on.opportunity({ placesAvailable: 1 });
      const [a, b] = [await on.sent(opportunity), await on.sent(opportunity)];
      await on
        .decide(
          opportunity,
          [a, b].map((i) => ({ interestId: i.id, decision: 'offer' })),
        )
        .expect(409);
      expect([await on.noticesOf(a.id), await on.noticesOf(b.id)]).toEqual([[], []]);
    });

    it('says in words where somebody stands in a draw', async () => {
      const opportunity = await on.opportunity({ selectionMethod: 'random-draw', placesAvailable: 1 });
      const sent = [await on.sent(opportunity), await on.sent(opportunity)];
      await act(t, coordinator, opportunity, 'close').expect(200);
      const { body } = await t.api
        .post(`/v1/opportunities/${opportunity}/draw`)
        .set(coordinator)
        .send({ places: 1 })
        .expect(201);
      const [first, second] = (body as { interestIds: string[] }).interestIds;
      expect(sent.map((i) => i.id).sort()).toEqual([first, second].sort());
      expect((await noticeOf(first)).text).toContain('drawn for a place');
      expect((await noticeOf(second)).text).toContain('number 1 on the reserve list');
    });
  });

  describe('sending', () => {
    it('killed between the message and the mark, sends once', async () => {
      await on.drain(); // Nothing that others left may take the failure that is meant for this one.
      const { id } = await shortlisted({ email: 'once@example.org' });
      const sender = t.app.get(Sender, { strict: false });
      const deliver = sender.deliver.bind(sender);
      jest.spyOn(sender, 'deliver').mockImplementationOnce(async (message) => {
        await deliver(message);
        throw new Error('killed');
      });
      await on.drain();
      expect([await on.noticesOf(id), (await on.messagesTo('once@example.org')).length]).toEqual([
        ['shortlisted owed'],
        1,
      ]);
      await on.drain();
      expect([await on.noticesOf(id), (await on.messagesTo('once@example.org')).length]).toEqual([
        ['shortlisted sent'],
        1,
      ]);
    });

    it('does not keep back the others when one fails', async () => {
      const opportunity = await on.opportunity();
      const [a, b] = [
        await on.sent(opportunity, {}, { email: 'fails@example.org' }),
        await on.sent(opportunity, {}, { email: 'goes@example.org' }),
      ];
      const sender = t.app.get(Sender, { strict: false });
      const deliver = sender.deliver.bind(sender);
      const spy = jest
        .spyOn(sender, 'deliver')
        .mockImplementation((message) =>
          message.to === 'fails@example.org' ? Promise.reject(new Error('full')) : deliver(message),
        );
      await on
        .decide(
          opportunity,
          [a, b].map((i) => ({ interestId: i.id, decision: 'shortlist' })),
        )
        .expect(200);
      await on.drain();
      expect([await on.noticesOf(a.id), await on.noticesOf(b.id)]).toEqual([
        ['shortlisted owed'],
        ['shortlisted sent'],
      ]);
      spy.mockRestore();
      await on.drain();
      expect(await on.noticesOf(a.id)).toEqual(['shortlisted sent']);
    });

    it('leaves a notice open where the service cannot send', async () => {
      const sender = t.app.get(Sender, { strict: false });
      jest.spyOn(sender, 'reaches').mockReturnValue(false);
      const { id } = await shortlisted({ email: 'nobody@example.org' });
      await on.drain();
      expect(await on.noticesOf(id)).toEqual(['shortlisted owed']);
    });

    it('says nothing that somebody has told already', async () => {
      const { id } = await shortlisted({ email: 'told@example.org' });
      const { id: notice } = await noticeOf(id);
      await t.api.post(`/v1/notices/${notice}/told`).set(coordinator).send({ how: 'phone' }).expect(200);
      await on.drain();
      expect(await on.messagesTo('told@example.org')).toEqual([]);
    });
  });

  describe('what happens to an opportunity', () => {
    it('is owed to everybody with a live interest, and to who takes part without one, where it is material', async () => {
      const opportunity = await on.opportunity();
      const [live, gone, unrecorded] = [
        await on.sent(opportunity),
        await on.sent(opportunity),
        await on.recorded(opportunity),
      ];
      await on.move(coordinator, gone.id, 'withdraw').expect(200);
      const { id: contributorId } = await on.contributor();
      await t.api
        .post('/v1/involvements')
        .set(coordinator)
        .send({
          projectId: await on.projectId(),
          opportunityId: opportunity,
          contributorId,
          role: 'member',
          from: '2026-12-01',
        })
        .expect(201);
      await publishChange(opportunity, { support: 'Somebody rings you before.' });
      await on.relay();
      expect(await on.noticesOf(live.id)).toEqual([]);
      await publishChange(opportunity, { dates: 'Now on Wednesdays' });
      await on.relay();
      await on.relay();
      expect(await on.noticesOf(live.id)).toEqual(['opportunity-changed owed']);
      expect(await on.noticesOf(unrecorded.id)).toEqual(['opportunity-changed owed']);
      expect(await on.noticesOf(gone.id)).toEqual([]);
      const { rows } = await t.db.query(
        `SELECT kind FROM involvement.notice WHERE contributor_id = $1 AND involvement_id IS NOT NULL`,
        [contributorId],
      );
      expect(rows).toEqual([{ kind: 'opportunity-changed' }]);
      await on.drain();
      expect(await on.noticesOf(live.id)).toEqual(['opportunity-changed sent']);
    });

    it('is told once, though the event comes again', async () => {
      const opportunity = await on.opportunity();
      const { id } = await on.sent(opportunity);
      await act(t, coordinator, opportunity, 'withdraw').expect(200);
      await on.relay();
      const { events } = await t.app
        .get(EventReader, { strict: false })
        .after(0n, { limit: 10_000, types: ['opportunity.withdrawn'] });
      const event = events.find((e) => e.subjectId === opportunity);
      if (!event) throw new Error('no event');
      await Promise.all([1, 2, 3].map(() => t.app.get(OpportunityNotices, { strict: false }).handle(event)));
      expect(await on.noticesOf(id)).toEqual(['opportunity-withdrawn owed']);
    });

    it('withdrawn or hidden, is owed too; a newer change takes the place of an older', async () => {
      const opportunity = await on.opportunity();
      const { id } = await on.sent(opportunity, {}, { preferredChannel: 'phone', phone: '01632 960003' });
      await publishChange(opportunity, { dates: 'Wednesdays' });
      await on.relay();
      await publishChange(opportunity, { dates: 'Thursdays' });
      await on.relay();
      expect(await on.noticesOf(id)).toEqual(['opportunity-changed dropped', 'opportunity-changed owed']);
      await act(t, await t.as('national-administrator'), opportunity, 'hide', {
        hiddenBecause: 'Being checked',
      }).expect(200);
      await on.relay();
      expect((await on.noticesOf(id)).at(-1)).toBe('opportunity-hidden owed');
      await act(t, coordinator, opportunity, 'withdraw').expect(200);
      await on.relay();
      expect((await on.noticesOf(id)).filter((n) => n.endsWith('owed'))).toEqual(['opportunity-withdrawn owed']);
    });
  });

  describe('GET /v1/notices', () => {
    it('lists what is owed, by organisation, kind, channel and opportunity', async () => {
      const { id, opportunityId } = await shortlisted({ preferredChannel: 'phone', phone: '01632 960004' });
      const list = async (query: object, who = coordinator) =>
        (
          (await t.api.get('/v1/notices').query(query).set(who).expect(200)).body as {
            data: (Notice & { interestId: string })[];
          }
        ).data;
      const organisation = await t.organisation(OURS);
      expect(
        (await list({ state: 'owed', organisation, opportunity: opportunityId })).map((n) => n.interestId),
      ).toEqual([id]);
      expect(await list({ state: 'sent', opportunity: opportunityId })).toEqual([]);
      expect(await list({ channel: 'email', opportunity: opportunityId })).toEqual([]);
      expect(await list({ kind: 'offered', opportunity: opportunityId })).toEqual([]);
      expect(await list({ opportunity: opportunityId }, theirs)).toEqual([]);
      const { rows } = await t.db.query(
        `SELECT 1 FROM kernel.audit_entry WHERE action = 'read' AND subject = 'notice' LIMIT 1`,
      );
      expect(rows).toHaveLength(1);
      await t.api.get('/v1/notices').expect(401);
      await t.api.get('/v1/notices').set(site).expect(403);
      await t.api.get('/v1/notices?state=lost').set(coordinator).expect(400);
    });

    it('counts what is owed and overdue', async () => {
      const before = await count();
      await shortlisted({ preferredChannel: 'phone', phone: '01632 960005' });
      const after = await count();
      expect(after).toEqual({
        owed: (before.owed ?? 0) + 1,
        overdue: before.overdue,
        byPerson: (before.byPerson ?? 0) + 1,
      });
      t.clock.set('2026-11-28T12:00:01Z');
      const late = await count();
      expect(late.overdue).toBe(late.owed);
      expect((await t.api.get('/v1/notices/count').set(theirs).expect(200)).body).toEqual({
        owed: 0,
        overdue: 0,
        byPerson: 0,
      });
    });
  });

  describe('GET /v1/notices/{id} and /v1/me/notices', () => {
    it('are the person’s and the organiser’s', async () => {
      const { id, contributor } = await shortlisted({ preferredChannel: 'phone', phone: '01632 960006' });
      const notice = await noticeOf(id);
      const get = (who: Headers) => t.api.get(`/v1/notices/${notice.id}`).set(who);
      expect((await get(contributor.auth).expect(200)).body).toMatchObject({ to: null, text: notice.text });
      expect((await t.api.get('/v1/me/notices').set(contributor.auth).expect(200)).body).toMatchObject({
        data: [{ id: notice.id }],
      });
      await get(theirs).expect(404);
      await get((await on.contributor()).auth).expect(404);
      await t.api.get(`/v1/notices/${randomUUID()}`).set(coordinator).expect(404);
      await t.api.get('/v1/notices/none').set(coordinator).expect(400);
    });
  });

  describe('POST /v1/notices/{id}/told', () => {
    it('records how, by whom and a note', async () => {
      const { id, contributor } = await shortlisted({ preferredChannel: 'phone', phone: '01632 960007' });
      const notice = await noticeOf(id);
      const told = (body: object, who = coordinator) => t.api.post(`/v1/notices/${notice.id}/told`).set(who).send(body);
      await told({ how: 'phone' }, theirs).expect(404);
      await told({ how: 'phone' }, contributor.auth).expect(403);
      await told({ how: 'telepathy' }).expect(400);
      await told({}).expect(400);
      await t.api.post(`/v1/notices/${notice.id}/told`).send({ how: 'phone' }).expect(401);
      expect((await told({ how: 'supporter', note: 'Will ring back.' }).expect(200)).body).toMatchObject({
        state: 'told',
        toldHow: 'supporter',
        toldAt: NOON,
        note: 'Will ring back.',
        to: null,
      });
      expect(code(await told({ how: 'phone' }).expect(409))).toBe('notice_closed');
      expect(await eventsOf(t, notice.id)).toEqual(['notice.told']);
      expect(await auditOf(t, notice.id)).toContain('changed');
    });

    it('by two at once is recorded once', async () => {
      const { id } = await shortlisted({ preferredChannel: 'in-person' });
      const { id: notice } = await noticeOf(id);
      const answers = await Promise.all(
        [1, 2, 3].map(() => t.api.post(`/v1/notices/${notice}/told`).set(coordinator).send({ how: 'in-person' })),
      );
      expect(answers.map((a) => a.status).sort()).toEqual([200, 409, 409]);
    });
  });
});
