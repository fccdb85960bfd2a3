import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exposureWarning } from '../../src/exposure';
import { loadConfig } from '../../src/kernel/config';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'partnerships-exposure-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the outbox of the trial service', () => {
  const warning = (host: string, isEmbedded = true): string | null => {
    const { database } = loadConfig({ DATA_DIR: join(folder, 'settings') });
    return exposureWarning({ host, database: { ...database, embedded: isEmbedded } });
  };

  it.each(['0.0.0.0', '::', '192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'])('is open to others on %s', (host) => {
    expect(warning(host)).toContain(`HOST is "${host}"`);
    expect(warning(host)).not.toContain('\n');
    expect(warning(host, false)).toBeNull();
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost', '::ffff:127.0.0.1'])('is not on %s', (host) => {
    expect(warning(host)).toBeNull();
  });
});
