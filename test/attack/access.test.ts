import { randomUUID } from 'node:crypto';
import { Interests } from '../involvement/interest-support';
import { makeDraft, makeProject } from '../involvement/opportunity-support';
import { OURS, startApp, TestApp, THEIRS } from '../support/app';

/** Other people's records by ids in bodies, files, queries and lists of items: they are as if they were not there. */

type Headers = { authorization: string };
let t: TestApp;
let on: Interests;
let coordinator: Headers;
let stranger: Headers;
let ours: string;
let theirs: string;
beforeAll(async () => {
  t = await startApp();
  [coordinator, stranger] = [await t.as('coordinator'), await t.as('coordinator', THEIRS)];
  [ours, theirs] = [await t.organisation(OURS), await t.organisation(THEIRS)];
  on = new Interests(t, coordinator, await t.as('site'));
});
afterAll(() => t.stop());

const post = (path: string, who: Headers, body: object = {}) => t.api.post(path).set(who).send(body);
/** The answer without what differs by chance: the address and the trace. */
const said = ({ status, body }: { status: number; body: unknown }) => {
  const { instance: _i, traceId: _t, ...rest } = body as Record<string, unknown>;
  return { status, ...rest };
};
/** Both answers are the same in every word: nobody learns from them which of the ids is in use. */
async function same(ask: (id: string) => PromiseLike<{ status: number; body: unknown }>, id: string): Promise<void> {
  const [taken, free] = [said(await ask(id)), said(await ask(randomUUID()))];
  expect(taken).toEqual(free);
  expect(taken.status).toBeGreaterThanOrEqual(400);
}

describe('an id of another organisation is an id of nothing', () => {
  it('in every body that takes one', async () => {
    const { id: contributor } = await on.contributor();
    const project = await on.projectId();
    const opportunity = await on.opportunity();
    const sent = await on.sent(opportunity);
    const own = await makeProject(t, stranger, THEIRS);
    const other = await post('/v1/contributors', stranger, {
      organisationId: theirs,
      name: 'Their own',
      preferredChannel: 'in-person',
      ageGroup: 'adult',
    });
    const { id: mine } = other.body as { id: string };
    const involvement = await post('/v1/involvements', coordinator, {
      ...{ projectId: project, contributorId: contributor, role: 'member', from: '2026-11-01' },
    });
    const { id: involvementId } = involvement.body as { id: string };
    const activity = { on: '2026-11-10', kind: 'meeting', mode: 'online', minutes: 60 };
    await same((id) => post(`/v1/contributors/${mine}/merge`, stranger, { otherId: id }), contributor);
    await same((id) => post(`/v1/contributors/${id}/merge`, stranger, { otherId: mine }), contributor);
    await same((id) => post(`/v1/contributors/${id}/organisations`, stranger, { organisationId: theirs }), contributor);
    await same(
      (id) => post(`/v1/projects/${own.id}/team`, stranger, { contributorId: id, role: 'other' }),
      contributor,
    );
    await same(
      (id) =>
        post('/v1/involvements', stranger, { projectId: own.id, contributorId: id, role: 'x', from: '2026-11-01' }),
      contributor,
    );
    await same(
      (id) => post('/v1/involvements', stranger, { projectId: id, contributorId: mine, role: 'x', from: '2026-11-01' }),
      project,
    );
    await same((id) => post('/v1/opportunities', stranger, { projectId: id, kind: 'other', title: 'x' }), project);
    await same(
      (id) =>
        post('/v1/opportunities/bulk', stranger, {
          items: [{ projectId: id, kind: 'other', title: 'x', identifiers: [{ scheme: 'other', value: 'A' }] }],
        }).then(({ status, body }) => ({ status: status + 300, body: (body as { data: object[] }).data[0] })),
      project,
    );
    await same(
      (id) => post('/v1/activities/bulk', stranger, { items: [{ ...activity, involvementId: id }] }),
      involvementId,
    );
    await same((id) => post(`/v1/involvements/${id}/activities`, stranger, activity), involvementId);
    await same(
      (id) =>
        post(`/v1/opportunities/${id}/decisions`, stranger, {
          decisions: [{ interestId: sent.id, decision: 'offer' }],
        }),
      opportunity,
    );
    await same(
      (id) => post(`/v1/opportunities/${id}/interests/recorded`, stranger, { channel: 'phone', contributorId: mine }),
      opportunity,
    );
    const foreign = await makeDraft(t, stranger, own.id, {});
    await same(
      (id) =>
        post(`/v1/opportunities/${foreign.id}/decisions`, stranger, {
          decisions: [{ interestId: id, decision: 'offer' }],
        }),
      sent.id,
    );
    await same(
      (id) => post('/v1/memberships', stranger, { accountId: randomUUID(), organisationId: id, role: 'researcher' }),
      ours,
    );
    await same((id) => post('/v1/api-keys', stranger, { organisationId: id, name: 'x' }), ours);
    await same((id) => post('/v1/projects', stranger, { organisationId: id, kind: 'study', title: 'x' }), ours);
    await same(
      (id) => t.api.get(`/v1/reports/reach?from=2026-07-01&to=2026-09-30&organisation=${id}`).set(stranger),
      ours,
    );
    await same((id) => t.api.get(`/v1/contributors.csv?organisation=${id}`).set(stranger), ours);
    await same((id) => t.api.get(`/v1/contributor-duplicates?organisation=${id}`).set(stranger), ours);
    expect(await on.stateOf(sent.id)).toBe('received');
  });

  it('in lists that are narrowed to it', async () => {
    const { id: contributor } = await on.contributor();
    const opportunity = await on.opportunity();
    await on.sent(opportunity);
    for (const path of [
      `/v1/contributors?organisation=${ours}`,
      `/v1/interests?opportunity=${opportunity}`,
      `/v1/notices?opportunity=${opportunity}`,
      `/v1/notices?organisation=${ours}`,
      `/v1/involvements?contributor=${contributor}`,
      `/v1/projects?organisation=${ours}`,
      `/v1/memberships?organisation=${ours}`,
      `/v1/accounts?organisation=${ours}`,
      `/v1/api-keys?organisation=${ours}`,
    ])
      expect([path, ((await t.api.get(path).set(stranger).expect(200)).body as { data: object[] }).data]).toEqual([
        path,
        [],
      ]);
  });

  it('where it is a number that both organisations use', async () => {
    const identifiers = [{ scheme: 'award', value: 'NIHR990001' }];
    await makeProject(t, coordinator, OURS, { identifiers });
    expect((await makeProject(t, stranger, THEIRS, { identifiers })).id).toBeTruthy();
    const person = {
      name: 'Numbered',
      preferredChannel: 'email',
      email: 'numbered@example.org',
      ageGroup: 'adult',
      reference: 'N-1',
    };
    for (const [who, organisationId] of [
      [coordinator, ours],
      [stranger, theirs],
    ] as const)
      expect((await post('/v1/contributors', who, { ...person, organisationId })).status).toBe(201);
  });
});

