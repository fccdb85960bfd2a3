import { randomUUID } from 'node:crypto';
import { eventType } from '../../src/kernel/events/declare';
import { Db } from '../../src/kernel/db/db';
import type { StoredEvent } from '../../src/kernel/events/reader';
import { Relay } from '../../src/kernel/events/relay';
import { EventBench, gate, Process, touchOnce } from './events-support';

eventType({ type: 'probe.touched', subject: 'probe', public: true, means: 'A probe was touched.' });
eventType({ type: 'probe.hidden', subject: 'probe', public: false, means: 'A probe was touched unseen.' });

let bench: EventBench;
let db: Db;
beforeAll(async () => {
  bench = await EventBench.open();
  db = await bench.door();
});
afterAll(() => bench.close());

interface Failure {
  consumer: string;
  error: Error;
}

/** A relay in a process of its own, and what went wrong in it. */
function relayOf(process: Process): { relay: Relay; failures: Failure[] } {
  const failures: Failure[] = [];
  const { pool, reader, head, sequencer, clock } = process;
  const relay = new Relay({ pool }, reader, head, sequencer, clock, (consumer, error) =>
    failures.push({ consumer, error }),
  );
  return { relay, failures };
}

/** A consumer's own memory: what it was given, and what it did when it drops repeats by id. */
class Shelf {
  readonly given: string[] = [];
  readonly kept = new Set<string>();
  take(event: StoredEvent): void {
    this.given.push(event.id);
    this.kept.add(event.id);
  }
}

async function touchMany(count: number, type = 'probe.touched'): Promise<string> {
  const [probe = ''] = await bench.probes(1);
  for (let i = 0; i < count; i++) await touchOnce(db, probe, type);
  return probe;
}

const idsOf = async (probe: string): Promise<string[]> =>
  (await bench.log()).filter((e) => e.subject_id === probe).map((e) => e.id);

async function position(consumer: string): Promise<bigint> {
  const { rows } = await bench.owner.query<{ position: string }>(
    'SELECT position FROM kernel.event_consumer WHERE name = $1',
    [consumer],
  );
  return BigInt(rows[0]?.position ?? -1);
}

/** A consumer that begins at the end of the log, so that tests do not see each other's events. */
async function fresh(): Promise<string> {
  const name = `consumer.${randomUUID().slice(0, 8)}`;
  const end = await bench.process().sequencer.run();
  await bench.owner.query('INSERT INTO kernel.event_consumer (name, position) VALUES ($1, $2)', [name, end.toString()]);
  return name;
}

it('gives a new consumer the whole log in order, only the types that it wants', async () => {
  const probe = await touchMany(3);
  await touchMany(2, 'probe.hidden');
  const { relay } = relayOf(bench.process());
  const shelf = new Shelf();
  relay.consumer('from-the-beginning', { types: ['probe.touched'], handle: async (event) => shelf.take(event) });
  await relay.drain();
  const wanted = (await bench.log()).filter((event) => event.type === 'probe.touched').map((event) => event.id);
  expect(shelf.given).toEqual(wanted);
  expect(shelf.given).toEqual(expect.arrayContaining(await idsOf(probe)));
  expect(await position('from-the-beginning')).toBe(BigInt((await bench.log()).length));
  await relay.drain();
  expect(shelf.given).toHaveLength(wanted.length);
});

