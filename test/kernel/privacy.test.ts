import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database';
import { Actor, theService } from '../../src/kernel/access/actor';
import { FixedClock } from '../../src/kernel/clock';
import type { KeyRing } from '../../src/kernel/config';
import { Db } from '../../src/kernel/db/db';
import { EventSignal } from '../../src/kernel/events/signal';
import { Consents, ConsentGiven } from '../../src/kernel/privacy/consents';
import '../../src/kernel/privacy/kernel-tables';
import { personalTable, PersonalTable } from '../../src/kernel/privacy/personal';
import { PersonalData } from '../../src/kernel/privacy/personal-data';
import { loadPurposes, PurposeData } from '../../src/kernel/privacy/purpose-data';
import { Purposes } from '../../src/kernel/privacy/purposes';
import { Reads } from '../../src/kernel/privacy/reads';
import { reseal } from '../../src/kernel/privacy/reseal';
import { Retention } from '../../src/kernel/privacy/retention';
import { keyIdOf } from '../../src/kernel/privacy/seal';
import { sealedColumn } from '../../src/kernel/privacy/sealed-columns';
import { Sealer } from '../../src/kernel/privacy/sealer';
import { cloneDatabase, ClonedDatabase } from '../support/database';
import { personKeysWithoutEntry, undeclaredSealedColumns, whereFound } from './privacy-checks';

const NOW = '2026-11-22T12:00:00Z';
const clock = new FixedClock(NOW);
const oldRing: KeyRing = { current: 'k1', keys: { k1: randomBytes(32) } };
const newRing: KeyRing = { current: 'k2', keys: { ...oldRing.keys, k2: randomBytes(32) } };
const sealer = new Sealer(oldRing);
const who = new Actor({
  kind: 'person',
  accountId: randomUUID(),
  contributorId: null,
  key: 'account',
  roles: [],
  memberships: [],
  reaches: new Map(),
  traceId: 'a'.repeat(32),
});

let database: ClonedDatabase;
let source: DataSource;
let owner: Client;
let db: Db;

beforeAll(async () => {
  database = await cloneDatabase();
  source = await new DataSource({ ...dataSourceOptions(database.serviceUrl, 4), entities: [] }).initialize();
  db = new Db(source, clock, new EventSignal());
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(`
    CREATE TABLE people.probe (id uuid PRIMARY KEY DEFAULT uuidv7(), person_id uuid, account_id uuid, note_sealed bytea,
      written text, ended_at timestamptz);
    CREATE TABLE people.probe_part (id uuid PRIMARY KEY DEFAULT uuidv7(), person_id uuid, nickname text, digest bytea);`);
});
beforeEach(() => clock.set(NOW));
afterAll(async () => {
  await owner.end();
  await source.destroy();
  await database.drop();
});

const purpose = (change: Partial<PurposeData>): PurposeData => ({
  slug: 'newsletter',
  name: 'Letters',
  purpose: 'To write to people.',
  controller: 'The organisation',
  lawfulBasis: 'UK GDPR article 6(1)(a), consent',
  specialCategoryCondition: null,
  consentBased: true,
  objectionAllowed: false,
  retention: { duration: 'P1Y', after: 'withdrawal' },
  wordingVersion: '1.0',
  wording: 'We write to you.',
  verified: false,
  ...change,
});
const load = (...rows: PurposeData[]) => db.write(theService(), (tx) => loadPurposes(tx, rows, 'a test'));
const count = async (sql: string, params: unknown[] = []): Promise<number> =>
  (await owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).rows[0]?.n ?? -1;

