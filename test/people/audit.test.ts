import { randomUUID } from 'node:crypto';
import { startApp, TestApp } from '../support/app';

interface Entry {
  id: string;
  action: string;
  traceId: string;
}

describe('GET /v1/audit-entries', () => {
  let t: TestApp;
  beforeAll(async () => (t = await startApp()));
  afterAll(() => t.stop());

  const read = async (query: string): Promise<{ data: Entry[]; meta: { nextCursor: string | null } }> =>
    (
      await t.api
        .get(`/v1/audit-entries?${query}`)
        .set(await t.as('auditor'))
        .expect(200)
    ).body;

  it('is for auditors', async () => {
    await t.api.get('/v1/audit-entries').expect(401);
    await t.api
      .get('/v1/audit-entries')
      .set(await t.as('coordinator'))
      .expect(403);
    await t.api
      .get('/v1/audit-entries')
      .set(await t.as('national-administrator'))
      .expect(403);
    await read('');
  });

  it('tells who did what to which record, with the trace of the request, and masks what is private', async () => {
    const organisationId = (await t.account('coordinator')).organisationId;
    const { id: by } = await t.account('coordinator');
    const path = `/v1/organisations/${organisationId}/settings`;
    const changed = await t.api
      .patch(path)
      .set(await t.as('coordinator'))
      .set('If-Match', '"1-json"')
      .send({ secondApprover: true })
      .expect(200);
    const [entry] = (await read(`subjectId=${organisationId}&action=changed`)).data;
    expect(entry).toMatchObject({
      ...{
        accountId: by,
        actor: 'person',
        action: 'changed',
        subject: 'organisation',
        subjectId: organisationId,
        personId: null,
      },
      ...{ before: { secondApprover: false }, after: { secondApprover: true }, traceId: changed.headers['x-trace-id'] },
    });
    const as = { authorization: `Bearer ${await t.token({ sub: 'somebody' })}` };
    await t.api.post('/v1/me').set(as).send({ name: 'Somebody Private' }).expect(201);
    expect(JSON.stringify(await read('subject=account'))).not.toContain('Somebody Private');
  });

  it('filters by account, person, action, kind of record and UK day', async () => {
    const [account, person, record] = [randomUUID(), randomUUID(), randomUUID()];
    const put = (at: string, action: string) =>
      t.db.query(
        `INSERT INTO kernel.audit_entry (at, account_id, actor, action, subject, subject_id, person_id, trace_id)
         VALUES ($1, $2, 'person', $3, 'test_record', $4, $5, repeat('a', 32))`,
        [at, account, action, record, person],
      );
    await put('2026-06-30T22:59:59Z', 'last-of-june');
    await put('2026-06-30T23:00:00Z', 'first-of-july');
    await put('2026-07-31T23:00:00Z', 'first-of-august');
    const actions = async (query: string) => (await read(query)).data.map((e) => e.action);
    const three = ['first-of-august', 'first-of-july', 'last-of-june'];
    expect(await actions(`accountId=${account}`)).toEqual(three);
    expect(await actions(`subject=test_record&subjectId=${record}`)).toEqual(three);
    expect(await actions(`subjectId=${record}&from=2026-07-01&until=2026-08-01`)).toEqual(['first-of-july']);
    expect(await actions(`subjectId=${record}&action=last-of-june`)).toEqual(['last-of-june']);
    expect(await actions(`personId=${person}&subject=test_record`)).toEqual(three);
  });

  it('records for the person that an auditor looked', async () => {
    const personId = randomUUID();
    await read(`personId=${personId}`);
    const { id } = await t.account('auditor');
    const { data } = await read(`subject=audit_entry&personId=${personId}`);
    expect(data.at(-1)).toMatchObject({ action: 'read', accountId: id, personId, purpose: 'service-security' });
  });

  it('goes page by page, each entry once', async () => {
    const record = randomUUID();
    await t.db.query(
      `INSERT INTO kernel.audit_entry (actor, action, subject, subject_id, trace_id)
       SELECT 'service', 'tried', 'test_record', $1, repeat('b', 32) FROM generate_series(1, 25)`,
      [record],
    );
    const ids: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof read>> = await read(
        `subjectId=${record}&limit=10${cursor && `&cursor=${cursor}`}`,
      );
      ids.push(...page.data.map((e) => e.id));
      cursor = page.meta.nextCursor;
    }
    expect(ids).toHaveLength(25);
    expect(ids).toEqual([...ids].sort((a, b) => Number(b) - Number(a)));
  });

  it.each([
    ['subjectId=x', 'subjectId', 'not_an_id'],
    ['subject=DROP', 'subject', 'text_pattern'],
    ['from=yesterday', 'from', 'not_a_day'],
    ['order=id', 'order', 'unknown_field'],
  ])('refuses %s', async (query, at, code) => {
    const { body } = await t.api
      .get(`/v1/audit-entries?${query}`)
      .set(await t.as('auditor'))
      .expect(400);
    expect(body.errors.map((e: { at: string; code: string }) => [e.at, e.code])).toEqual([[at, code]]);
  });

  it('cannot be altered by the service', async () => {
    const { rows } = await t.db.query(
      `SELECT has_table_privilege('partnerships_service', 'kernel.audit_entry', p) AS may FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p`,
    );
    expect(rows).toEqual([{ may: false }, { may: false }, { may: false }]);
  });
});
