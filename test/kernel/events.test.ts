import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { theService } from '../../src/kernel/access/actor';
import { eventType } from '../../src/kernel/events/declare';
import type { EventFilter, EventReader, StoredEvent } from '../../src/kernel/events/reader';
import { cloneDatabase } from '../support/database';
import { EventBench, gate, readAll, touch, touchOnce } from './events-support';

eventType({ type: 'probe.touched', subject: 'probe', public: true, means: 'A probe was touched.' });
eventType({ type: 'probe.hidden', subject: 'probe', public: false, means: 'A probe was touched unseen.' });

let bench: EventBench;
beforeAll(async () => {
  bench = await EventBench.open();
});
afterAll(() => bench.close());

const WRITERS = 16;
const TRANSACTIONS = 150;

/** Follows the log till everybody is done and it is at the end; fails at the first gap. */
async function follow(reader: EventReader, done: () => boolean, filter: EventFilter): Promise<StoredEvent[]> {
  const seen: StoredEvent[] = [];
  for (let position = 0n; ;) {
    const last = done();
    const batch = await reader.after(position, filter);
    for (const event of batch.events) {
      if (event.position <= position) throw new Error(`${event.position} appeared after ${position} was read`);
      seen.push(event);
      position = event.position;
    }
    expect(batch.readTo).toBeGreaterThanOrEqual(position);
    position = batch.readTo;
    if (last && !batch.more) return seen;
  }
}

