/** Jest loads the set-up and the tear-down apart from each other, so what is to be stopped hangs on the process. */
const stopper: { partnershipsStop?: () => Promise<void> } = globalThis;

export function onTeardown(stop: () => Promise<void>): void {
  stopper.partnershipsStop = stop;
}

export default async function teardown(): Promise<void> {
  await stopper.partnershipsStop?.();
}