describe('purposes', () => {
  const purposes = (): Purposes => new Purposes(db);
  const consents = new Consents();
  const give = (personId: string, more: Partial<ConsentGiven> = {}): Promise<string> =>
    db.write(who, (tx) => consents.give(tx, { personId, purpose: 'newsletter', how: 'online', ...more }));
  const withdraw = (personId: string): Promise<boolean> => db.write(who, (tx) => consents.withdraw(tx, personId, 'newsletter'));

  beforeAll(() => load(purpose({}), purpose({ slug: 'records', consentBased: false, objectionAllowed: true })));

  it('are loaded once, and a wording that people saw is never altered', async () => {
    expect(await load(purpose({}))).toBe(0);
    await expect(load(purpose({ wording: 'We sell your address.' }))).rejects.toThrow('give the change a new wordingVersion');
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
    expect(await count(`kernel.audit_entry WHERE person_id = $1 AND action IN ('consented', 'withdrew_consent') AND account_id = $2`, [person, who.accountId])).toBe(2);
  });

  it('that rest on anything else may be used until the person objects', async () => {
    const person = randomUUID();
    const object = () => db.write(who, (tx) => consents.object(tx, { personId: person, purpose: 'records', how: 'phone', reason: 'I moved' }));
    expect(await purposes().mayUse(person, 'records')).toBe(true);
    expect(await object()).toBe(await object());
    expect(await purposes().mayUse(person, 'records')).toBe(false);
    await expect(db.write(who, (tx) => purposes().require(tx, person, 'records'))).rejects.toMatchObject({ status: 422, code: 'purpose_not_allowed' });
    expect(await db.write(who, (tx) => consents.withdrawObjection(tx, person, 'records'))).toBe(true);
    await expect(db.write(who, (tx) => purposes().require(tx, person, 'records'))).resolves.toBeUndefined();
    expect((await purposes().of(person)).find((s) => s.purpose === 'records')).toEqual({ purpose: 'records', mayUse: true, consent: null, objectedAt: null });
  });

  it('take no consent where it is not the basis, nor objections where none count', async () => {
    const person = randomUUID();
    await expect(give(person, { purpose: 'records' })).rejects.toMatchObject({ code: 'consent_not_the_basis' });
    await expect(give(person, { purpose: 'nothing' })).rejects.toMatchObject({ code: 'unknown_purpose' });
    await expect(db.write(who, (tx) => consents.object(tx, { personId: person, purpose: 'newsletter', how: 'post' }))).rejects.toMatchObject({ code: 'objection_not_possible' });
    await expect(
      db.query(`INSERT INTO kernel.consent (person_id, purpose, wording_version, given_at, how) VALUES ($1, 'records', '1.0', now(), 'online')`, [person]),
    ).rejects.toMatchObject({ constraint: 'consent_to_a_wording' });
    await expect(
      db.query(`INSERT INTO kernel.consent (person_id, purpose, wording_version, consent_based, given_at, how) VALUES ($1, 'records', '1.0', false, now(), 'online')`, [person]),
    ).rejects.toMatchObject({ constraint: 'consent_only_where_it_is_the_basis' });
  });

  it('let a paper form count from its date, but not over a later withdrawal', async () => {
    const person = randomUUID();
    await give(person, { how: 'paper', givenAt: new Date('2026-11-01T00:00:00Z') });
    await withdraw(person);
    await expect(give(person, { how: 'paper', givenAt: new Date('2026-11-20T00:00:00Z') })).rejects.toMatchObject({ code: 'consent_withdrawn_since' });
    await expect(give(person, { givenAt: new Date('2026-11-23T00:00:00Z') })).rejects.toMatchObject({ code: 'consent_in_the_future' });
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
      db.query(`INSERT INTO kernel.consent (person_id, purpose, wording_version, given_at, how) VALUES ($1, 'newsletter', '1.0', now(), 'online')`, [person]),
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
    await expect(db.write(who, (tx) => purposes().require(tx, person, 'newsletter'))).rejects.toMatchObject({ code: 'purpose_not_allowed' });
  });

  it('are known by name only', async () => {
    await expect(purposes().mayUse(randomUUID(), 'nothing')).rejects.toThrow('There is no purpose nothing');
  });
});

