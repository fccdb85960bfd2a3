import { Module, OnModuleInit } from '@nestjs/common';
import { provideDoor } from '../kernel/db/door';
import { Readiness } from '../kernel/http/health.controller';
import { DIVERSITY, DiversityDb } from './door/diversity-db';
import { Pseudonyms } from './door/pseudonym';
import './events';

/** Diversity data: answers, collections and returns, releases, reports, gaps. */
@Module({
  controllers: [],
  providers: [provideDoor(DiversityDb, DIVERSITY), Pseudonyms],
})
export class EdiModule implements OnModuleInit {
  constructor(
    private readonly db: DiversityDb,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.readiness.add('diversity', async () => (await this.db.query('SELECT 1')).length === 1);
  }
}
