import { randomBytes, randomUUID } from 'node:crypto';
import type { KeyRing } from '../../src/kernel/config';
import { Db } from '../../src/kernel/db/db';
import { Consents } from '../../src/kernel/privacy/consents';
import '../../src/kernel/privacy/kernel-tables';
import { personalTable, PersonalTable } from '../../src/kernel/privacy/personal';
import { PersonalData } from '../../src/kernel/privacy/personal-data';
import { reseal } from '../../src/kernel/privacy/reseal';
import { Retention } from '../../src/kernel/privacy/retention';
import { keyIdOf } from '../../src/kernel/privacy/seal';
import { sealedColumn } from '../../src/kernel/privacy/sealed-columns';
import { Sealer } from '../../src/kernel/privacy/sealer';
import { personKeysWithoutEntry, undeclaredSealedColumns, whereFound } from './privacy-checks';
import { clock, count, db, load, owner, purpose, usePrivacy, who } from './privacy-setting';

const oldRing: KeyRing = { current: 'k1', keys: { k1: randomBytes(32) } };
const newRing: KeyRing = { current: 'k2', keys: { ...oldRing.keys, k2: randomBytes(32) } };
const sealer = new Sealer(oldRing);

usePrivacy();
beforeAll(() =>
  owner.query(`
    CREATE TABLE people.probe (id uuid PRIMARY KEY DEFAULT uuidv7(), person_id uuid, account_id uuid, note_sealed bytea,
      written text, ended_at timestamptz);
    CREATE TABLE people.probe_entry (id uuid PRIMARY KEY DEFAULT uuidv7(), written text, ended_at timestamptz);
    REVOKE UPDATE ON people.probe_entry FROM partnerships_service;
    CREATE TABLE people.probe_part (id uuid PRIMARY KEY DEFAULT uuidv7(), person_id uuid, nickname text, digest bytea);`),
);

