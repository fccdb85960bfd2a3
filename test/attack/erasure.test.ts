import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { Interests } from '../involvement/interest-support';
import { whereFound } from '../kernel/privacy-checks';
import { OURS, startApp, TestApp } from '../support/app';

/** Texts that stand nowhere else are sent in every field about a person that any route takes; after the erasure none is left. */

type Headers = { authorization: string };
type Known = { id: string; version: number };
let t: TestApp;
let ours: string;
let owner: Client;
let coordinator: Headers;
let on: Interests;
let texts: [where: string, text: string][] = [];

beforeAll(async () => {
  t = await startApp();
  ours = await t.organisation(OURS);
  owner = new Client(t.db.options);
  await owner.connect();
  coordinator = await t.as('coordinator');
  on = new Interests(t, coordinator, await t.as('site'));
});
afterAll(async () => {
  await owner.end();
  await t.stop();
});
beforeEach(() => {
  texts = [];
});

/** A text that stands nowhere else, remembered with where it was sent. */
const plant = (where: string): string => {
  const text = `Quillon${randomUUID().replaceAll('-', '')}`;
  texts.push([where, text]);
  return text;
};
let phones = 900_000;
const plantPhone = (where: string): string => {
  const digits = String(++phones);
  texts.push([where, digits]);
  return `07700 ${digits}`;
};

