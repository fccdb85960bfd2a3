import { theService } from '../../src/kernel/access/actor';
import { Db } from '../../src/kernel/db/db';
import { PersonalData } from '../../src/kernel/privacy/personal-data';
import { Retention } from '../../src/kernel/privacy/retention';
import { whereFound } from '../kernel/privacy-checks';
import { NOON, startApp, TestApp } from '../support/app';
import { Interests, somebody } from './interest-support';
import { Headers, Known } from './opportunity-support';

describe('What people may ask about their interests', () => {
  let t: TestApp;
  let on: Interests;
  let coordinator: Headers;
  let site: Headers;

  beforeAll(async () => {
    t = await startApp();
    [coordinator, site] = [await t.as('coordinator'), await t.as('site')];
    on = new Interests(t, coordinator, site);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const planted = 'xylophone-marmalade';

  it('gives a person all of it, and erases all of it; what is left can be counted', async () => {
    const opportunity = await on.opportunity({ placesAvailable: 5 });
    const { id, contributor } = await on.sent(
      opportunity,
      {
        availability: planted,
        answers: [{ key: 'why', way: 'text', text: planted }],
        help: { name: planted, by: 'phone' },
        group: { name: planted, size: 2 },
      },
      { email: `${planted}@example.org`, name: `${planted} person` },
    );
    await on.move(coordinator, id, 'turn-down', { reason: `Because of ${planted}.` }).expect(200);
    await on.drain();
    const again = await on.sent(await on.opportunity(), {}, {});
    await t.db.query('UPDATE involvement.interest SET contributor_id = $1 WHERE id = $2', [contributor.id, again.id]);
    await on.move(coordinator, again.id, 'offer', {}).expect(200);

    const data = t.app.get(PersonalData, { strict: false });
    const copy = await data.exportPerson(theService(), { personId: contributor.id, accountIds: [] });
    const section = copy.sections.find((s) => s.heading === 'Opportunities that interested you');
    expect(section?.rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          availability: planted,
          groupName: planted,
          reason: `Because of ${planted}.`,
          state: 'not-selected',
        }),
      ]),
    );

    await t.app
      .get(Db, { strict: false })
      .write(theService(), (tx) =>
        data.erasePerson(tx, { personId: contributor.id, accountIds: [] }, 'asked_by_person'),
      );
    const client = await t.db.connect();
    try {
      expect(await whereFound(client as never, planted)).toEqual([]);
    } finally {
      client.release();
    }
    expect(await Promise.all([on.stateOf(id), on.stateOf(again.id)])).toEqual(['not-selected', 'withdrawn']);
    const { rows } = await t.db.query(
      'SELECT count(*)::integer AS n FROM involvement.interest WHERE contributor_id = $1',
      [contributor.id],
    );
    expect(rows).toEqual([{ n: 0 }]);
    expect(await on.noticesOf(again.id)).toEqual(['offered dropped']);
    expect((await t.api.get(`/v1/interests/${id}`).set(coordinator).expect(200)).body).toMatchObject({
      name: null,
      answers: [],
      reason: null,
      contributorId: null,
    });
  });

  it('empties what ended a year ago, of people without a record too', async () => {
    const { body } = await on
      .send(site, await on.opportunity(), { person: somebody(980), availability: planted })
      .expect(201);
    const { id, reference } = body as Known;
    await on.move(coordinator, id, 'withdraw').expect(200);
    t.clock.set('2027-11-22T12:00:00Z');
    await t.app.get(Retention, { strict: false }).run();
    const { rows: kept } = await t.db.query(
      'SELECT person_sealed IS NULL AS gone FROM involvement.interest WHERE id = $1',
      [id],
    );
    expect(kept).toEqual([{ gone: false }]);
    t.clock.set('2027-11-24T12:00:00Z');
    await t.app.get(Retention, { strict: false }).run();
    const { rows } = await t.db.query(
      'SELECT person_sealed, answers_sealed, contact_digest, state FROM involvement.interest WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([{ person_sealed: null, answers_sealed: null, contact_digest: null, state: 'withdrawn' }]);
    await t.api.post('/v1/interests/follow').send({ reference, contact: 'person980@example.org' }).expect(404);
  });

  it('goes with the consent to keep it on file', async () => {
    const [ended, live] = [await on.opportunity(), await on.opportunity()];
    const { id, contributor } = await on.sent(ended, { keepOnFile: true, availability: planted });
    const { body } = await on.send(contributor.auth, live, { keepOnFile: true }).expect(201);
    await on.move(contributor.auth, id, 'withdraw').expect(200);
    const consents = await t.api.get(`/v1/contributors/${contributor.id}/consents`).set(contributor.auth).expect(200);
    const consent = (consents.body as { data: { id: string; purpose: string }[] }).data.find(
      (one) => one.purpose === 'keep-on-file',
    );
    await t.api
      .post(`/v1/contributors/${contributor.id}/consents/${consent?.id}/withdraw`)
      .set(contributor.auth)
      .expect(200);
    const { rows } = await t.db.query(
      'SELECT answers_sealed, contributor_id, erased_at IS NOT NULL AS empty FROM involvement.interest WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([{ answers_sealed: null, contributor_id: null, empty: true }]);
    expect(
      (
        await t.api
          .get(`/v1/interests/${(body as Known).id}`)
          .set(contributor.auth)
          .expect(200)
      ).body,
    ).toMatchObject({ state: 'received', keepOnFile: false });
  });

  it('follows a record that is merged into another; of two live ones, the further stays', async () => {
    const [one, two] = [await on.opportunity(), await on.opportunity()];
    const [kept, gone] = [await on.contributor(), await on.contributor()];
    const send = async (who: Headers, opportunity: string) =>
      ((await on.send(who, opportunity).expect(201)).body as Known).id;
    const [received, offered, alone] = [
      await send(kept.auth, one),
      await send(gone.auth, one),
      await send(gone.auth, two),
    ];
    await on.move(coordinator, offered, 'offer', {}).expect(200);
    // The person signs in with one of the two: the other account is suspended before the records become one.
    const { rows: accounts } = await t.db.query<Known>('SELECT id FROM people.account WHERE contributor_id = $1', [
      gone.id,
    ]);
    await t.api
      .post(`/v1/accounts/${accounts[0]?.id}/suspend`)
      .set(await t.as('national-administrator'))
      .expect(200);
    const merged = await t.api.post(`/v1/contributors/${kept.id}/merge`).set(coordinator).send({ otherId: gone.id });
    expect([merged.status, merged.text.includes('error')]).toEqual([200, false]);
    expect(await Promise.all([received, offered, alone].map((id) => on.stateOf(id)))).toEqual([
      'withdrawn',
      'offered',
      'received',
    ]);
    const { rows } = await t.db.query(
      'SELECT count(*)::integer AS n FROM involvement.interest WHERE contributor_id = $1',
      [kept.id],
    );
    expect(rows).toEqual([{ n: 3 }]);
  });
});
