import { Module } from '@nestjs/common';
import { AnswersModule } from './answers/answers.module';
import { CollectionsModule } from './collection/collections.module';
import { DoorModule } from './door/door.module';
import './events';
import { releaseControllers, releaseProviders } from './release/release.parts';
import { reportControllers, reportProviders } from './report/report.parts';

/** Diversity data: answers, collections and returns, releases, reports, gaps. */
@Module({
  imports: [DoorModule, AnswersModule, CollectionsModule],
  controllers: [...reportControllers, ...releaseControllers],
  providers: [...releaseProviders, ...reportProviders],
})
export class EdiModule {}
