import { Mixing } from '../../src/edi/answers/mixing';
import { startApp, type TestApp } from '../support/app';
import { withOwner } from '../support/server';
import { answer, Answers, body, type Own, type Row } from './answers-support';

let t: TestApp;
let a: Answers;
beforeAll(async () => {
  t = await startApp();
  a = await Answers.of(t);
});
afterAll(() => t.stop());
beforeEach(() => t.clock.set('2026-11-23T12:00:00.000Z'));

describe('two at once', () => {
  it('of the same version: one is kept, the other is told', async () => {
    const person = await a.person();
    const both = await Promise.all(['male', 'female'].map((sex) => a.put(person, 0, body(answer('sex', sex)))));
    expect(both.map((one) => one.status).sort()).toEqual([200, 412]);
    expect(await a.rows(person)).toMatchObject([{ version: 1 }]);
    t.clock.set('2026-11-24T12:00:00.000Z');
    const next = await Promise.all(['male', 'female'].map((sex) => a.put(person, 1, body(answer('sex', sex)))));
    expect(next.map((one) => one.status).sort()).toEqual([200, 412]);
    expect(await a.rows(person)).toMatchObject([
      { version: 1, from: '2026-11-23', until: '2026-11-24' },
      { version: 2, from: '2026-11-24', until: null },
    ]);
  });

  it('an answer and an objection: whichever comes last, nothing is left but the objection', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await a.person();
      const [put, objected] = await Promise.all([a.put(person, 0, body(answer('sex', 'male'))), a.object(person)]);
      expect(objected.status).toBe(200);
      expect([200, 409]).toContain(put.status);
      expect(await a.rows(person)).toEqual([]);
      expect(await a.objections(person)).toBe(1);
    }
  });

  it('an answer and an erasure: nothing is left of the answer', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await a.person();
      const [put, erased] = await Promise.all([a.put(person, 0, body(answer('sex', 'male'))), erase(person)]);
      expect(erased.status).toBe(200);
      expect([200, 401, 403, 404]).toContain(put.status);
      expect(await a.rows(person)).toEqual([]);
    }
  });

  it('an answer on the basis of consent and its withdrawal', async () => {
    for (let round = 0; round < 5; round++) {
      const person = await a.person();
      const consents = `/v1/contributors/${person.id}/consents`;
      const given = await t.api
        .post(consents)
        .set(person.auth)
        .send({ purpose: 'diversity-by-consent', how: 'online' });
      const [put, withdrawn] = await Promise.all([
        a.put(person, 0, { ...body(answer('sex', 'male')), basis: 'diversity-by-consent' }),
        t.api.post(`${consents}/${String((given.body as Row).id)}/withdraw`).set(person.auth),
      ]);
      expect(withdrawn.status).toBe(200);
      expect([200, 422]).toContain(put.status);
      expect(await a.rows(person)).toEqual([]);
    }
  });
});

const erase = (person: Own) =>
  t.api.post(`/v1/contributors/${person.id}/erase`).set(person.auth).send({ because: 'asked_by_person' });

describe('everything about a person', () => {
  it('holds their answers from day to day, and the objection', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('religion', 'jewish'))).expect(200);
    t.clock.set('2026-11-25T12:00:00.000Z');
    await a.put(person, 1, body(answer('religion', 'no-religion'))).expect(200);
    const { body: copy } = await t.api.get(`/v1/contributors/${person.id}/everything`).set(person.auth).expect(200);
    const section = (copy as { sections: (Row & { rows: Row[] })[] }).sections.find(
      (one) => one.heading === 'Your diversity answers',
    );
    expect(section?.rows).toMatchObject([
      { from: '2026-11-23', until: '2026-11-25', answers: { religion: 'jewish' } },
      { from: '2026-11-25', until: null, answers: { religion: 'no-religion' } },
    ]);
    const another = await a.person();
    const { body: theirs } = await t.api.get(`/v1/contributors/${another.id}/everything`).set(another.auth).expect(200);
    expect(JSON.stringify(theirs)).not.toMatch(/jewish/);
  });
});

describe('erasure', () => {
  it('takes answers, what was returned, and the objection, and names what stays', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('religion', 'jewish'))).expect(200);
    const { body: receipt } = await erase(person).expect(200);
    const { went, stayed } = receipt as { went: Row[]; stayed: Row[] };
    expect(went.find((one) => one.table === 'edi_answers.answer_set')).toMatchObject({ rows: 1 });
    expect(stayed.find((one) => one.table === 'edi_answers.answer_set')).toMatchObject({
      what: expect.stringContaining('releases that were published before') as string,
    });
    expect(await a.rows(person)).toEqual([]);
  });

  it('is one with the rest: where the erasure fails, the answers are still there', async () => {
    const person = await a.person();
    await a.put(person, 0, body(answer('religion', 'jewish'))).expect(200);
    await t.db.query(
      `CREATE FUNCTION people.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON kernel.erasure_receipt FOR EACH ROW EXECUTE FUNCTION people.refuse()`,
    );
    await erase(person).expect(422);
    await t.db.query('DROP TRIGGER refuse ON kernel.erasure_receipt; DROP FUNCTION people.refuse()');
    expect(await a.rows(person)).toHaveLength(1);
  });

  it('takes the pseudonym off whatever else is kept under it', async () => {
    const person = await a.person();
    await t.db.query(
      `CREATE TABLE edi_answers.more (pseudonym bytea, said text); CREATE TABLE edi_snapshot.more (pseudonym bytea, said text)`,
    );
    for (const schema of ['edi_answers', 'edi_snapshot'])
      await t.db.query(`INSERT INTO ${schema}.more VALUES ($1, 'x'), (sha256('other'), 'y')`, [a.pseudonym(person)]);
    await erase(person).expect(200);
    expect(await a.count('edi_answers.more')).toBe(1);
    expect(await a.count('edi_snapshot.more')).toBe(2);
    expect(await a.count('edi_snapshot.more WHERE pseudonym = $1', [a.pseudonym(person)])).toBe(0);
    await t.db.query('DROP TABLE edi_answers.more; DROP TABLE edi_snapshot.more');
  });
});

