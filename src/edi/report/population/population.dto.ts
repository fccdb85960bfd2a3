import { ApiProperty } from '@nestjs/swagger';
import { InText } from '../../../kernel/http/query';
import { AgeRange, Benchmark, BenchmarkFigure, Sureness } from '../comparison/benchmark';

const text = (description: string, example: string, nullable = false) =>
  ApiProperty({ type: 'string', description, example, nullable });

/** An area whose people were counted. */
export class PopulationArea {
  @text('GSS code.', 'E92000001')
  code: string;

  @text('Name.', 'England')
  name: string;
}

/** How many people are of a category. */
export class PopulationCount implements BenchmarkFigure {
  @text('Code of the category.', 'asian')
  category: string;

  @text('The category in words.', 'Asian')
  label: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many people.', example: 5426423 })
  people: number;

  @ApiProperty({
    type: 'number',
    nullable: true,
    minimum: 0,
    maximum: 1,
    description: 'Share of those who answered; null for people who did not answer.',
    example: 0.0961,
  })
  share: number | null;

  @ApiProperty({
    type: 'string',
    isArray: true,
    description: 'Codes of contributors’ answers that together are the category; none for people who did not answer.',
    example: ['asian'],
  })
  of: string[];
}

/** Where figures about the population come from and whom they count. */
export class PopulationSourceBody implements Omit<Benchmark, 'figures'> {
  @text('Key of the source.', 'census-2021-ts021')
  source: string;

  @text('What it is called.', 'Census 2021, ethnic group in five')
  title: string;

  @text('Who published it. Name them wherever you use it.', 'Office for National Statistics')
  publisher: string;

  @text('The licence.', 'Open Government Licence v3.0')
  licence: string;

  @text('The publisher’s name of the table or tables.', 'TS021')
  tableId: string;

  @ApiProperty({ type: 'string', format: 'date', description: 'The day that it is about.', example: '2021-03-21' })
  referenceDay: string;

  @text('The characteristic.', 'ethnic-group')
  characteristic: string;

  @ApiProperty({ type: PopulationArea, description: 'The area.' })
  area: PopulationArea;

  @ApiProperty({ enum: Object.values(AgeRange), enumName: 'PopulationAgeRange', description: 'Whom it counts.' })
  ageRange: AgeRange;

  @text('Why no verdict may rest on it, beside age and area; null where it may.', 'It asked another question.', true)
  reservation: string | null;

  @text('What to mind.', 'Counts people of all ages.', true)
  caution: string | null;

  @ApiProperty({
    enum: Object.values(Sureness),
    enumName: 'PopulationSureness',
    description:
      'How sure the numbers are: published (read as published), summed or derived (by us, from the publisher’s tables), unchecked (brought in by a data steward).',
  })
  sureness: Sureness;
}
Object.defineProperty(PopulationSourceBody, 'name', { value: 'PopulationSource' });

/** Population figures of one characteristic in one area. */
export class PopulationBenchmark extends PopulationSourceBody implements Benchmark {
  @ApiProperty({ type: PopulationCount, isArray: true, description: 'The categories in their order.' })
  figures: PopulationCount[];
}

export class PopulationBenchmarkList {
  @ApiProperty({ type: PopulationBenchmark, isArray: true, description: 'One for each source and area.' })
  data: PopulationBenchmark[];
}

/** Which population figures to read. */
export class PopulationQuery {
  @InText(80, 'Only those of this characteristic.', { example: 'ethnic-group' })
  characteristic?: string;

  @InText(9, 'Only those of the area with this GSS code.', {
    example: 'E92000001',
    pattern: /^[EWSNK]\d{8}$/,
    patternSays: 'Write a GSS code, such as E92000001.',
  })
  area?: string;

  @InText(80, 'Only those of the source with this key.', { example: 'census-2021-ts021' })
  source?: string;
}

/** A benchmark with its shares. */
export function withShares(benchmark: Benchmark): PopulationBenchmark {
  const answered = benchmark.figures.reduce((sum, { of, people }) => sum + (of.length > 0 ? people : 0), 0);
  return {
    ...benchmark,
    figures: benchmark.figures.map((figure) => ({
      ...figure,
      share: figure.of.length === 0 || answered === 0 ? null : Number((figure.people / answered).toFixed(4)),
    })),
  };
}
