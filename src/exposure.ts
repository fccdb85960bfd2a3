import { BlockList, isIP } from 'node:net';
import type { Config } from './kernel/config';

const OWN = new BlockList();
OWN.addSubnet('127.0.0.0', 8, 'ipv4');
OWN.addAddress('::1', 'ipv6');

/** Whether an address that the service listens on can be reached from this machine alone. */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host === 'localhost' : OWN.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * One line for whoever starts the trial service where others can reach it: its outbox shows everybody the messages that it would have
 * sent. Null where there is nothing to warn of.
 */
export function exposureWarning({ host, database }: Pick<Config, 'host' | 'database'>): string | null {
  if (!database.embedded || isLoopback(host)) return null;
  return (
    `HOST is "${host}", so anybody who can reach this machine can read the trial outbox at /outbox, with codes and addresses: ` +
    'use made-up people only, or leave HOST out.'
  );
}
