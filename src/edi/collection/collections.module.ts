import { Module } from '@nestjs/common';
import { DemonstrationCollections } from '../demonstration/collections';
import { DoorModule } from '../door/door.module';
import { FiguresService } from '../returns/figures.service';
import { HeadingMappingController } from '../returns/heading-mapping.controller';
import { HeadingMappingService } from '../returns/heading-mapping.service';
import { ReturnIntake } from '../returns/intake.service';
import { ReturnController } from '../returns/return.controller';
import { ReturnService } from '../returns/return.service';
import '../returns/return.personal';
import { TemplateController } from '../returns/template/template.controller';
import { CollectionController } from './collection.controller';
import { CollectionService } from './collection.service';
import { Reminders } from './reminders';

/** Collections over organisations, and what they return. */
@Module({
  imports: [DoorModule],
  controllers: [CollectionController, TemplateController, HeadingMappingController, ReturnController],
  providers: [
    CollectionService,
    Reminders,
    ReturnService,
    ReturnIntake,
    FiguresService,
    HeadingMappingService,
    DemonstrationCollections,
  ],
})
export class CollectionsModule {}
