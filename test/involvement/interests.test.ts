import { randomUUID } from 'node:crypto';
import { NOON, OURS, startApp, TestApp, THEIRS } from '../support/app';
import { faults, Interests, somebody } from './interest-support';
import { act, auditOf, code, eventsOf, Headers, Known, lastEvent, makeDraft } from './opportunity-support';

interface Interest extends Known {
  reference: string;
  state: string;
  answers: { key: string; text?: string | null }[];
}

describe('Interests', () => {
  let t: TestApp;
  let on: Interests;
  let coordinator: Headers;
  let theirs: Headers;
  let site: Headers;
  let open: string;

  beforeAll(async () => {
    t = await startApp();
    [coordinator, theirs, site] = [await t.as('coordinator'), await t.as('coordinator', THEIRS), await t.as('site')];
    on = new Interests(t, coordinator, site);
    open = await on.opportunity();
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const read = (id: unknown, who = coordinator) => t.api.get(`/v1/interests/${String(id)}`).set(who);

  describe('POST /v1/opportunities/{id}/interests', () => {
    it('takes a contributor’s own, with all that can be said', async () => {
      const { id: contributorId, auth, name } = await on.contributor();
      const body = {
        answers: [
          { key: 'why', way: 'text', text: 'My mother fell twice.' },
          { key: 'when', way: 'letter', where: 'in the post' },
        ],
        availability: 'Tuesday mornings',
        howHeard: 'poster',
        howHeardWords: 'At the surgery',
        keepOnFile: true,
        language: 'cy',
        group: { name: 'Tuesday walkers', size: 4 },
        help: { name: 'Sam Whitcombe', relation: 'neighbour', by: 'phone' },
      };
      const answer = await on.send(auth, open, body).expect(201);
      const made = answer.body as Interest;
      expect(made).toMatchObject({
        ...{
          opportunityId: open,
          contributorId,
          state: 'received',
          channel: 'online',
          party: 'group',
          groupSize: 4,
          groupName: 'Tuesday walkers',
        },
        ...{
          assisted: true,
          availability: 'Tuesday mornings',
          howHeardWords: 'At the surgery',
          keepOnFile: true,
          language: 'cy',
          name,
          reason: null,
          version: 1,
        },
        help: body.help,
      });
      expect(made.reference).toMatch(/^PPI-.{4}-.{4}-.{5}$/);
      expect(answer.headers.location).toBe(`/v1/interests/${made.id}`);
      expect(answer.headers.etag).toBe('"1-json"');
      expect(await eventsOf(t, made.id)).toEqual(['interest.received']);
      expect(await lastEvent(t, made.id)).toMatchObject({
        public: false,
        data: { opportunityId: open, channel: 'online', assisted: true, party: 'group' },
      });
      expect(await auditOf(t, made.id)).toEqual(['created']);
      const { rows } = await t.db.query(
        'SELECT how FROM kernel.consent WHERE person_id = $1 AND purpose = $2 AND withdrawn_at IS NULL',
        [contributorId, 'keep-on-file'],
      );
      expect(rows).toEqual([{ how: 'online' }]);
      expect((await read(made.id, auth).expect(200)).body).toMatchObject({
        reference: made.reference,
        answers: [{ key: 'why' }, { key: 'when' }],
      });
    });

    it('keeps nothing that is personal in the clear', async () => {
      const { auth } = await on.contributor();
      const planted = 'zebra-crossing-secret';
      const body = {
        answers: [{ key: 'why', way: 'text', text: planted }],
        availability: planted,
        help: { name: planted, by: 'phone' },
      };
      const { body: made } = await on.send(auth, open, body).set('idempotency-key', 'planted-1').expect(201);
      for (const table of [
        'involvement.interest',
        'kernel.event',
        'kernel.audit_entry',
        'kernel.idempotency',
        'pgboss.job',
      ]) {
        const { rowCount } = await t.db.query(
          `SELECT 1 FROM ${table} r WHERE position($1 IN r::text) > 0 OR position($2 IN r::text) > 0`,
          [planted, (made as Interest).reference],
        );
        expect([table, rowCount]).toEqual([table, 0]);
      }
    });

    it('answers a retry with the same reference', async () => {
      const { auth } = await on.contributor();
      const send = () => on.send(auth, open).set('idempotency-key', 'again-1').expect(201);
      const [first, again] = [(await send()).body as Interest, (await send()).body as Interest];
      expect([again.id, again.reference]).toEqual([first.id, first.reference]);
    });

    it('takes one from a site for somebody without an account, and sends a code', async () => {
      const { body } = await on.send(site, open, { person: somebody(900) }).expect(201);
      expect(body).toMatchObject({
        contributorId: null,
        channel: 'site',
        siteOrganisationId: await t.organisation(OURS),
        name: 'Person 900',
        email: 'person900@example.org',
        replyBy: 'email',
        contactConfirmedAt: null,
      });
      await on.drain();
      const [message] = await on.messagesTo('person900@example.org');
      expect(message?.body).toMatch(/Your code is \d{6}\./);
      expect((await t.api.get('/v1/me/interests').set(site).expect(200)).body).toMatchObject({
        data: [{ id: (body as Interest).id, reference: (body as Interest).reference }],
      });
    });

    it('is once a person while it is live: the second is 409', async () => {
      const { auth } = await on.contributor();
      const { body } = await on.send(auth, open).expect(201);
      expect(code(await on.send(auth, open).expect(409))).toBe('interest_exists');
      await on.move(auth, (body as Interest).id, 'withdraw').expect(200);
      await on.send(auth, open).expect(201);
    });

    it('knows a contact again, however it is written: a repeat for the organiser, and news to no site', async () => {
      const repeats = async (first: object, second: object) => {
        const { id } = (await on.send(site, open, { person: first }).expect(201)).body as Interest;
        const again = (await on.send(site, open, { person: second }).expect(201)).body as Interest;
        expect(again).toMatchObject({ state: 'received', duplicateOf: null });
        expect((await read(again.id)).body).toMatchObject({ duplicateOf: id });
      };
      await repeats(somebody(901), somebody(901, { email: 'PERSON901@EXAMPLE.org' }));
      const phone = { name: 'P', replyBy: 'phone', email: undefined };
      await repeats({ ...phone, phone: '020 7946 0901' }, { ...phone, phone: '+44 (0)20 7946 0901' });
    });

    it('of two at once, exactly one wins', async () => {
      const { auth } = await on.contributor();
      const statuses = (await Promise.all(Array.from({ length: 6 }, () => on.send(auth, open)))).map((a) => a.status);
      expect(statuses.sort()).toEqual([201, 409, 409, 409, 409, 409]);
    });

    it('holds answers against the questions, each fault in its place', async () => {
      const { auth } = await on.contributor();
      const long = Array.from({ length: 11 }, (_, i) => `word${i}`).join(' ');
      const answer = await on
        .send(auth, open, {
          answers: [
            { key: 'why', way: 'text', text: long },
            { key: 'who', way: 'text', text: 'x' },
          ],
        })
        .expect(422);
      expect(code(answer)).toBe('answers_not_right');
      expect(faults(answer)).toEqual(['/answers/0/text too_many_words', '/answers/1/key unknown_question']);
    });

    it('takes text of any writing', async () => {
      for (const text of [
        '\u202Eevil\u202C',
        'Z̸̢̛̺͚͎a̵l̷g̶o̸',
        '👩‍👩‍👧‍👦 ok',
        'ذهبت إلى',
        "'; DROP TABLE involvement.interest; --",
        '<script>alert(1)</script>',
        '\ufeffBOM',
      ]) {
        const { auth } = await on.contributor();
        const { body } = await on.send(auth, open, { answers: [{ key: 'why', way: 'text', text }] }).expect(201);
        expect((await read((body as Interest).id, auth)).body).toMatchObject({
          answers: [{ text: text.normalize('NFC') }],
        });
      }
    });

    it.each([
      ['an unknown field', { state: 'accepted' }, '/state'],
      ['whose it is, by id', { contributorId: randomUUID() }, '/contributorId'],
      ['U+0000', { availability: 'a\u0000b' }, '/availability'],
      ['half a surrogate pair', { availability: 'a\ud800b' }, '/availability'],
      ['a language that is none', { language: 'English, please' }, '/language'],
      ['a group of one', { group: { name: 'Us', size: 1 } }, '/group/size'],
      ['a helper without a way', { help: { name: 'Sam' } }, '/help/by'],
      ['answers that are no list', { answers: 'yes' }, '/answers'],
      [
        'too many answers',
        { answers: Array.from({ length: 21 }, () => ({ key: 'why', way: 'text', text: 'x' })) },
        '/answers',
      ],
      ['an answer too long', { answers: [{ key: 'why', way: 'text', text: 'x'.repeat(20_001) }] }, '/answers/0/text'],
      ['how heard, of no list', { howHeard: 'telepathy' }, '/howHeard'],
    ])('refuses %s', async (_, body, at) => {
      const { auth } = await on.contributor();
      expect(faults(await on.send(auth, open, body).expect(400)).map((f) => f.split(' ')[0])).toContain(at);
    });

    it.each([
      ['no address for the reply', { email: undefined }, '/person/email'],
      ['a letter without address', { replyBy: 'post' }, '/person/address'],
      ['a supporter not named', { replyBy: 'supporter' }, '/person/supporter'],
      ['a phone that is none', { phone: '0000000' }, '/person/phone'],
    ])('refuses a person with %s', async (_, person, at) => {
      const answer = await on.send(site, open, { person: somebody(902, person) }).expect(400);
      expect(faults(answer).map((f) => f.split(' ')[0])).toContain(at);
    });

    it('lets a contributor send for themselves only, and a site for somebody', async () => {
      const { auth } = await on.contributor();
      expect(code(await on.send(auth, open, { person: somebody(903) }).expect(422))).toBe('only_for_yourself');
      expect(faults(await on.send(site, open).expect(400))).toEqual(['/person person_needed']);
      expect(code(await on.send(await t.as('contributor', OURS, 'no-record'), open).expect(422))).toBe('record_needed');
    });

    it('looks at the age group, where it is known', async () => {
      const over65 = await on.opportunity({ minAge: 65 });
      const young = await on.opportunity({ openToUnder18: true, maxAge: 17, safeguarding: 'Two staff are there.' });
      const child = await on.contributor({
        ageGroup: '16-to-17',
        guardian: { name: 'G', contact: '07700 900311', agreedAt: '2026-11-20T10:00:00.000Z', agreedHow: 'phone' },
        safeguardingContact: { name: 'S', contact: '01632 960320' },
      });
      const adult = await on.contributor();
      expect(code(await on.send(child.auth, over65).expect(422))).toBe('age_not_wanted');
      expect(code(await on.send(child.auth, open).expect(422))).toBe('age_not_wanted');
      await on.send(child.auth, young).expect(201);
      expect(code(await on.send(adult.auth, young).expect(422))).toBe('age_not_wanted');
      await on.send(adult.auth, over65).expect(201);
      await on.send(site, over65, { person: somebody(904) }).expect(201);
    });

    it('is not possible where the opportunity is not public, paused or closed', async () => {
      const { auth } = await on.contributor();
      const draft = await makeDraft(t, coordinator, await on.projectId());
      await on.send(auth, draft.id).expect(404);
      await on.send(auth, randomUUID()).expect(404);
      const paused = await on.opportunity();
      await act(t, coordinator, paused, 'pause');
      expect(code(await on.send(auth, paused).expect(422))).toBe('opportunity_paused');
      const closed = await on.opportunity();
      await act(t, coordinator, closed, 'close');
      expect(code(await on.send(auth, closed).expect(422))).toBe('opportunity_closed');
      const withdrawn = await on.opportunity();
      await act(t, coordinator, withdrawn, 'withdraw');
      await on.send(auth, withdrawn).expect(404);
      const hidden = await on.opportunity();
      await act(t, await t.as('national-administrator'), hidden, 'hide', { hiddenBecause: 'Being checked' });
      await on.send(auth, hidden).expect(404);
    });

    it.each([
      [
        'the day when clocks go forward',
        '2027-03-01T12:00:00Z',
        '2027-03-28',
        '2027-03-28T22:59:59.999Z',
        '2027-03-28T23:00:00.000Z',
      ],
      [
        'the day when clocks go back',
        '2026-10-01T12:00:00Z',
        '2026-10-25',
        '2026-10-25T23:59:59.999Z',
        '2026-10-26T00:00:00.000Z',
      ],
      ['a winter day', NOON, '2026-12-18', '2026-12-18T23:59:59.999Z', '2026-12-19T00:00:00.000Z'],
      ['a summer day', '2027-06-01T12:00:00Z', '2027-06-30', '2027-06-30T22:59:59.999Z', '2027-06-30T23:00:00.000Z'],
    ])('closes at midnight, UK time, on %s', async (_, before, closesOn, lastMoment, midnight) => {
      t.clock.set(before);
      const id = await on.opportunity({ closesOn });
      const [early, late] = [await on.contributor(), await on.contributor()];
      t.clock.set(lastMoment);
      await on.send(early.auth, id).expect(201);
      t.clock.set(midnight);
      expect(code(await on.send(late.auth, id).expect(422))).toBe('opportunity_closed');
    });

    it('needs the permission', async () => {
      await t.api.post(`/v1/opportunities/${open}/interests`).send({}).expect(401);
      for (const role of ['coordinator', 'researcher', 'finance-officer', 'auditor', 'national-administrator'])
        await on.send(await t.as(role), open).expect(403);
    });
  });

  describe('POST /v1/opportunities/{id}/interests/recorded', () => {
    it('records what came by phone, for a contributor or for somebody without a record', async () => {
      const { id: contributorId } = await on.contributor();
      const known = await on.record(open, { contributorId }).expect(201);
      expect(known.body).toMatchObject({ contributorId, channel: 'phone' });
      const unknown = await on.record(open, { person: somebody(910), confirmedByCall: true }).expect(201);
      expect(unknown.body).toMatchObject({ name: 'Person 910', contactConfirmedHow: 'call' });
      expect(await eventsOf(t, (unknown.body as Known).id)).toEqual(['interest.received']);
    });

    it('takes what came in time, after the last day', async () => {
      const id = await on.opportunity({ closesOn: '2026-11-24' });
      t.clock.set('2026-11-26T09:00:00Z');
      expect(code(await on.record(id, { person: somebody(911) }).expect(422))).toBe('opportunity_closed');
      expect(code(await on.record(id, { person: somebody(911), receivedOn: '2026-11-25' }).expect(422))).toBe(
        'opportunity_closed',
      );
      expect(code(await on.record(id, { person: somebody(911), receivedOn: '2026-11-27' }).expect(422))).toBe(
        'received_in_future',
      );
      const { body } = await on
        .record(id, { person: somebody(911), channel: 'post', receivedOn: '2026-11-24' })
        .expect(201);
      expect(body).toMatchObject({ receivedAt: '2026-11-24T00:00:00.000Z', channel: 'post' });
    });

    it('asks for one person, of this organisation', async () => {
      expect(faults(await on.record(open, {}).expect(400))).toEqual([' one_person_needed']);
      const { id: contributorId } = await on.contributor();
      expect(faults(await on.record(open, { contributorId, person: somebody(912) }).expect(400))).toEqual([
        ' one_person_needed',
      ]);
      expect(code(await on.record(open, { contributorId: randomUUID() }).expect(422))).toBe('unknown_contributor');
    });

    it('knows no opportunity of another organisation', async () => {
      await on.record(open, { person: somebody(913) }, theirs).expect(404);
      await on.record(open, { person: somebody(913) }, await t.as('researcher')).expect(403);
      await t.api.post(`/v1/opportunities/${open}/interests/recorded`).send({}).expect(401);
    });
  });
});
