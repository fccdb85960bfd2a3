import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { theService } from '../kernel/access/actor';
import { newTraceId } from '../kernel/http/trace';
import { POPULATION_COLUMNS } from '../edi/report/population/import';
import { PopulationFigures } from '../edi/report/population/population.service';
import { withDatabase } from './database';

const USAGE = `npm run population-figures -- <file.csv>

Brings in figures about the population that contributors are compared with, such as newer ones or ones of people aged 16 and over.
All of the file is taken or nothing; a source that was brought in before is replaced. Columns:

${Object.entries(POPULATION_COLUMNS)
  .map(([column, means]) => `  ${column.padEnd(15)} ${means}`)
  .join('\n')}`;

async function main(): Promise<void> {
  const [file] = process.argv.slice(2);
  if (!file || file === '--help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const csv = readFileSync(file);
  await withDatabase(async (db) => {
    const { sources, figures } = await new PopulationFigures(db).bringIn(theService(newTraceId()), csv);
    process.stdout.write(`${figures} figures stored, of ${sources.join(', ')}.\n`);
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
