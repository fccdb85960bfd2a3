import { randomUUID } from 'node:crypto';
import { Consents, ConsentGiven } from '../../src/kernel/privacy/consents';
import { Purposes } from '../../src/kernel/privacy/purposes';
import { Reads } from '../../src/kernel/privacy/reads';
import { clock, count, db, load, purpose, usePrivacy, who } from './privacy-setting';

usePrivacy();

describe('purposes', () => {
  const purposes = (): Purposes => new Purposes(db);
  const consents = new Consents();
  const give = (personId: string, more: Partial<ConsentGiven> = {}): Promise<string> =>
    db.write(who, (tx) => consents.give(tx, { personId, purpose: 'newsletter', how: 'online', ...more }));
  const withdraw = (personId: string): Promise<boolean> =>
    db.write(who, (tx) => consents.withdraw(tx, personId, 'newsletter'));

  beforeAll(() => load(purpose({}), purpose({ slug: 'records', consentBased: false, objectionAllowed: true })));

  it('are loaded once, and a wording that people saw is never altered', async () => {
    expect(await load(purpose({}))).toBe(0);
    await expect(load(purpose({ wording: 'We sell your address.' }))).rejects.toThrow(
      'give the change a new wordingVersion',
    );
    await expect(db.query('UPDATE kernel.purpose SET verified = true')).rejects.toMatchObject({ code: '42501' });
    expect((await purposes().all()).find((p) => p.slug === 'newsletter')).toEqual({ ...purpose({}), source: 'a test' });
  });

  it('that rest on consent may be used only while it stands', async () => {
    const person = randomUUID();
    expect(await purposes().mayUse(person, 'newsletter')).toBe(false);
    await give(person);
    expect(await purposes().mayUse(person, 'newsletter')).toBe(true);
    clock.advance(1000);
    expect(await withdraw(person)).toBe(true);
    expect(await withdraw(person)).toBe(false);
    expect(await purposes().mayUse(person, 'newsletter')).toBe(false);
    expect(
      await count(
        `kernel.audit_entry WHERE person_id = $1 AND action IN ('consented', 'withdrew_consent') AND account_id = $2`,
        [person, who.accountId],
      ),
    ).toBe(2);
  });

  it('that rest on anything else may be used until the person objects', async () => {
    const person = randomUUID();
    const object = () =>
      db.write(who, (tx) =>
        consents.object(tx, { personId: person, purpose: 'records', how: 'phone', reason: 'I moved' }),
      );
    expect(await purposes().mayUse(person, 'records')).toBe(true);
    expect(await object()).toBe(await object());
    expect(await purposes().mayUse(person, 'records')).toBe(false);
    await expect(db.write(who, (tx) => purposes().require(tx, person, 'records'))).rejects.toMatchObject({
      status: 422,
      code: 'purpose_not_allowed',
    });
    expect(await db.write(who, (tx) => consents.withdrawObjection(tx, person, 'records'))).toBe(true);
    await expect(db.write(who, (tx) => purposes().require(tx, person, 'records'))).resolves.toBeUndefined();
    expect((await purposes().of(person)).find((s) => s.purpose === 'records')).toEqual({
      purpose: 'records',
      mayUse: true,
      consent: null,
      objectedAt: null,
    });
  });

  it('take no consent where it is not the basis, nor objections where none count', async () => {
    const person = randomUUID();
    await expect(give(person, { purpose: 'records' })).rejects.toMatchObject({ code: 'consent_not_the_basis' });
    await expect(give(person, { purpose: 'nothing' })).rejects.toMatchObject({ code: 'unknown_purpose' });
    await expect(
      db.write(who, (tx) => consents.object(tx, { personId: person, purpose: 'newsletter', how: 'post' })),
    ).rejects.toMatchObject({ code: 'objection_not_possible' });
    await expect(
      db.query(
        `INSERT INTO kernel.consent (person_id, purpose, wording_version, given_at, how) VALUES ($1, 'records', '1.0', now(), 'online')`,
        [person],
      ),
    ).rejects.toMatchObject({ constraint: 'consent_to_a_wording' });
    await expect(
      db.query(
        `INSERT INTO kernel.consent (person_id, purpose, wording_version, consent_based, given_at, how) VALUES ($1, 'records', '1.0', false, now(), 'online')`,
        [person],
      ),
    ).rejects.toMatchObject({ constraint: 'consent_only_where_it_is_the_basis' });
  });

  it('let a paper form count from its date, but not over a later withdrawal', async () => {
    const person = randomUUID();
    await give(person, { how: 'paper', givenAt: new Date('2026-11-01T00:00:00Z') });
    await withdraw(person);
    await expect(give(person, { how: 'paper', givenAt: new Date('2026-11-20T00:00:00Z') })).rejects.toMatchObject({
      code: 'consent_withdrawn_since',
    });
    await expect(give(person, { givenAt: new Date('2026-11-23T00:00:00Z') })).rejects.toMatchObject({
      code: 'consent_in_the_future',
    });
    expect(await purposes().mayUse(person, 'newsletter')).toBe(false);
  });

  it('ask again when the wording changes in substance, and only then', async () => {
    const person = randomUUID();
    await load(purpose({ slug: 'stories' }));
    const first = await give(person, { purpose: 'stories' });
    expect(await give(person, { purpose: 'stories' })).toBe(first);
    await load(purpose({ slug: 'stories', wordingVersion: '1.1', wording: 'We write to you kindly.' }));
    expect(await purposes().mayUse(person, 'stories')).toBe(true);
    await load(purpose({ slug: 'stories', wordingVersion: '2.0', wording: 'We print what you write.' }));
    expect(await purposes().mayUse(person, 'stories')).toBe(false);
    expect(await give(person, { purpose: 'stories' })).not.toBe(first);
    expect(await purposes().mayUse(person, 'stories')).toBe(true);
    expect(await count(`kernel.consent WHERE person_id = $1 AND ended_because = 'renewed'`, [person])).toBe(1);
  });

  it('keep one consent when two are given at once, in the service and in Postgres', async () => {
    const person = randomUUID();
    const ids = await Promise.all([give(person), give(person), give(person, { how: 'phone' })]);
    expect(new Set(ids).size).toBe(1);
    expect(await count('kernel.consent WHERE person_id = $1', [person])).toBe(1);
    await expect(
      db.query(
        `INSERT INTO kernel.consent (person_id, purpose, wording_version, given_at, how) VALUES ($1, 'newsletter', '1.0', now(), 'online')`,
        [person],
      ),
    ).rejects.toMatchObject({ constraint: 'consent_one_live' });
  });

  it('make a withdrawal wait for a use that has begun, and stop the next', async () => {
    const person = randomUUID();
    await give(person);
    const done: string[] = [];
    let used: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (used = resolve));
    const use = db.write(who, async (tx) => {
      await purposes().require(tx, person, 'newsletter');
      used();
      while ((await count(`pg_locks WHERE locktype = 'advisory' AND NOT granted`)) === 0);
      done.push('used');
    });
    await beginning;
    const withdrawal = withdraw(person).then(() => done.push('withdrawn'));
    await Promise.all([use, withdrawal]);
    expect(done).toEqual(['used', 'withdrawn']);
    await expect(db.write(who, (tx) => purposes().require(tx, person, 'newsletter'))).rejects.toMatchObject({
      code: 'purpose_not_allowed',
    });
  });

  it('are known by name only', async () => {
    await expect(purposes().mayUse(randomUUID(), 'nothing')).rejects.toThrow('There is no purpose nothing');
  });
});

