import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sqlMigrations } from './database';
import { Db } from './kernel/db/db';
import { Readiness } from './kernel/http/health.controller';

const MISSING = `
SELECT count(*)::integer AS missing
FROM unnest($1::text[]) AS known (name)
WHERE NOT EXISTS (SELECT FROM public.migrations AS had WHERE had.name = known.name)`;

/**
 * Makes "ready" mean that the database has had every migration that this build knows. A database that has had more is fine: that is
 * what an older replica sees while a newer one is rolled out.
 */
export function watchMigrations(app: NestFastifyApplication): void {
  const db = app.get(Db, { strict: false });
  const known = sqlMigrations().map((migration) => new migration().name ?? '');
  app.get(Readiness, { strict: false }).add('migrations', async () => {
    const [found] = await db.query<{ missing: number }>(MISSING, [known]);
    return found?.missing === 0;
  });
}
