import { Injectable } from '@nestjs/common';
import { codesOf, mapped, questionnaireOf, type Question } from '../../instruments';
import { contributorOfSentInterest } from '../../involvement';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { BadInput, Conflict, NotFound } from '../../kernel/errors/problem';
import { Reads } from '../../kernel/privacy/reads';
import { contributorWithin, regionOfPostcode } from '../../people';
import { DiversityDb } from '../door/diversity-db';
import { RECORD_ANSWERS } from '../permissions';
import { answerColumns, type AnswerColumns } from './answer-columns';
import { AnswerStore } from './answer-store';
import { ownAnswers } from './answer-view';
import { AnswerBasis, type NewAnswers, type OwnAnswers, type SiteAnswers, type SiteReceipt } from './answers.dto';
import { readVolunteer, type VolunteerLookups } from './be-part-of-research';

/** The questionnaire that answers are to, where nothing is held yet and where a site has one of its own. */
export const QUESTIONNAIRE = { key: 'diversity', version: 1 } as const;

/** Diversity answers: by the person, by somebody who writes them down for the person, by a site. */
@Injectable()
export class AnswersService {
  constructor(
    private readonly db: Db,
    private readonly diversity: DiversityDb,
    private readonly store: AnswerStore,
    private readonly reads: Reads,
    private readonly clock: Clock,
  ) {}

  /** The person's own answers, as they stand or stood on a day. That they were read is put on record first. */
  async own(who: Actor, on?: string): Promise<OwnAnswers> {
    const id = ownId(who);
    await this.reads.record(who, {
      ...{ subject: 'diversity_answers', personIds: [id], ids: [id] },
      ...{ purpose: AnswerBasis.Monitoring, what: 'diversity answers' },
    });
    return this.read(id, on ?? this.clock.today());
  }

  /** Replaces the person's own answers: what is not sent is then not answered. */
  async keep(who: Actor, body: NewAnswers, version: number): Promise<OwnAnswers> {
    const id = ownId(who);
    const columns = await this.checked(body);
    await this.diversity.write(who, (tx) =>
      this.store.write(tx, {
        ...{ contributorId: id, columns, mode: 'replace', channel: 'person', version },
        ...{ basis: body.basis ?? AnswerBasis.Monitoring, questionnaire: named(body) },
      }),
    );
    return this.read(id, this.clock.today());
  }

  async withdraw(who: Actor, version: number): Promise<void> {
    const id = ownId(who);
    await this.diversity.write(who, (tx) => this.store.withdraw(tx, id, version));
  }

  /** Writes down what a contributor told; nothing comes back, and what was not told stays as it was. */
  async record(who: Actor, contributorId: string, body: NewAnswers): Promise<void> {
    await contributorWithin(this.db, who, RECORD_ANSWERS, contributorId, this.clock.today());
    const columns = await this.checked(body);
    await this.diversity.write(who, (tx) =>
      this.store.write(tx, {
        ...{ contributorId, columns, mode: 'add', channel: 'supporter' },
        ...{ basis: body.basis ?? AnswerBasis.Monitoring, questionnaire: named(body) },
      }),
    );
  }

  /** Takes a volunteer as Be Part of Research has them, for somebody whose interest the site sent. */
  async fromSite(who: Actor, body: SiteAnswers): Promise<SiteReceipt> {
    const contributorId = await contributorOfSentInterest(this.db, who, body.interestId);
    if (contributorId === null)
      throw new Conflict(
        'no_record_yet',
        'The person has no record here yet, so there is nobody to keep answers for. Send them again when the interest was accepted.',
      );
    const { columns, kept, notMapped, notRead } = await readVolunteer(body.volunteer, this.lookups());
    if (kept.length > 0)
      await this.diversity.write(who, (tx) =>
        this.store.write(tx, {
          ...{ contributorId, columns, mode: 'add', channel: 'site' },
          ...{ basis: body.basis ?? AnswerBasis.Monitoring, questionnaire: QUESTIONNAIRE },
        }),
      );
    return { kept, notMapped, notRead };
  }

  private async read(id: string, day: string): Promise<OwnAnswers> {
    const stored = await this.store.on(id, day);
    const questions = stored ? await this.questions(stored.questionnaire, stored.questionnaire_version) : [];
    const purpose = await this.store.purpose(stored?.basis ?? AnswerBasis.Monitoring);
    return ownAnswers(id, stored, questions ?? [], await this.store.objectedOn(id), purpose);
  }

  private questions(key: string, version: number): Promise<readonly Question[] | null> {
    return questionnaireOf(this.db, key, version);
  }

  private async checked(body: NewAnswers): Promise<Partial<AnswerColumns>> {
    const questions =
      body.questionnaire === QUESTIONNAIRE.key
        ? await this.questions(body.questionnaire, body.questionnaireVersion)
        : null;
    if (!questions)
      throw new BadInput([
        {
          ...{ in: 'body', at: '/questionnaireVersion', code: 'unknown_questionnaire' },
          message: 'There is no such version of the diversity questionnaire: see /v1/questionnaires.',
        },
      ]);
    const { columns, faults } = await answerColumns(questions, body.answers, this.lookups());
    if (faults.length > 0) throw new BadInput(faults);
    return columns;
  }

  private lookups(): VolunteerLookups {
    return {
      today: this.clock.today(),
      mapped: (list, code, to) => mapped(this.db, list, code, to),
      region: (outward) => regionOfPostcode(this.db, outward),
      codesOf: (list) => codesOf(this.db, list),
    };
  }
}

const named = ({ questionnaire: key, questionnaireVersion: version }: NewAnswers) => ({ key, version });

/** The caller's own record. */
export function ownId(who: Actor): string {
  if (who.contributorId === null) throw new NotFound('Your account belongs to no contributor yet.');
  return who.contributorId;
}
