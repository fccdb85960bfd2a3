import { execFileSync } from 'node:child_process';

const resident = (pid) => Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024);

/** Peak resident memory of the service while it sends every contributor of one organisation as CSV. */
export async function exportMemory(g) {
  const { child, address } = await g.start();
  const rest = resident(child.pid);
  const answer = await fetch(`${address}/v1/contributors.csv?organisation=${g.organisationId}`, {
    headers: { authorization: `Bearer ${await g.signer('bench-coordinator')}` },
  });
  if (!answer.ok) throw new Error(`export: ${answer.status} ${await answer.text()}`);
  let peak = rest;
  let lines = 0;
  const timer = setInterval(() => (peak = Math.max(peak, resident(child.pid))), 200);
  for await (const chunk of answer.body) for (const byte of chunk) if (byte === 10) lines++;
  clearInterval(timer);
  child.kill('SIGTERM');
  return { peak, rest, rows: lines - 1 };
}

/** Seconds from the start of the process to its first 200, and its memory once it stands still. */
export async function startTimes(g) {
  const times = [];
  let memory = 0;
  for (let round = 0; round < 5; round++) {
    const began = performance.now();
    const { child } = await g.start();
    times.push((performance.now() - began) / 1000);
    memory = resident(child.pid);
    child.kill('SIGTERM');
  }
  return { toReady: times.sort((a, b) => a - b)[2], resident: memory };
}
