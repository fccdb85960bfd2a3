// The numbers of releases, on a server of their own. Called from run.mjs; by itself: node test/bench/diversity.mjs (after npm run build).
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { compiled, dist } from './ground.mjs';

const seconds = (from) => (performance.now() - from) / 1000;
/** How many withheld figures are attacked, of a dozen units and of the national tree. */
const ATTACKED = Number(process.env.BENCH_ATTACKED ?? 500);
const ATTACKED_NATIONALLY = Number(process.env.BENCH_ATTACKED_NATIONALLY ?? 100);
const QUARTER = { from: '2026-07-01', until: '2026-10-01' };

/** Tables like those of snapshots, with their indexes and constraints, for the bare SQL to put its rows into. */
const BARE_TABLES = `
  CREATE TABLE edi_snapshot.bare_member (LIKE edi_snapshot.member INCLUDING ALL);
  CREATE TABLE edi_snapshot.bare_count (LIKE edi_snapshot.unit_count INCLUDING ALL)`;
/** The bare SQL that does what a snapshot does: members with their answers, then the counts, in one transaction. */
const bare = (release, places, array, joins) => `
  BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL work_mem = '128MB';
  INSERT INTO edi_snapshot.bare_member SELECT '${release}'::uuid, p.organisation_id, p.pseudonym, p.stage, ${array}
    FROM edi_snapshot.bench_arriving p
    LEFT JOIN (SELECT v.*, edi_answers.age_on(v.year_of_birth, v.age_band, DATE '2026-10-01') AS age FROM edi_answers.answer_set v) a USING (pseudonym)
    ${joins} ORDER BY p.pseudonym;
  ANALYZE edi_snapshot.bare_member;
  INSERT INTO edi_snapshot.bare_count SELECT '${release}'::uuid, c.organisation_id, c.stage, hub.category, named.characteristic, named.category, c.people
    FROM (SELECT m.organisation_id, m.stage, m.answers[1] AS hub, place, m.answers[place] AS code, count(*) AS people
      FROM edi_snapshot.bare_member m, generate_series(1, ${places}) AS place GROUP BY 1, 2, 3, 4, 5) c
    JOIN edi_snapshot.category hub ON hub.place = 1 AND hub.code = c.hub
    JOIN edi_snapshot.category named ON named.place = c.place AND named.code = c.code;
  COMMIT`;

const FILL = `
  INSERT INTO people.contributor (name, preferred_channel, age_group) SELECT 'Person ' || n, 'in-person', 'adult' FROM generate_series(1, $1::integer) n;`;
const HOMES = `
  INSERT INTO people.contributor_organisation (contributor_id, organisation_id, "from", home)
  SELECT c.id, o.ids[1 + c.n % cardinality(o.ids)], '2026-01-01', true
  FROM (SELECT id, row_number() OVER () AS n FROM people.contributor) c, (SELECT array_agg(id) AS ids FROM (SELECT id FROM people.organisation ORDER BY id LIMIT 80) x) o`;
const pick = (list, seed) =>
  `(ARRAY[${list.map((code) => `'${code}'`).join(',')}])[1 + abs(hashtext(encode(pseudonym, 'hex') || '${seed}')) % ${list.length}]`;
const ANSWERS = `
  INSERT INTO edi_answers.answer_set (pseudonym, "from", questionnaire, questionnaire_version, channel, basis, wording, ethnic_group, age_band, sex,
    gender_identity, religion, sexual_orientation, unpaid_care, socio_economic_background, region, main_language)
  SELECT pseudonym, '2026-01-01', 'diversity', 1, 'person', 'equality-monitoring', '1.0',
    ${pick(['white', 'white', 'white', 'white', 'asian', 'black', 'mixed', 'other'], 'a')}, ${pick(['18-24', '25-34', '35-44', '45-54', '55-64', '65-74', '75-84'], 'b')},
    ${pick(['female', 'female', 'male'], 'c')}, ${pick(['same-as-sex-registered', 'same-as-sex-registered', 'same-as-sex-registered', 'different'], 'd')},
    ${pick(['no-religion', 'christian', 'muslim', 'hindu', 'other'], 'e')}, ${pick(['heterosexual', 'heterosexual', 'gay-or-lesbian', 'bisexual'], 'f')},
    ${pick(['none', 'none', 'up-to-9-hours', '50-or-more-hours'], 'g')}, ${pick(['professional', 'intermediate', 'working-class'], 'h')},
    ${pick(['E12000001', 'E12000002', 'E12000007', 'W92000004'], 'i')}, ${pick(['english', 'english', 'english', 'urdu', 'other'], 'j')}
  FROM edi_snapshot.bench_arriving`;

/**
 * Prints what a release of so many contributors costs.
 * @param say takes { what, figure, aim }
 */
