import 'reflect-metadata';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createApp } from '../app';
import { migrate } from '../database';
import { permissions } from '../kernel/access/permission';
import { loadConfig } from '../kernel/config';
import { startEmbedded, type Embedded } from '../kernel/db/embedded';
import { eventsMarkdown } from '../kernel/events/markdown';
import { openApi } from '../openapi';
import { roles } from '../roles';
import { loginOf } from '../start';
import { permissionsMarkdown } from './permissions-markdown';
import { schemaMarkdown } from './schema-markdown';

const USAGE = `npm run docs               writes docs/openapi.json, schema.md, events.md and permissions.md from the code and migrations
npm run docs -- --check    writes nothing; fails when one of them is not what it would write`;

const FOLDER = join(__dirname, '..', '..', 'docs');

async function main(args: string[]): Promise<number> {
  if (args.some((arg) => arg !== '--check')) {
    process.stdout.write(`${USAGE}\n`);
    return args.includes('--help') ? 0 : 2;
  }
  const pages = await generate();
  const stale = Object.entries(pages).filter(([name, text]) => current(name) !== text);
  if (!args.includes('--check')) for (const [name, text] of stale) writeFileSync(join(FOLDER, name), text);
  for (const [name] of stale)
    process.stdout.write(
      args.includes('--check') ? `docs/${name} is out of date: run npm run docs\n` : `wrote docs/${name}\n`,
    );
  return args.includes('--check') && stale.length > 0 ? 1 : 0;
}

/** Every generated page by file name, from a database of its own that is migrated for it and thrown away. */
async function generate(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'partnerships-docs-'));
  chmodSync(folder, 0o711); // the database's own user passes through
  try {
    const server = await startEmbedded(folder, { temporary: true });
    try {
      await migrate(server.ownerUrl, {
        service: loginOf(server.serviceUrl),
        diversity: loginOf(server.doorUrls.diversity),
      });
      return {
        'schema.md': await schemaOf(server.ownerUrl),
        'openapi.json': await openApiOf(folder, server),
        'events.md': eventsMarkdown(),
        'permissions.md': permissionsMarkdown(roles, permissions()),
      };
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function schemaOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await schemaMarkdown(client);
  } finally {
    await client.end();
  }
}

async function openApiOf(folder: string, server: Embedded): Promise<string> {
  const config = loadConfig({ DATA_DIR: folder, METRICS_PORT: 'off', LOG_LEVEL: 'silent' });
  const database = { ...config.database, url: server.serviceUrl, ownerUrl: server.ownerUrl };
  const diversity = { ...config.diversity, url: server.doorUrls.diversity };
  const app = await createApp({ ...config, database, diversity });
  try {
    return `${JSON.stringify(openApi(app), null, 2)}\n`;
  } finally {
    await app.close();
  }
}

function current(name: string): string | null {
  const path = join(FOLDER, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : 'the docs could not be made'}\n`);
    process.exitCode = 1;
  },
);
