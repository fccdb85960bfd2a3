import type { Pool } from 'pg';

/** How pg-boss reaches the database: over the service's own pool. */
export class BossDatabase {
  private readonly open = new Set<Promise<unknown>>();

  constructor(private readonly database: { readonly pool: Pool }) {}

  executeSql(text: string, values?: unknown[]): Promise<{ rows: Record<string, string>[] }> {
    const running = this.run(text, values).finally(() => this.open.delete(running));
    this.open.add(running);
    return running;
  }

  /** Waits until nothing that was begun is under way. */
  async idle(): Promise<void> {
    while (this.open.size > 0) await Promise.allSettled(this.open);
  }

  private async run(text: string, values?: unknown[]): Promise<{ rows: Record<string, string>[] }> {
    const client = await this.database.pool.connect();
    let failed: Error | undefined;
    try {
      const result = await client.query<Record<string, string>>(text, values);
      return { rows: result.rows };
    } catch (error) {
      // Its upkeep sends BEGIN … COMMIT as one text. When that fails half way the connection stands in a broken transaction,
      // and must not go back to the pool for somebody else to find.
      failed = error as Error;
      throw error;
    } finally {
      client.release(failed);
    }
  }
}