describe('a merge of two records', () => {
  const merge = async (kept: Own, gone: Own): Promise<void> => {
    await t.db.query('SELECT edi.merge_answers($1, $2)', [a.pseudonym(kept), a.pseudonym(gone)]);
  };

  it('keeps the newer of both answers', async () => {
    const [older, newer] = [await a.person(), await a.person()];
    await a.put(older, 0, body(answer('sex', 'male'))).expect(200);
    t.clock.set('2026-11-25T12:00:00.000Z');
    await a.put(newer, 0, body(answer('sex', 'female'))).expect(200);
    await merge(older, newer);
    expect(await a.rows(older)).toMatchObject([{ sex: 'female' }]);
    expect(await a.rows(newer)).toEqual([]);
    const third = await a.person();
    await merge(older, third);
    expect(await a.rows(older)).toHaveLength(1);
  });

  it('keeps an objection of either, and then no answers', async () => {
    const [kept, gone] = [await a.person(), await a.person()];
    await a.put(kept, 0, body(answer('sex', 'male'))).expect(200);
    await a.object(gone).expect(200);
    await merge(kept, gone);
    expect(await a.rows(kept)).toEqual([]);
    expect([await a.objections(kept), await a.objections(gone)]).toEqual([1, 0]);
  });

  it('is what the merge of contributors does', async () => {
    const [kept, gone] = [await a.person(), await a.person()];
    await t.db.query('UPDATE people.account SET contributor_id = NULL WHERE contributor_id = $1', [gone.id]);
    await a.record(gone.id, body(answer('sex', 'female'))).expect(204);
    const merged = await t.api
      .post(`/v1/contributors/${kept.id}/merge`)
      .set(a.coordinator)
      .set('if-match', '"1-json"')
      .send({ otherId: gone.id });
    expect([merged.status, merged.text.slice(0, 300)]).toEqual([200, expect.any(String)]);
    expect(await a.rows(kept)).toMatchObject([{ sex: 'female' }]);
    expect(await a.rows(gone)).toEqual([]);
  });
});

describe('each night', () => {
  it('what the last days brought is written anew in one transaction, and says the same', async () => {
    const people = [await a.person(), await a.person(), await a.person()];
    for (const person of people) await a.put(person, 0, body(answer('sex', 'male'))).expect(200);
    await a.object(await a.person());
    await a.object(await a.person());
    const written = async (table: string): Promise<number> => {
      const { rows } = await t.db.query<{ n: number }>(`SELECT count(DISTINCT xmin::text)::int AS n FROM ${table}`);
      return rows[0]?.n ?? 0;
    };
    const before = await Promise.all(people.map((person) => a.rows(person)));
    expect(await written('edi_answers.answer_set')).toBeGreaterThanOrEqual(3);
    await t.app.get(Mixing, { strict: false }).run();
    expect(await written('edi_answers.answer_set')).toBe(1);
    expect(await written('edi_answers.objection')).toBe(1);
    expect(await Promise.all(people.map((person) => a.rows(person)))).toEqual(before);
  });
});

describe('answers as of a day', () => {
  it('are one row a pseudonym, not-known for what was not asked, with the age of that day', async () => {
    const ages = await withOwner(t.config.diversity.url, async (client) => {
      const { rows } = await client.query<{ age: string }>(
        `SELECT edi_answers.age_on(y::smallint, NULL, d::date) AS age
         FROM (VALUES (2010, '2026-06-30'), (2010, '2026-07-01'), (2008, '2026-06-30'), (1941, '2026-07-01'), (1941, '2026-06-30')) AS t(y, d)`,
      );
      return rows.map((row) => row.age);
    });
    expect(ages).toEqual(['under-16', '16-17', '16-17', '85-and-over', '75-84']);
    const plan = await withOwner(t.config.diversity.url, async (client) => {
      const { rows } = await client.query<Row>(`EXPLAIN SELECT count(*) FROM edi_answers.answers_as_of('2026-11-23')`);
      return JSON.stringify(rows);
    });
    // The function is taken into the statement: a scan of the table, which joins as any other.
    expect(plan).toMatch(/Scan (using \w+ )?on answer_set/);
    expect(plan).not.toMatch(/Function Scan/);
    const person = await a.person();
    await a.put(person, 0, body(answer('sex', 'male'), answer('age', '45-54'))).expect(200);
    const asOf = (day: string): Promise<Row[]> =>
      withOwner(t.config.diversity.url, async (client) => {
        const sql = 'SELECT * FROM edi_answers.answers_as_of($1) WHERE pseudonym = $2';
        return (await client.query<Row>(sql, [day, a.pseudonym(person)])).rows;
      });
    expect(await asOf('2026-11-22')).toEqual([]);
    expect(await asOf('2027-01-01')).toMatchObject([{ sex: 'male', age: '45-54', religion: 'not-known' }]);
  });
});
