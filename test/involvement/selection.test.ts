import { randomUUID } from 'node:crypto';
import { AnsweringService } from '../../src/involvement/interest/answering.service';
import { FOLLOWS, InterestState, LIVE } from '../../src/involvement/interest/interest-state';
import { NOON, OURS, startApp, TestApp, THEIRS } from '../support/app';
import { faults, Interests, somebody } from './interest-support';
import { act, auditOf, code, eventsOf, Headers, Known, lastEvent } from './opportunity-support';

const STATES = Object.values(InterestState);
describe('Selection', () => {
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

  const places = async (id: string) =>
    (await t.api.get(`/v1/opportunities/${id}/places`).set(coordinator).expect(200)).body as Record<string, unknown>;
  const statuses = (answers: { status: number }[]): number[] => answers.map((a) => a.status).sort();

  describe('the table of states', () => {
    it('is the same in the database and in the code', async () => {
      for (const was of STATES)
        for (const becomes of STATES) {
          const { rows } = await t.db.query<{ follows: boolean }>(
            'SELECT involvement.interest_follows($1, $2) AS follows',
            [was, becomes],
          );
          expect([was, becomes, rows[0]?.follows]).toEqual([was, becomes, FOLLOWS[was].includes(becomes)]);
        }
    });

    it('counts as live what the index counts', async () => {
      const { rows } = await t.db.query<{ def: string }>(
        `SELECT pg_get_indexdef('involvement.interest_one_live_per_contributor'::regclass) AS def`,
      );
      for (const state of STATES)
        expect([state, rows[0]?.def.includes(`'${state}'`)]).toEqual([state, LIVE.includes(state)]);
    });

    it('holds in the database whoever writes', async () => {
      const { id } = await on.sent(await on.opportunity());
      await expect(
        t.db.query(`UPDATE involvement.interest SET state = 'accepted', answered_at = now() WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ constraint: 'interest_transition_allowed' });
      await expect(
        t.db.query(`UPDATE involvement.interest SET state = 'offered' WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ constraint: 'interest_offer_has_a_day' });
      await expect(
        t.db.query(`UPDATE involvement.interest SET state = 'not-selected', ended_at = now() WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ constraint: 'interest_reason_told' });
      await expect(
        t.db.query(`UPDATE involvement.interest SET state = 'withdrawn' WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ constraint: 'interest_end_has_a_time' });
      await expect(
        t.db.query(`UPDATE involvement.interest SET contributor_id = NULL WHERE id = $1`, [id]),
      ).rejects.toMatchObject({ constraint: 'interest_is_somebodys' });
    });

    /** How to bring an interest into each state through the service. */
    const ways: Record<InterestState, string[]> = {
      received: [],
      shortlisted: ['shortlist'],
      reserve: ['reserve'],
      offered: ['offer'],
      accepted: ['offer', 'accept'],
      declined: ['offer', 'decline'],
      lapsed: ['offer', 'lapse'],
      'not-selected': ['turn-down'],
      withdrawn: ['withdraw'],
    };
    const moves: Record<string, InterestState> = {
      shortlist: 'shortlisted',
      reserve: 'reserve',
      offer: 'offered',
      'turn-down': 'not-selected',
      accept: 'accepted',
      decline: 'declined',
      withdraw: 'withdrawn',
    };
    const body = (move: string): object | undefined =>
      move === 'turn-down' ? { reason: 'Too few places.' } : move === 'offer' ? {} : undefined;
    const go = async (id: unknown, move: string): Promise<void> => {
      if (move !== 'lapse') {
        await on.move(coordinator, id, move, body(move)).expect(200);
        return;
      }
      await t.db.query(`UPDATE involvement.interest SET answer_by = '2026-11-22' WHERE id = $1`, [id]);
      await t.app.get(AnsweringService, { strict: false }).lapse();
    };

    it.each(STATES.flatMap((was) => Object.entries(moves).map(([move, becomes]) => [was, move, becomes] as const)))(
      '%s: %s',
      async (was, move, becomes) => {
        const { id } = await on.sent(await on.opportunity());
        for (const way of ways[was]) await go(id, way);
        expect(await on.stateOf(id)).toBe(was);
        const answer = await on.move(coordinator, id, move, body(move));
        if (FOLLOWS[was].includes(becomes)) {
          expect([answer.status, await on.stateOf(id)]).toEqual([200, becomes]);
          expect((answer.body as { state: string }).state).toBe(becomes);
        } else {
          expect([answer.status, code(answer), await on.stateOf(id)]).toEqual([409, 'wrong_state', was]);
        }
      },
    );
  });

  describe('POST /v1/interests/{id}/…', () => {
    it('shortlists, reserves, offers and turns down, each told and recorded', async () => {
      const id = await on.opportunity();
      const [a, b, c] = [await on.sent(id), await on.sent(id), await on.sent(id)];
      expect((await on.move(coordinator, a.id, 'shortlist').expect(200)).body).toMatchObject({
        state: 'shortlisted',
        shortlistedAt: NOON,
      });
      expect((await on.move(coordinator, b.id, 'reserve').expect(200)).body).toMatchObject({
        state: 'reserve',
        reservedAt: NOON,
      });
      expect(
        (await on.move(coordinator, c.id, 'turn-down', { reason: 'We had more carers.' }).expect(200)).body,
      ).toMatchObject({ state: 'not-selected', reason: 'We had more carers.', endedAt: NOON });
      expect((await on.move(coordinator, a.id, 'offer', {}).expect(200)).body).toMatchObject({
        state: 'offered',
        answerBy: '2026-12-07',
      });
      expect(await eventsOf(t, a.id)).toEqual(['interest.received', 'interest.shortlisted', 'interest.offered']);
      expect(await lastEvent(t, a.id)).toMatchObject({ data: { opportunityId: id, answerBy: '2026-12-07' } });
      expect(await auditOf(t, c.id)).toEqual(expect.arrayContaining(['created', 'changed']));
      const { rowCount } = await t.db.query(
        `SELECT 1 FROM kernel.audit_entry r WHERE subject_id = $1 AND r::text LIKE '%carers%'`,
        [c.id],
      );
      expect(rowCount).toBe(0);
    });

    it('needs a reason to turn somebody down', async () => {
      const { id } = await on.sent(await on.opportunity());
      expect(faults(await on.move(coordinator, id, 'turn-down', {}).expect(400)).map((f) => f.split(' ')[0])).toEqual([
        '/reason',
      ]);
    });

    it('offers only to somebody whose contact is confirmed', async () => {
      const opportunity = await on.opportunity();
      const { body } = await on.send(site, opportunity, { person: somebody(700) }).expect(201);
      const { id } = body as Known;
      expect(code(await on.move(coordinator, id, 'offer', {}).expect(422))).toBe('contact_not_confirmed');
      await on.move(coordinator, id, 'confirm-by-call').expect(200);
      await on.move(coordinator, id, 'offer', {}).expect(200);
    });

    it.each([['2026-11-22'], ['2027-03-24']])('offers until a day in reach, not %s', async (answerBy) => {
      const { id } = await on.sent(await on.opportunity());
      expect(code(await on.move(coordinator, id, 'offer', { answerBy }).expect(422))).toBe('answer_by_out_of_range');
    });

    it('selects for nothing that is withdrawn', async () => {
      const opportunity = await on.opportunity();
      const { id } = await on.sent(opportunity);
      await act(t, coordinator, opportunity, 'withdraw');
      expect(code(await on.move(coordinator, id, 'offer', {}).expect(409))).toBe('opportunity_not_running');
    });

    it('is the organiser’s and the team’s', async () => {
      const opportunity = await on.opportunity();
      const { id, contributor } = await on.sent(opportunity);
      await t.api.post(`/v1/interests/${id}/shortlist`).expect(401);
      await on.move(contributor.auth, id, 'shortlist').expect(403);
      await on.move(theirs, id, 'shortlist').expect(404);
      await on.move(coordinator, randomUUID(), 'shortlist').expect(404);
      const researcher = await t.as('researcher', OURS, 'team');
      await on.move(researcher, id, 'shortlist').expect(404);
      const account = await t.account('researcher', OURS, 'team');
      await t.db.query(
        `INSERT INTO involvement.team_member (project_id, account_id, role) VALUES ($1, $2, 'researcher')`,
        [await on.projectId(), account.id],
      );
      await on.move(researcher, id, 'shortlist').expect(200);
    });
  });

  describe('POST /v1/opportunities/{id}/decisions', () => {
    it('carries all of them out, whatever their order', async () => {
      const id = await on.opportunity({ placesAvailable: 1 });
      const [a, b, c, d] = [await on.sent(id), await on.sent(id), await on.sent(id), await on.sent(id)];
      const { body } = await on
        .decide(id, [
          { interestId: a.id, decision: 'offer', answerBy: '2026-12-01' },
          { interestId: b.id, decision: 'reserve' },
          { interestId: c.id, decision: 'turn-down', reason: 'Too few places.' },
          { interestId: d.id, decision: 'shortlist' },
        ])
        .expect(200);
      expect(body).toEqual({ decided: 4, places: 1, offered: 1, accepted: 0, free: 0, nextReserve: null });
      expect(await Promise.all([a, b, c, d].map((i) => on.stateOf(i.id)))).toEqual([
        'offered',
        'reserve',
        'not-selected',
        'shortlisted',
      ]);
    });

    it('carries out none where one is not possible, and says which', async () => {
      const id = await on.opportunity();
      const other = await on.sent(await on.opportunity());
      const [a, b] = [await on.sent(id), await on.sent(id)];
      await on.move(coordinator, b.id, 'withdraw').expect(200);
      const answer = await on
        .decide(id, [
          { interestId: a.id, decision: 'shortlist' },
          { interestId: b.id, decision: 'offer' },
          { interestId: other.id, decision: 'offer' },
        ])
        .expect(422);
      expect(faults(answer).sort()).toEqual(['/decisions/1 wrong_state', '/decisions/2/interestId unknown_interest']);
      expect(await on.stateOf(a.id)).toBe('received');
      expect(await on.noticesOf(a.id)).toEqual([]);
      expect(await eventsOf(t, a.id)).toEqual(['interest.received']);
    });

    it('offers nothing where there are fewer places than offers', async () => {
      const id = await on.opportunity({ placesAvailable: 2 });
      const sent = [await on.sent(id), await on.sent(id), await on.sent(id)];
      expect(
        code(
          await on
            .decide(
              id,
              sent.map((i) => ({ interestId: i.id, decision: 'offer' })),
            )
            .expect(409),
        ),
      ).toBe('no_place_left');
      expect(await on.count(id, 'offered')).toBe(0);
    });

    it('refuses a list that is empty, too long or names somebody twice', async () => {
      const id = await on.opportunity();
      const { id: interestId } = await on.sent(id);
      await on.decide(id, []).expect(400);
      await on
        .decide(
          id,
          Array.from({ length: 501 }, () => ({ interestId: randomUUID(), decision: 'reserve' })),
        )
        .expect(400);
      const twice = await on
        .decide(id, [
          { interestId, decision: 'shortlist' },
          { interestId, decision: 'reserve' },
        ])
        .expect(400);
      expect(faults(twice)).toEqual(['/decisions/1/interestId repeated']);
      expect(faults(await on.decide(id, [{ interestId, decision: 'turn-down' }]).expect(422))).toEqual([
        '/decisions/0 reason_needed',
      ]);
    });

    it('takes five hundred at once', async () => {
      const id = await on.opportunity();
      await t.db.query(
        `INSERT INTO people.contributor (name, preferred_channel, age_group) SELECT 'Many ' || n, 'in-person', 'adult' FROM generate_series(1, 500) n`,
      );
      await t.db.query(
        `INSERT INTO involvement.interest (opportunity_id, organisation_id, contributor_id, channel, reference_hash, reference_end, received_at)
         SELECT o.id, o.organisation_id, c.id, 'online', sha256(c.id::text::bytea), '0000', now()
         FROM involvement.opportunity o, people.contributor c WHERE o.id = $1 AND c.name LIKE 'Many %'`,
        [id],
      );
      const { rows } = await t.db.query<{ id: string }>(
        'SELECT id FROM involvement.interest WHERE opportunity_id = $1',
        [id],
      );
      expect(
        (
          await on
            .decide(
              id,
              rows.map((row) => ({ interestId: row.id, decision: 'reserve' })),
            )
            .expect(200)
        ).body,
      ).toMatchObject({ decided: 500 });
      expect(await on.count(id, 'reserve')).toBe(500);
    });

    it('is 404 to another organisation', async () => {
      const id = await on.opportunity();
      await on.decide(id, [{ interestId: randomUUID(), decision: 'reserve' }], theirs).expect(404);
    });
  });

  describe('places', () => {
    it('are never over-filled by offers that come at once', async () => {
      const id = await on.opportunity({ placesAvailable: 3 });
      const sent = await Promise.all(Array.from({ length: 20 }, () => on.sent(id)));
      const answers = await Promise.all(sent.map((i) => on.move(coordinator, i.id, 'offer', {})));
      expect(statuses(answers)).toEqual([
        ...Array.from({ length: 3 }, () => 200),
        ...Array.from({ length: 17 }, () => 409),
      ]);
      expect(await on.count(id, 'offered', 'accepted')).toBe(3);
      const offered = sent.filter((_, i) => answers[i]?.status === 200);
      const more = await Promise.all([
        ...offered.flatMap((i) => [on.move(i.contributor.auth, i.id, 'accept'), on.move(coordinator, i.id, 'accept')]),
        ...sent.filter((i) => !offered.includes(i)).map((i) => on.move(coordinator, i.id, 'offer', {})),
      ]);
      expect(statuses(more).filter((s) => s === 200)).toHaveLength(3);
      expect([await on.count(id, 'accepted'), await on.count(id, 'offered')]).toEqual([3, 0]);
      const { rows } = await t.db.query(
        'SELECT count(*)::integer AS n FROM involvement.involvement WHERE opportunity_id = $1',
        [id],
      );
      expect(rows).toEqual([{ n: 3 }]);
    });

    it('are never over-filled by lists of decisions that come at once', async () => {
      const id = await on.opportunity({ placesAvailable: 4 });
      const sent = await Promise.all(Array.from({ length: 12 }, () => on.sent(id)));
      const lists = [0, 3, 6, 9].map((from) =>
        sent.slice(from, from + 3).map((i) => ({ interestId: i.id, decision: 'offer' })),
      );
      expect(statuses(await Promise.all(lists.map((list) => on.decide(id, list))))).toEqual([200, 409, 409, 409]);
      expect(await on.count(id, 'offered')).toBe(3);
    });

    it('hold in the database whoever writes, and a group takes as many as it has people', async () => {
      const id = await on.opportunity({ placesAvailable: 3 });
      const group = await on.sent(id, { group: { name: 'Four', size: 4 } });
      expect(code(await on.move(coordinator, group.id, 'offer', {}).expect(409))).toBe('no_place_left');
      const three = await on.sent(id, { group: { name: 'Three', size: 3 } });
      await on.move(coordinator, three.id, 'offer', {}).expect(200);
      const offer = `UPDATE involvement.interest SET state = 'offered', offered_at = now(), answer_by = '2026-12-01' WHERE id = $1`;
      await expect(t.db.query(offer, [group.id])).rejects.toMatchObject({
        constraint: 'interest_places_not_overfilled',
      });
      await expect(
        t.db.query('UPDATE involvement.interest SET group_size = 4 WHERE id = $1', [three.id]),
      ).rejects.toMatchObject({ constraint: 'interest_places_not_overfilled' });
      await expect(
        t.db.query('UPDATE involvement.opportunity SET places_available = 2 WHERE id = $1', [id]),
      ).rejects.toMatchObject({ constraint: 'opportunity_places_cover_offers' });
    });

    it('cannot be taken away once offered', async () => {
      const id = await on.opportunity({ placesAvailable: 2 });
      const [a, b] = [await on.sent(id), await on.sent(id)];
      await on
        .decide(
          id,
          [a, b].map((i) => ({ interestId: i.id, decision: 'offer' })),
        )
        .expect(200);
      const draft = await t.api.get(`/v1/opportunities/${id}/draft`).set(coordinator).expect(200);
      const lower = await t.api
        .patch(`/v1/opportunities/${id}`)
        .set(coordinator)
        .set('if-match', draft.headers.etag ?? '')
        .send({ placesAvailable: 1 });
      expect([lower.status, code(lower)]).toEqual([409, 'places_taken']);
    });

    it('tell who on the reserve list is next, and offer nothing by themselves', async () => {
      const id = await on.opportunity({ placesAvailable: 2 });
      const [a, first, second] = [
        await on.sent(id),
        await on.sent(id, { group: { name: 'Two', size: 2 } }),
        await on.sent(id),
      ];
      const taken = await on.sent(id);
      await on
        .decide(
          id,
          [a, taken].map((i) => ({ interestId: i.id, decision: 'offer' })),
        )
        .expect(200);
      await on.move(coordinator, first.id, 'reserve').expect(200);
      t.clock.advance(1000);
      await on.move(coordinator, second.id, 'reserve').expect(200);
      expect(await places(id)).toEqual({ places: 2, offered: 2, accepted: 0, free: 0, nextReserve: null });
      await on.move(a.contributor.auth, a.id, 'decline').expect(200);
      // The group of two was first, but does not fit into one place.
      expect(await places(id)).toEqual({ places: 2, offered: 1, accepted: 0, free: 1, nextReserve: second.id });
      await on.move(taken.contributor.auth, taken.id, 'decline').expect(200);
      expect(await places(id)).toMatchObject({ free: 2, nextReserve: first.id });
      expect(await on.stateOf(first.id)).toBe('reserve');
      await t.api.get(`/v1/opportunities/${id}/places`).set(theirs).expect(404);
    });
  });
});
