import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, relative } from 'node:path';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { createApp } from '../src/app';
import { ACCESS } from '../src/kernel/access/access';
import { loadConfig } from '../src/kernel/config';
import { cloneDatabase, ClonedDatabase } from './support/database';

/** The floors, from the ground up. An area is added here when it is founded; what is in none of them is the application, on top. */
const FLOORS = [['kernel'], ['people', 'instruments'], ['involvement'], ['edi']];
const KERNEL_FOLDERS = 'access audit db errors events files http jobs messages privacy reports'.split(' ');
const FORBIDDEN_FOLDERS = ['utils', 'util', 'common', 'helpers', 'shared', 'lib', 'types', 'constants', 'misc'];
const MOST_LINES = 400;
/** Who may hold a connection: the door itself, the description of the database, and commands that run without the application. */
const MAY_CONNECT = /^(kernel\/db\/|database\.ts$|commands\/database\.ts$)/;

/** What an area shows: itself, or its index by name. */
const INDEX = /^[a-z-]+(\/index)?$/;

const root = join(__dirname, '..');
const walk = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
const read = (folder: string): { path: string; text: string }[] =>
  walk(join(root, folder)).map((path) => ({
    path: relative(join(root, folder), path),
    text: readFileSync(path, 'utf8'),
  }));
const sources = read('src').filter((file) => file.path.endsWith('.ts'));
const product = sources.filter((file) => !file.path.endsWith('.spec.ts'));
const tests = read('test').filter((file) => file.path.endsWith('.ts'));

const imports = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((found) => ({
    from: path,
    to: normalize(join(dirname(path), found[1] ?? '')).replace(/\.js$/, ''),
  })),
);
const floorOf = (path: string): number => {
  const floor = FLOORS.findIndex((areas) => areas.includes(path.split('/')[0] ?? ''));
  return floor < 0 ? FLOORS.length : floor;
};
const areaOf = (path: string): string => (floorOf(path) === FLOORS.length ? 'application' : (path.split('/')[0] ?? ''));
const shown = ({ from, to }: { from: string; to: string }): string => `${from} -> ${to}`;
const where = (files: { path: string; text: string }[], wrong: RegExp): string[] =>
  files.filter((file) => wrong.test(file.text)).map((file) => file.path);

