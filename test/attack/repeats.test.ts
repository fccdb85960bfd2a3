import { Interests, somebody } from '../involvement/interest-support';
import { act, code, Headers } from '../involvement/opportunity-support';
import { NOON, startApp, TestApp, THEIRS } from '../support/app';

/** A site that knows somebody's contact learns nothing of where they have applied, and fills no second place for them. */

type Interest = Record<string, unknown> & { id: string; reference: string; duplicateOf: string | null };
let t: TestApp;
let on: Interests;
let coordinator: Headers;
let site: Headers;
let other: Headers;
let people = 5000;

beforeAll(async () => {
  t = await startApp();
  [coordinator, site, other] = [await t.as('coordinator'), await t.as('site'), await t.as('site', THEIRS)];
  on = new Interests(t, coordinator, site);
});
afterAll(() => t.stop());
beforeEach(async () => {
  t.clock.set(NOON);
  await t.db.query(`DELETE FROM kernel.rate_limit WHERE key LIKE 'follow%'`);
});

/** The interest of one person; each time the same contact. */
function onePerson(opportunity: string): { contact: string; from: (who: Headers) => Promise<Interest> } {
  const n = ++people;
  const from = async (who: Headers): Promise<Interest> =>
    (await on.send(who, opportunity, { person: somebody(n) }).expect(201)).body as Interest;
  return { contact: somebody(n).email, from };
}
const read = async (id: string, who = coordinator): Promise<Interest> =>
  (await t.api.get(`/v1/interests/${id}`).set(who).expect(200)).body as Interest;
const byReference = (path: string, reference: string, contact: string) =>
  t.api.post(`/v1/interests/${path}`).send({ reference, contact });
const confirm = (id: string) => on.move(coordinator, id, 'confirm-by-call').expect(200);
/** What was sent before must have gone out by itself: messages that go out together have no order. */
async function confirmByCode(interest: Interest, contact: string): Promise<void> {
  await on.drain();
  const sent = /\b\d{6}\b/.exec((await on.messagesTo(contact)).at(-1)?.body ?? '')?.[0] ?? '';
  await t.api.post('/v1/interests/confirm').send({ reference: interest.reference, code: sent }).expect(200);
}