async function post(path: string, who: Headers | undefined, body: object, type?: string): Promise<Known> {
  const call = t.api.post(path).set({ 'idempotency-key': randomUUID(), ...who });
  const answer = await (type ? call.set('content-type', type).send(body as never) : call.send(body));
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as Known;
}
async function patch(path: string, who: Headers, body: object): Promise<Known> {
  const before = await t.api.get(path).set(who).expect(200);
  const answer = await t.api
    .patch(path)
    .set({ ...who, 'if-match': String(before.headers.etag) })
    .send(body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as Known;
}

const fields = (at: string) => ({
  name: plant(`${at} name`),
  knownAs: plant(`${at} knownAs`),
  email: `${plant(`${at} email`)}@example.org`,
  phone: plantPhone(`${at} phone`),
  address: plant(`${at} address`),
  topics: [plant(`${at} topics`)],
  preferredChannel: 'email',
  ageGroup: '16-to-17',
  supporter: {
    name: plant(`${at} supporter name`),
    contact: plant(`${at} supporter contact`),
    relation: plant(`${at} supporter relation`),
  },
  guardian: {
    name: plant(`${at} guardian name`),
    contact: plant(`${at} guardian contact`),
    agreedBy: plant(`${at} guardian agreedBy`),
    agreedAt: '2026-11-20T10:00:00Z',
    agreedHow: 'phone',
  },
  safeguardingContact: { name: plant(`${at} safeguarding name`), contact: plant(`${at} safeguarding contact`) },
});

const said = (at: string) => ({
  availability: plant(`${at} availability`),
  howHeardWords: plant(`${at} howHeardWords`),
  help: { name: plant(`${at} helper`), relation: plant(`${at} helper relation`), by: 'phone' },
  group: { name: plant(`${at} group`), size: 2 },
  answers: [
    { key: 'why', way: 'text', text: plant(`${at} answer`) },
    { key: 'when', way: 'letter', where: plant(`${at} answer where`) },
  ],
});

const person = (at: string) => ({
  name: plant(`${at} name`),
  email: `${plant(`${at} email`)}@example.org`,
  phone: plantPhone(`${at} phone`),
  address: plant(`${at} address`),
  supporter: { name: plant(`${at} supporter`), contact: plant(`${at} supporter contact`) },
  replyBy: 'email',
});

/** Signs the person in, with a name and a subject of their own, by a code. */
async function signIn(id: string): Promise<Headers> {
  const who = { authorization: `Bearer ${await t.token({ sub: plant('account subject') })}` };
  await post('/v1/me', who, { name: plant('account name') });
  const { code } = (await post(`/v1/contributors/${id}/link-code`, coordinator, {})) as Known & { code: string };
  await post('/v1/me/contributor', who, { code });
  return who;
}

/** What the person tells themselves: needs, experience, an objection, a report, an organisation that they apply for. */
async function speaks(id: string, who: Headers, opportunity: string): Promise<void> {
  const path = `/v1/contributors/${id}`;
  const consent = { how: 'online' };
  const need = await post(`${path}/access-needs`, who, { category: 'time', detail: plant('need'), consent });
  await patch(`${path}/access-needs/${need.id}`, who, { detail: plant('need, changed') });
  await post(`${path}/access-needs`, coordinator, { category: 'time', detail: plant('need told to a coordinator') });
  const told = await post(`${path}/lived-experience`, who, { statement: plant('experience'), consent });
  await patch(`${path}/lived-experience/${told.id}`, who, { statement: plant('experience, changed') });
  await post(`${path}/objections`, who, { purpose: 'reporting', how: 'online', reason: plant('objection') });
  await post(`/v1/opportunities/${opportunity}/reports`, who, {
    reason: 'other',
    text: plant('report'),
    contact: plant('report contact'),
  });
  await post('/v1/organisation-applications', who, {
    name: `Carers ${id.slice(-6)}`,
    kind: 'charity',
    reason: plant('application reason'),
  });
  await patch(path, who, fields('changed by the person'));
}

/** What staff write about the person. */
async function isWrittenAbout(id: string): Promise<void> {
  await patch(`/v1/contributors/${id}`, coordinator, { knownAs: plant('changed by a coordinator') });
  const project = `/v1/projects/${await on.projectId()}`;
  const member = await post(`${project}/team`, coordinator, {
    contributorId: id,
    name: plant('team member'),
    role: 'public-co-applicant',
  });
  await patch(`${project}/team/${member.id}`, coordinator, { name: plant('team member, changed') });
}

async function notesOn(interestId: string): Promise<void> {
  const { rows } = await t.db.query<{ id: string }>(
    `SELECT id FROM involvement.notice WHERE interest_id = $1 AND state = 'owed'`,
    [interestId],
  );
  for (const { id } of rows)
    await post(`/v1/notices/${id}/told`, coordinator, { how: 'phone', note: plant('note on a notice') });
}

function fail(): never {
  throw new Error('This was not planted');
}

async function erased(id: string, who?: Headers): Promise<void> {
  await post(`/v1/contributors/${id}/erase`, who ?? (await t.as('data-steward')), { because: 'asked_by_person' });
}

async function nothingIsLeft(): Promise<void> {
  const left: string[] = [];
  for (const [where, text] of texts) for (const table of await whereFound(owner, text)) left.push(`${where}: ${table}`);
  expect(left).toEqual([]);
}

describe('what is left of somebody who was erased', () => {
  it('is nothing of what they, their coordinator and their helpers ever sent', async () => {
    const opportunity = await on.opportunity({ placesAvailable: 50, openToUnder18: true });
    const { id } = await post('/v1/contributors', coordinator, {
      ...fields('added'),
      organisationId: ours,
      reference: plant('reference'),
    });
    const who = await signIn(id);
    await speaks(id, who, opportunity);
    await isWrittenAbout(id);
    const interest = await post(`/v1/opportunities/${opportunity}/interests`, who, {
      ...said('interest'),
      keepOnFile: true,
    });
    await patch(`/v1/interests/${interest.id}`, who, { availability: plant('availability, changed') });
    await post(`/v1/interests/${interest.id}/turn-down`, coordinator, { reason: `Because of ${plant('reason')}.` });
    await on.drain();
    const second = await on.opportunity({ openToUnder18: true });
    const offered = await post(`/v1/opportunities/${second}/interests`, who, said('second interest'));
    await post(`/v1/interests/${offered.id}/offer`, coordinator, {});
    await notesOn(offered.id);
    await on.relay();
    const [, name] = texts.find(([where]) => where === 'changed by the person name') ?? fail();
    expect(await whereFound(owner, name)).toEqual(['kernel.outbox_message', 'people.contributor']);
    await erased(id, who);
    await nothingIsLeft();
  });

  it('is nothing of an interest that a site sent before the person had a record, nor of the messages about it', async () => {
    const opportunity = await on.opportunity({ placesAvailable: 50 });
    const sent = await post(`/v1/opportunities/${opportunity}/interests`, on.site, {
      person: person('sent by a site'),
      ...said('sent by a site'),
    });
    await on.drain();
    await post(`/v1/interests/${sent.id}/confirm-by-call`, coordinator, {});
    await post(`/v1/interests/${sent.id}/shortlist`, coordinator, {});
    await on.drain();
    const { id } = await post('/v1/contributors', coordinator, {
      ...fields('added later'),
      ageGroup: 'adult',
      organisationId: ours,
    });
    await post(`/v1/interests/${sent.id}/contributor`, coordinator, { contributorId: id });
    await post(`/v1/interests/${sent.id}/offer`, coordinator, {});
    await on.drain();
    await erased(id);
    await nothingIsLeft();
  });

  it('is nothing of a row of a file, and of a record that was merged into theirs', async () => {
    const reference = plant('reference in a file');
    const file = [
      'reference,name,known_as,email,phone,address,preferred_channel,supporter_name,supporter_contact,supporter_relation,topics,age_group,guardian_name,guardian_contact,guardian_agreed_at,guardian_agreed_how,safeguarding_name,safeguarding_contact',
      [
        ...[
          reference,
          plant('file name'),
          plant('file known_as'),
          `${plant('file email')}@example.org`,
          plantPhone('file phone'),
        ],
        ...[
          plant('file address'),
          'email',
          plant('file supporter'),
          plant('file supporter contact'),
          plant('file relation'),
        ],
        ...[
          plant('file topics'),
          '16-to-17',
          plant('file guardian'),
          plant('file guardian contact'),
          '2026-11-20',
          'phone',
        ],
        ...[plant('file safeguarding'), plant('file safeguarding contact')],
      ].join(','),
    ].join('\n');
    await post(`/v1/contributors/imports?organisation=${ours}`, coordinator, file as never, 'text/csv');
    const { rows } = await t.db.query<{ id: string }>(
      'SELECT contributor_id AS id FROM people.contributor_organisation WHERE reference = $1',
      [reference],
    );
    const gone = rows[0]?.id ?? '';
    await post(`/v1/contributors/${gone}/access-needs`, coordinator, {
      category: 'time',
      detail: plant('need of the record that goes'),
      consent: { how: 'phone' },
    });
    const opportunity = await on.opportunity({ openToUnder18: true });
    const recorded = await on.record(opportunity, { contributorId: gone, ...said('recorded') });
    expect(recorded.status).toBe(201);
    await post(`/v1/interests/${(recorded.body as Known).id}/shortlist`, coordinator, {});
    await on.drain();
    expect(await whereFound(owner, '@example.org')).toContain('kernel.outbox_message');
    const { id } = await post('/v1/contributors', coordinator, { ...fields('kept'), organisationId: ours });
    await post(`/v1/contributors/${id}/merge`, coordinator, { otherId: gone, keep: { name: 'other', email: 'this' } });
    await erased(id);
    await nothingIsLeft();
  });

  it('is nothing of what an administrator wrote of a report by them', async () => {
    const opportunity = await on.opportunity();
    const { id } = await post('/v1/contributors', coordinator, { ...fields('reporter'), organisationId: ours });
    const who = await signIn(id);
    const report = await post(`/v1/opportunities/${opportunity}/reports`, who, {
      reason: 'other',
      contact: plant('contact of a settled report'),
    });
    const administrator = await t.as('national-administrator');
    const settled = await t.api
      .post(`/v1/opportunity-reports/${report.id}/settle`)
      .set({ ...administrator, 'if-match': '"1-json"' })
      .send({ outcome: 'no-action', outcomeNote: `Told ${plant('outcome note')} so.` });
    expect(settled.status).toBe(200);
    await erased(id, who);
    await nothingIsLeft();
  });
});
