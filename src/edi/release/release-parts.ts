import { ApiProperty } from '@nestjs/swagger';
import { Choice, JsonList, Text, Texts, Whole } from '../../kernel/db/fields';
import { FINER, HUB, LEVELS, RELEASED, type CatalogueTable, type Level, type ReleaseCatalogue } from './catalogue';
import type { Population } from './published';

const asChoice = <T extends string>(values: readonly T[]): Record<T, T> =>
  Object.fromEntries(values.map((value) => [value, value])) as Record<T, T>;

const POPULATION_CHOICE = asChoice(['registered', 'interested', 'selected', 'took-part'] as const);

/** A characteristic with a threshold of its own. */
export class CharacteristicThreshold {
  @Choice(asChoice([HUB, ...RELEASED, ...FINER]), 'ReleasedCharacteristic', 'The characteristic.', {
    virtual: true,
    example: 'religion',
  })
  characteristic: string;

  @Whole({ min: 5, max: 100 }, 'Counts of it from 1 to below this are withheld.', { virtual: true, example: 10 })
  threshold: number;
}

/** One rule of a catalogue. */
export class CatalogueTableBody implements CatalogueTable {
  @Choice(asChoice(LEVELS), 'ReleaseLevel', 'Units that get the table.', { virtual: true, example: 'all' })
  level: Level;

  @Choice(POPULATION_CHOICE, 'ReleasePopulation', 'Who is counted.', { virtual: true, example: 'registered' })
  population: Population;

  @Texts(
    { max: 80, items: 2, min: 1 },
    'What they are counted by: one characteristic or "each"; or "hub" (ethnic group) and one other or "each". ethnic-background stands by itself: it is not among "each".',
    { virtual: true, example: ['hub', 'each'] },
  )
  by: string[];
}

/** The closed list of tables of a release. */
export class ReleaseCatalogueBody implements ReleaseCatalogue {
  @Whole({ min: 1, max: 1000 }, 'An organisation with fewer people gets no figures of its own.', {
    virtual: true,
    example: 25,
  })
  minimumLeafSize: number;

  @JsonList(() => CatalogueTableBody, { items: 40, min: 1 }, 'Rules, each of which gives one table or several.', {
    virtual: true,
    example: [{ level: 'all', population: 'registered', by: ['each'] }],
  })
  tables: CatalogueTableBody[];
}

/** The proof of a release. For those who make and sign releases: how many figures were small says something about them. */
export class Certificate {
  @ApiProperty({ type: String, description: 'safe, or nothing is published.', example: 'safe' })
  result: string;

  @ApiProperty({ type: 'integer', description: 'Counts from 1 to below this are withheld.', example: 8 })
  threshold: number;

  @ApiProperty({ type: 'integer', description: 'Counts are rounded to multiples of this.', example: 5 })
  base: number;

  @ApiProperty({ type: String, description: 'SHA-256 of the list of tables.' })
  catalogueHash: string;

  @ApiProperty({
    type: 'integer',
    description:
      'Different figures, each counted once though it stands in several tables: shown, primary, complementary and hiddenZeros together.',
  })
  figures: number;

  @ApiProperty({ type: 'integer', description: 'Of those, figures that are published as numbers.' })
  shown: number;

  @ApiProperty({ type: 'integer', description: 'Withheld because they are small themselves.' })
  primary: number;

  @ApiProperty({ type: 'integer', description: 'Withheld because they would tell a small one.' })
  complementary: number;

  @ApiProperty({
    type: 'integer',
    description: 'Withheld though nobody is counted, since a nought would tell something too.',
  })
  hiddenZeros: number;

  @ApiProperty({
    type: 'integer',
    description:
      'Rows of all.csv, in which a figure stands once for each table that has it: the three that follow together.',
  })
  fileRows: number;

  @ApiProperty({ type: 'integer', description: 'Rows of all.csv with a number.' })
  fileShown: number;

  @ApiProperty({ type: 'integer', description: 'Rows of all.csv that are marked c.' })
  fileWithheld: number;

  @ApiProperty({
    type: 'integer',
    description: 'Rows of all.csv that are marked x: not returned, or told more coarsely than the table has it.',
  })
  fileNotAvailable: number;

  @ApiProperty({ type: 'integer', description: 'Smallest range in which a withheld figure was proven to lie.' })
  smallestWidth: number;

  @ApiProperty({
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'Of the figures that are large enough to show, the share that had to be withheld.',
  })
  withheldShare: number;

  @ApiProperty({ type: String, description: 'Version of the verifier.' })
  verifierVersion: string;

  @ApiProperty({ type: String, description: 'SHA-256 of every figure as published.' })
  figuresHash: string;

  @ApiProperty({
    type: [String],
    description:
      'What was done and why, in words, for whoever signs. It begins with what is unusual: much withheld, or more than a quarter of the organisations of the release before missing.',
  })
  log: string[];
}

/** What a signature says. */
export class Signature {
  @Text(64, 'SHA-256 of the certificate that you have read and sign: `certificateHash` of the release.', {
    virtual: true,
    example: '0'.repeat(64),
    pattern: /^[0-9a-f]{64}$/,
    patternSays: 'Send the 64 small letters and digits of certificateHash.',
  })
  certificateHash: string;
}