describe('the ledger of reads', () => {
  it('shows a person who read their data, newest first, page by page', async () => {
    const reads = new Reads(db);
    const [ann, bob, organisation] = [randomUUID(), randomUUID(), randomUUID()];
    await reads.record(who, { subject: 'access_need', personIds: [ann, bob], ids: [randomUUID(), randomUUID()], purpose: 'access-needs', what: 'access needs' });
    await reads.record(who, { subject: 'interest', personIds: [ann], purpose: 'selection', what: 'a statement' });
    await reads.recordExport(who, { subject: 'contributor', organisationId: organisation, purpose: 'migration', what: 'all contributors' });
    await reads.record(who, { subject: 'interest', personIds: [], purpose: 'selection', what: 'nobody' });
    const seen = await reads.readsOf(ann, { limit: 2, organisationIds: [organisation] });
    expect(seen.map((r) => [r.action, r.what])).toEqual([
      ['exported', 'all contributors'],
      ['read', 'a statement'],
    ]);
    const rest = await reads.readsOf(ann, { limit: 2, before: seen.at(-1)?.id, organisationIds: [organisation] });
    expect(rest).toEqual([expect.objectContaining({ what: 'access needs', accountId: who.accountId, reader: 'person', purpose: 'access-needs' })]);
    expect((await reads.readsOf(bob, { limit: 10 })).map((r) => r.what)).toEqual(['access needs']);
    await expect(reads.record(who, { subject: 'x', personIds: [ann, bob], ids: [ann], purpose: 'p', what: 'w' })).rejects.toThrow('one record id for each person');
  });
});

describe('sealed columns', () => {
  const write = async (person: string, text: string): Promise<string> => {
    const id = await sealer.rowId(db);
    const stored = sealer.seal({ table: 'people.probe', row: id, column: 'note_sealed' }, text);
    await db.query('INSERT INTO people.probe (id, person_id, note_sealed) VALUES ($1, $2, $3)', [id, person, stored]);
    return id;
  };

  it('are found by the check until they are declared', async () => {
    const ours = async (): Promise<string[]> => (await undeclaredSealedColumns(owner)).filter((name) => name.startsWith('people.probe'));
    expect(await ours()).toEqual(['people.probe.note_sealed']);
    sealedColumn('people.probe', 'note_sealed');
    expect(await ours()).toEqual([]);
    expect(() => sealedColumn('people.probe', 'note_sealed')).toThrow('declared twice');
  });

  it('move to the newest key in batches, again and again, leaving alone what others changed or nobody can open', async () => {
    const person = randomUUID();
    const ids: string[] = [];
    for (let i = 0; i < 450; i++) ids.push(await write(person, `note ${i}`));
    const [moved = '', broken = ''] = ids;
    await owner.query(`UPDATE people.probe SET note_sealed = '\\x0102' WHERE id = $1`, [broken]);
    const columns = [{ table: 'people.probe', column: 'note_sealed' }];
    expect(await reseal(db, newRing, columns)).toEqual([{ ...columns[0], moved: 449, changedMeanwhile: 0, unopenable: [broken] }]);
    expect(await reseal(db, newRing, columns)).toEqual([{ ...columns[0], moved: 0, changedMeanwhile: 0, unopenable: [broken] }]);
    const [row] = await db.query<{ note_sealed: Buffer }>('SELECT note_sealed FROM people.probe WHERE id = $1', [moved]);
    const stored = row?.note_sealed ?? Buffer.alloc(0);
    expect(keyIdOf(stored)).toBe('k2');
    expect(new Sealer(newRing).open({ table: 'people.probe', row: moved, column: 'note_sealed' }, stored)).toBe('note 0');
    await owner.query('DELETE FROM people.probe');
  });

  it('keep what a writer changed while a batch was on its way', async () => {
    const id = await write(randomUUID(), 'before');
    const place = { table: 'people.probe', row: id, column: 'note_sealed' };
    const slow = Object.create(db) as Db;
    slow.write = async (actor, work) => {
      await owner.query('UPDATE people.probe SET note_sealed = $2 WHERE id = $1', [id, new Sealer(newRing).seal(place, 'after')]);
      return db.write(actor, work);
    };
    const [result] = await reseal(slow, newRing, [{ table: 'people.probe', column: 'note_sealed' }]);
    expect(result).toMatchObject({ moved: 0, changedMeanwhile: 1 });
    const { rows } = await owner.query<{ note_sealed: Buffer }>('SELECT note_sealed FROM people.probe WHERE id = $1', [id]);
    expect(new Sealer(newRing).open(place, rows[0]?.note_sealed ?? Buffer.alloc(0))).toBe('after');
    await owner.query('DELETE FROM people.probe');
  });
});

