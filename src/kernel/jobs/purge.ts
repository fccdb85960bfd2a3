import { Injectable, OnModuleInit } from '@nestjs/common';
import { Clock } from '../clock';
import { Db } from '../db/db';
import { Jobs } from './jobs';

/** Stored answers serve for 24 hours. */
const STORED_ANSWERS = "DELETE FROM kernel.idempotency WHERE made_at < $1::timestamptz - interval '24 hours'";

/** Deletes what the service itself no longer needs, every ten minutes. */
@Injectable()
export class Purge implements OnModuleInit {
  private readonly rules = new Map<string, string>([['stored answers', STORED_ANSWERS]]);

  constructor(
    private readonly db: Db,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.work('kernel.purge', () => this.run());
    this.jobs.every('*/10 * * * *', 'kernel.purge');
  }

  /** Adds a DELETE, whose only parameter is the present moment. It must bear being repeated, and concern nobody's record. */
  add(what: string, statement: string): void {
    if (this.rules.has(what)) throw new Error(`What to do with ${what} is said twice`);
    this.rules.set(what, statement);
  }

  /** Does it now. */
  async run(): Promise<void> {
    for (const statement of this.rules.values()) await this.db.query(statement, [this.clock.now()]);
  }
}
