import { Module } from '@nestjs/common';
import { AnswersModule } from './answers/answers.module';
import { DoorModule } from './door/door.module';
import './events';
import { reportControllers, reportProviders } from './report/report.parts';
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
  imports: [DoorModule, AnswersModule],
  controllers: [...reportControllers, ReleaseController],
  providers: [
    EarlierReleases,
    ReleaseMaker,
    ReleasePublisher,
    ReleaseService,
    ReleaseStore,
    ReleasedService,
    Snapshots,
    { provide: Releases, useExisting: ReleasedService },
    ...reportProviders,
  ],
})
export class EdiModule {}
