import { Injectable } from '@nestjs/common';
import { Sealer } from '../../kernel/privacy/sealer';
import type { InterestAnswer, InterestFields, InterestHelp, InterestPerson } from './interest.dto';
import { Interest, INTEREST_TABLE } from './interest.entity';

/** Who is interested, sealed as one value. */
export interface PersonPart {
  person: InterestPerson | null;
  groupName: string | null;
  help: InterestHelp | null;
}

/** What they say, sealed as one value. */
export interface AnswersPart {
  answers: InterestAnswer[];
  availability: string | null;
  howHeardWords: string | null;
}

const NOBODY: PersonPart = { person: null, groupName: null, help: null };
const NOTHING: AnswersPart = { answers: [], availability: null, howHeardWords: null };

/** The private parts of an interest, sealed and opened. */
@Injectable()
export class InterestParts {
  constructor(private readonly sealer: Sealer) {}

  person(fields: InterestFields, person: InterestPerson | null): PersonPart {
    return { person, groupName: fields.group?.name ?? null, help: fields.help ?? null };
  }

  answers(fields: InterestFields): AnswersPart {
    return {
      answers: fields.answers ?? [],
      availability: fields.availability ?? null,
      howHeardWords: fields.howHeardWords ?? null,
    };
  }

  /** Null where there is nobody to seal. */
  sealPerson(id: string, part: PersonPart): Buffer | null {
    return (part.person ?? part.groupName ?? part.help) ? this.seal(id, 'person_sealed', part) : null;
  }

  /** Null where nothing was said. */
  sealAnswers(id: string, part: AnswersPart): Buffer | null {
    const said = part.answers.length > 0 || part.availability !== null || part.howHeardWords !== null;
    return said ? this.seal(id, 'answers_sealed', part) : null;
  }

  sealReason(id: string, reason: string): Buffer {
    return this.sealer.seal({ table: INTEREST_TABLE, row: id, column: 'reason_sealed' }, reason);
  }

  openPerson(interest: Pick<Interest, 'id' | 'personSealed'>): PersonPart {
    return this.open(interest.id, 'person_sealed', interest.personSealed, NOBODY);
  }

  openAnswers(interest: Pick<Interest, 'id' | 'answersSealed'>): AnswersPart {
    return this.open(interest.id, 'answers_sealed', interest.answersSealed, NOTHING);
  }

  openReason(interest: Pick<Interest, 'id' | 'reasonSealed'>): string | null {
    return this.sealer.open(
      { table: INTEREST_TABLE, row: interest.id, column: 'reason_sealed' },
      interest.reasonSealed,
    );
  }

  private seal(row: string, column: string, part: object): Buffer {
    return this.sealer.seal({ table: INTEREST_TABLE, row, column }, JSON.stringify(part));
  }

  private open<T>(row: string, column: string, stored: Buffer | null, none: T): T {
    const text = this.sealer.open({ table: INTEREST_TABLE, row, column }, stored);
    return text === null ? none : (JSON.parse(text) as T);
  }
}
