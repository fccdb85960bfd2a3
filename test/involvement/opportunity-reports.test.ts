import { randomUUID } from 'node:crypto';
import { theService } from '../../src/kernel/access/actor';
import { Db } from '../../src/kernel/db/db';
import { PersonalData } from '../../src/kernel/privacy/personal-data';
import { NOON, OURS, startApp, TestApp } from '../support/app';
import { act, auditOf, code, Headers, Known, lastEvent, makeDraft, makeProject } from './opportunity-support';

describe('Reports about opportunities', () => {
  let t: TestApp;
  let coordinator: Headers;
  let administrator: Headers;
  let project: Known;

  beforeAll(async () => {
    t = await startApp();
    coordinator = await t.as('coordinator');
    administrator = await t.as('national-administrator');
    project = await makeProject(t, coordinator);
  });
  afterAll(() => t.stop());
  beforeEach(() => t.clock.set(NOON));

  const draft = (more: object = {}): Promise<Known> => makeDraft(t, coordinator, project.id, more);
  const published = async (more: object = {}): Promise<Known> => {
    const { id } = await draft(more);
    const answer = await act(t, coordinator, id, 'publish');
    expect(answer.status).toBe(200);
    return answer.body as Known;
  };

  describe('they', () => {
    const REPORT = {
      reason: 'asks-for-money',
      text: 'They want a fee from Perpetua Wren.',
      contact: 'perpetua.wren@example.org',
    };

    it('come from anybody, sealed, and are settled by an administrator', async () => {
      const { id } = await published();
      const answer = await t.api.post(`/v1/opportunities/${id}/reports`).send(REPORT);
      expect(answer.status).toBe(201);
      const receipt = answer.body as Known;
      expect(receipt).toMatchObject({ opportunityId: id, reason: 'asks-for-money', state: 'open' });
      expect(JSON.stringify(receipt)).not.toContain('Perpetua');
      expect(await lastEvent(t, receipt.id)).toMatchObject({ type: 'opportunity-report.made', public: false });
      const { rows } = await t.db.query<{ plain: boolean }>(
        `SELECT position('Perpetua'::bytea IN text_sealed) > 0 AS plain FROM involvement.opportunity_report WHERE id = $1`,
        [receipt.id],
      );
      expect(rows).toEqual([{ plain: false }]);

      const list = await t.api.get(`/v1/opportunity-reports?state=open&opportunity=${id}`).set(administrator);
      expect((list.body as { data: Known[] }).data).toMatchObject([{ ...REPORT, id: receipt.id }]);
      const at = `/v1/opportunity-reports/${receipt.id}`;
      expect((await t.api.get(at).set(administrator)).body).toMatchObject(REPORT);
      expect(await auditOf(t, receipt.id)).toEqual(['created', 'read', 'read']);
      const settle = (version: number) =>
        t.api
          .post(`${at}/settle`)
          .set(administrator)
          .set('if-match', `"${version}-json"`)
          .send({ outcome: 'changed', outcomeNote: 'Fee taken out.' });
      expect((await t.api.post(`${at}/settle`).set(administrator).send({ outcome: 'changed' })).status).toBe(428);
      expect((await settle(9)).status).toBe(412);
      expect((await settle(1)).body).toMatchObject({ state: 'settled', outcome: 'changed', version: 2 });
      expect(code(await settle(2))).toBe('already_settled');
      expect(await lastEvent(t, receipt.id)).toMatchObject({
        type: 'opportunity-report.settled',
        data: { opportunityId: id, outcome: 'changed' },
      });
    });

    it('stand in the copy of who made them signed in, and go when that person is erased', async () => {
      const { id } = await published();
      const contributor = await t.as('contributor', OURS, 'reporter');
      const { id: accountId } = await t.account('contributor', OURS, 'reporter');
      expect((await t.api.post(`/v1/opportunities/${id}/reports`).set(contributor).send(REPORT)).status).toBe(201);
      const person = { personId: randomUUID(), accountIds: [accountId] };
      const { sections } = await t.app.get(PersonalData).exportPerson(theService(), person);
      const held = sections.find((section) => section.heading === 'Opportunities that you reported');
      expect(held?.rows).toMatchObject([REPORT]);
      await t.app
        .get(Db)
        .write(theService(), (tx) => t.app.get(PersonalData).erasePerson(tx, person, 'asked_by_person'));
      const { rows } = await t.db.query('SELECT 1 FROM involvement.opportunity_report WHERE opportunity_id = $1', [id]);
      expect(rows).toEqual([]);
    });

    it('are about what is public, and nobody else reads them', async () => {
      const hidden = await published();
      await act(t, administrator, hidden.id, 'hide', { hiddenBecause: 'x' });
      const { id } = await draft();
      for (const unknown of [id, hidden.id, project.id])
        expect((await t.api.post(`/v1/opportunities/${unknown}/reports`).send(REPORT)).status).toBe(404);
      expect((await t.api.get('/v1/opportunity-reports')).status).toBe(401);
      expect((await t.api.get('/v1/opportunity-reports').set(coordinator)).status).toBe(403);
      expect((await t.api.get(`/v1/opportunity-reports/${id}`).set(administrator)).status).toBe(404);
      const live = await published();
      const bad = await t.api
        .post(`/v1/opportunities/${live.id}/reports`)
        .send({ reason: 'dull', text: 'x'.repeat(2001) });
      expect((bad.body as { errors: { at: string }[] }).errors.map((e) => e.at).sort()).toEqual(['/reason', '/text']);
    });
  });
});
