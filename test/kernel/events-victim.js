// A process of the service, as far as events go, that kills itself at the point that VICTIM_DIES names.
// Run by events-kill.test.ts. It writes two events, numbers what has committed and delivers it, and says "done" if it lives to.
const { readFileSync } = require('node:fs');
const { randomUUID } = require('node:crypto');
const { transformSync } = require('@swc/core');
const { Pool } = require('pg');

require.extensions['.ts'] = (module, filename) =>
  module._compile(transformSync(readFileSync(filename, 'utf8'), { filename, sourceMaps: false }).code, filename);
require('reflect-metadata');
const { eventType } = require('../../src/kernel/events/declare.ts');
const { EventHead } = require('../../src/kernel/events/head.ts');
const { EventReader } = require('../../src/kernel/events/reader.ts');
const { Relay } = require('../../src/kernel/events/relay.ts');
const { Sequencer } = require('../../src/kernel/events/sequencer.ts');
const { EventSignal } = require('../../src/kernel/events/signal.ts');

const point = process.env.VICTIM_DIES;
const reached = (here) => {
  if (here === point) process.kill(process.pid, 'SIGKILL');
};

async function main() {
  eventType({ type: 'probe.touched', subject: 'probe', public: true, means: 'A probe was touched.' });
  const pool = new Pool({ connectionString: process.env.VICTIM_DATABASE, max: 4 });
  const head = new EventHead();
  const sequencer = new Sequencer({ pool }, head, new EventSignal());
  const relay = new Relay({ pool }, new EventReader({ pool }), head, sequencer, { now: () => new Date() });
  relay.consumer('survivor', {
    types: ['probe.touched'],
    handle: async (event) => {
      reached('before-effect');
      await pool.query('INSERT INTO kernel.given (event_id) VALUES ($1)', [event.id]);
      await pool.query('INSERT INTO kernel.taken (event_id) VALUES ($1) ON CONFLICT DO NOTHING', [event.id]);
      reached('after-effect');
    },
  });

  if (point !== 'none') {
    const client = await pool.connect();
    await client.query('BEGIN');
    for (const version of [1, 2]) {
      await client.query(
        `INSERT INTO kernel.event (type, subject, subject_id, version, public) VALUES ('probe.touched', 'probe', $1, $2, true)`,
        [randomUUID(), version],
      );
    }
    reached('before-commit');
    await client.query('COMMIT');
    client.release();
    reached('after-commit');
  }
  await sequencer.run();
  reached('after-numbering');
  // A killed process's lock is let go when the server has noticed, which may be a moment later.
  for (;;) {
    await relay.drain();
    const [lag] = await relay.lags();
    if (lag.waiting === 0) break;
  }
  reached('after-noting');
  await pool.end();
  process.stdout.write('done');
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
