import { Db } from '../../src/kernel/db/db';
import { theService } from '../../src/kernel/access/actor';
import { PersonalData } from '../../src/kernel/privacy/personal-data';
import { appoint } from '../../src/people/account/appoint';
import { OURS, startApp, TestApp } from '../support/app';

describe('The life of an account', () => {
  let t: TestApp;
  beforeAll(async () => (t = await startApp()));
  afterAll(() => t.stop());

  const bearer = async (sub: string) => ({ authorization: `Bearer ${await t.token({ sub })}` });

  describe('Appointing the first administrator', () => {
    const first = {
      issuer: 'https://sign-in.test',
      subject: 'first',
      name: 'First',
      role: 'national-administrator',
      organisation: OURS,
    } as const;

    it('opens the account, gives the role once, tells it and leaves a trail without names', async () => {
      const db = t.app.get(Db, { strict: false });
      const done = await Promise.all([1, 2, 3].map(() => appoint(db, theService(), first)));
      expect(done.sort()).toEqual([false, false, true]);
      const { body } = await t.api
        .get('/v1/me')
        .set(await bearer('first'))
        .expect(200);
      expect(body.memberships).toMatchObject([
        { role: 'national-administrator', organisationSlug: OURS, from: '2026-11-23' },
      ]);
      await t.api
        .get('/v1/organisation-applications')
        .set(await bearer('first'))
        .expect(200);
      const { rows } = await t.db.query<{ type: string }>(
        `SELECT type FROM kernel.event WHERE subject_id IN ($1, $2) ORDER BY entry`,
        [body.account.id, body.memberships[0].id],
      );
      expect(rows.map((r) => r.type)).toEqual(['account.opened', 'membership.given']);
      const trail = await t.db.query<{ action: string; text: string }>(
        `SELECT action, a::text AS text FROM kernel.audit_entry a WHERE subject_id IN ($1, $2) ORDER BY id`,
        [body.account.id, body.memberships[0].id],
      );
      expect(trail.rows.map((r) => r.action)).toEqual(['created', 'appointed']);
      expect(trail.rows.map((r) => r.text).join()).not.toMatch(/first|sign-in/i);
    });

    it('refuses an organisation that is not there', async () => {
      const db = t.app.get(Db, { strict: false });
      await expect(
        appoint(db, theService(), { ...first, subject: 'second', organisation: 'nowhere' }),
      ).rejects.toMatchObject({ code: 'unknown_organisation' });
      const { rows } = await t.db.query(`SELECT 1 FROM people.account WHERE subject = 'second'`);
      expect(rows).toEqual([]);
    });
  });

  it('ends with the person: exported whole, then emptied, its roles gone, its token no longer known', async () => {
    const coordinator = await t.as('coordinator');
    const as = await bearer('planted-subject');
    const opened = await t.api.post('/v1/me').set(as).send({ name: 'Planted Account' }).expect(201);
    const accountId = (opened.body as { account: { id: string } }).account.id;
    const organisationId = await t.organisation(OURS);
    await t.api
      .post('/v1/memberships')
      .set(coordinator)
      .send({ accountId, organisationId, role: 'contributor' })
      .expect(201);
    const applied = await t.api
      .post('/v1/organisation-applications')
      .set(as)
      .send({ name: 'A Group', kind: 'other', reason: 'Planted reason' })
      .expect(201);
    const person = await t.api
      .post('/v1/contributors')
      .set(coordinator)
      .send({
        name: 'Planted Person',
        email: 'planted@example.org',
        preferredChannel: 'email',
        ageGroup: 'adult',
        organisationId,
      })
      .expect(201);
    const personId = (person.body as { id: string }).id;
    await t.db.query('UPDATE people.account SET contributor_id = $1 WHERE id = $2', [personId, accountId]);

    await t.api.get(`/v1/accounts/${accountId}`).set(coordinator).expect(200);
    const personal = t.app.get(PersonalData, { strict: false });
    const keys = { personId, accountIds: [accountId] };
    const copy = await personal.exportPerson(theService(), keys);
    const section = (heading: string) => copy.sections.find((s) => s.heading === heading)?.rows;
    expect(section('Your account')).toMatchObject([{ name: 'Planted Account', subject: 'planted-subject' }]);
    expect(section('Your roles')).toMatchObject([{ role: 'contributor', organisation: expect.any(String) as string }]);
    expect(section('Organisations that you applied for')).toMatchObject([
      { name: 'A Group', reason: 'Planted reason' },
    ]);
    expect(section('Who read or changed your data')).toContainEqual(
      expect.objectContaining({ action: 'read', what: 'the name of your account' }),
    );

    const receipt = await t.app
      .get(Db, { strict: false })
      .write(theService(), (tx) => personal.erasePerson(tx, keys, 'asked_by_person'));
    expect(receipt.went.map((w) => w.table)).toEqual(
      expect.arrayContaining(['people.account', 'people.membership', 'people.organisation']),
    );
    const { rows } = await t.db.query(
      'SELECT name, issuer, subject, contributor_id FROM people.account WHERE id = $1',
      [accountId],
    );
    expect(rows).toEqual([{ name: 'Erased', issuer: 'erased', subject: accountId, contributor_id: null }]);
    const left = await t.db.query(
      `SELECT 1 FROM people.organisation o WHERE id = $1 AND (o::text LIKE '%Planted%' OR applied_by IS NOT NULL)`,
      [applied.body.id],
    );
    expect(left.rows).toEqual([]);
    const { body } = await t.api.get('/v1/me').set(as).expect(200);
    expect(body.account).toBeNull();
  });
});