describe('sealed columns', () => {
  const write = async (person: string, text: string): Promise<string> => {
    const id = await sealer.rowId(db);
    const stored = sealer.seal({ table: 'people.probe', row: id, column: 'note_sealed' }, text);
    await db.query('INSERT INTO people.probe (id, person_id, note_sealed) VALUES ($1, $2, $3)', [id, person, stored]);
    return id;
  };

  it('are found by the check until they are declared', async () => {
    const ours = async (): Promise<string[]> =>
      (await undeclaredSealedColumns(owner)).filter((name) => name.startsWith('people.probe'));
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
    expect(await reseal(db, newRing, columns)).toEqual([
      { ...columns[0], moved: 449, changedMeanwhile: 0, unopenable: [broken] },
    ]);
    expect(await reseal(db, newRing, columns)).toEqual([
      { ...columns[0], moved: 0, changedMeanwhile: 0, unopenable: [broken] },
    ]);
    const [row] = await db.query<{ note_sealed: Buffer }>('SELECT note_sealed FROM people.probe WHERE id = $1', [
      moved,
    ]);
    const stored = row?.note_sealed ?? Buffer.alloc(0);
    expect(keyIdOf(stored)).toBe('k2');
    expect(new Sealer(newRing).open({ table: 'people.probe', row: moved, column: 'note_sealed' }, stored)).toBe(
      'note 0',
    );
    await owner.query('DELETE FROM people.probe');
  });

  it('keep what a writer changed while a batch was on its way', async () => {
    const id = await write(randomUUID(), 'before');
    const place = { table: 'people.probe', row: id, column: 'note_sealed' };
    const slow = Object.create(db) as Db;
    slow.write = async (actor, work) => {
      await owner.query('UPDATE people.probe SET note_sealed = $2 WHERE id = $1', [
        id,
        new Sealer(newRing).seal(place, 'after'),
      ]);
      return db.write(actor, work);
    };
    const [result] = await reseal(slow, newRing, [{ table: 'people.probe', column: 'note_sealed' }]);
    expect(result).toMatchObject({ moved: 0, changedMeanwhile: 1 });
    const { rows } = await owner.query<{ note_sealed: Buffer }>('SELECT note_sealed FROM people.probe WHERE id = $1', [
      id,
    ]);
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
    const ours = async (): Promise<string[]> =>
      (await personKeysWithoutEntry(owner)).filter((name) => name.includes('.probe'));
    expect(await ours()).toEqual(['people.probe.account_id', 'people.probe.person_id', 'people.probe_part.person_id']);
    entry({});
    entry({
      person: 'account_id',
      key: 'account',
      heading: 'Probes by account',
      order: 11,
      erase: { anonymise: { account_id: null, written: null } },
    });
    entry({
      table: 'people.probe_part',
      heading: 'Parts',
      order: 5,
      export: (q, id) => q.query('SELECT nickname FROM people.probe_part WHERE person_id = $1', [id]),
      erase: async (tx, id) => {
        const gone = await tx.query(
          'UPDATE people.probe_part SET person_id = NULL, nickname = NULL WHERE person_id = $1 RETURNING 1',
          [id],
        );
        return { went: gone.length, stayed: [{ what: 'That there was a part', rule: 'A rule of the test' }] };
      },
    });
    expect(await ours()).toEqual([]);
    expect(() => entry({})).toThrow('declared twice');
  });

  it('covers every table of the kernel that has a person’s key', async () => {
    expect(
      (await personKeysWithoutEntry(owner)).filter((name) =>
        /^kernel\.(consent|objection|audit_entry|erasure_receipt)\./.test(name),
      ),
    ).toEqual([]);
  });

  it('comes as one document, sealed columns opened; and goes with a receipt, leaving no trace of what was planted', async () => {
    const [person, other, account] = [randomUUID(), randomUUID(), randomUUID()];
    const planted = `planted-${randomUUID()}`;
    const id = await sealer.rowId(db);
    const sealed = sealer.seal({ table: 'people.probe', row: id, column: 'note_sealed' }, planted);
    await db.query('INSERT INTO people.probe (id, person_id, note_sealed, written) VALUES ($1, $2, $3, $4)', [
      id,
      person,
      sealed,
      planted,
    ]);
    await db.query('INSERT INTO people.probe (account_id, written) VALUES ($1, $2)', [account, planted]);
    await db.query('INSERT INTO people.probe_part (person_id, nickname, digest) VALUES ($1, $2, $3), ($4, $5, NULL)', [
      person,
      planted,
      Buffer.from(planted),
      other,
      'kept',
    ]);
    await load(purpose({ slug: 'erasure-test', consentBased: false, objectionAllowed: true }));
    await db.write(who, (tx) =>
      new Consents().object(tx, { personId: person, purpose: 'erasure-test', how: 'email', reason: planted }),
    );
    expect(await whereFound(owner, planted)).toEqual(['kernel.objection', 'people.probe', 'people.probe_part']);

    const document = await data().exportPerson(who, { personId: person, accountIds: [account] });
    const section = (heading: string): object[] => document.sections.find((s) => s.heading === heading)?.rows ?? [];
    expect(document).toMatchObject({ personId: person, madeAt: '2026-11-22T12:00:00.000Z' });
    expect(section('Probes')).toEqual([{ id, accountId: null, note: planted, written: planted, endedAt: null }]);
    expect(section('Parts')).toEqual([{ nickname: planted }]);
    expect(section('Probes by account')).toHaveLength(1);
    expect(section('Objections that you made')).toEqual([
      expect.objectContaining({ purpose: 'erasure-test', reason: planted }),
    ]);
    expect(section('Who read or changed your data')).toEqual(
      expect.arrayContaining([expect.objectContaining({ action: 'exported', byAccount: who.accountId })]),
    );

    await owner.query(`UPDATE people.probe_part SET digest = NULL`);
    const receipt = await db.write(who, (tx) =>
      data().erasePerson(tx, { personId: person, accountIds: [account] }, 'asked_by_person'),
    );
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
    {
      table: 'people.probe',
      person: 'person_id',
      heading: 'h',
      holds: 'h',
      erase: 'delete',
      keptFor: 'k',
      rule: 'r',
      order: 1,
      retention,
    },
  ];
  const retention = (): Retention => new Retention(db, clock);

  beforeEach(() => owner.query('DELETE FROM people.probe'));

  it('removes what is past its time to the day, in batches, and says how much', async () => {
    await owner.query(
      `INSERT INTO people.probe (written, ended_at) SELECT 'old', '2025-11-22T12:00:00Z' FROM generate_series(1, 1001)`,
    );
    await owner.query(
      `INSERT INTO people.probe (written, ended_at) VALUES ('young', '2025-11-22T12:00:01Z'), ('open', NULL)`,
    );
    const tables = kept({ from: 'ended_at', after: 'P1Y' });
    expect(await retention().due(tables)).toEqual([{ table: 'people.probe', rows: 1001 }]);
    expect(await retention().run(tables)).toEqual([{ table: 'people.probe', rows: 1001 }]);
    expect(await retention().run(tables)).toEqual([{ table: 'people.probe', rows: 0 }]);
    expect(await count('people.probe')).toBe(2);
    expect(await count(`kernel.audit_entry WHERE action = 'kept_long_enough'`)).toBe(3);
  });

  it('takes the time from the newest wording of a purpose, and heeds a condition', async () => {
    await load(
      purpose({ slug: 'times', retention: { duration: 'P5Y', after: 'x' } }),
      purpose({ slug: 'times', wordingVersion: '1.2', retention: { duration: 'P6M', after: 'x' } }),
    );
    await owner.query(`INSERT INTO people.probe (written, ended_at) VALUES ('a', '2026-01-01Z'), ('b', '2026-01-01Z')`);
    expect(
      await retention().due(kept({ from: 'ended_at', after: { purpose: 'times' }, where: `r.written = 'a'` })),
    ).toEqual([{ table: 'people.probe', rows: 1 }]);
    expect(await retention().due(kept({ from: 'ended_at', after: { purpose: 'unheard-of' } }))).toEqual([
      { table: 'people.probe', rows: 0 },
    ]);
  });

  it('removes from a table of which it may change nothing', async () => {
    await owner.query(`INSERT INTO people.probe_entry (ended_at) VALUES ('2020-01-01Z')`);
    const [entry] = kept({ from: 'ended_at', after: 'P1Y' });
    const tables = entry ? [{ ...entry, table: 'people.probe_entry' }] : [];
    expect(await retention().run(tables)).toEqual([{ table: 'people.probe_entry', rows: 1 }]);
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