it.each([1, 4, 10])(
  'loses nothing when the process dies after delivering event %i of 10 and before noting it',
  async (dies) => {
    const name = await fresh();
    const probe = await touchMany(10);
    const shelf = new Shelf();
    const process = bench.process();
    const dying = relayOf(process);
    dying.relay.consumer(name, {
      types: ['probe.touched'],
      handle: async (event) => {
        shelf.take(event);
        if (shelf.given.length !== dies) return;
        // The death of a process, as the database sees it: the connection that holds the lock is gone.
        const { rows } = await process.pool.query<{ ended: boolean }>(`
        SELECT pg_terminate_backend(pid, 5000) AS ended FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 7102 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
        expect(rows).toEqual([{ ended: true }]);
        throw new Error('gone');
      },
    });
    const before = await position(name);
    await dying.relay.drain();
    expect(shelf.given).toHaveLength(dies);
    expect(dying.failures).toHaveLength(1);
    expect(dying.failures[0]?.error.message).not.toBe('gone');
    expect(await position(name)).toBe(before);

    const next = relayOf(bench.process());
    next.relay.consumer(name, { types: ['probe.touched'], handle: async (event) => shelf.take(event) });
    await next.relay.drain();
    const ids = await idsOf(probe);
    expect(shelf.given).toEqual([...ids.slice(0, dies), ...ids]);
    expect([...shelf.kept]).toEqual(ids);
    expect(next.failures).toEqual([]);
  },
);

it('is done by one process at a time', async () => {
  const name = await fresh();
  const probe = await touchMany(5);
  const [begun, mayGoOn] = [gate(), gate()];
  const [first, second] = [relayOf(bench.process()), relayOf(bench.process())];
  const [one, two] = [new Shelf(), new Shelf()];
  first.relay.consumer(name, {
    types: ['probe.touched'],
    handle: async (event) => {
      begun.open();
      await mayGoOn.opened;
      one.take(event);
    },
  });
  second.relay.consumer(name, { types: ['probe.touched'], handle: async (event) => two.take(event) });
  const delivering = first.relay.drain();
  await begun.opened;
  await second.relay.drain();
  expect(two.given).toEqual([]);
  mayGoOn.open();
  await delivering;
  await second.relay.drain();
  expect(one.given).toEqual(await idsOf(probe));
  expect(two.given).toEqual([]);
});

it('two processes that run all the time deliver each event once and in order', async () => {
  const name = await fresh();
  const processes = [bench.process(), bench.process()];
  const all = gate();
  const shelf = new Shelf();
  const relays = processes.map((process) => {
    const { relay } = relayOf(process);
    relay.consumer(name, {
      types: ['probe.touched'],
      handle: async (event) => {
        shelf.take(event);
        if (shelf.kept.size === 60) all.open();
      },
    });
    process.sequencer.start();
    relay.start();
    return relay;
  });
  const [probe = ''] = await bench.probes(1);
  for (let i = 0; i < 60; i++) await touchOnce(db, probe);
  await all.opened;
  for (const relay of relays) await relay.stop();
  for (const process of processes) await process.sequencer.stop();
  expect(shelf.given).toEqual(await idsOf(probe));
});

it('tries a failing event again, later and later, and holds up nobody else', async () => {
  const [failing, well] = [await fresh(), await fresh()];
  const probe = await touchMany(3);
  const [id1 = '', id2 = '', id3 = ''] = await (async () => {
    await bench.process().sequencer.run();
    return idsOf(probe);
  })();
  const process = bench.process();
  const { relay, failures } = relayOf(process);
  const [badly, good] = [new Shelf(), new Shelf()];
  let healed = false;
  relay.consumer(failing, {
    types: ['probe.touched'],
    handle: async (event) => {
      badly.take(event);
      if (event.id === id2 && !healed)
        throw Object.assign(new Error('Ada Lovelace has no address'), { code: 'no_address' });
    },
  });
  relay.consumer(well, { types: ['probe.touched'], handle: async (event) => good.take(event) });
  await relay.drain();
  expect(badly.given).toEqual([id1, id2]);
  expect(good.given).toEqual([id1, id2, id3]);
  expect(failures.map((failure) => failure.consumer)).toEqual([failing]);

  await relay.drain();
  expect(badly.given).toHaveLength(2);
  for (const seconds of [1, 2, 4, 8]) {
    const before = badly.given.length;
    process.clock.advance(seconds * 1000 - 1);
    await relay.drain();
    expect(badly.given).toHaveLength(before);
    process.clock.advance(1);
    await relay.drain();
    expect(badly.given).toHaveLength(before + 1);
  }
  expect((await relay.lags()).find((lag) => lag.consumer === failing)).toMatchObject({
    waiting: 2,
    attempts: 5,
    lastError: 'no_address',
  });
  const { rows } = await bench.owner.query('SELECT * FROM kernel.event_consumer');
  expect(JSON.stringify(rows)).not.toContain('Lovelace');

  healed = true;
  process.clock.advance(16_000);
  await relay.drain();
  expect(badly.given.slice(-2)).toEqual([id2, id3]);
  expect([...badly.kept]).toEqual([id1, id2, id3]);
  expect((await relay.lags()).find((lag) => lag.consumer === failing)).toMatchObject({
    waiting: 0,
    attempts: 0,
    lastError: null,
    oldestSeconds: 0,
  });
});

it('stops after the event in hand, and goes on from there', async () => {
  const name = await fresh();
  const probe = await touchMany(6);
  const [begun, mayGoOn] = [gate(), gate()];
  const { relay } = relayOf(bench.process());
  const shelf = new Shelf();
  relay.consumer(name, {
    types: ['probe.touched'],
    handle: async (event) => {
      begun.open();
      await mayGoOn.opened;
      shelf.take(event);
    },
  });
  const delivering = relay.drain();
  await begun.opened;
  const stopped = relay.stop();
  mayGoOn.open();
  await Promise.all([stopped, delivering]);
  expect(shelf.given).toHaveLength(1);
  const next = relayOf(bench.process());
  next.relay.consumer(name, { types: ['probe.touched'], handle: async (event) => shelf.take(event) });
  await next.relay.drain();
  expect(shelf.given).toEqual(await idsOf(probe));
});

it('leaves no connection behind', async () => {
  const name = await fresh();
  const process = bench.process();
  const { relay } = relayOf(process);
  relay.consumer(name, { types: ['probe.touched'], handle: () => Promise.resolve() });
  await relay.drain();
  expect(process.pool.idleCount).toBe(process.pool.totalCount);
});

it('refuses a type that nobody declared, and a name given twice', () => {
  const { relay } = relayOf(bench.process());
  const handle = (): Promise<void> => Promise.resolve();
  expect(() => relay.consumer('a', { types: ['probe.lost'], handle })).toThrow('probe.lost is not declared');
  relay.consumer('a', { types: [], handle });
  expect(() => relay.consumer('a', { types: [], handle })).toThrow('twice');
  expect(() => relay.consumer('A b', { types: [], handle })).toThrow('lower case');
});
