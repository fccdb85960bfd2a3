import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { FigureStatus, Population } from '../release/published';
import type { Interval } from './comparison/intervals';
import type { Representation, RepresentationRow, Verdict } from './comparison/representation';
import { Derived, POPULATION_ORDER, SHORTHAND } from './figures';
import type { Funnel, FunnelGroup, FunnelStep, Progress } from './funnel';
import { PopulationSourceBody } from './population/population.dto';
import type { Trend, TrendBreak, TrendPoint } from './trend';

const STATUSES = ['', ...Object.keys(SHORTHAND)];

const text = (description: string, example: string, nullable = false) =>
  ApiProperty({ type: 'string', description, example, nullable });
const count = (description: string) =>
  ApiProperty({ type: 'integer', nullable: true, minimum: 0, description: `${description} Null where withheld.` });
const of = (type: Type, description: string, nullable = false) => ApiProperty({ type, description, nullable });
const listOf = (type: Type, description: string) => ApiProperty({ type, isArray: true, description });
const sentences = (description: string) => ApiProperty({ type: 'string', isArray: true, description });
const population = (description: string) =>
  ApiProperty({ enum: POPULATION_ORDER, enumName: 'DiversityPopulation', description, example: 'registered' });

/** A number worked out from published counts. */
export class DerivedFigure implements Derived {
  @ApiProperty({ type: 'number', nullable: true, description: 'The number; null with the statuses c, x and z.' })
  value: number | null;

  @ApiProperty({
    enum: STATUSES,
    enumName: 'FigureStatus',
    description: 'Empty, or c confidential, u low reliability, x not available, z does not apply, r revised.',
  })
  status: FigureStatus;
}

/** A 95% interval. */
export class IntervalBody implements Interval {
  @ApiProperty({ type: 'number', description: 'Its lower end.', example: 0.728 })
  low: number;

  @ApiProperty({ type: 'number', description: 'Its upper end.', example: 1.076 })
  high: number;
}
Object.defineProperty(IntervalBody, 'name', { value: 'Interval' });

/** A release, named. */
export class ReleaseName {
  @ApiProperty({ type: 'string', format: 'uuid', description: 'Its id.' })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Its number.', example: 2 })
  number: number;
}

/** A release, named, with its day. */
export class ReleaseDay extends ReleaseName {
  @ApiProperty({ type: 'string', format: 'date', description: 'The day the data were frozen.', example: '2026-10-05' })
  snapshotOn: string;
}

export class RepresentationRowBody implements RepresentationRow {
  @text('Code of the category.', 'asian')
  category: string;

  @text('The category in words.', 'Asian')
  label: string;

  @count('Contributors of the category.')
  count: number | null;

  @of(DerivedFigure, 'Share among known answers, 0 to 1.')
  share: DerivedFigure;

  @of(IntervalBody, '95% Wilson interval of the share.', true)
  shareInterval: IntervalBody | null;

  @ApiProperty({ type: 'number', description: 'Share in the population, 0 to 1.', example: 0.0961 })
  populationShare: number;

  @of(DerivedFigure, 'Representation ratio: share by population share. 1 is parity.')
  ratio: DerivedFigure;

  @of(IntervalBody, '95% interval of the ratio.', true)
  ratioInterval: IntervalBody | null;

  @of(DerivedFigure, 'Share less population share, in percentage points.')
  difference: DerivedFigure;

  @of(IntervalBody, 'Share of everybody if nobody, and if everybody, whose answer is not known belonged here.', true)
  bounds: IntervalBody | null;

  @ApiProperty({
    enum: ['under-represented', 'over-represented', 'none', null],
    nullable: true,
    description: 'none: the interval includes parity; null: no verdict is given.',
    example: null,
  })
  verdict: Verdict;

  @sentences('Why the verdict is null; empty where it is not.')
  noVerdictBecause: string[];

  @text('What the row says, and no more.', 'Asian: 8.5% of the 1,080 contributors whose answer is known, and 9.6% …')
  sentence: string;
}
Object.defineProperty(RepresentationRowBody, 'name', { value: 'RepresentationRow' });

/** Contributors of a unit beside the population of an area. */
export class RepresentationBody implements Representation {
  @of(ReleaseDay, 'The release.')
  release: ReleaseDay;

  @text('Key of the unit.', 'all')
  unit: string;

  @text('Name of the unit.', 'All organisations')
  unitName: string;

  @population('Which contributors.')
  population: Population;

  @text('The characteristic.', 'ethnic-group')
  characteristic: string;

  @of(PopulationSourceBody, 'The population figures.')
  benchmark: PopulationSourceBody;

  @count('All contributors of the unit and population.')
  people: number | null;

  @count('Those with an answer that can be compared.')
  known: number | null;

  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'Share of all whose answer is known, 0 to 1.',
    example: 0.9,
  })
  completeness: number | null;

  @sentences('Why there is no verdict on any row; empty where at least one row has a verdict.')
  noVerdictBecause: string[];

  @listOf(RepresentationRowBody, 'The categories.')
  rows: RepresentationRowBody[];

  @of(DerivedFigure, 'Index of dissimilarity, 0 to 1.')
  dissimilarity: DerivedFigure;

  @sentences('What to mind.')
  notes: string[];
}
Object.defineProperty(RepresentationBody, 'name', { value: 'Representation' });