describe('the source', () => {
  it('imports only downwards: kernel knows no area, an area knows nothing above it', () => {
    expect(imports.filter((i) => floorOf(i.to) > floorOf(i.from)).map(shown)).toEqual([]);
  });

  it('reaches another area only by its index, and each area has one', () => {
    const across = imports.filter((i) => floorOf(i.from) > 0 && floorOf(i.to) > 0 && areaOf(i.from) !== areaOf(i.to));
    const inside = across.filter((i) => areaOf(i.from) !== 'application' && !INDEX.test(i.to));
    expect(inside.map(shown)).toEqual([]);
    const areas = FLOORS.slice(1).flat();
    expect(areas.filter((area) => !existsSync(join(root, 'src', area, 'index.ts')))).toEqual([]);
  });

  it('has no folder in the kernel beyond the list', () => {
    const folders = readdirSync(join(root, 'src/kernel'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map((entry) => entry.name).filter((name) => !KERNEL_FOLDERS.includes(name))).toEqual([]);
  });

  it('has no folder that says nothing', () => {
    const folders = [...sources, ...tests].flatMap((file) => dirname(file.path).split('/'));
    expect(folders.filter((name) => FORBIDDEN_FOLDERS.includes(name))).toEqual([]);
  });

  it('goes through one door to the database', () => {
    const around =
      /\b(InjectRepository|InjectDataSource|InjectEntityManager|DataSource|EntityManager|QueryRunner|getRepository|getDataSourceToken)\b/;
    expect(where(product, around).filter((path) => !MAY_CONNECT.test(path))).toEqual([]);
  });

  it('has no file too long to read', () => {
    const long = [...sources, ...tests].filter((file) => file.text.split('\n').length > MOST_LINES + 1);
    expect(long.map((file) => file.path)).toEqual([]);
  });

  it('holds nothing that belongs to tests, and nothing left for later', () => {
    expect(where(product, /@nestjs\/testing|from '(supertest|fast-check|@jest\/\w+)'|\bjest\./)).toEqual([]);
    expect(where(product, /\b(class|const|function) \w*(Fake|Mock|Stub)/)).toEqual([]);
    expect(
      where([...product, ...tests.filter((t) => t.path !== 'architecture.test.ts')], /\b(TODO|FIXME|XXX)\b/),
    ).toEqual([]);
  });
});

describe('the migrations', () => {
  const names = readdirSync(join(root, 'migrations'));

  it('are named for their moment and their one concern', () => {
    expect(names.filter((name) => !/^\d{13}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/.test(name))).toEqual([]);
    const moments = names.map((name) => name.slice(0, 13));
    expect(moments.filter((moment, i) => moments.indexOf(moment) !== i)).toEqual([]);
  });
});

describe('the database', () => {
  let database: ClonedDatabase;
  let owner: Client;
  const list = async (sql: string): Promise<string[]> =>
    (await owner.query<{ found: string }>(sql)).rows.map((row) => row.found);

  beforeAll(async () => {
    database = await cloneDatabase();
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  it('says what each schema, table and column is for', async () => {
    const undescribed = await list(`
      SELECT format('schema %s', nspname) AS found FROM pg_namespace n WHERE ${OURS} AND obj_description(n.oid, 'pg_namespace') IS NULL
      UNION ALL
      SELECT format('%s.%s', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${TABLES} AND obj_description(c.oid, 'pg_class') IS NULL
      UNION ALL
      SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE ${TABLES} AND n.nspname <> 'pgboss' AND col_description(c.oid, a.attnum) IS NULL`);
    expect(undescribed).toEqual([]);
  });

  it('can follow every foreign key backwards by an index', async () => {
    const slow = await list(`
      SELECT format('%s.%s', f.conrelid::regclass, f.conname) AS found
      FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE f.contype = 'f' AND ${TABLES} AND n.nspname <> 'pgboss' AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = f.conrelid
          AND (i.indkey::smallint[])[0:cardinality(f.conkey) - 1] @> f.conkey)`);
    expect(slow).toEqual([]);
  });

  it('names every check and foreign key, so that a fault of it has a code', async () => {
    const unnamed = await list(`
      SELECT format('%s.%s', k.conrelid::regclass, k.conname) AS found
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'c' AND ${TABLES} AND n.nspname <> 'pgboss' AND k.conname ~ '_check[0-9]*$'`);
    expect(unnamed).toEqual([]);
  });
});

describe('the application', () => {
  let database: ClonedDatabase;
  let folder: string;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    database = await cloneDatabase();
    folder = mkdtempSync(join(tmpdir(), 'partnerships-architecture-'));
    const config = loadConfig({ DATA_DIR: folder, METRICS_PORT: 'off', LOG_LEVEL: 'silent' });
    const urls = { url: database.serviceUrl, ownerUrl: database.ownerUrl };
    const diversity = { ...config.diversity, url: database.diversityUrl };
    app = await createApp({ ...config, database: { ...config.database, ...urls }, diversity });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  it('declares the access of every route', () => {
    const undeclared: string[] = [];
    let routes = 0;
    for (const module of app.get(ModulesContainer).values()) {
      for (const { metatype } of module.controllers.values()) {
        if (typeof metatype !== 'function') continue;
        for (const [name, handler] of handlers(metatype)) {
          if (Reflect.getMetadata(METHOD_METADATA, handler) === undefined) continue;
          routes++;
          if (Reflect.getMetadata(ACCESS, handler) === undefined) undeclared.push(`${metatype.name}.${name}`);
        }
      }
    }
    expect(undeclared).toEqual([]);
    expect(routes).toBeGreaterThan(0);
  });

  it('has entities that agree with the migrations, column for column', async () => {
    const source = app.get(DataSource);
    const stored = await source.query<StoredColumn[]>(STORED_COLUMNS);
    const differences: string[] = [];
    for (const entity of source.entityMetadatas) {
      const table = `${entity.schema ?? 'public'}.${entity.tableName}`;
      const unmet = new Map(stored.filter((column) => column.table === table).map((column) => [column.name, column]));
      for (const column of entity.columns) {
        const there = unmet.get(column.databaseName);
        unmet.delete(column.databaseName);
        const type = `${source.driver.normalizeType(column)}${column.isArray ? '[]' : ''}`;
        const said = `${table}.${column.databaseName}: the entity says ${type}`;
        if (!there) differences.push(`${said}, the table has no such column`);
        else if (there.type !== type) differences.push(`${said}, the table ${there.type}`);
        else if (!there.generated && there.required === column.isNullable) {
          differences.push(
            `${said}${column.isNullable ? ' or null' : ''}, the table ${there.required ? 'not null' : 'or null'}`,
          );
        }
      }
      // What an entity leaves out, an insert leaves out.
      const needed = [...unmet.values()].filter((column) => column.required && !column.filled);
      differences.push(...needed.map((column) => `${table}.${column.name} must be given, and no entity has it`));
    }
    expect(differences).toEqual([]);
    expect(source.entityMetadatas.length).toBeGreaterThan(0);
  });
});

interface StoredColumn {
  table: string;
  name: string;
  type: string;
  required: boolean;
  generated: boolean;
  /** Whether the database fills it where an insert does not. */
  filled: boolean;
}

const STORED_COLUMNS = `
  SELECT format('%s.%s', n.nspname, c.relname) AS "table", a.attname AS name, format_type(a.atttypid, NULL) AS type,
    a.attnotnull AS required, a.attgenerated <> '' AS generated, a.atthasdef OR a.attidentity <> '' AS filled
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')`;
const OURS = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'public')`;
const TABLES = `c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND ${OURS}`;

/** The methods of a class and of those that it extends. */
function handlers(type: object): [string, object][] {
  const found: [string, object][] = [];
  let prototype: object | null = (type as { prototype: object }).prototype;
  while (prototype && prototype !== Object.prototype) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && name !== 'constructor') found.push([name, value as object]);
    }
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return found;
}
