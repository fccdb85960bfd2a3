import { Module, OnModuleInit } from '@nestjs/common';
import { provideDoor } from '../kernel/db/door';
import { Readiness } from '../kernel/http/health.controller';
import { DIVERSITY, DiversityDb } from './door/diversity-db';
import { Pseudonyms } from './door/pseudonym';
import './events';
import { EarlierReleases } from './release/earlier';
import { ReleaseController } from './release/release.controller';
import { ReleaseMaker } from './release/release-maker';
import { ReleasePublisher } from './release/release-publisher';
import { ReleaseService } from './release/release.service';
import { ReleaseStore } from './release/release-store';
import { ReleasedService } from './release/released.service';
import { Snapshots } from './release/snapshot.service';
import { Releases } from './report/releases';

/** Diversity data: answers, collections and returns, releases, reports, gaps. */
@Module({
  controllers: [ReleaseController],
  providers: [
    provideDoor(DiversityDb, DIVERSITY),
    Pseudonyms,
    EarlierReleases,
    ReleaseMaker,
    ReleasePublisher,
    ReleaseService,
    ReleaseStore,
    ReleasedService,
    Snapshots,
    { provide: Releases, useExisting: ReleasedService },
  ],
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
