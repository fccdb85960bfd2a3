// Runs every check and the tests, and goes on after a failure so that one run shows all there is to mend.
// The last line is "N passed, N failed": one for each check and one for each test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = (name) => join('node_modules', '.bin', name);
const migrations = readdirSync('migrations')
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => join('migrations', file));
const scratch = mkdtempSync(join(tmpdir(), 'partnerships-check-'));
const results = join(scratch, 'tests.json');

/** Name, command, arguments. The build comes first, since others use what it makes; the longest of the others next. */
const checks = [
  ['build', bin('nest'), ['build']],
  ['lint', bin('eslint'), ['--max-warnings', '0', 'src', 'test']],
  ['types', bin('tsc'), ['-p', '.', '--noEmit']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['migrations', bin('squawk'), migrations],
  ['generated docs and OpenAPI document up to date', process.execPath, ['dist/commands/docs.js', '--check']],
  ['OpenAPI document lint', bin('redocly'), ['lint', 'docs/openapi.json', '--max-problems', '50']],
];
const only = process.argv.slice(2);
let passed = 0;
const failures = [];

// What is built is built first; then two at a time, as there are cores; the tests have both to themselves.
const wanted = checks.filter(([name]) => only.length === 0 || only.includes(name));
const waiting = wanted.filter(([name]) => name !== 'build');
for (const check of wanted.filter(([name]) => name === 'build')) await report(check);
await Promise.all([lane(), lane()]);
if (only.length === 0 || only.includes('tests')) await tests();
rmSync(scratch, { recursive: true, force: true });

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function lane() {
  for (let check = waiting.shift(); check; check = waiting.shift()) await report(check);
}

async function report([name, command, args]) {
  const { ok, output, seconds } = await run(command, args);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (ok) passed++;
  else {
    failures.push(name);
    console.log(output.trimEnd().replace(/^/gm, '    '));
  }
}

async function tests() {
  const { ok, output, seconds } = await run(bin('jest'), ['--json', `--outputFile=${results}`]);
  const report = readReport();
  if (!report) {
    failures.push('tests: they did not run to their end');
    console.log(output.trimEnd().replace(/^/gm, '    '));
    return;
  }
  passed += report.numPassedTests;
  console.log(`${report.success && ok ? 'ok    ' : 'FAILED'} tests: ${report.numPassedTests} passed (${seconds} s)`);
  for (const file of report.testResults) {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) failures.push(`test: ${test.fullName}`);
    if (file.status === 'failed' && failed.length === 0) failures.push(`test file: ${file.name}`);
    if (file.status === 'failed') console.log(file.message.trimEnd().replace(/^/gm, '    '));
  }
  if (report.numPendingTests > 0) failures.push(`tests: ${report.numPendingTests} were skipped`);
  if (!ok && failures.length === 0) failures.push('tests: they ended with an error');
}

function readReport() {
  try {
    return JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    return null;
  }
}

async function run(command, args) {
  const began = Date.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CI: 'true',
      NO_COLOR: '1',
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const status = await once(child, 'close').then(
    ([code]) => code,
    (error) => {
      output += String(error);
      return null;
    },
  );
  return { ok: status === 0, output, seconds: ((Date.now() - began) / 1000).toFixed(1) };
}
