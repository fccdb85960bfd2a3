import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findBinaries, installedFolder } from '../../src/kernel/db/embedded-binaries';
import { databaseUser } from '../../src/kernel/db/embedded-user';
import { asRoot } from '../support/as-root';

describe('the programs of the embedded server', () => {
  let folder: string;
  let installed: string;
  const user = databaseUser();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'partnerships-binaries-'));
    chmodSync(folder, 0o755);
    const home = join(folder, 'home', 'package');
    mkdirSync(home, { recursive: true });
    installed = join(home, 'native');
    cpSync(installedFolder(), installed, { recursive: true, verbatimSymlinks: true });
    cpSync(join(installedFolder(), '..', 'package.json'), join(home, 'package.json'));
    // As an install without scripts leaves it.
    const lib = join(installed, 'lib');
    for (const name of readdirSync(lib)) if (lstatSync(join(lib, name)).isSymbolicLink()) rmSync(join(lib, name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const runs = (program: string): string =>
    spawnSync(program, ['--version'], { ...user, cwd: '/', encoding: 'utf8' }).stdout.trim();

  it('run where they are once their libraries are linked, which the install script may not have done', () => {
    expect(runs(join(installed, 'bin', 'postgres'))).toBe('');
    const found = findBinaries(user, () => join(folder, 'copy'), installed);
    expect(dirname(found.postgres)).toBe(join(installed, 'bin'));
    expect(runs(found.postgres)).toMatch(/^postgres \(PostgreSQL\) 18\./);
    expect(runs(found.initdb)).toMatch(/18\./);
  });

  asRoot('are copied once to where their user can run them, when they lie below a closed home folder', () => {
    chmodSync(join(folder, 'home'), 0o700);
    const found = findBinaries(user, () => join(folder, 'copy'), installed);
    expect(found.postgres.startsWith(join(folder, 'copy'))).toBe(true);
    expect(runs(found.postgres)).toMatch(/^postgres \(PostgreSQL\) 18\./);
    const made = lstatSync(found.postgres).ino;
    expect(lstatSync(findBinaries(user, () => join(folder, 'copy'), installed).postgres).ino).toBe(made);
  });

  it('are missed in one line when there is nowhere that they run', () => {
    rmSync(join(installed, 'lib'), { recursive: true });
    expect(() => findBinaries(user, () => join(folder, 'copy'), installed)).toThrow(
      /^DATABASE_URL is not set, and the embedded database does not run \(.*\): .*\.$/,
    );
  });
});
