import { OURS, startApp, TestApp, THEIRS } from '../support/app';
import { auditOf, code, eventsOf, Headers, Known, makeProject } from './opportunity-support';

describe('Projects', () => {
  let t: TestApp;
  let coordinator: Headers;
  let other: Headers;

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    other = await t.as('coordinator', THEIRS);
  });
  afterAll(() => t.stop());

  const body = async (more: object = {}): Promise<object> => ({
    organisationId: await t.organisation(OURS),
    kind: 'study',
    title: 'Steady Steps',
    ...more,
  });

  describe('POST /v1/projects', () => {
    it('puts one on record, with its event and its audit row', async () => {
      const answer = await t.api
        .post('/v1/projects')
        .set(coordinator)
        .send(
          await body({
            summary: 'About falls.',
            identifiers: [{ scheme: 'award', value: 'NIHR999' }],
            from: '2026-09-01',
            until: '2028-09-01',
          }),
        );
      expect(answer.status).toBe(201);
      const project = answer.body as Known;
      expect(answer.headers.location).toBe(`/v1/projects/${project.id}`);
      expect(answer.headers.etag).toBe('"1-json"');
      expect(project).toMatchObject({
        state: 'active',
        identifiers: [{ scheme: 'award', value: 'NIHR999' }],
        from: '2026-09-01',
      });
      expect(await eventsOf(t, project.id)).toEqual(['project.added']);
      expect(await auditOf(t, project.id)).toEqual(['created']);
    });

    it('refuses whoever is not signed in, may not, or means another organisation', async () => {
      expect((await t.api.post('/v1/projects').send(await body())).status).toBe(401);
      expect(
        (
          await t.api
            .post('/v1/projects')
            .set(await t.as('researcher'))
            .send(await body())
        ).status,
      ).toBe(403);
      const elsewhere = await t.api
        .post('/v1/projects')
        .set(coordinator)
        .send(await body({ organisationId: await t.organisation(THEIRS) }));
      expect(elsewhere.status).toBe(404);
    });

    it('says each fault of the input', async () => {
      const answer = await t.api
        .post('/v1/projects')
        .set(coordinator)
        .send({ kind: 'film', title: '', identifiers: [{ scheme: 'x', value: 'y' }], colour: 'red' });
      expect(answer.status).toBe(400);
      const at = (answer.body as { errors: { at: string }[] }).errors.map((e) => e.at);
      expect(at).toEqual(
        expect.arrayContaining(['/kind', '/title', '/identifiers/0/scheme', '/colour', '/organisationId']),
      );
    });

    it('refuses an end before the beginning', async () => {
      const answer = await t.api
        .post('/v1/projects')
        .set(coordinator)
        .send(await body({ from: '2026-02-01', until: '2026-02-01' }));
      expect([answer.status, code(answer)]).toEqual([422, 'ends_before_it_begins']);
    });

    it('lets an organisation use an identifier once, whatever comes at once', async () => {
      const twice = await body({ identifiers: [{ scheme: 'iras', value: '999777' }] });
      const answers = await Promise.all([1, 2].map(() => t.api.post('/v1/projects').set(coordinator).send(twice)));
      expect(answers.map((a) => a.status).sort()).toEqual([201, 409]);
      const elsewhere = await t.api
        .post('/v1/projects')
        .set(other)
        .send({ ...twice, organisationId: await t.organisation(THEIRS) });
      expect(elsewhere.status).toBe(201);
    });
  });

  describe('GET /v1/projects', () => {
    it("shows an organisation's own, page by page, and nobody else's", async () => {
      const far = await makeProject(t, other, THEIRS);
      const made = [
        await makeProject(t, coordinator, OURS, { kind: 'programme' }),
        await makeProject(t, coordinator, OURS, { kind: 'programme' }),
      ];
      const first = await t.api.get('/v1/projects?limit=1&kind=programme').set(coordinator);
      const page = first.body as { data: Known[]; meta: { nextCursor: string } };
      expect(page.data.map((p) => p.id)).toEqual([made[1]?.id]);
      const second = await t.api
        .get(`/v1/projects?limit=1&kind=programme&cursor=${page.meta.nextCursor}`)
        .set(coordinator);
      expect((second.body as { data: Known[] }).data.map((p) => p.id)).toEqual([made[0]?.id]);
      expect((await t.api.get(`/v1/projects/${far.id}`).set(coordinator)).status).toBe(404);
      expect((await t.api.get(`/v1/projects/${far.id}`).set(await t.as('national-administrator'))).status).toBe(200);
      expect((await t.api.get('/v1/projects?cursor=eyJ.x').set(coordinator)).status).toBe(400);
    });
  });

  describe('PATCH /v1/projects/{id}', () => {
    it('changes what is named, clears by null, and needs the version that was read', async () => {
      const project = await makeProject(t, coordinator, OURS, { summary: 'Before' });
      const at = `/v1/projects/${project.id}`;
      expect((await t.api.patch(at).set(coordinator).send({ summary: null })).status).toBe(428);
      const changed = await t.api
        .patch(at)
        .set(coordinator)
        .set('if-match', '"1-json"')
        .send({ summary: null, state: 'finished' });
      expect(changed.body).toMatchObject({ version: 2, summary: null, state: 'finished', title: 'Steady Steps' });
      expect((await t.api.patch(at).set(coordinator).set('if-match', '"1-json"').send({ title: 'Late' })).status).toBe(
        412,
      );
      expect((await t.api.patch(at).set(other).set('if-match', '"2-json"').send({ title: 'Theirs' })).status).toBe(404);
      expect((await t.api.patch(at).set(coordinator).set('if-match', '"2-json"').send({ title: null })).status).toBe(
        400,
      );
      expect(await eventsOf(t, project.id)).toEqual(['project.added', 'project.changed']);
      expect(await auditOf(t, project.id)).toEqual(['created', 'changed']);
    });
  });

  describe('/v1/projects/{id}/team', () => {
    it('makes a project the own of the researcher who joins it, for as long as they are in the team', async () => {
      const project = await makeProject(t, coordinator);
      const researcher = await t.as('researcher', OURS, 'team');
      const { id: accountId } = await t.account('researcher', OURS, 'team');
      expect((await t.api.get(`/v1/projects/${project.id}`).set(researcher)).status).toBe(404);
      const joined = await t.api
        .post(`/v1/projects/${project.id}/team`)
        .set(coordinator)
        .send({ accountId, role: 'researcher', until: '2026-11-25' });
      expect(joined.status).toBe(201);
      const member = joined.body as Known;
      expect(joined.headers.location).toBe(`/v1/projects/${project.id}/team/${member.id}`);
      expect((await t.api.get(`/v1/projects/${project.id}`).set(researcher)).status).toBe(200);
      expect(
        ((await t.api.get('/v1/projects').set(researcher)).body as { data: Known[] }).data.map((p) => p.id),
      ).toEqual([project.id]);
      expect((await t.api.get(joined.headers.location as string).set(researcher)).status).toBe(200);
      expect(
        (await t.api.post(`/v1/projects/${project.id}/team`).set(researcher).send({ name: 'A', role: 'other' })).status,
      ).toBe(403);
      const now = t.clock.now();
      t.clock.set('2026-11-25T09:00:00Z');
      expect((await t.api.get(`/v1/projects/${project.id}`).set(researcher)).status).toBe(404);
      t.clock.set(now);
      expect(await eventsOf(t, project.id)).toEqual(['project.added', 'project.team-changed']);
    });

    it('takes somebody by name, and refuses nobody, strangers and repeats', async () => {
      const project = await makeProject(t, coordinator);
      const at = `/v1/projects/${project.id}/team`;
      expect(
        (await t.api.post(at).set(coordinator).send({ name: 'Abena Quarshie', role: 'chief-investigator' })).status,
      ).toBe(201);
      const nobody = await t.api.post(at).set(coordinator).send({ role: 'researcher' });
      expect([nobody.status, code(nobody)]).toEqual([422, 'nobody_named']);
      const unknown = await t.api.post(at).set(coordinator).send({ accountId: project.id, role: 'researcher' });
      expect([unknown.status, code(unknown)]).toEqual([422, 'unknown_account']);
      const stranger = await t.api
        .post(at)
        .set(coordinator)
        .send({ contributorId: project.id, role: 'public-co-applicant' });
      expect([stranger.status, code(stranger)]).toEqual([422, 'unknown_contributor']);
      const { id: accountId } = await t.account('researcher', OURS, 'repeat');
      const twice = await Promise.all(
        [1, 2].map(() => t.api.post(at).set(coordinator).send({ accountId, role: 'researcher' })),
      );
      expect(twice.map((a) => a.status).sort()).toEqual([201, 409]);
      expect((await t.api.get(at).set(other)).status).toBe(404);
    });

    it('changes and removes a member; the audit trail does not keep the name', async () => {
      const project = await makeProject(t, coordinator);
      const made = (
        await t.api
          .post(`/v1/projects/${project.id}/team`)
          .set(coordinator)
          .send({ name: 'Zebedee Quill', role: 'other' })
      ).body as Known;
      const at = `/v1/projects/${project.id}/team/${made.id}`;
      const changed = await t.api
        .patch(at)
        .set(coordinator)
        .set('if-match', '"1-json"')
        .send({ role: 'involvement-lead', name: 'Zebedee Quill-Hart' });
      expect(changed.body).toMatchObject({ version: 2, role: 'involvement-lead' });
      expect((await t.api.delete(at).set(coordinator)).status).toBe(428);
      expect((await t.api.delete(at).set(coordinator).set('if-match', '"1-json"')).status).toBe(412);
      expect((await t.api.delete(at).set(other).set('if-match', '"2-json"')).status).toBe(404);
      expect((await t.api.delete(at).set(coordinator).set('if-match', '"2-json"')).status).toBe(204);
      expect((await t.api.get(at).set(coordinator)).status).toBe(404);
      const { rows } = await t.db.query(
        `SELECT 1 FROM kernel.audit_entry WHERE before::text || after::text LIKE '%Zebedee%'`,
      );
      expect(rows).toEqual([]);
      expect(await auditOf(t, made.id)).toEqual(['created', 'changed', 'removed']);
    });

    it('shows a contributor that they were seen in it, and follows them when two records of theirs are merged', async () => {
      const person = async (name: string): Promise<Known> => {
        const body = {
          name,
          preferredChannel: 'post',
          address: '1 High Street',
          ageGroup: 'adult',
          organisationId: await t.organisation(OURS),
        };
        const made = await t.api.post('/v1/contributors').set(coordinator).send(body);
        expect([made.status, made.text]).toEqual([201, made.text]);
        return made.body as Known;
      };
      const [kept, gone] = [await person('Ottoline Marsh'), await person('Otto Marsh')];
      const [both, one] = [await makeProject(t, coordinator), await makeProject(t, coordinator)];
      const join = (project: Known, contributorId: string, from: string) =>
        t.api
          .post(`/v1/projects/${project.id}/team`)
          .set(coordinator)
          .send({ contributorId, role: 'public-co-applicant', from });
      for (const [project, who, from] of [
        [both, kept, '2026-05-01'],
        [both, gone, '2026-03-01'],
        [one, gone, '2026-04-01'],
      ] as const)
        // prettier-ignore
        expect((await join(project, who.id, from)).status).toBe(201);
      await t.api.get(`/v1/projects/${one.id}/team`).set(coordinator);
      const { rows: reads } = await t.db.query(
        `SELECT 1 FROM kernel.audit_entry WHERE person_id = $1 AND action = 'read' AND subject = 'team_member'`,
        [gone.id],
      );
      expect(reads).toHaveLength(1);

      const merged = await t.api.post(`/v1/contributors/${kept.id}/merge`).set(coordinator).send({ otherId: gone.id });
      expect([merged.status, merged.text]).toEqual([200, merged.text]);
      const { rows } = await t.db.query(
        'SELECT project_id, contributor_id, "from" FROM involvement.team_member WHERE project_id = ANY($1) ORDER BY "from"',
        [[both.id, one.id]],
      );
      expect(rows).toEqual([
        { project_id: both.id, contributor_id: kept.id, from: '2026-03-01' },
        { project_id: one.id, contributor_id: kept.id, from: '2026-04-01' },
      ]);
    });
  });
});
