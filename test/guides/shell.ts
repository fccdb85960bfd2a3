import { spawn } from 'node:child_process';

const MARK = 'end of a block of the page';

/** The blocks of a page that are for a shell, in its order. */
export const shellBlocks = (text: string): string[] =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

/** All blocks in one shell, since each uses what those before it have set; each block's output. */
export async function runBlocks(
  blocks: readonly string[],
  { address, cwd, seconds }: { address: string; cwd: string; seconds: number },
): Promise<{ outputs: string[]; err: string }> {
  const script = blocks.map((block) => `${block}\necho\necho '${MARK}'\n`).join('');
  const child = spawn('sh', ['-c', script.replace(/^export API=.*$/m, `export API=${address}`)], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_update_notifier: 'false' },
    detached: true,
  });
  const bound = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), seconds * 1000);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await new Promise((done) => child.once('close', done));
  clearTimeout(bound);
  return { outputs: out.split(`${MARK}\n`).slice(0, -1), err };
}
