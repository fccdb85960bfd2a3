import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../../src/edi/disclosure-check');
/** What a file of the checks imports, `type` in front where it is types only. */
const imports = (file: string): string[] =>
  [...readFileSync(join(folder, file), 'utf8').matchAll(/import (type )?[^;]*? from '([^']+)';/gs)].map(
    ([, type = '', from = '']) => `${type}${from}`,
  );

describe('search, verifier and attacker share nothing but what a release is', () => {
  it.each([
    ['verify.ts', ['type ../disclosure/model', './soundness']],
    ['soundness.ts', ['type ../disclosure/model']],
    ['attack.ts', ['highs', 'type ../disclosure/model', './outside']],
    ['outside.ts', ['type ../disclosure/model']],
    ['aims.ts', ['type ../disclosure/model', 'type ./attack']],
  ])('%s imports %j only', (file, allowed) => {
    expect(imports(file)).toEqual(allowed);
  });

  it('and that is types only', () => {
    const model = readFileSync(join(folder, '../disclosure/model.ts'), 'utf8');
    expect(model.replace(/\/\*[\s\S]*?\*\//g, '').match(/^export (?!interface|type)/m)).toBeNull();
  });
});
