/** Jest loads the set-up and the tear-down apart from each other, so what is to be stopped hangs on the process. */
const stopper = globalThis as typeof globalThis & { partnershipsStop?: () => Promise<void> };

export function onTeardown(stop: () => Promise<void>): void {
  stopper.partnershipsStop = stop;
}

export default async function teardown(): Promise<void> {
  await stopper.partnershipsStop?.();
}