describe('the event log, with slow, concurrent and rolled-back writers', () => {
  it('is read by position without a miss, a gap, a late event or a version out of order', async () => {
    const [one, two, three] = [bench.process(), bench.process(), bench.process()];
    const db = await bench.door(one.signal, WRITERS + 2);
    const probes = await bench.probes(30);
    const [held] = await bench.probes(1);
    if (!held) throw new Error('No probe');

    // Elsewhere: a transaction on another database of the server, with an id, open all along.
    const other = await cloneDatabase();
    const foreign = new Client({ connectionString: other.ownerUrl });
    await foreign.connect();
    await foreign.query('BEGIN; SELECT pg_current_xact_id()');

    // Here: a transaction that has written its event before all others, and stays open all along.
    const [begun, mayEnd] = [gate(), gate()];
    const long = db.write(theService(), async (tx) => {
      await touch(tx, held);
      await tx.flush();
      begun.open();
      await mayEnd.opened;
    });
    await begun.opened;

    for (const process of [one, two, three]) process.sequencer.start();
    let done = false;
    const followers = Promise.all([
      follow(one.reader, () => done, { limit: 7 }),
      follow(two.reader, () => done, { limit: 100 }),
      follow(three.reader, () => done, { limit: 1000 }),
      follow(two.reader, () => done, { limit: 50, publicOnly: true }),
      follow(three.reader, () => done, { limit: 3, types: ['probe.hidden'] }),
    ]);

    let rolledBack = 0;
    const writer = async (number: number): Promise<void> => {
      for (let turn = 0; turn < TRANSACTIONS; turn++) {
        const first = (number * 7 + turn * 11) % probes.length;
        const mine = probes.slice(first, first + 1 + (turn % 3));
        const fails = (turn + number) % 6 === 0;
        const work = db.write(theService(), async (tx) => {
          for (const id of mine) await touch(tx, id, turn % 4 === 0 ? 'probe.hidden' : 'probe.touched');
          if (fails || turn % 9 === 0) await tx.flush();
          if (turn % 9 === 0) await tx.query('SELECT pg_sleep(0.02)');
          if (fails) throw new Error('changed its mind');
        });
        if (fails) {
          await expect(work).rejects.toThrow('changed its mind');
          rolledBack++;
        } else await work;
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
    // All of them are numbered while the long transaction is still open, and only its own event is not.
    await one.sequencer.run();
    expect((await bench.log()).filter((event) => event.position === null)).toEqual([]);
    expect((await bench.log()).some((event) => event.subject_id === held)).toBe(false);
    mayEnd.open();
    await long;
    await two.sequencer.run();
    done = true;
    const [slow, middle, fast, publicOnly, hidden] = await followers;
    for (const process of [one, two, three]) await process.sequencer.stop();
    await foreign.query('ROLLBACK');
    await foreign.end();
    await other.drop();

    const log = await bench.log();
    expect(rolledBack).toBeGreaterThan(300);
    expect(log.length).toBeGreaterThan(3000);
    expect(log.map((event) => Number(event.position))).toEqual(log.map((_, i) => i + 1));
    const ids = log.map((event) => event.id);
    expect(slow.map((event) => event.id)).toEqual(ids);
    expect(middle.map((event) => event.id)).toEqual(ids);
    expect(fast.map((event) => event.id)).toEqual(ids);
    expect(publicOnly.map((event) => event.id)).toEqual(log.filter((event) => event.public).map((event) => event.id));
    expect(hidden.map((event) => event.id)).toEqual(log.filter((e) => e.type === 'probe.hidden').map((e) => e.id));
    expect(log.at(-1)?.subject_id).toBe(held);

    // Versions of each probe come as 1, 2, 3 … to the one that it has: a rolled-back one would leave a hole or a repeat.
    const versions = new Map<string, number[]>();
    for (const event of log) versions.set(event.subject_id, [...(versions.get(event.subject_id) ?? []), event.version]);
    const { rows } = await bench.owner.query<{ id: string; version: number }>('SELECT id, version FROM kernel.probe');
    for (const { id, version } of rows) {
      expect(versions.get(id) ?? []).toEqual(Array.from({ length: version }, (_, i) => i + 1));
    }
    expect(one.head.head().position).toBeLessThanOrEqual(BigInt(log.length));
    expect(two.head.head().position).toBe(BigInt(log.length));
    expect([...one.faults, ...two.faults, ...three.faults]).toEqual([]);
  }, 120_000);
});

describe('numbering', () => {
  it('takes more than one batch in order', async () => {
    const process = bench.process();
    const before = await process.sequencer.run();
    const [probe] = await bench.probes(1);
    await bench.owner.query(
      `INSERT INTO kernel.event (type, subject, subject_id, version, public)
       SELECT 'probe.touched', 'probe', $1, n, true FROM generate_series(1, 4500) n`,
      [probe],
    );
    expect(await process.sequencer.run()).toBe(before + 4500n);
    const events = await readAll(process.reader, before);
    expect(events.map((event) => event.version)).toEqual(Array.from({ length: 4500 }, (_, i) => i + 1));
  });

  it('is done by whoever looks next when a process ends between its commit and its nudge', async () => {
    const alone = await bench.door();
    const [probe = ''] = await bench.probes(1);
    await touchOnce(alone, probe);
    const somebodyElse = bench.process();
    const grown = gate();
    somebodyElse.head.onGrowth(grown.open);
    somebodyElse.sequencer.start();
    await grown.opened;
    await somebodyElse.sequencer.stop();
    expect((await bench.log()).at(-1)).toMatchObject({
      subject_id: probe,
      position: String(somebodyElse.head.head().position),
    });
  });

  it('hears of other processes by the clock, and of its own by the nudge', async () => {
    const process = bench.process();
    await process.sequencer.run();
    process.sequencer.start();
    for (const signal of [undefined, process.signal]) {
      const db = await bench.door(signal);
      const [probe = ''] = await bench.probes(1);
      const grown = gate();
      const forget = process.head.onGrowth(grown.open);
      await touchOnce(db, probe);
      await grown.opened;
      forget();
    }
    await process.sequencer.stop();
    expect(process.head.head().publicPosition).toBe(process.head.head().position);
  });

  it('says since when it has heard, and does not say so when it could not look', async () => {
    const process = bench.process();
    expect(process.head.age()).toBe(Infinity);
    const before = performance.now();
    await process.sequencer.run();
    const heard = process.head.head().heardAt;
    expect(heard).toBeGreaterThanOrEqual(before);
    expect(heard).toBeLessThanOrEqual(performance.now());
    await bench.owner.query('ALTER FUNCTION kernel.sequence_events() RENAME TO sequence_events_away');
    await expect(process.sequencer.run()).rejects.toThrow();
    await bench.owner.query('ALTER FUNCTION kernel.sequence_events_away() RENAME TO sequence_events');
    expect(process.head.head().heardAt).toBe(heard);
    await process.sequencer.run();
    expect(process.head.head().heardAt).toBeGreaterThan(heard);
  });

  it('is refused where the picture of the log would be older than the lock', async () => {
    const { pool } = bench.process();
    const client = await pool.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await expect(client.query('SELECT * FROM kernel.sequence_events()')).rejects.toMatchObject({ code: '25000' });
    await client.query('ROLLBACK');
    client.release();
  });
});

describe('what the service may do with events', () => {
  it.each([
    ['number one itself', 'UPDATE kernel.event SET position = 1000000'],
    ['change one', "UPDATE kernel.event SET type = 'probe.other'"],
    ['delete one', 'DELETE FROM kernel.event'],
    [
      'insert one with a position',
      `INSERT INTO kernel.event (type, subject, subject_id, version, public, position) VALUES ('a.b', 'a', '${randomUUID()}', 1, true, 1)`,
    ],
    ['move the head', 'UPDATE kernel.event_head SET position = 0'],
    ['empty the log', 'TRUNCATE kernel.event'],
  ])('it may not %s', async (_, sql) => {
    const { pool } = bench.process();
    await expect(pool.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it('not even the owner may number one twice or change its words', async () => {
    const process = bench.process();
    const db = await bench.door();
    const [probe = ''] = await bench.probes(1);
    await touchOnce(db, probe);
    await process.sequencer.run();
    const change = (set: string): Promise<unknown> =>
      bench.owner.query(`UPDATE kernel.event SET ${set} WHERE subject_id = $1`, [probe]);
    await expect(change('position = position + 1000')).rejects.toMatchObject({ code: '23000' });
    await expect(change('position = NULL')).rejects.toMatchObject({ code: '23000' });
    await expect(change('data = \'{"a": 1}\'')).rejects.toMatchObject({ code: '23000' });
  });
});

describe('reading', () => {
  it('goes on past what a filter leaves out', async () => {
    const process = bench.process();
    const db = await bench.door();
    const start = await process.sequencer.run();
    const [probe = ''] = await bench.probes(1);
    for (const type of ['probe.touched', 'probe.hidden', 'probe.touched', 'probe.hidden', 'probe.hidden'])
      await touchOnce(db, probe, type);
    await process.sequencer.run();
    const first = await process.reader.after(start, { limit: 1, publicOnly: true });
    expect(first).toMatchObject({
      readTo: start + 1n,
      more: true,
      events: [{ subjectId: probe, version: 1, type: 'probe.touched', public: true }],
    });
    const second = await process.reader.after(first.readTo, { limit: 10, publicOnly: true });
    expect(second.events.map((event) => event.version)).toEqual([3]);
    expect(second).toMatchObject({ readTo: start + 5n, more: false });
    expect(await process.reader.after(second.readTo, { limit: 10 })).toEqual({
      events: [],
      readTo: start + 5n,
      more: false,
    });
    expect(await process.reader.after(start + 900n, { limit: 10 })).toEqual({
      events: [],
      readTo: start + 900n,
      more: false,
    });
  });

  it('narrows to organisations', async () => {
    const process = bench.process();
    const db = await bench.door();
    const start = await process.sequencer.run();
    const [ours, theirs, probe] = [randomUUID(), randomUUID(), randomUUID()];
    await db.write(theService(), (tx) => {
      for (const [i, organisationId] of [ours, theirs, null].entries()) {
        tx.emit({ type: 'probe.touched', subject: 'probe', subjectId: probe, version: i + 1, organisationId });
      }
      return Promise.resolve();
    });
    await process.sequencer.run();
    const read = await process.reader.after(start, { limit: 10, organisationIds: [ours] });
    expect(read.events.map((event) => event.organisationId)).toEqual([ours]);
    expect(read.readTo).toBe(start + 3n);
  });
});
