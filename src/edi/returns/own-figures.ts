import { stringify } from 'csv-stringify/sync';
import { ApiProperty } from '@nestjs/swagger';
import { ReturnForm } from '../collection/collection.entity';
import { STAGES } from './reading/derived';
import { NOT_KNOWN, PREFER_NOT_TO_SAY, Vocabulary } from './reading/vocabulary';

/** How many people; one number, or two where tables withheld some. */
export class PeopleRange {
  @ApiProperty({ type: 'integer', description: 'At least so many.' })
  low: number;

  @ApiProperty({ type: 'integer', description: 'At most so many.' })
  high: number;
}

/** How many gave an answer. */
export class OwnAnswer extends PeopleRange {
  @ApiProperty({ description: 'Code of the answer.' })
  code: string;

  @ApiProperty({ description: 'The answer in words.' })
  label: string;
}

/** What a return holds of one question. */
export class OwnQuestion {
  @ApiProperty({ description: 'The question.' })
  characteristic: string;

  @ApiProperty({ description: 'The question in words.' })
  label: string;

  @ApiProperty({
    type: 'number',
    nullable: true,
    minimum: 0,
    maximum: 1,
    description:
      'Share of the people who gave an answer; "prefer not to say" is none. Null where there is nobody, where several answers may be given, or where numbers are withheld.',
  })
  completeness: number | null;

  @ApiProperty({ type: OwnAnswer, isArray: true, description: 'Each answer that somebody gave.' })
  answers: OwnAnswer[];
}

/** The people who came so far, at furthest. */
export class OwnStage extends PeopleRange {
  @ApiProperty({ enum: [...STAGES], enumName: 'ContributorStage', description: 'How far they came.' })
  stage: string;
}

/** The figures of an organisation's own return, unprotected. */
export class OwnFigures {
  @ApiProperty({ type: 'string', format: 'uuid', description: 'The return.' })
  returnId: string;

  @ApiProperty({ enum: Object.values(ReturnForm), enumName: 'ReturnForm', description: 'Its form.' })
  form: ReturnForm;

  @ApiProperty({ type: PeopleRange, description: 'People in the return.' })
  people: PeopleRange;

  @ApiProperty({ type: OwnStage, isArray: true, description: 'How far they came.' })
  stages: OwnStage[];

  @ApiProperty({ type: OwnQuestion, isArray: true, description: 'Each question.' })
  questions: OwnQuestion[];

  @ApiProperty({ description: 'What to keep in mind with these figures.' })
  caution: string;
}

export interface FigureRow {
  stage: string;
  characteristic: string;
  code: string;
  low: number;
  high: number;
}

const CAUTION =
  'These are true counts of your own people, for your own work. Small ones can tell who somebody is: do not publish or pass them on. What may be shown to others is in the releases.';

/** Figures from their rows. */
export function figuresOf(
  returnId: string,
  form: ReturnForm,
  rows: readonly FigureRow[],
  vocabulary: Vocabulary,
): OwnFigures {
  const single = vocabulary.characteristics.flatMap(({ key, several }) => (several ? [] : [key]));
  const people = everybody(rows, single);
  return {
    returnId,
    form,
    people,
    stages: STAGES.flatMap((stage) => {
      const some = rows.filter((row) => row.stage === stage);
      return some.length === 0 ? [] : [{ stage, ...everybody(some, single) }];
    }),
    questions: vocabulary.characteristics.map(({ key, label, several }) =>
      question(key, label, several, people, rows, vocabulary),
    ),
    caution: CAUTION,
  };
}

/** All people: each question with one answer is about all of them, so what any of them tells narrows the number. */
function everybody(rows: readonly FigureRow[], single: readonly string[]): PeopleRange {
  const totals = single.flatMap((key) => {
    const own = rows.filter(({ characteristic }) => characteristic === key);
    return own.length === 0 ? [] : [total(own)];
  });
  if (totals.length === 0) return { low: 0, high: 0 };
  return { low: Math.max(...totals.map(({ low }) => low)), high: Math.min(...totals.map(({ high }) => high)) };
}

function question(
  characteristic: string,
  label: string,
  several: boolean,
  people: PeopleRange,
  rows: readonly FigureRow[],
  vocabulary: Vocabulary,
): OwnQuestion {
  const own = rows.filter((row) => row.characteristic === characteristic);
  const answers = vocabulary.codes(characteristic).flatMap(({ code, label: words }) => {
    const some = own.filter((row) => row.code === code);
    return some.length === 0 ? [] : [{ code, label: words, ...total(some) }];
  });
  const exact = people.low === people.high && answers.every(({ low, high }) => low === high);
  const known = total(answers.filter(({ code }) => code !== PREFER_NOT_TO_SAY && code !== NOT_KNOWN)).low;
  const completeness = several || !exact || people.low === 0 ? null : known / people.low;
  return { characteristic, label, completeness, answers };
}

const total = (ranges: readonly PeopleRange[]): PeopleRange => ({
  low: ranges.reduce((sum, { low }) => sum + low, 0),
  high: ranges.reduce((sum, { high }) => sum + high, 0),
});

/** The figures as a tidy table. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function figuresCsv({ questions, caution }: OwnFigures): string {
  const rows = questions.flatMap(({ characteristic, label, answers }) =>
    answers.map((answer) => [characteristic, label, answer.code, answer.label, answer.low, answer.high, '']),
  );
  return stringify(
    [
      ['characteristic', 'question', 'code', 'answer', 'low', 'high', 'note'],
      ...rows,
      ['', '', '', '', '', '', caution],
    ],
    { record_delimiter: '\r\n', escape_formulas: true },
  );
}