describe('the ledger of reads', () => {
  it('shows a person who read their data, newest first, page by page', async () => {
    const reads = new Reads(db);
    const [ann, bob, organisation] = [randomUUID(), randomUUID(), randomUUID()];
    await reads.record(who, {
      subject: 'access_need',
      personIds: [ann, bob],
      ids: [randomUUID(), randomUUID()],
      purpose: 'access-needs',
      what: 'access needs',
    });
    await reads.record(who, { subject: 'interest', personIds: [ann], purpose: 'selection', what: 'a statement' });
    await reads.recordExport(who, {
      subject: 'contributor',
      organisationId: organisation,
      purpose: 'migration',
      what: 'all contributors',
    });
    await reads.record(who, { subject: 'interest', personIds: [], purpose: 'selection', what: 'nobody' });
    const seen = await reads.readsOf(ann, { limit: 2, organisationIds: [organisation] });
    expect(seen.map((r) => [r.action, r.what])).toEqual([
      ['exported', 'all contributors'],
      ['read', 'a statement'],
    ]);
    const rest = await reads.readsOf(ann, { limit: 2, before: seen.at(-1)?.id, organisationIds: [organisation] });
    expect(rest).toEqual([
      expect.objectContaining({
        what: 'access needs',
        accountId: who.accountId,
        reader: 'person',
        purpose: 'access-needs',
      }),
    ]);
    expect((await reads.readsOf(bob, { limit: 10 })).map((r) => r.what)).toEqual(['access needs']);
    await expect(
      reads.record(who, { subject: 'x', personIds: [ann, bob], ids: [ann], purpose: 'p', what: 'w' }),
    ).rejects.toThrow('one record id for each person');
  });
});
