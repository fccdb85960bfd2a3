const isRoot = process.getuid?.() === 0;

/** A test of what only root can do, such as starting a process as somebody else. For an ordinary user there is no such test, and none that is skipped. */
export function asRoot(name: string, test: jest.ProvidesCallback): void {
  if (isRoot) it(name, test);
}
