import { startTestServer, TEST_SERVER } from './server';
import { onTeardown } from './global-teardown';

/** Once a run: one database server, one migrated template. */
export default async function setup(): Promise<void> {
  const { server, stop } = await startTestServer();
  process.env[TEST_SERVER] = JSON.stringify(server);
  onTeardown(stop);
}