export class FunnelStepBody implements FunnelStep {
  @population('The wider population.')
  from: Population;

  @population('The narrower population.')
  to: Population;

  @text('The step in words.', 'From interested to selected')
  label: string;
}
Object.defineProperty(FunnelStepBody, 'name', { value: 'FunnelStep' });

export class ProgressBody implements Progress {
  @population('The population that the step leads to.')
  to: Population;

  @of(DerivedFigure, 'Share of the group that came on, 0 to 1.')
  rate: DerivedFigure;

  @of(DerivedFigure, 'Share of everybody else with a known answer that came on, 0 to 1.')
  others: DerivedFigure;

  @of(DerivedFigure, 'Disparity ratio: rate by that of everybody else.')
  ratio: DerivedFigure;

  @of(IntervalBody, '95% interval of the ratio.', true)
  interval: IntervalBody | null;

  @ApiProperty({
    type: 'boolean',
    nullable: true,
    description: 'Whether fewer came on, beyond chance and rounding; null where it cannot be told.',
  })
  lost: boolean | null;
}
Object.defineProperty(ProgressBody, 'name', { value: 'FunnelProgress' });

export class FunnelGroupBody implements FunnelGroup {
  @text('Code of the group.', 'mixed')
  category: string;

  @text('The group in words.', 'Mixed or multiple ethnic groups')
  label: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'integer', nullable: true },
    description: 'People in each population, from widest to narrowest; null where withheld.',
  })
  counts: (number | null)[];

  @listOf(ProgressBody, 'One for each step.')
  progress: ProgressBody[];

  @ApiProperty({
    enum: [...POPULATION_ORDER, null],
    nullable: true,
    description: 'The first step at which fewer of the group came on, by the population it leads to; null where none.',
    example: 'selected',
  })
  lostAt: Population | null;

  @text('What the group’s way says, and no more.', 'Mixed: from interested to selected, 25% came on, against 60% …')
  sentence: string;
}
Object.defineProperty(FunnelGroupBody, 'name', { value: 'FunnelGroup' });

/** How far each group of a unit came. */
export class FunnelBody implements Funnel {
  @of(ReleaseDay, 'The release.')
  release: ReleaseDay;

  @text('Key of the unit.', 'all')
  unit: string;

  @text('Name of the unit.', 'All organisations')
  unitName: string;

  @text('The characteristic.', 'ethnic-group')
  characteristic: string;

  @listOf(FunnelStepBody, 'The steps.')
  steps: FunnelStepBody[];

  @text('Why there are no steps; null where there are.', 'Of North West the release tells nothing but …', true)
  noStepsBecause: string | null;

  @listOf(FunnelGroupBody, 'The groups.')
  groups: FunnelGroupBody[];

  @sentences('What to mind.')
  notes: string[];
}
Object.defineProperty(FunnelBody, 'name', { value: 'Funnel' });

export class TrendBreakBody implements TrendBreak {
  @ApiProperty({
    enum: ['threshold', 'rounding', 'question', 'categories', 'unit', 'held', 'gap', 'organisations', 'form'],
    enumName: 'TrendBreakKind',
    description: 'What breaks the series.',
  })
  kind: TrendBreak['kind'];

  @text('In words.', 'Numbers below 8 are withheld; before, those below 10 were.')
  says: string;
}
Object.defineProperty(TrendBreakBody, 'name', { value: 'TrendBreak' });

/** From a day up to, and without, another. */
export class ReportPeriod {
  @ApiProperty({ type: 'string', format: 'date', description: 'First day.', example: '2026-07-01' })
  from: string;

  @ApiProperty({ type: 'string', format: 'date', description: 'First day after it.', example: '2026-10-01' })
  until: string;
}

export class TrendPointBody implements TrendPoint {
  @of(ReleaseName, 'The release.')
  release: ReleaseName;

  @ApiProperty({ type: 'string', format: 'date', description: 'The day the data were frozen.', example: '2026-10-05' })
  snapshotOn: string;

  @of(ReportPeriod, 'What the release is about.')
  period: ReportPeriod;

  @of(DerivedFigure, 'People, as published.')
  count: DerivedFigure;

  @of(DerivedFigure, 'Share among known answers, 0 to 1.')
  share: DerivedFigure;

  @listOf(TrendBreakBody, 'Why it cannot be set beside the point before; empty where it can.')
  breaks: TrendBreakBody[];

  @text('Why there is no share; null where there is one.', 'Fewer than 25 people gave an answer …', true)
  noShareBecause: string | null;
}
Object.defineProperty(TrendPointBody, 'name', { value: 'TrendPoint' });

/** A published figure over releases. */
export class TrendBody implements Trend {
  @text('Key of the unit.', 'all')
  unit: string;

  @text('Name of the unit.', 'All organisations')
  unitName: string;

  @population('Which contributors.')
  population: Population;

  @text('The characteristic.', 'ethnic-group')
  characteristic: string;

  @text('Code of the category; null for everybody.', 'asian', true)
  category: string | null;

  @text('Code of the ethnic group; null for everybody.', 'asian', true)
  hub: string | null;

  @text('The category in words.', 'Asian')
  label: string;

  @listOf(TrendPointBody, 'Oldest first.')
  points: TrendPointBody[];

  @sentences('What to mind.')
  notes: string[];
}
Object.defineProperty(TrendBody, 'name', { value: 'Trend' });
