import { Module, OnModuleInit } from '@nestjs/common';
import { PublicCache } from '../kernel/http/public-cache';
import { ActivityController } from './activity/activity.controller';
import { ActivityService } from './activity/activity.service';
import { CatalogueController } from './catalogue/catalogue.controller';
import { CatalogueService } from './catalogue/catalogue.service';
import { ChangesService } from './catalogue/changes.service';
import { Renamings } from './catalogue/renamings';
import { Demonstration } from './demonstration/demonstration';
import { InterestModule } from './interest/interest.module';
import { InvolvementController } from './involvement/involvement.controller';
import { InvolvementService } from './involvement/involvement.service';
import './involvement/organisers';
import './opportunity/opportunity-personal';
import { OpportunityBulkController } from './opportunity/opportunity-bulk.controller';
import { OpportunityBulk } from './opportunity/opportunity-bulk.service';
import { OpportunityClock } from './opportunity/opportunity-clock';
import { OpportunityMovesController } from './opportunity/opportunity-moves.controller';
import { OpportunityMoves } from './opportunity/opportunity-moves.service';
import { OpportunityReportController } from './opportunity/opportunity-report.controller';
import { OpportunityReports } from './opportunity/opportunity-report.service';
import { OpportunityController } from './opportunity/opportunity.controller';
import { OpportunityService } from './opportunity/opportunity.service';
import { ProjectController } from './project/project.controller';
import { ProjectService } from './project/project.service';
import { TeamService } from './project/team.service';
import { ReachController } from './reach/reach.controller';
import { ReachService } from './reach/reach.service';
import { ViewService } from './reach/view.service';

/** Project, opportunity, interest, involvement, activity: the spine that all areas hang on. */
@Module({
  imports: [InterestModule],
  controllers: [
    ProjectController,
    OpportunityController,
    OpportunityMovesController,
    OpportunityReportController,
    OpportunityBulkController,
    CatalogueController,
    InvolvementController,
    ActivityController,
    ReachController,
  ],
  providers: [
    ProjectService,
    TeamService,
    OpportunityService,
    OpportunityMoves,
    OpportunityReports,
    OpportunityBulk,
    OpportunityClock,
    CatalogueService,
    ChangesService,
    Renamings,
    InvolvementService,
    ActivityService,
    ReachService,
    ViewService,
    Demonstration,
  ],
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
