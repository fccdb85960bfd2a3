import { Module } from '@nestjs/common';
import { DemonstrationCollections } from '../demonstration/collections';
import { DoorModule } from '../door/door.module';
import { ReminderMailboxController } from '../reminder/mailbox.controller';
import { ReminderMailboxes } from '../reminder/mailbox.service';
import { Reminders } from '../reminder/reminders';
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

/** Collections over organisations, what they return, and how those that are late are reminded. */
@Module({
  imports: [DoorModule],
  controllers: [
    CollectionController,
    ReminderMailboxController,
    TemplateController,
    HeadingMappingController,
    ReturnController,
  ],
  providers: [
    CollectionService,
    ReminderMailboxes,
    Reminders,
    ReturnService,
    ReturnIntake,
    FiguresService,
    HeadingMappingService,
    DemonstrationCollections,
  ],
})
export class CollectionsModule {}
