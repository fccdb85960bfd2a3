// npm run bench: each figure as a ratio against its baseline in the same run, medians of interleaved rounds.
// The baseline is bare Fastify with pg, which sends the statements that the service itself was seen to send.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { exportMemory, startTimes } from './process.mjs';
import { disclosureNumbers, diversityNumbers } from './diversity.mjs';
import { ground, seeded } from './ground.mjs';
import { median, rates, warm } from './load.mjs';
import { captured } from './statements.mjs';
import { tableNumbers } from './tables.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const seconds = Number(process.env.BENCH_SECONDS ?? 4);
const WARM_SECONDS = 10;
const only = process.argv.slice(2);

const rows = [];
const wanted = (name) => only.length === 0 || only.some((part) => name.includes(part));
const say = (row) => {
  rows.push(row);
  process.stdout.write(`${row.what.padEnd(58)} ${row.figure.padEnd(34)} aim ${row.aim}\n`);
};

async function compare(what, aim, ours, theirs) {
  if (!wanted(what)) return;
  const pairs = [];
  for (const side of [ours, theirs]) await warm(side, WARM_SECONDS);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
    const first = await rates(order[0], seconds);
    const second = await rates(order[1], seconds);
    pairs.push(round % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first });
  }
  const ratio = median(pairs.map((p) => p.ours / p.theirs));
  const spread = pairs.map((p) => (p.ours / p.theirs).toFixed(2)).join(' ');
  const [a, b] = [median(pairs.map((p) => p.ours)), median(pairs.map((p) => p.theirs))];
  say({ what, figure: `${ratio.toFixed(2)}  (${Math.round(a)}/s : ${Math.round(b)}/s)`, aim: `${aim}`, spread });
}

const SERVICE = ['list', 'cache', 'by id', 'text search', 'page 1,000', 'POST', 'export', 'start'];
if (only.length === 0 || only.some((part) => SERVICE.some((name) => name.includes(part)))) await serviceNumbers();
if (wanted('published table')) await tableNumbers(compare);
if (wanted('diversity')) await diversityNumbers(say);
if (wanted('disclosure')) await disclosureNumbers(say);

async function serviceNumbers() {
  const g = await ground((env) => seeded(env, 100_000, Number(process.env.BENCH_CONTRIBUTORS ?? 1_000_000)));
  try {
    const { uncached, cached, bare } = g.addresses;
    const facts = await captured(g);
    await g.baseline(facts);
    await compare(
      'list, 20 of 100,000, nothing cached',
      0.8,
      { url: `${uncached}/v1/opportunities` },
      { url: `${bare}/list` },
    );
    await compare(
      'the same list, unchanged, from the cache',
      3,
      { url: `${cached}/v1/opportunities` },
      { url: `${bare}/list` },
    );
    await compare(
      'one opportunity by id, uncached',
      0.7,
      { url: `${uncached}/v1/opportunities/${facts.id}` },
      { url: `${bare}/one/${facts.id}` },
    );
    await compare(
      'text search with two filters, uncached',
      0.7,
      { url: `${uncached}/v1/opportunities?${facts.search}` },
      { url: `${bare}/search` },
    );
    await compare(
      'page 1,000 against page 1',
      0.9,
      { url: `${uncached}/v1/opportunities?cursor=${facts.cursor}` },
      { url: `${uncached}/v1/opportunities` },
    );
    await compare('POST of an interest', 0.6, facts.post.ours, facts.post.theirs);
    if (wanted('export')) {
      const { peak, rest, rows: count } = await exportMemory(g);
      say({
        what: `peak memory, the ${count.toLocaleString('en-GB')} contributors of one organisation as CSV`,
        figure: `${peak} MB (at rest ${rest} MB)`,
        aim: 'under 300 MB',
      });
    }
    if (wanted('start')) {
      const { toReady, resident } = await startTimes(g);
      say({
        what: 'start on an existing database to the first 200',
        figure: `${toReady.toFixed(2)} s`,
        aim: 'printed',
      });
      say({ what: 'resident memory at rest', figure: `${resident} MB`, aim: 'printed' });
    }
  } finally {
    await g.stop();
  }
}

if (process.env.BENCH_TABLE) {
  const lines = rows.map((r) => `| ${r.what} | ${r.figure} | ${r.aim} | ${r.spread ?? ''} |`);
  const head = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}; ${rounds} rounds of ${seconds} s, 16 connections.`;
  writeFileSync(
    process.env.BENCH_TABLE,
    `${head}\n\n| What | Figure | Aim | Ratio of each round |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`,
  );
}
