import type { Provider, Type } from '@nestjs/common';
import { DiversityDemonstration } from '../demonstration/diversity-demonstration';
import { Releases } from '../report/releases';
import { CalendarController } from './calendar.controller';
import { EarlierReleases } from './earlier';
import { Protection } from './protection';
import { ReleaseController } from './release.controller';
import { ReleaseMaker } from './release-maker';
import { ReleasePublisher } from './release-publisher';
import { ReleaseService } from './release.service';
import { ReleaseStore } from './release-store';
import { ReleasedService } from './released.service';
import { Snapshots } from './snapshot.service';
import { TableController } from './table.controller';

/** What releases bring to the module of the area. */
export const releaseControllers: Type[] = [ReleaseController, TableController, CalendarController];

export const releaseProviders: Provider[] = [
  DiversityDemonstration,
  EarlierReleases,
  Protection,
  ReleaseMaker,
  ReleasePublisher,
  ReleaseService,
  ReleaseStore,
  ReleasedService,
  Snapshots,
  { provide: Releases, useExisting: ReleasedService },
];
