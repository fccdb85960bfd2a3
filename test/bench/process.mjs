import { execFileSync } from 'node:child_process';
import pg from 'pg';

const resident = (pid) => Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024);

/** All contributors work with one organisation, too. */
const ALL_OF_ONE = `
  INSERT INTO people.contributor_organisation (contributor_id, organisation_id, "from", home)
  SELECT c.id, $1, '2025-01-01', false FROM people.contributor c
  WHERE NOT EXISTS (SELECT FROM people.contributor_organisation w WHERE w.contributor_id = c.id AND w.organisation_id = $1)`;

/** Peak resident memory of the service while it sends every contributor that there is, as those of one organisation, as CSV. */
export async function exportMemory(g) {
  const all = await ofOne(g);
  const { child, address } = await g.start();
  const rest = resident(child.pid);
  const answer = await fetch(`${address}/v1/contributors.csv?organisation=${g.organisationId}`, {
    headers: { authorization: `Bearer ${await g.signer('bench-coordinator')}` },
  });
  if (!answer.ok) throw new Error(`export: ${answer.status} ${await answer.text()}`);
  let peak = rest;
  let lines = 0;
  const timer = setInterval(() => (peak = Math.max(peak, resident(child.pid))), 200);
  for await (const chunk of answer.body) for (const byte of chunk) if (byte === 10) lines++;
  clearInterval(timer);
  child.kill('SIGTERM');
  if (lines - 1 !== all) throw new Error(`The file holds ${lines - 1} of ${all} contributors`);
  return { peak, rest, rows: all };
}

async function ofOne(g) {
  const owner = new pg.Client(g.server.ownerUrl);
  await owner.connect();
  try {
    await owner.query(ALL_OF_ONE, [g.organisationId]);
    await owner.query('ANALYZE people.contributor_organisation');
    const { rows } = await owner.query(
      'SELECT count(*)::int AS n FROM people.contributor_organisation WHERE organisation_id = $1',
      [g.organisationId],
    );
    return rows[0].n;
  } finally {
    await owner.end();
  }
}

/** Seconds from the start of the process to its first 200, and its memory once it stands still. */
export async function startTimes(g) {
  const times = [];
  let memory = 0;
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    const { child } = await g.start();
    times.push((performance.now() - began) / 1000);
    memory = resident(child.pid);
    child.kill('SIGTERM');
  }
  return { toReady: times.sort((a, b) => a - b)[2], resident: memory };
}
