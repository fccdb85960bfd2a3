// What the service asks of the database, seen by listening to one call of each kind, so that the baseline asks exactly the same.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import pg from 'pg';
import { dist } from './ground.mjs';

const SEARCH = 'q=stroke&mode=online&paid=true';
const PAGE = 1000;
const INTEREST = { howHeard: 'site', keepOnFile: false, language: 'en' };

export async function captured(g) {
  const owner = new pg.Client(g.server.ownerUrl);
  await owner.connect();
  g.onStop(() => owner.end());
  const { contributorId, organisationId } = await people(owner, g.env.BENCH_ISSUER);
  g.organisationId = organisationId;
  const { rows } = await owner.query(OPEN);
  const ids = rows.map((row) => row.id);
  const token = await g.signer('bench-contributor');
  // Notices of the last round may still be on their way: a deletion that meets one is tried again.
  const clear = async (tries = 100) => {
    try {
      await owner.query(CLEAR, [contributorId]);
    } catch (error) {
      if (error.code !== '23503' || tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
      await clear(tries - 1);
    }
  };
  await clear();
  const seen = await listen(g, ids[0], token);
  const file = join(g.folder, 'statements.json');
  writeFileSync(file, JSON.stringify(seen));
  const cursor = await cursorOfPage(PAGE, g.addresses.uncached);
  return { file, id: ids[0], search: SEARCH, cursor: encodeURIComponent(cursor), post: posting(g, ids, token, clear) };
}

/** A person has one live interest in each opportunity, so each call goes to another one; before each round the interests are taken out. */
function posting(g, ids, token, clear) {
  let next = 0;
  const one = () => {
    if (next >= ids.length) throw new Error('All open opportunities have had an interest in this round: seed more');
    return ids[next++];
  };
  const before = async () => {
    await clear();
    // What was still on its way when the last round ended comes before `next`, so it meets none of this round's.
    if (next > ids.length / 2) next = 0;
  };
  const json = { 'content-type': 'application/json' };
  const call = (path, headers, body) => (request) => ({
    ...request,
    method: 'POST',
    path: path(),
    headers: { ...json, ...headers() },
    body: JSON.stringify(body()),
  });
  return {
    ours: {
      url: g.addresses.uncached,
      before,
      setup: call(
        () => `/v1/opportunities/${one()}/interests`,
        () => ({ authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() }),
        () => INTEREST,
      ),
    },
    theirs: {
      url: g.addresses.bare,
      before,
      setup: call(
        () => '/interests',
        () => ({}),
        () => ({ opportunityId: one() }),
      ),
    },
  };
}

/** What the rounds before made, notices about it first. */
const CLEAR = `
  WITH told AS (DELETE FROM involvement.notice WHERE interest_id IN (SELECT id FROM involvement.interest WHERE contributor_id = $1))
  DELETE FROM involvement.interest WHERE contributor_id = $1`;

const OPEN = `
  SELECT c.opportunity_id AS id FROM involvement.catalogue_entry c JOIN involvement.opportunity o ON o.id = c.opportunity_id
  WHERE c.state = 'published' AND c.publish_at < now() AND c.closes_at > now() + interval '1 day'
    AND c.min_age <= 18 AND c.max_age = 200 AND NOT jsonb_path_exists(o.questions, '$[*] ? (@.required == true)')
  ORDER BY md5(c.opportunity_id::text)`;

/** A coordinator and a contributor who can sign in, in the organisation that has most contributors. */
async function people(owner, issuer) {
  const { rows } = await owner.query(
    `SELECT organisation_id AS "organisationId", (array_agg(contributor_id))[1] AS "contributorId"
     FROM people.contributor_organisation w JOIN people.contributor c ON c.id = w.contributor_id
     WHERE w.until IS NULL AND c.age_group = 'adult' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`,
  );
  const [{ organisationId, contributorId }] = rows;
  for (const [subject, role, who] of [
    ['bench-coordinator', 'coordinator', null],
    ['bench-contributor', 'contributor', contributorId],
  ]) {
    const made = await owner.query(
      `INSERT INTO people.account (issuer, subject, name, kind, contributor_id) VALUES ($1, $2, $2, 'person', $3) RETURNING id`,
      [issuer, subject, who],
    );
    await owner.query(
      `INSERT INTO people.membership (account_id, organisation_id, role, "from") VALUES ($1, $2, $3, '2025-01-01')`,
      [made.rows[0].id, organisationId, role],
    );
  }
  return { organisationId, contributorId };
}

/** The application in this process, its statements overheard. */
async function listen(g, opportunityId, token) {
  Object.assign(process.env, g.env, { PUBLIC_CACHE: 'false' });
  const require = createRequire(import.meta.url);
  const { Client } = require('pg');
  const heard = [];
  const original = Client.prototype.query;
  let on = false;
  Client.prototype.query = function query(given, ...rest) {
    const answer = original.call(this, given, ...rest);
    if (on) {
      const statement = typeof given === 'string' ? { text: given } : { text: given.text, values: given.values };
      heard.push(statement);
      void Promise.resolve(answer)
        .then((result) => (statement.madeId = result?.rows?.[0]?.new_id ?? result?.rows?.[0]?.id))
        .catch(() => undefined);
    }
    return answer;
  };
  const { createApp } = dist('app.js');
  const { loadConfig } = dist('kernel/config.js');
  const app = await createApp(loadConfig(process.env), { background: false });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const overhear = async (request) => {
    await app.inject(request); // the first call prepares what later ones find ready
    heard.length = 0;
    on = true;
    const answer = await app.inject(typeof request === 'function' ? request() : request);
    on = false;
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`);
    return heard.filter((s) => !/sequence_events|kernel\.rate_limit/.test(s.text)).map((s) => ({ ...s }));
  };
  const [list] = await overhear({ method: 'GET', url: '/v1/opportunities' });
  const [search] = await overhear({ method: 'GET', url: `/v1/opportunities?${SEARCH}` });
  const [one] = await overhear({ method: 'GET', url: `/v1/opportunities/${opportunityId}` });
  const key = randomUUID();
  on = true;
  heard.length = 0;
  const made = await app.inject({
    method: 'POST',
    url: `/v1/opportunities/${opportunityId}/interests`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    payload: JSON.stringify(INTEREST),
  });
  on = false;
  if (made.statusCode !== 201) throw new Error(`${made.statusCode} ${made.body}`);
  const statements = heard.filter((s) => !/sequence_events/.test(s.text)).map((s) => ({ ...s }));
  await app.close();
  Client.prototype.query = original;
  // Values that may come once only: whatever bytes were stored, such as the hash of the reference.
  const fresh = statements.flatMap((s) =>
    (s.values ?? []).filter((v) => Buffer.isBuffer(v)).map((v) => v.toString('hex')),
  );
  return { list, search, one, post: { statements, opportunityId, key, fresh } };
}

/** The cursor with which a page begins. Cursors know no page numbers, so larger steps come to the same place. */
async function cursorOfPage(page, address) {
  let cursor = '';
  for (let done = 0; done < (page - 1) * 20; done += 100) {
    const limit = Math.min(100, (page - 1) * 20 - done);
    const answer = await fetch(
      `${address}/v1/opportunities?limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    cursor = (await answer.json()).meta.nextCursor;
  }
  return cursor;
}
