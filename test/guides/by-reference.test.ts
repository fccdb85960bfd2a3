import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Interests, somebody } from '../involvement/interest-support';
import { type Headers } from '../involvement/opportunity-support';
import { startApp, type TestApp } from '../support/app';

/** The calls of section 5 of the guide for integrators, as they are written there. */

const guide = readFileSync(join(__dirname, '..', '..', 'docs', 'guides', 'integrators.md'), 'utf8');
const section = /^## 5\.[\s\S]*?(?=^## 6\.)/m.exec(guide)?.[0] ?? '';
const calls = [...section.matchAll(/^curl -X POST "\$API(\/v1\/[^"]+)"[^\n]*\\\n {2}-d '([^']+)'$/gm)].map(
  ([, path = '', body = '']) => ({ path, body: JSON.parse(body) as Record<string, string> }),
);

describe('what the guide says to send by a reference', () => {
  let t: TestApp;
  let on: Interests;
  let site: Headers;

  beforeAll(async () => {
    t = await startApp();
    site = await t.as('site');
    on = new Interests(t, await t.as('coordinator'), site);
  });
  afterAll(() => t.stop());

  it('works, in the order in which it is written', async () => {
    const { body } = await on.send(site, await on.opportunity(), { person: somebody(1) }).expect(201);
    const contact = 'person1@example.org';
    const known: Record<string, string> = { reference: (body as { reference: string }).reference, contact, code: '' };
    const told: Record<string, unknown> = {};
    for (const { path, body: written } of calls) {
      await on.drain();
      known.code = /\d{6}/.exec((await on.messagesTo(contact)).at(-1)?.body ?? '')?.[0] ?? '';
      const filled = Object.fromEntries(Object.keys(written).map((field) => [field, known[field]]));
      told[path] = (await t.api.post(path).set(site).send(filled).expect(200)).body;
    }
    expect(told).toMatchObject({
      '/v1/interests/follow': { state: 'received', contactConfirmed: false },
      '/v1/interests/send-code': { by: 'email' },
      '/v1/interests/confirm': { state: 'received', contactConfirmed: true },
      '/v1/interests/withdraw-by-reference': { state: 'withdrawn' },
    });
    expect(Object.keys(told)).toHaveLength(4);
  });

  it('holds values that the service takes as they are', async () => {
    for (const { path, body } of calls) {
      const { status, body: answer } = await t.api.post(path).send(body);
      expect([path, status, (answer as { code: string }).code]).toEqual([path, 404, 'not_found']);
    }
  });
});
