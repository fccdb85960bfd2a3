import { Module, OnModuleInit } from '@nestjs/common';
import { addressOf } from '../../people';
import { DemonstrationAnswers } from '../demonstration/own-answers';
import { DoorModule } from '../door/door.module';
import { Pseudonyms } from '../door/pseudonym';
import { AnswerStore } from './answer-store';
import { countedAs } from './answer-view';
import { AnswersForOthersController, OwnAnswersController } from './answers.controller';
import { answering } from './answers.personal';
import { AnswersService } from './answers.service';
import { Mixing } from './mixing';
import { ObjectionService } from './objection.service';

/** Diversity answers of our own contributors. */
@Module({
  imports: [DoorModule],
  controllers: [OwnAnswersController, AnswersForOthersController],
  providers: [AnswerStore, AnswersService, ObjectionService, Mixing, DemonstrationAnswers],
})
export class AnswersModule implements OnModuleInit {
  constructor(
    private readonly store: AnswerStore,
    private readonly objections: ObjectionService,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  onModuleInit(): void {
    answering.pseudonym = (id) => this.pseudonyms.ofContributor(id);
    answering.answers = async (id) =>
      (await this.store.all(id)).map((row) => ({
        ...{ from: row.from, until: row.until, channel: row.channel, purpose: row.basis },
        answers: Object.fromEntries(
          countedAs(row).map(({ characteristic, codes }) => [characteristic, codes.join(', ')]),
        ),
        ...{ yearOfBirth: row.year_of_birth, backgroundAsChosen: row.background_code },
      }));
    answering.objections = async (id) => {
      const since = await this.store.objectedOn(id);
      return since === null ? [] : [{ since }];
    };
    answering.addresses = (id) => this.store.addresses(id);
    answering.addressOf = async (q, id) => {
      const { emailIndex } = await addressOf(q, id);
      return emailIndex ? this.pseudonyms.ofAddress(emailIndex) : null;
    };
    answering.remember = (tx, id, ...also) => this.objections.remember(tx, id, ...also);
    answering.returned = (id) => this.store.returned(id);
    answering.counted = (id) => this.store.counted(id);
    answering.objected = (tx, id) => this.objections.end(tx, id);
    answering.takenBack = (tx, id) => this.objections.resume(tx, id);
    answering.forgotten = (tx, id) => this.objections.forget(tx, id);
  }
}