describe('roles', () => {
  it('are not given beyond one’s own', async () => {
    const { id: accountId } = await t.account('contributor', OURS, 'climber');
    const climber = await t.as('contributor', OURS, 'climber');
    expect(
      (await post('/v1/memberships', climber, { accountId, organisationId: ours, role: 'coordinator' })).status,
    ).toBe(403);
    const own = await t.account('coordinator');
    for (const role of [
      'national-administrator',
      'coordinator',
      'data-steward',
      'auditor',
      'site',
      'diversity-analyst',
      'payment-approver',
      'finance-officer',
    ])
      expect(
        (await post('/v1/memberships', coordinator, { accountId: own.id, organisationId: ours, role })).status,
      ).toBe(403);
    expect(
      (await post('/v1/memberships', coordinator, { accountId: own.id, organisationId: theirs, role: 'researcher' }))
        .status,
    ).toBe(404);
    const applied = await post('/v1/organisation-applications', climber, {
      name: 'Climbers',
      kind: 'charity',
      reason: 'To climb.',
    });
    const { id } = applied.body as { id: string };
    expect((await post(`/v1/organisations/${id}/verify`, climber)).status).toBe(403);
    expect(
      (await post('/v1/memberships', coordinator, { accountId, organisationId: id, role: 'researcher' })).status,
    ).toBe(404);
    expect(
      (
        await post('/v1/contributors', climber, {
          organisationId: id,
          myself: true,
          name: 'x',
          preferredChannel: 'in-person',
          ageGroup: 'adult',
        })
      ).status,
    ).toBe(422);
  });

  it('are not written in fields that nobody may set', async () => {
    const who = {
      authorization: `Bearer ${await t.token({ sub: randomUUID(), roles: ['national-administrator'], scope: 'admin' })}`,
    };
    for (const more of [
      { contributorId: randomUUID() },
      { id: randomUUID() },
      { roles: ['coordinator'] },
      { suspendedAt: null },
      { subject: 'coordinator' },
    ])
      expect((await post('/v1/me', who, { name: 'x', ...more })).status).toBe(400);
    expect((await post('/v1/me', who, { name: 'x' })).body).toMatchObject({ memberships: [], permissions: [] });
    const { id } = await on.contributor();
    const { etag } = (await t.api.get(`/v1/contributors/${id}`).set(coordinator)).headers as { etag: string };
    for (const more of [
      { state: 'left' },
      { id: randomUUID() },
      { emailSealed: 'x' },
      { version: 9 },
      { organisations: [] },
    ])
      expect(
        (
          await t.api
            .patch(`/v1/contributors/${id}`)
            .set({ ...coordinator, 'if-match': etag })
            .send(more)
        ).status,
      ).toBe(400);
  });
});

describe('one contributor', () => {
  it('cannot speak, read or decide for another', async () => {
    const [a, b] = [await on.contributor(), await on.contributor()];
    const opportunity = await on.opportunity();
    const { id } = (await on.send(b.auth, opportunity)).body as { id: string };
    expect(
      (await on.send(a.auth, opportunity, { person: { name: 'B', email: 'b@example.org', replyBy: 'email' } })).status,
    ).toBe(422);
    expect((await on.record(opportunity, { contributorId: b.id }, a.auth)).status).toBe(403);
    for (const move of ['accept', 'decline', 'withdraw']) expect((await on.move(a.auth, id, move)).status).toBe(404);
    for (const move of ['offer', 'shortlist']) expect((await on.move(a.auth, id, move, {})).status).toBe(403);
    for (const path of [
      'access-needs',
      'lived-experience',
      'access-grants',
      'consents',
      'objections',
      'reads',
      'everything',
    ])
      await same((person) => t.api.get(`/v1/contributors/${person}/${path}`).set(a.auth), b.id);
    for (const path of ['access-needs', 'access-grants', 'lived-experience'])
      expect((await t.api.get(`/v1/contributors/${b.id}/${path}`).set(coordinator)).status).toBe(403);
    await same((person) => post(`/v1/contributors/${person}/link-code`, a.auth), b.id);
    await same((person) => post(`/v1/contributors/${person}/erase`, a.auth), b.id);
  });
});