export async function diversityNumbers(say, contributors = Number(process.env.BENCH_CONTRIBUTORS ?? 1_000_000)) {
  const folder = mkdtempSync(join(tmpdir(), 'partnerships-bench-releases-'));
  chmodSync(folder, 0o755);
  const server = await dist('kernel/db/embedded.js').startEmbedded(join(folder, 'db'), { temporary: true });
  const loginOf = (url) => decodeURIComponent(new URL(url).username);
  const owner = new pg.Pool({ connectionString: server.ownerUrl, max: 2 });
  owner.on('error', () => undefined);
  let app;
  try {
    const logins = { service: loginOf(server.serviceUrl), diversity: loginOf(server.doorUrls.diversity) };
    await dist('database.js').migrate(server.ownerUrl, logins);
    await dist('people/reference/load-at-start.js').loadReferenceInto(server.serviceUrl);
    await dist('instruments/reference/load.js').loadInstrumentsInto(server.serviceUrl);
    const config = dist('kernel/config.js').loadConfig({
      DATABASE_URL: server.serviceUrl,
      DIVERSITY_DATABASE_URL: server.doorUrls.diversity,
      DIVERSITY_KEY: randomBytes(32).toString('base64'),
      KEY_RING: JSON.stringify({ current: 'b', keys: { b: randomBytes(32).toString('base64') } }),
      SERVICE_SECRET: randomBytes(32).toString('hex'),
      DATA_DIR: folder,
      LOG_LEVEL: 'warn',
      METRICS_PORT: 'off',
    });
    app = await dist('app.js').createApp(config, { background: false });
    await app.init();
    await numbers(app, owner, say, contributors);
  } finally {
    await app?.close();
    await owner.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function numbers(app, owner, say, contributors) {
  const get = (path, name) => app.get(dist(path)[name], { strict: false });
  const pseudonyms = get('edi/door/pseudonym.js', 'Pseudonyms');
  const snapshots = get('edi/release/snapshot.service.js', 'Snapshots');
  await owner.query(FILL.replace('$1', String(contributors)));
  await owner.query(HOMES);
  await owner.query('ANALYZE');

  // Pseudonyms and COPY alone.
  const client = await owner.connect();
  await client.query('BEGIN');
  const { furthestStages } = dist('involvement/index.js');
  const from = performance.now();
  const db = get('kernel/db/db.js', 'Db');
  await dist('edi/release/people-copy.js').copyPeople(client, furthestStages(db, QUARTER), pseudonyms);
  say({
    what: `${contributors.toLocaleString('en-GB')} pseudonyms and COPY into the snapshot`,
    figure: `${seconds(from).toFixed(1)} s`,
    aim: 'printed',
  });
  await client.query('CREATE TABLE edi_snapshot.bench_arriving AS SELECT * FROM arriving; COMMIT');
  client.release();
  await owner.query(ANSWERS);
  await owner.query(
    'ANALYZE edi_answers.answer_set; GRANT SELECT ON edi_snapshot.bench_arriving TO partnerships_diversity',
  );

  const characteristics = await dist('edi/release/characteristics.js').releaseCharacteristics(db);
  const of = {
    ...QUARTER,
    id: '01920000-0000-7000-8000-000000000001',
    collectionId: null,
    shown: [],
    gate: 10,
    today: '2026-10-01',
  };
  let copied = 0;
  const began = performance.now();
  await snapshots.take(of, characteristics, async (percent) => {
    if (percent === 25) copied = seconds(began);
  });
  const ours = seconds(began) - copied;
  const { array, joins } = dist('edi/release/members.js').answerNumbers(
    new Map(characteristics.map((one, i) => [one.key, i + 1])),
    characteristics,
  );
  await owner.query(BARE_TABLES);
  const bareFrom = performance.now();
  await owner.query(bare(of.id, characteristics.length, array, joins));
  const theirs = seconds(bareFrom);
  say({
    what: `snapshot and counts of ${contributors.toLocaleString('en-GB')}, against the bare SQL`,
    figure: `${(theirs / ours).toFixed(2)}  (${ours.toFixed(1)} s : ${theirs.toFixed(1)} s)`,
    aim: '0.8',
  });
  const units = await snapshots.units(of.id);
  say({ what: 'organisations in that snapshot', figure: String(units.length), aim: 'printed' });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await diversityNumbers(({ what, figure, aim }) =>
    process.stdout.write(`${what.padEnd(58)} ${figure.padEnd(34)} aim ${aim}\n`),
  );

/**
 * Prints what protecting and verifying takes, how it grows, and what it withholds; how a sample of what is withheld stands an attack;
 * and the worked tables beside their optimum.
 */
export async function disclosureNumbers(say) {
  const { againstOptimum, DOZEN, measure, NATIONAL } = compiled('test/edi/disclosure/trial/measure.ts');
  for (const [name, size, sample] of [
    ['a dozen units', DOZEN, ATTACKED],
    ['the national tree', NATIONAL, ATTACKED_NATIONALLY],
  ]) {
    const m = await measure(size, sample);
    if (!m.ok) throw new Error(`What was protected for ${name} could not be verified`);
    const took = `${(m.protectMilliseconds / 1000).toFixed(1)} s + ${(m.verifyMilliseconds / 1000).toFixed(1)} s`;
    say({
      what: `protecting + verifying ${name} (${m.leaves} leaves, ${m.figures.toLocaleString('en-GB')} figures)`,
      figure: `${took}, ${Math.round(m.megabytes)} MB`,
      aim: 'printed; under 1 GB',
    });
    say({
      what: `figures at or above their threshold withheld, ${name}`,
      figure: `${(m.withheld * 100).toFixed(1)}%`,
      aim: 'printed',
    });
    say({
      what: `withheld figures of ${name}, attacked by who also knows how many people are where`,
      figure: `${m.told} of ${m.attacked} told too closely, ${(m.attackMilliseconds / 1000).toFixed(1)} s`,
      aim: 'printed',
    });
  }
  const tables = await againstOptimum();
  const over = tables.filter((one) => one.found > one.optimum);
  say({
    what: `worked tables: complementary cells over the optimum (${tables.length} tables)`,
    figure: over.length === 0 ? 'none' : over.map((one) => `${one.id} ${one.found} : ${one.optimum}`).join(', '),
    aim: 'at most 1',
  });
}
