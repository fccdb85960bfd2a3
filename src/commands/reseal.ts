import 'reflect-metadata';
import '../app.module'; // loads every area, and with them the declarations of their sealed columns
import { reseal } from '../kernel/privacy/reseal';
import { explain } from '../stopper';
import { withDatabase } from './database';

const USAGE = `npm run reseal

Seals every private column again under the newest key of KEY_RING. First restart the service with the new key ring, so
that nothing more is sealed with the old key; then run this, as often as it takes; when it says that everything is under
the new key, the old one may be taken out of the ring.

Takes DATABASE_URL and KEY_RING as the service does. The embedded database must be running: leave the service on.`;

/** Answers 0 when nothing is left under an old key. */
async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [done, key] = await withDatabase(
    async (db, config) => [await reseal(db, config.keyRing), config.keyRing.current] as const,
  );
  if (done.length === 0) throw new Error('No sealed column is declared: this is not the whole service');
  for (const column of done) {
    const counts = `${column.moved} moved, ${column.changedMeanwhile} changed meanwhile`;
    process.stdout.write(`${column.table}.${column.column}: ${counts}\n`);
    for (const id of column.unopenable) process.stdout.write(`  row ${id} does not open and was left as it is\n`);
  }
  const left = done.reduce((sum, column) => sum + column.changedMeanwhile + column.unopenable.length, 0);
  const end =
    left === 0 ? `Everything is under key ${key}.` : `${left} values may be under an old key: run this again.`;
  process.stdout.write(`${end}\n`);
  return left === 0 ? 0 : 1;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  },
);
