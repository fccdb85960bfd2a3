import { Entity } from 'typeorm';
import { Choice, Flag, Instant, Ref, Refs, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { fixedId } from '../../people';
import { DrawAlgorithm, MOST_DRAWN } from './draw';

/** A random draw among the interests in an opportunity, with all that is needed to do it again. */
@Entity({ schema: 'involvement', name: 'draw' })
export class Draw extends StoredRecord {
  @Ref('The opportunity.', { readOnly: true, example: fixedId('opportunity', 'dialysis-guide-readers') })
  opportunityId: string;

  @Ref('The organisation that offers it.', {
    readOnly: true,
    example: fixedId('organisation', 'castlebridge-hospitals'),
  })
  organisationId: string;

  @Choice(
    DrawAlgorithm,
    'DrawAlgorithm',
    'How the order follows from the seed. sha256-seed-id-v1: take each interest’s id in lower case with its hyphens, put the seed in front, and sort by the SHA-256 of that text in hexadecimal.',
    { readOnly: true, example: 'sha256-seed-id-v1' },
  )
  algorithm: DrawAlgorithm;

  @Text(128, 'The seed: hexadecimal, 128 bits or more.', {
    readOnly: true,
    example: '000102030405060708090a0b0c0d0e0f',
  })
  seed: string;

  @Flag('Whether somebody gave the seed; otherwise the service made 128 random bits.', {
    readOnly: true,
    example: false,
  })
  seedGiven: boolean;

  @Whole({ min: 1, max: MOST_DRAWN }, 'How many were drawn for a place. The rest are the reserve list, in order.', {
    example: 6,
  })
  places: number;

  @Refs(MOST_DRAWN, 'All interests that took part, in the order drawn.', { readOnly: true })
  interestIds: string[];

  @Ref('The account that made the draw.', { optional: true, readOnly: true, example: null })
  drawnByAccountId: string | null;

  @Instant('When it was made.', { readOnly: true, example: '2026-12-20T10:00:00.000Z' })
  drawnAt: Date;
}

constraint(
  'draw_one_per_opportunity',
  409,
  'draw_made',
  'A draw was made for this opportunity already. There is one each, so that nobody can draw until they like the result.',
);
