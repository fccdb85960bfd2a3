import { NOON, startApp, TestApp } from '../support/app';
import { Interests } from './interest-support';
import { act, Headers, Known } from './opportunity-support';

/** Kind, state and text of a notice. */
interface Word {
  id: string;
  kind: string;
  state: string;
  text: string;
}

describe('Word that people are owed', () => {
  let t: TestApp;
  let on: Interests;
  let coordinator: Headers;
  let site: Headers;
  let national: Headers;

  beforeAll(async () => {
    t = await startApp();
    [coordinator, site] = [await t.as('coordinator'), await t.as('site')];
    national = await t.as('national-administrator');
    on = new Interests(t, coordinator, site);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const kinds = async (where: 'interest_id' | 'involvement_id' | 'contributor_id', id: unknown): Promise<string[]> =>
    (
      await t.db.query<{ told: string }>(
        `SELECT kind || ' ' || state AS told FROM involvement.notice WHERE ${where} = $1 ORDER BY id`,
        [id],
      )
    ).rows.map((row) => row.told);
  const newest = async (contributorId: string, who: Headers): Promise<Word> => {
    const { rows } = await t.db.query<{ id: string }>(
      'SELECT id FROM involvement.notice WHERE contributor_id = $1 ORDER BY id DESC LIMIT 1',
      [contributorId],
    );
    return (await t.api.get(`/v1/notices/${rows[0]?.id}`).set(who).expect(200)).body as Word;
  };

  describe('that an interest came in', () => {
    const reference = /PPI-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}/;

    it('is sent with the reference to the person who applied, by their channel', async () => {
      const opportunity = await on.opportunity();
      const sent = await on.sent(opportunity, {}, { preferredChannel: 'text', phone: '07700 900123' });
      await on.relay();
      await on.drain();
      expect(await kinds('interest_id', sent.id)).toEqual(['interest-received sent']);
      const [message] = await on.messagesTo('07700 900123');
      expect(message?.body).toContain(String((sent as { reference?: string }).reference));
      expect(message?.body).toContain('01632 960121');
    });

    it('is sent to somebody whom a site or an organiser speaks for', async () => {
      const opportunity = await on.opportunity();
      const person = { name: 'Sent Bysite', email: 'bysite@example.org', replyBy: 'email' };
      const { body } = await on.send(site, opportunity, { person }).expect(201);
      await on.recorded(opportunity, { email: 'recorded@example.org' });
      await on.relay();
      await on.drain();
      const bodies = (await on.messagesTo('bysite@example.org')).map((message) => message.body);
      expect(bodies.join()).toContain((body as { reference: string }).reference);
      expect((await on.messagesTo('recorded@example.org')).at(-1)?.body).toMatch(reference);
    });

    it('is owed once, and not once more has come of it', async () => {
      const opportunity = await on.opportunity();
      const [a, b] = [await on.sent(opportunity), await on.sent(opportunity)];
      await on.move(coordinator, b.id, 'shortlist').expect(200);
      await on.relay();
      await on.relay();
      expect(await kinds('interest_id', a.id)).toEqual(['interest-received owed']);
      expect(await kinds('interest_id', b.id)).toEqual(['shortlisted owed']);
    });

    it('shows the whole reference to the person and to who is to tell it, and to others its end', async () => {
      const { contributor } = await on.sent(
        await on.opportunity(),
        {},
        { preferredChannel: 'phone', phone: '01632 960017' },
      );
      await on.relay();
      const owed = await newest(contributor.id, coordinator);
      expect(owed).toMatchObject({ kind: 'interest-received', state: 'owed', text: expect.stringMatching(reference) });
      await t.api.post(`/v1/notices/${owed.id}/told`).set(coordinator).send({ how: 'phone' }).expect(200);
      const told = await newest(contributor.id, coordinator);
      expect(told.text).not.toMatch(reference);
      expect(told.text).toContain('Your reference is …');
      expect((await newest(contributor.id, contributor.auth)).text).toMatch(reference);
    });
  });

  describe('that a part has ended', () => {
    const end = (id: string, reason = 'project-ended') =>
      t.api.post(`/v1/involvements/${id}/end`).set(coordinator).send({ until: '2026-12-20', reason });

    it('is owed in the transaction that ends it, where it came from no opportunity', async () => {
      const contributor = await on.contributor({ email: 'ended@example.org' });
      const { body } = await t.api
        .post('/v1/involvements')
        .set(coordinator)
        .send({ projectId: await on.projectId(), contributorId: contributor.id, role: 'member', from: '2026-11-01' })
        .expect(201);
      const { id } = body as Known;
      await t.api
        .post(`/v1/involvements/${id}/activities`)
        .set(coordinator)
        .send({ on: '2026-11-10', kind: 'meeting', mode: 'phone', minutes: 60, attendance: 'attended' })
        .expect(201);
      expect((await end(id).expect(200)).body).toMatchObject({ state: 'ended' });
      expect(await kinds('involvement_id', id)).toEqual(['involvement-ended owed']);
      expect(await newest(contributor.id, contributor.auth)).toMatchObject({
        opportunityId: null,
        text: expect.stringMatching(/has ended\. The last day: Saturday 19 December 2026\.[^]*the project has ended/),
      });
      await on.drain();
      expect((await on.messagesTo('ended@example.org')).map((message) => message.subject)).toEqual([
        expect.stringContaining('Your part has ended'),
      ]);
      await end(id).expect(409);
      expect(await kinds('involvement_id', id)).toEqual(['involvement-ended sent']);
    });

    it('takes the place of what was owed about it, and says that it will not go ahead where it never began', async () => {
      const sent = await on.sent(await on.opportunity(), {}, { preferredChannel: 'phone', phone: '01632 960018' });
      await on.move(coordinator, sent.id, 'offer', {}).expect(200);
      await on.move(coordinator, sent.id, 'accept').expect(200);
      const { rows } = await t.db.query<{ id: string }>(
        'SELECT id FROM involvement.involvement WHERE interest_id = $1',
        [sent.id],
      );
      await end(rows[0]?.id ?? '', 'other').expect(200);
      expect(await on.noticesOf(sent.id)).toEqual(['offered dropped', 'accepted dropped', 'involvement-ended owed']);
      expect((await newest(sent.contributor.id, coordinator)).text).toContain('will not go ahead');
    });
  });

  describe('that an opportunity is shown again', () => {
    const hide = (id: string) => act(t, national, id, 'hide', { hiddenBecause: 'Being checked' }).expect(200);

    it('goes to who was told that it was hidden, once, and to nobody else', async () => {
      const opportunity = await on.opportunity();
      const [told, untold, gone] = [
        await on.sent(opportunity, {}, { email: 'was.told@example.org' }),
        await on.sent(opportunity, {}, { preferredChannel: 'phone', phone: '01632 960019' }),
        await on.sent(opportunity),
      ];
      await hide(opportunity);
      await on.relay();
      await on.drain();
      await on.move(coordinator, gone.id, 'withdraw').expect(200);
      await act(t, national, opportunity, 'unhide').expect(200);
      await on.relay();
      await on.relay();
      await on.drain();
      expect(await on.noticesOf(told.id)).toEqual(['opportunity-hidden sent', 'opportunity-shown-again sent']);
      expect(await on.noticesOf(untold.id)).toEqual(['opportunity-hidden dropped']);
      expect(await on.noticesOf(gone.id)).toEqual(['opportunity-hidden sent']);
      expect((await on.messagesTo('was.told@example.org')).at(-1)?.subject).toBe('Shown again: Talk about falls');
    });
  });

  it('names somebody to answer in a text, where the opportunity has no contact', async () => {
    const opportunity = await on.opportunity({ contact: null });
    const { id } = await on.sent(opportunity, {}, { preferredChannel: 'text', phone: '07700 900124' });
    await on.move(coordinator, id, 'offer', {}).expect(200);
    await on.drain();
    const [message] = await on.messagesTo('07700 900124');
    expect(message?.body).toMatch(/Please tell us by [^]*Questions: [^]*01632 960121\./);
  });
});
