import 'reflect-metadata';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { theService } from '../kernel/access/actor';
import { newTraceId } from '../kernel/http/trace';
import { loadPostcodeDirectory } from '../people/reference/postcode-directory';
import { withDatabase } from './database';

const USAGE = `npm run postcodes -- <file.csv>

Loads the ONS Postcode Directory (its big CSV file, ONSPD_..._UK.csv), so that distances are measured from the middle of the
postcode district and no longer of the postcode area.`;

async function main(): Promise<void> {
  const [file] = process.argv.slice(2);
  if (!file || file === '--help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  await withDatabase(async (db) => {
    const loaded = await loadPostcodeDirectory(db, theService(newTraceId()), createReadStream(file), basename(file));
    await db.query(
      'SELECT involvement.catalogue_again(ARRAY(SELECT id FROM involvement.opportunity WHERE outward_postcode IS NOT NULL))',
    );
    process.stdout.write(`${loaded.districts} postcode districts stored, from ${loaded.postcodes} live postcodes.\n`);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