describe('everything about a person', () => {
  const data = (): PersonalData => new PersonalData(db, sealer, clock);
  const about = { heading: 'Probes', holds: 'Notes of a test', keptFor: 'A day', rule: 'Nobody’s' };
  const entry = (more: Partial<PersonalTable>): PersonalTable =>
    personalTable({ table: 'people.probe', person: 'person_id', erase: 'delete', order: 10, ...about, ...more });

  it('has an entry for each column that names a person, which the check finds missing', async () => {
    const ours = async (): Promise<string[]> => (await personKeysWithoutEntry(owner)).filter((name) => name.includes('.probe'));
    expect(await ours()).toEqual(['people.probe.account_id', 'people.probe.person_id', 'people.probe_part.person_id']);
    entry({});
    entry({ person: 'account_id', key: 'account', heading: 'Probes by account', order: 11, erase: { anonymise: { account_id: null, written: null } } });
    entry({
      table: 'people.probe_part',
      heading: 'Parts',
      order: 5,
      export: (q, id) => q.query('SELECT nickname FROM people.probe_part WHERE person_id = $1', [id]),
      erase: async (tx, id) => {
        const gone = await tx.query('UPDATE people.probe_part SET person_id = NULL, nickname = NULL WHERE person_id = $1 RETURNING 1', [id]);
        return { went: gone.length, stayed: [{ what: 'That there was a part', rule: 'A rule of the test' }] };
      },
    });
    expect(await ours()).toEqual([]);
    expect(() => entry({})).toThrow('declared twice');
  });

  it('covers every table of the kernel that has a person’s key', async () => {
    expect((await personKeysWithoutEntry(owner)).filter((name) => /^kernel\.(consent|objection|audit_entry|erasure_receipt)\./.test(name))).toEqual([]);
  });

  it('comes as one document, sealed columns opened; and goes with a receipt, leaving no trace of what was planted', async () => {
    const [person, other, account] = [randomUUID(), randomUUID(), randomUUID()];
    const planted = `planted-${randomUUID()}`;
    const id = await sealer.rowId(db);
    const sealed = sealer.seal({ table: 'people.probe', row: id, column: 'note_sealed' }, planted);
    await db.query('INSERT INTO people.probe (id, person_id, note_sealed, written) VALUES ($1, $2, $3, $4)', [id, person, sealed, planted]);
    await db.query('INSERT INTO people.probe (account_id, written) VALUES ($1, $2)', [account, planted]);
    await db.query('INSERT INTO people.probe_part (person_id, nickname, digest) VALUES ($1, $2, $3), ($4, $5, NULL)', [person, planted, Buffer.from(planted), other, 'kept']);
    await load(purpose({ slug: 'erasure-test', consentBased: false, objectionAllowed: true }));
    await db.write(who, (tx) => new Consents().object(tx, { personId: person, purpose: 'erasure-test', how: 'email', reason: planted }));
    expect(await whereFound(owner, planted)).toEqual(['kernel.objection', 'people.probe', 'people.probe_part']);

    const document = await data().exportPerson(who, { personId: person, accountIds: [account] });
    const section = (heading: string): object[] => document.sections.find((s) => s.heading === heading)?.rows ?? [];
    expect(document).toMatchObject({ personId: person, madeAt: '2026-11-22T12:00:00.000Z' });
    expect(section('Probes')).toEqual([{ id, personId: person, accountId: null, note: planted, written: planted, endedAt: null }]);
    expect(section('Parts')).toEqual([{ nickname: planted }]);
    expect(section('Probes by account')).toHaveLength(1);
    expect(section('Objections that you made')).toEqual([expect.objectContaining({ purpose: 'erasure-test', reason: planted })]);
    expect(section('Who read or changed your data')).toEqual(expect.arrayContaining([expect.objectContaining({ action: 'exported', byAccount: who.accountId })]));

    await owner.query(`UPDATE people.probe_part SET digest = NULL`);
    const receipt = await db.write(who, (tx) => data().erasePerson(tx, { personId: person, accountIds: [account] }, 'asked_by_person'));
    expect(receipt.went).toEqual([
      { table: 'people.probe_part', what: 'Notes of a test', rows: 1 },
      { table: 'people.probe', what: 'Notes of a test', rows: 1 },
      { table: 'people.probe', what: 'Notes of a test', rows: 1 },
      { table: 'kernel.objection', what: 'What you objected to, when, and the reason if you gave one', rows: 1 },
    ]);
    expect(receipt.stayed.map((s) => s.table)).toEqual(['people.probe_part', 'kernel.audit_entry']);
    expect(await data().receipt(receipt.id)).toEqual(receipt);
    expect(await whereFound(owner, planted)).toEqual([]);
    expect(await count(`people.probe_part WHERE nickname = 'kept'`)).toBe(1);
    await expect(db.query('DELETE FROM kernel.erasure_receipt')).rejects.toMatchObject({ code: '42501' });
  });

  it('goes as a whole or not at all', async () => {
    const person = randomUUID();
    await db.query('INSERT INTO people.probe (person_id, written) VALUES ($1, $2)', [person, 'still here']);
    const failing = db.write(who, async (tx) => {
      await data().erasePerson(tx, { personId: person, accountIds: [] }, 'recorded_in_error');
      throw new Error('something later failed');
    });
    await expect(failing).rejects.toThrow('something later failed');
    expect(await count('people.probe WHERE person_id = $1', [person])).toBe(1);
    expect(await count('kernel.erasure_receipt WHERE person_id = $1', [person])).toBe(0);
  });
});

