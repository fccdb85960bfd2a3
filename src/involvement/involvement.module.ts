import { Module, OnModuleInit } from '@nestjs/common';
import { PublicCache } from '../kernel/http/public-cache';
import { ActivityController } from './activity/activity.controller';
import { ActivityService } from './activity/activity.service';
import { CatalogueController } from './catalogue/catalogue.controller';
import { CatalogueService } from './catalogue/catalogue.service';
import { ChangesService } from './catalogue/changes.service';
import { InvolvementController } from './involvement/involvement.controller';
import { InvolvementService } from './involvement/involvement.service';

/** Project, opportunity, interest, involvement, activity: the spine that all areas hang on. */
@Module({
  controllers: [CatalogueController, InvolvementController, ActivityController],
  providers: [CatalogueService, ChangesService, InvolvementService, ActivityService],
  exports: [],
})
export class InvolvementModule implements OnModuleInit {
  constructor(
    private readonly catalogue: CatalogueService,
    private readonly cache: PublicCache,
  ) {}

  /** Kept answers end with the next opening or closing, which no event tells at the moment itself. */
  onModuleInit(): void {
    this.cache.boundaries.push((now) => this.catalogue.nextBoundary(now));
  }
}
