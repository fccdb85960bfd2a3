import { ApiProperty } from '@nestjs/swagger';
import type {
  FigureStatus,
  Population,
  PublishedCategory,
  PublishedCharacteristic,
  PublishedFigure,
  PublishedRelease,
  PublishedTable,
  PublishedUnit,
} from './published';

const POPULATION = { enum: ['registered', 'interested', 'selected', 'took-part'], enumName: 'ReleasePopulation' };
const LEVEL = { enum: ['all', 'group', 'organisation'], enumName: 'ReleaseLevel' };

/** A table, without its figures. */
export class TableSummary {
  @ApiProperty({ type: String, description: 'Key, the same in every release.', example: 'all-registered-age' })
  key: string;

  @ApiProperty({ type: String, example: 'Registered contributors by age, all organisations' })
  title: string;

  @ApiProperty({ ...LEVEL, description: 'Level of its units.' })
  level: PublishedTable['level'];

  @ApiProperty({ ...POPULATION, description: 'Who is counted.' })
  population: Population;

  @ApiProperty({ type: String, description: 'By which characteristic.', example: 'age' })
  characteristic: string;

  @ApiProperty({ type: Boolean, description: 'Whether ethnic group is crossed with it.' })
  byHub: boolean;

  @ApiProperty({ type: 'integer', description: 'How many figures it has.' })
  figures: number;

  @ApiProperty({ type: [String], description: 'What a reader of it must know.' })
  notes: string[];
}

export class TableList {
  @ApiProperty({ type: [TableSummary], description: 'Every table of the release. There are no others.' })
  data: TableSummary[];
}

/** A file of a release. */
export class FileEntry {
  @ApiProperty({ type: String, example: 'all.csv' })
  name: string;

  @ApiProperty({ type: String, example: 'text/csv; charset=utf-8' })
  mediaType: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Bytes.' })
  size: number;

  @ApiProperty({ type: String, description: 'SHA-256 of the bytes, in hexadecimal.' })
  sha256: string;

  @ApiProperty({ type: String, description: 'Where it is.', example: '/v1/diversity/releases/latest/all.csv' })
  href: string;
}

export class Manifest {
  @ApiProperty({ type: String, format: 'uuid', description: 'The release.' })
  release: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  number: number;

  @ApiProperty({ type: [FileEntry], description: 'Every file, made once. Its bytes never change.' })
  files: FileEntry[];
}

class DraftFigure implements PublishedFigure {
  @ApiProperty({ type: String })
  unit: string;

  @ApiProperty({ type: String, nullable: true })
  hub: string | null;

  @ApiProperty({ type: String, nullable: true })
  category: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  value: number | null;

  @ApiProperty({ enum: ['', 'c', 'u', 'x', 'z', 'r'], enumName: 'FigureStatus' })
  status: FigureStatus;
}

class DraftTable implements PublishedTable {
  @ApiProperty({ type: String })
  key: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty(LEVEL)
  level: PublishedTable['level'];

  @ApiProperty(POPULATION)
  population: Population;

  @ApiProperty({ type: String })
  characteristic: string;

  @ApiProperty({ type: Boolean })
  byHub: boolean;

  @ApiProperty({ type: [DraftFigure] })
  figures: DraftFigure[];

  @ApiProperty({ type: [String] })
  notes: string[];
}

class DraftCategory implements PublishedCategory {
  @ApiProperty({ type: String })
  code: string;

  @ApiProperty({ type: String })
  label: string;

  @ApiProperty({ type: Boolean })
  unknown: boolean;
}

class DraftCharacteristic implements PublishedCharacteristic {
  @ApiProperty({ type: String })
  key: string;

  @ApiProperty({ type: String })
  label: string;

  @ApiProperty({ type: String })
  question: string;

  @ApiProperty({ type: [DraftCategory] })
  categories: DraftCategory[];
}

class DraftUnit implements PublishedUnit {
  @ApiProperty({ type: String })
  key: string;

  @ApiProperty(LEVEL)
  level: PublishedUnit['level'];

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, nullable: true })
  areaCode: string | null;

  @ApiProperty({ type: String, nullable: true })
  parent: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  organisationId: string | null;

  @ApiProperty({ type: Boolean, description: 'Whether these are the counts of an earlier release.' })
  held: boolean;
}

class DraftPeriod {
  @ApiProperty({ type: String, format: 'date' })
  from: string;

  @ApiProperty({ type: String, format: 'date' })
  until: string;
}

/** A release as it would be published. */
export class DraftRelease implements PublishedRelease {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'The number that it would get.' })
  number: number;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: DraftPeriod })
  period: DraftPeriod;

  @ApiProperty({ type: String, format: 'date' })
  snapshotOn: string;

  @ApiProperty({ type: 'integer', nullable: true })
  previousNumber: number | null;

  @ApiProperty({ type: 'integer' })
  threshold: number;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  thresholds: Record<string, number>;

  @ApiProperty({ type: 'integer' })
  base: number;

  @ApiProperty({ type: [DraftCharacteristic] })
  characteristics: DraftCharacteristic[];

  @ApiProperty({ type: [DraftUnit] })
  units: DraftUnit[];

  @ApiProperty({ type: [DraftTable] })
  tables: DraftTable[];

  @ApiProperty({ type: [String] })
  notes: string[];
}

/** One table as its stored file has it. */
export class TableBody {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The release that it belongs to.' })
  release: object;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Key, title, population and categories.' })
  table: object;

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'Ethnic groups of its rows; none in a one-way table.',
  })
  ethnicGroups: object[];

  @ApiProperty({ type: 'array', items: { type: 'object' }, description: 'Its units.' })
  units: object[];

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'What each status means.' })
  statuses: object;

  @ApiProperty({
    type: 'array',
    items: { type: 'object' },
    description: 'Its figures: unit, ethnic group, category, value, status, share among known answers.',
  })
  figures: object[];
}
