/**
 * Whether this process works by itself: takes jobs, delivers events, follows the clock. True in the service; the
 * application gives it. Tests give false and say when (`jobs.drain`, `relay.drain`), so that nothing happens between two of their lines.
 */
export const BACKGROUND = Symbol('background');
