import { createHash, randomUUID } from 'node:crypto';
import request from 'supertest';
import { theService } from '../../src/kernel/access/actor';
import { Db } from '../../src/kernel/db/db';
import { NoSender } from '../../src/kernel/messages/no-sender';
import { Message, Sender } from '../../src/kernel/messages/sender';
import { PersonalData } from '../../src/kernel/privacy/personal-data';
import { startApp, TestApp } from '../support/app';

let t: TestApp;
let sender: Sender;
beforeAll(async () => {
  t = await startApp();
  sender = t.app.get(Sender, { strict: false });
});
afterAll(() => t.stop());

const message = (given: Partial<Message> = {}): Message => ({
  id: randomUUID(),
  channel: 'email',
  to: 'gwen@example.org',
  subject: 'Eich cais <b>',
  text: 'Diolch.\n<script>alert(1)</script> & "more"',
  language: 'cy',
  personId: randomUUID(),
  ...given,
});
const get = (path: string): request.Test => request(t.address).get(path);

it('delivers a message once, whoever calls how often', async () => {
  const mine = message();
  const [a, b] = await Promise.all([sender.deliver(mine), sender.deliver(mine)]);
  expect([a.sent, b.sent].sort()).toEqual([false, true]);
  expect(await sender.deliver({ ...mine, text: 'Something else' })).toEqual({ sent: false });
  const { rows } = await t.db.query('SELECT body FROM kernel.outbox_message WHERE id = $1', [mine.id]);
  expect(rows).toEqual([{ body: mine.text }]);
});

it('shows the messages, newest first, as a page that stands on its own', async () => {
  const [old, fresh] = [
    message({ subject: 'The older' }),
    message({ channel: 'text', to: '+44 7700 900123', subject: '', text: 'Your code is 123456' }),
  ];
  await sender.deliver(old);
  await sender.deliver(fresh);
  const page = await get('/outbox')
    .expect(200)
    .expect('content-type', 'text/html; charset=utf-8')
    .expect('cache-control', 'no-store');
  expect(page.text).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
  expect(page.text).toContain('<caption>');
  expect(page.text.indexOf('Your code is 123456')).toBeLessThan(page.text.indexOf('The older'));
  expect(page.text).toContain(`<a href="/outbox/${old.id}">The older</a>`);
  const style = /<style>([\s\S]*)<\/style>/.exec(page.text)?.[1] ?? '';
  const policy = page.headers['content-security-policy'];
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
  expect(Object.keys(page.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

it('shows one message in its language, with nothing in it that the browser would run', async () => {
  const mine = message({ html: '<p onclick="x()">Diolch</p>' });
  await sender.deliver(mine);
  const page = await get(`/outbox/${mine.id}`).expect(200);
  expect(page.text).toContain('<h1>Eich cais &lt;b&gt;</h1>');
  expect(page.text).toContain(
    '<div class="message" lang="cy">Diolch.\n&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;</div>',
  );
  expect(page.text).not.toContain('<script');
  expect(page.text).toContain(`href="/outbox/${mine.id}/html"`);
  const html = await get(`/outbox/${mine.id}/html`).expect(200);
  expect(html.text).toBe(mine.html);
  expect(html.headers['content-security-policy']).toMatch(/^sandbox; default-src 'none';/);
});

it.each([
  ['an id that is none', 'abc'],
  ['an id of nothing', randomUUID()],
  ['a message without HTML', 'plain'],
])('answers 404 for %s', async (_, id) => {
  const plain = message();
  await sender.deliver(plain);
  const path = id === 'plain' ? `/outbox/${plain.id}/html` : `/outbox/${id}`;
  const answer = await get(path).expect(404);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ code: 'not_found', status: 404 });
});

it('has no such pages on a database of its own, and sends nothing there', async () => {
  const mine = message();
  await sender.deliver(mine);
  t.config.database.embedded = false;
  try {
    for (const path of ['/outbox', `/outbox/${mine.id}`, `/outbox/${mine.id}/html`]) await get(path).expect(404);
  } finally {
    t.config.database.embedded = true;
  }
  const none = new NoSender();
  expect(none.reaches('email')).toBe(false);
  await expect(none.deliver(mine)).rejects.toMatchObject({ status: 503, code: 'no_sender' });
});

it('keeps messages as they were made, and lets them go with their person', async () => {
  const personId = randomUUID();
  await sender.deliver(message({ personId, channel: 'letter', to: 'Gwen Jones\n1 Heol Fawr\nBangor' }));
  await sender.deliver(message({ personId }));
  const other = message();
  await sender.deliver(other);
  const db = t.app.get(Db, { strict: false });
  await expect(db.query("UPDATE kernel.outbox_message SET body = 'x'")).rejects.toMatchObject({ code: '42501' });
  const data = t.app.get(PersonalData, { strict: false });
  const copy = await data.exportPerson(theService(), { personId, accountIds: [] });
  expect(copy.sections.find((section) => section.heading === 'Messages to you')?.rows).toHaveLength(2);
  const receipt = await db.write(theService(), (tx) =>
    data.erasePerson(tx, { personId, accountIds: [] }, 'asked_by_person'),
  );
  expect(receipt.went).toContainEqual(expect.objectContaining({ table: 'kernel.outbox_message', rows: 2 }));
  const { rows } = await t.db.query('SELECT id FROM kernel.outbox_message WHERE person_id = ANY($1)', [
    [personId, other.personId],
  ]);
  expect(rows).toEqual([{ id: other.id }]);
});