describe('retention', () => {
  const kept = (retention: PersonalTable['retention']): PersonalTable[] => [
    { table: 'people.probe', person: 'person_id', heading: 'h', holds: 'h', erase: 'delete', keptFor: 'k', rule: 'r', order: 1, retention },
  ];
  const retention = (): Retention => new Retention(db, clock);

  beforeEach(() => owner.query('DELETE FROM people.probe'));

  it('removes what is past its time to the day, in batches, and says how much', async () => {
    await owner.query(`INSERT INTO people.probe (written, ended_at) SELECT 'old', '2025-11-22T12:00:00Z' FROM generate_series(1, 1001)`);
    await owner.query(`INSERT INTO people.probe (written, ended_at) VALUES ('young', '2025-11-22T12:00:01Z'), ('open', NULL)`);
    const tables = kept({ from: 'ended_at', after: 'P1Y' });
    expect(await retention().due(tables)).toEqual([{ table: 'people.probe', rows: 1001 }]);
    expect(await retention().run(tables)).toEqual([{ table: 'people.probe', rows: 1001 }]);
    expect(await retention().run(tables)).toEqual([{ table: 'people.probe', rows: 0 }]);
    expect(await count('people.probe')).toBe(2);
    expect(await count(`kernel.audit_entry WHERE action = 'kept_long_enough'`)).toBe(3);
  });

  it('takes the time from the newest wording of a purpose, and heeds a condition', async () => {
    await load(purpose({ slug: 'times', retention: { duration: 'P5Y', after: 'x' } }), purpose({ slug: 'times', wordingVersion: '1.2', retention: { duration: 'P6M', after: 'x' } }));
    await owner.query(`INSERT INTO people.probe (written, ended_at) VALUES ('a', '2026-01-01Z'), ('b', '2026-01-01Z')`);
    expect(await retention().due(kept({ from: 'ended_at', after: { purpose: 'times' }, where: `r.written = 'a'` }))).toEqual([{ table: 'people.probe', rows: 1 }]);
    expect(await retention().due(kept({ from: 'ended_at', after: { purpose: 'unheard-of' } }))).toEqual([{ table: 'people.probe', rows: 0 }]);
  });

  it('lets an area deal with what is due itself', async () => {
    await owner.query(`INSERT INTO people.probe (written, ended_at) VALUES ('a', '2020-01-01Z')`);
    const tables = kept({
      from: 'ended_at',
      after: 'P1Y',
      then: async (tx, ids) => {
        await tx.query('UPDATE people.probe SET written = NULL, ended_at = NULL WHERE id = ANY($1::uuid[])', [ids]);
      },
    });
    expect(await retention().run(tables)).toEqual([{ table: 'people.probe', rows: 1 }]);
    expect(await count('people.probe WHERE written IS NULL')).toBe(1);
  });
});
