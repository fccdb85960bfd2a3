import { ApiProperty } from '@nestjs/swagger';
import { Choice, Day, JsonList, Ref, Text, Whole } from '../../kernel/db/fields';
import { fixedId } from '../../people';
import { MOST_DRAWN } from './draw';

const part = { virtual: true } as const;
const perhaps = { virtual: true, optional: true } as const;

/** What an organiser decides of an interest. */
export const Decision = { Shortlist: 'shortlist', Reserve: 'reserve', Offer: 'offer', TurnDown: 'turn-down' } as const;
export type Decision = (typeof Decision)[keyof typeof Decision];

const REASON = 'Why, in words that the person is told. Needed to turn somebody down.';
const ANSWER_BY = 'Last day, UK time, on which an offer can be accepted; 14 days from today where it is left out.';

export class Offer {
  @Day(ANSWER_BY, { ...perhaps, example: '2026-12-07' })
  answerBy?: string | null;
}

export class TurnDown {
  @Text(1000, 'Why, in words that the person is told.', {
    ...part,
    example: 'We had more people who have cared for somebody than we had places for.',
  })
  reason: string;
}

export class OneDecision {
  @Ref('The interest.', { ...part, example: fixedId('interest', 'samuel-patterson-for-dialysis-guide-readers') })
  interestId: string;

  @Choice(Decision, 'Decision', 'What is decided.', { ...part, example: 'offer' })
  decision: Decision;

  @Text(1000, REASON, { ...perhaps, example: null })
  reason?: string | null;

  @Day(ANSWER_BY, { ...perhaps, example: '2026-12-07' })
  answerBy?: string | null;
}

export class Decisions {
  @JsonList(
    () => OneDecision,
    { items: 500, min: 1 },
    'Decisions on interests in this opportunity, each interest once. All are carried out, or none.',
    part,
  )
  decisions: OneDecision[];
}

/** How the places of an opportunity stand. */
export class Places {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Places that there are; null where that is not limited.',
  })
  places: number | null;

  @ApiProperty({ type: 'integer', description: 'Places that are offered and not answered yet.' })
  offered: number;

  @ApiProperty({ type: 'integer', description: 'Places that are taken.' })
  accepted: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Places that are free; null where there is no limit.' })
  free: number | null;

  @ApiProperty({
    type: 'string',
    format: 'uuid',
    nullable: true,
    description:
      'Who on the reserve list is next and fits into what is free: a suggestion, nothing is offered by itself.',
  })
  nextReserve: string | null;
}

export class DecisionsMade extends Places {
  @ApiProperty({ type: 'integer', description: 'How many interests were decided on.' })
  decided: number;
}

export class NewDraw {
  @Whole({ min: 1, max: MOST_DRAWN }, 'How many are drawn for a place.', { ...part, example: 6 })
  places: number;

  @Text(
    128,
    'A seed of your own: 128 bits or more in hexadecimal, such as from a public lottery. The service makes one where it is left out.',
    {
      ...perhaps,
      example: '000102030405060708090a0b0c0d0e0f',
      pattern: /^[0-9a-f]{32,128}$/,
      patternSays: 'Send 32 to 128 hexadecimal digits in small letters.',
    },
  )
  seed?: string | null;
}
