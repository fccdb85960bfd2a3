import { randomUUID } from 'node:crypto';
import { AnsweringService } from '../../src/involvement/interest/answering.service';
import { Jobs } from '../../src/kernel/jobs/jobs';
import { NOON, startApp, TestApp, THEIRS } from '../support/app';
import { Interests, somebody } from './interest-support';
import { act, code, eventsOf, Headers, Known, lastEvent } from './opportunity-support';

describe('Offers', () => {
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

  const offered = async (more: object = {}, answerBy?: string) => {
    const opportunity = await on.opportunity(more);
    const interest = await on.sent(opportunity);
    await on.move(coordinator, interest.id, 'offer', answerBy ? { answerBy } : {}).expect(200);
    return { ...interest, opportunity };
  };
  const involvementsOf = async (interestId: unknown) =>
    (
      await t.db.query(
        'SELECT id, state, role, contributor_id, "from" FROM involvement.involvement WHERE interest_id = $1',
        [interestId],
      )
    ).rows as Record<string, unknown>[];
  const lapse = (): Promise<number> => t.app.get(AnsweringService, { strict: false }).lapse();
  /** As the clock has it done: by the schedule of its queue. */
  const tick = async (): Promise<void> => {
    const jobs = t.app.get(Jobs, { strict: false });
    await jobs.tick();
    await jobs.drain('offer.clock', true);
  };

  describe('POST /v1/interests/{id}/accept', () => {
    it('begins the involvement, in the same transaction', async () => {
      const { id, contributor } = await offered({ startsOn: '2027-01-12' });
      const { body } = await on.move(contributor.auth, id, 'accept').expect(200);
      expect(body).toMatchObject({ state: 'accepted', answeredAt: NOON });
      expect(await involvementsOf(id)).toEqual([
        expect.objectContaining({
          state: 'planned',
          role: 'member',
          contributor_id: contributor.id,
          from: '2027-01-12',
        }),
      ]);
      expect(await eventsOf(t, id)).toEqual(['interest.received', 'interest.offered', 'interest.accepted']);
    });

    it('at once from three sides is accepted once', async () => {
      const { id, contributor } = await offered();
      const answers = await Promise.all([
        on.move(contributor.auth, id, 'accept'),
        on.move(coordinator, id, 'accept'),
        on.move(contributor.auth, id, 'decline'),
        on.move(coordinator, id, 'accept'),
      ]);
      expect(answers.map((a) => a.status).sort()).toEqual([200, 409, 409, 409]);
      expect(await involvementsOf(id)).toHaveLength((await on.stateOf(id)) === 'accepted' ? 1 : 0);
    });

    it('waits for the opportunity before it takes the interest, as selecting does: the two never wait for each other', async () => {
      const { id, contributor, opportunity } = await offered();
      const selecting = await t.db.connect();
      try {
        await selecting.query('BEGIN');
        await selecting.query('SELECT FROM involvement.opportunity WHERE id = $1 FOR NO KEY UPDATE', [opportunity]);
        const accepting = on.move(contributor.auth, id, 'accept').then((answer) => answer.status);
        const waits = `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.datname = current_database() AND NOT l.granted`;
        while ((await t.db.query(waits)).rowCount === 0);
        await selecting.query('SELECT FROM involvement.interest WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [id]);
        await selecting.query('COMMIT');
        expect(await accepting).toBe(200);
      } finally {
        await selecting.query('ROLLBACK');
        selecting.release();
      }
    });

    it('answers a retry with the same key, and begins once', async () => {
      const { id, contributor } = await offered();
      const accept = () => on.move(contributor.auth, id, 'accept').set('idempotency-key', `accept-${id}`);
      await accept().expect(200);
      expect((await accept().expect(200)).body).toMatchObject({ id, state: 'accepted' });
      expect(await involvementsOf(id)).toHaveLength(1);
    });

    it('needs a record', async () => {
      const opportunity = await on.opportunity();
      const { id } = await on.recorded(opportunity);
      await on.move(coordinator, id, 'offer', {}).expect(200);
      expect(code(await on.move(coordinator, id, 'accept').expect(422))).toBe('record_needed');
      const { id: contributorId } = await on.contributor();
      await on.move(coordinator, id, 'contributor', { contributorId }).expect(200);
      await on.move(coordinator, id, 'accept').expect(200);
      expect(await involvementsOf(id)).toEqual([expect.objectContaining({ contributor_id: contributorId })]);
    });

    it('is the person’s, the sending site’s and the organiser’s', async () => {
      const { id } = await offered();
      await t.api.post(`/v1/interests/${id}/accept`).expect(401);
      for (const who of [theirs, site, (await on.contributor()).auth]) await on.move(who, id, 'accept').expect(404);
      await on.move(await t.as('researcher'), id, 'accept').expect(403);
      await on.move(coordinator, randomUUID(), 'accept').expect(404);
      expect(await on.stateOf(id)).toBe('offered');
      const { body } = await on.send(site, await on.opportunity(), { person: somebody(800) }).expect(201);
      const sent = (body as Known).id;
      await on.move(coordinator, sent, 'contributor', { contributorId: (await on.contributor()).id }).expect(200);
      await on.move(coordinator, sent, 'offer', {}).expect(200);
      await on.move(site, sent, 'accept').expect(200);
    });

    it('is not possible once the opportunity is withdrawn', async () => {
      const { id, contributor, opportunity } = await offered();
      await act(t, coordinator, opportunity, 'withdraw');
      expect(code(await on.move(contributor.auth, id, 'accept').expect(409))).toBe('opportunity_withdrawn');
      expect(await involvementsOf(id)).toEqual([]);
    });
  });

  describe('the last day to answer', () => {
    it.each([
      ['when clocks go forward', '2027-03-20T12:00:00Z', '2027-03-28', '2027-03-28T22:59:59Z', '2027-03-28T23:00:00Z'],
      ['when clocks go back', '2027-10-20T12:00:00Z', '2027-10-31', '2027-10-31T23:59:59Z', '2027-11-01T00:00:00Z'],
    ])('ends at midnight, UK time, %s', async (_, now, answerBy, lastMoment, midnight) => {
      t.clock.set(now);
      const closesOn = '2027-12-01';
      const [inTime, late] = [await offered({ closesOn }, answerBy), await offered({ closesOn }, answerBy)];
      t.clock.set(lastMoment);
      await tick();
      await on.move(inTime.contributor.auth, inTime.id, 'accept').expect(200);
      t.clock.set(midnight);
      expect(code(await on.move(late.contributor.auth, late.id, 'accept').expect(422))).toBe('offer_lapsed');
      t.clock.advance(120_000);
      await tick();
      expect(await Promise.all([on.stateOf(inTime.id), on.stateOf(late.id)])).toEqual(['accepted', 'lapsed']);
      expect(await lastEvent(t, late.id)).toMatchObject({ type: 'interest.lapsed' });
      expect(await on.noticesOf(late.id)).toEqual(['offered dropped', 'lapsed owed']);
    });

    it('over, frees the place and suggests the next; a lapsed offer can be made again', async () => {
      const opportunity = await on.opportunity({ placesAvailable: 1, closesOn: '2026-12-31' });
      const [first, next] = [await on.sent(opportunity), await on.sent(opportunity)];
      await on.move(coordinator, first.id, 'offer', { answerBy: '2026-11-24' }).expect(200);
      await on.move(coordinator, next.id, 'reserve').expect(200);
      t.clock.set('2026-11-25T00:00:00Z');
      expect(await lapse()).toBe(1);
      expect(
        (await t.api.get(`/v1/opportunities/${opportunity}/places`).set(coordinator).expect(200)).body,
      ).toMatchObject({ free: 1, nextReserve: next.id });
      expect(await on.stateOf(next.id)).toBe('reserve');
      await on.move(coordinator, first.id, 'offer', {}).expect(200);
      expect((await on.move(first.contributor.auth, first.id, 'accept').expect(200)).body).toMatchObject({
        state: 'accepted',
        endedAt: null,
      });
    });

    it('lapses once, whoever runs the clock, and not what is answered meanwhile', async () => {
      const offers = await Promise.all(
        Array.from({ length: 4 }, () => offered({ closesOn: '2026-12-31' }, '2026-11-24')),
      );
      t.clock.set('2026-11-26T12:00:00Z');
      await Promise.all([lapse(), lapse(), ...offers.map((o) => on.move(o.contributor.auth, o.id, 'decline'))]);
      for (const { id } of offers) {
        const events = (await eventsOf(t, id)).filter(
          (type) => type === 'interest.lapsed' || type === 'interest.declined',
        );
        expect(events).toHaveLength(1);
      }
    });
  });

  describe('POST /v1/interests/{id}/decline and /withdraw', () => {
    it('frees the place', async () => {
      const { id, contributor, opportunity } = await offered({ placesAvailable: 1 });
      expect((await on.move(contributor.auth, id, 'decline').expect(200)).body).toMatchObject({
        state: 'declined',
        endedAt: NOON,
      });
      const other = await on.sent(opportunity);
      await on.move(coordinator, other.id, 'offer', {}).expect(200);
      await on.move(other.contributor.auth, other.id, 'withdraw').expect(200);
      await on.move(coordinator, (await on.sent(opportunity)).id, 'offer', {}).expect(200);
      expect(await lastEvent(t, other.id)).toMatchObject({ type: 'interest.withdrawn', data: { was: 'offered' } });
    });

    it('cancels an involvement that has not begun', async () => {
      const { id, contributor } = await offered();
      await on.move(contributor.auth, id, 'accept').expect(200);
      await on.move(contributor.auth, id, 'withdraw').expect(200);
      const [involvement] = await involvementsOf(id);
      expect(involvement).toMatchObject({ state: 'cancelled' });
      expect(await lastEvent(t, involvement?.id)).toMatchObject({
        type: 'involvement.ended',
        data: { reason: 'contributor-chose' },
      });
    });

    it('leaves one that has begun on record', async () => {
      const { id, contributor } = await offered();
      await on.move(contributor.auth, id, 'accept').expect(200);
      await t.db.query(`UPDATE involvement.involvement SET state = 'active' WHERE interest_id = $1`, [id]);
      expect(code(await on.move(contributor.auth, id, 'withdraw').expect(409))).toBe('involvement_begun');
      expect(await on.stateOf(id)).toBe('accepted');
    });

    it('is nobody else’s', async () => {
      const { id } = await offered();
      for (const move of ['decline', 'withdraw']) {
        await on.move(theirs, id, move).expect(404);
        await on.move((await on.contributor()).auth, id, move).expect(404);
        await on.move(await t.as('auditor'), id, move).expect(403);
        await t.api.post(`/v1/interests/${id}/${move}`).expect(401);
      }
    });
  });

  describe('GET /v1/me/interests', () => {
    it('lists one’s own, with filters', async () => {
      const { id, contributor } = await offered();
      const mine = (query = '') => t.api.get(`/v1/me/interests${query}`).set(contributor.auth).expect(200);
      expect((await mine()).body).toMatchObject({ data: [{ id, state: 'offered' }] });
      expect((await mine('?state=received')).body).toMatchObject({ data: [] });
      await t.api.get('/v1/me/interests').expect(401);
    });
  });
});
