import { randomUUID } from 'node:crypto';
import { NOON, startApp, TestApp, THEIRS } from '../support/app';
import { Interests, somebody } from './interest-support';
import { code, eventsOf, Headers, Known, lastEvent } from './opportunity-support';

interface Interest extends Known {
  reference: string;
}

describe('Interests of people without an account', () => {
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

  const read = (id: unknown, who = coordinator) => t.api.get(`/v1/interests/${String(id)}`).set(who);

  describe('by reference, without an account', () => {
    let caller = 0;
    const post = (path: string, body: object) => t.api.post(`/v1/interests/${path}`).send(body);
    const sentBySite = async (n: number, more: object = {}) => {
      const { body } = await on.send(site, await on.opportunity(), { person: somebody(n, more) }).expect(201);
      return body as Interest;
    };
    const codeFor = async (to: string): Promise<string> => {
      await on.drain();
      return /\d{6}/.exec((await on.messagesTo(to)).at(-1)?.body ?? '')?.[0] ?? '';
    };
    beforeEach(async () => {
      await t.db.query(`DELETE FROM kernel.rate_limit WHERE key LIKE 'follow%'`);
      caller++;
    });

    it('tells how it stands, and takes it back', async () => {
      const { reference, id } = await sentBySite(930 + caller, { phone: '020 7946 0930' });
      for (const contact of [`person${930 + caller}@EXAMPLE.org`, '+442079460930'])
        expect((await post('follow', { reference, contact }).expect(200)).body).toMatchObject({
          state: 'received',
          opportunityTitle: 'Talk about falls',
          contactConfirmed: false,
        });
      expect(
        (await post('withdraw-by-reference', { reference, contact: '020 7946 0930' }).expect(200)).body,
      ).toMatchObject({ state: 'withdrawn' });
      expect(await eventsOf(t, id)).toEqual(['interest.received', 'interest.withdrawn']);
    });

    it('knows a contributor’s contact from their record', async () => {
      const made = await on.sent(await on.opportunity(), {}, { email: 'joan@example.org' });
      await post('follow', { reference: made.reference as string, contact: 'Joan@example.org' }).expect(200);
    });

    it('answers the same 404 to everything that does not fit', async () => {
      const { reference } = await sentBySite(940);
      const other = await sentBySite(941);
      const answers = [
        await post('follow', { reference, contact: 'person941@example.org' }),
        await post('follow', { reference: 'PPI-0000-0000-00000', contact: 'person940@example.org' }),
        await post('follow', { reference: 'nonsense', contact: 'person940@example.org' }),
        await post('follow', { reference: other.reference, contact: 'not a contact' }),
        await post('withdraw-by-reference', { reference, contact: 'x' }),
        await post('confirm', { reference, code: '000000' }),
        await post('send-code', { reference, contact: 'x' }),
      ];
      for (const answer of answers) expect(answer.status).toBe(404);
      expect(new Set(answers.map((a) => (a.body as { detail: string }).detail)).size).toBe(1);
    });

    it('is limited to thirty calls in ten minutes, over all references', async () => {
      const answers = [];
      for (let i = 0; i < 32; i++)
        answers.push(await post('follow', { reference: `PPI-0000-0000-000${String(i)}`, contact: 'x' }));
      const statuses = answers.map((answer) => answer.status);
      expect(statuses.slice(0, 30).every((status) => status === 404)).toBe(true);
      expect(statuses.slice(30)).toEqual([429, 429]);
      expect(answers[31]?.headers['retry-after']).toMatch(/^\d+$/);
    });

    it('confirms the contact by the code', async () => {
      const { reference, id } = await sentBySite(950);
      const digits = await codeFor('person950@example.org');
      expect(digits).toMatch(/^\d{6}$/);
      expect((await post('confirm', { reference, code: digits }).expect(200)).body).toMatchObject({
        contactConfirmed: true,
      });
      expect((await read(id).expect(200)).body).toMatchObject({ contactConfirmedHow: 'code' });
      await post('confirm', { reference, code: digits }).expect(404);
      expect(await lastEvent(t, id)).toMatchObject({ type: 'interest.confirmed', data: { how: 'code' } });
    });

    it('sends a new code, which ends the one before', async () => {
      const { reference } = await sentBySite(951);
      const first = await codeFor('person951@example.org');
      expect((await post('send-code', { reference, contact: 'person951@example.org' }).expect(200)).body).toMatchObject(
        { by: 'email', expiresAt: '2026-11-23T12:30:00.000Z' },
      );
      const second = await codeFor('person951@example.org');
      expect(await on.messagesTo('person951@example.org')).toHaveLength(2);
      if (first !== second) await post('confirm', { reference, code: first }).expect(404);
      await post('confirm', { reference, code: second }).expect(200);
    });

    it('sends five codes at the most', async () => {
      const { reference } = await sentBySite(952);
      const ask = () => post('send-code', { reference, contact: 'person952@example.org' });
      for (let i = 0; i < 4; i++) await ask().expect(200);
      await ask().expect(404);
    });

    it('refuses a code after half an hour', async () => {
      const { reference } = await sentBySite(953);
      const digits = await codeFor('person953@example.org');
      t.clock.set('2026-11-23T12:30:00.000Z');
      await post('confirm', { reference, code: digits }).expect(404);
    });

    it('counts five attempts, even when many come at once and each would be rolled back', async () => {
      const { reference, id } = await sentBySite(954);
      const digits = await codeFor('person954@example.org');
      const wrong = digits === '111111' ? '222222' : '111111';
      const tries = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          post('confirm', { reference, code: wrong }).set('idempotency-key', `guess-${i}`),
        ),
      );
      expect(tries.map((a) => a.status)).toEqual(Array.from({ length: 12 }, () => 404));
      const { rows } = await t.db.query('SELECT code_attempts FROM involvement.interest WHERE id = $1', [id]);
      expect(rows).toEqual([{ code_attempts: 5 }]);
      await post('confirm', { reference, code: digits }).expect(404);
    });

    it('the right code many times at once confirms once', async () => {
      const { reference, id } = await sentBySite(955);
      const digits = await codeFor('person955@example.org');
      const statuses = (
        await Promise.all(Array.from({ length: 5 }, () => post('confirm', { reference, code: digits })))
      ).map((a) => a.status);
      expect(statuses.filter((s) => s === 200)).toHaveLength(1);
      expect(await eventsOf(t, id)).toEqual(['interest.received', 'interest.confirmed']);
    });
  });

  describe('POST /v1/interests/{id}/contributor', () => {
    it('ties it to a record, with which the contact is then kept', async () => {
      const id = await on.opportunity();
      const made = await on.recorded(id);
      const { id: contributorId, name } = await on.contributor();
      const { body } = await on.move(coordinator, made.id, 'contributor', { contributorId }).expect(200);
      expect(body).toMatchObject({ contributorId, name, replyBy: null });
      const { rows } = await t.db.query(
        'SELECT person_sealed, contact_digest FROM involvement.interest WHERE id = $1',
        [made.id],
      );
      expect(rows).toEqual([{ person_sealed: null, contact_digest: null }]);
      expect(await lastEvent(t, made.id)).toMatchObject({ type: 'interest.linked' });
      expect(code(await on.move(coordinator, made.id, 'contributor', { contributorId }).expect(409))).toBe(
        'linked_already',
      );
    });

    it('refuses strangers, and a second interest of the same person', async () => {
      const id = await on.opportunity();
      const made = await on.recorded(id);
      expect(
        code(await on.move(coordinator, made.id, 'contributor', { contributorId: randomUUID() }).expect(422)),
      ).toBe('unknown_contributor');
      const first = await on.sent(id);
      expect(
        code(await on.move(coordinator, made.id, 'contributor', { contributorId: first.contributor.id }).expect(409)),
      ).toBe('interest_exists');
      await on.move(theirs, made.id, 'contributor', { contributorId: first.contributor.id }).expect(404);
    });
  });

  describe('POST /v1/interests/{id}/confirm-by-call', () => {
    it('confirms once', async () => {
      const { body } = await on.send(site, await on.opportunity(), { person: somebody(960) }).expect(201);
      const { id } = body as Known;
      await on.move(theirs, id, 'confirm-by-call').expect(404);
      expect((await on.move(coordinator, id, 'confirm-by-call').expect(200)).body).toMatchObject({
        contactConfirmedHow: 'call',
      });
      expect(code(await on.move(coordinator, id, 'confirm-by-call').expect(409))).toBe('confirmed_already');
      await on.move(site, id, 'confirm-by-call').expect(403);
    });
  });
});
