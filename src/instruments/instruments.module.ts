import { Module } from '@nestjs/common';
import { CodeListController } from './code-list/code-list.controller';
import { CodeListService } from './code-list/code-list.service';
import { QuestionnaireController } from './questionnaire/questionnaire.controller';
import { QuestionnaireService } from './questionnaire/questionnaire.service';

/** Questionnaires as data, and the lists that their answers come from. */
@Module({
  controllers: [QuestionnaireController, CodeListController],
  providers: [QuestionnaireService, CodeListService],
})
export class InstrumentsModule {}
