import { Module, OnModuleInit } from '@nestjs/common';
import { provideDoor } from '../../kernel/db/door';
import { Readiness } from '../../kernel/http/health.controller';
import { DIVERSITY, DiversityDb } from './diversity-db';
import { Pseudonyms } from './pseudonym';

/** The diversity login and the key of pseudonyms, for the parts of the area that need them. */
@Module({
  providers: [provideDoor(DiversityDb, DIVERSITY), Pseudonyms],
  exports: [DiversityDb, Pseudonyms],
})
export class DoorModule implements OnModuleInit {
  constructor(
    private readonly db: DiversityDb,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.readiness.add('diversity', async () => (await this.db.query('SELECT 1')).length === 1);
  }
}