describe('an interest that a site sends for somebody who has asked already', () => {
  it('is answered like a first one, and so is whatever is asked of it', async () => {
    const opportunity = await on.opportunity();
    const asked = onePerson(opportunity);
    const fresh = onePerson(opportunity);
    const first = await asked.from(other);
    await confirm(first.id);
    await on.move(coordinator, first.id, 'shortlist').expect(200);
    const [repeat, new_] = [await asked.from(site), await fresh.from(site)];
    const own = ['id', 'reference', 'referenceEnd', 'name', 'email', 'createdAt', 'updatedAt'];
    const alike = (body: object): object =>
      Object.fromEntries(Object.entries(body).filter(([field]) => !own.includes(field)));
    expect(alike(repeat)).toEqual(alike(new_));
    expect(alike(await read(repeat.id, site))).toEqual(alike(await read(new_.id, site)));
    const standing = async (one: Interest, contact: string) =>
      (await byReference('follow', one.reference, contact).expect(200)).body as object;
    expect(await standing(repeat, asked.contact)).toEqual(await standing(new_, fresh.contact));
    const again = async (one: Interest, contact: string) =>
      (await byReference('send-code', one.reference, contact).expect(200)).body as object;
    expect(await again(repeat, asked.contact)).toEqual(await again(new_, fresh.contact));
    expect(repeat.reference).not.toBe(first.reference);
  });

  it('is shown to the organiser as a repeat, and takes no second place', async () => {
    const opportunity = await on.opportunity({ placesAvailable: 5 });
    const { from } = onePerson(opportunity);
    const [first, repeat, third] = [await from(other), await from(site), await from(site)];
    expect((await read(repeat.id)).duplicateOf).toBe(first.id);
    expect((await read(third.id)).duplicateOf).toBe(first.id);
    for (const { id } of [first, repeat, third]) await confirm(id);
    await on.move(coordinator, repeat.id, 'offer', {}).expect(200);
    expect(code(await on.move(coordinator, first.id, 'offer', {}).expect(409))).toBe('place_by_repeat');
    const many = await on.decide(opportunity, [{ interestId: third.id, decision: 'offer' }]);
    expect(many.status).toBe(422);
    expect(many.text).toContain('place_by_repeat');
    await expect(
      t.db.query(
        `UPDATE involvement.interest SET state = 'offered', offered_at = now(), answer_by = '2026-12-01' WHERE id = $1`,
        [first.id],
      ),
    ).rejects.toMatchObject({ constraint: 'interest_one_place_per_person' });
    const [{ rows }] = [
      await t.db.query(`SELECT 1 FROM involvement.interest WHERE opportunity_id = $1 AND state = 'offered'`, [
        opportunity,
      ]),
    ];
    expect(rows).toHaveLength(1);
  });

  it('of many at once leaves one first interest that all others repeat', async () => {
    const opportunity = await on.opportunity();
    const { from } = onePerson(opportunity);
    const sent = await Promise.all([site, other, site, other, site].map((who) => from(who)));
    const firsts = new Set(await Promise.all(sent.map(async ({ id }) => (await read(id)).duplicateOf ?? id)));
    expect(firsts.size).toBe(1);
    const offers = await Promise.all(
      sent.map(async ({ id }) => {
        await confirm(id);
        return (await on.move(coordinator, id, 'offer', {})).status;
      }),
    );
    expect(offers.sort()).toEqual([200, 409, 409, 409, 409]);
  });

  it('cannot take back what the person sent themself, until the contact has answered for it', async () => {
    const opportunity = await on.opportunity();
    const { from, contact } = onePerson(opportunity);
    const first = await from(other);
    await confirmByCode(first, contact);
    const repeat = await from(site);
    await byReference('withdraw-by-reference', repeat.reference, contact).expect(200);
    expect(await on.stateOf(first.id)).toBe('received');
    await on.drain();
    const second = await from(site);
    await confirmByCode(second, contact);
    await byReference('withdraw-by-reference', second.reference, contact).expect(200);
    expect([await on.stateOf(first.id), await on.stateOf(second.id)]).toEqual(['withdrawn', 'withdrawn']);
  });

  it('draws one lot for one person', async () => {
    const opportunity = await on.opportunity({ selectionMethod: 'random-draw', placesAvailable: 2 });
    const { from } = onePerson(opportunity);
    const first = await from(other);
    const repeats = [await from(site), await from(site)];
    for (const { id } of repeats) await confirm(id);
    await act(t, coordinator, opportunity, 'close').expect(200);
    const drawn = await t.api.post(`/v1/opportunities/${opportunity}/draw`).set(coordinator).send({ places: 1 });
    expect(drawn.body).toMatchObject({ interestIds: [repeats[0]?.id] });
    expect(await on.stateOf(first.id)).toBe('received');
  });

  it('ends after five from one site, which knows of them itself; staff are told at once', async () => {
    const opportunity = await on.opportunity();
    const n = ++people;
    for (let i = 0; i < 5; i++) await on.send(site, opportunity, { person: somebody(n) }).expect(201);
    const sixth = await on.send(site, opportunity, { person: somebody(n) }).expect(409);
    expect(code(sixth)).toBe('interest_exists');
    await on.send(other, opportunity, { person: somebody(n) }).expect(201);
    expect(code(await on.record(opportunity, { person: somebody(n) }).expect(409))).toBe('interest_exists');
  });

  it('goes with the first one when either is erased', async () => {
    const { from } = onePerson(await on.opportunity());
    const [first, repeat] = [await from(other), await from(site)];
    const erased = await t.api
      .post(`/v1/interests/${repeat.id}/erase`)
      .set(await t.as('data-steward'))
      .send({ because: 'asked_by_person' })
      .expect(200);
    expect(erased.body).toMatchObject({ went: [{ rows: 2 }] });
    const { rows } = await t.db.query(
      'SELECT 1 FROM involvement.interest WHERE id = ANY($1) AND erased_at IS NOT NULL AND person_sealed IS NULL',
      [[first.id, repeat.id]],
    );
    expect(rows).toHaveLength(2);
  });
});
