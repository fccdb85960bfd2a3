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
  @ApiProperty({ type: String, example: 'all.csv', description: 'Name of the file.' })
  name: string;

  @ApiProperty({ type: String, example: 'text/csv; charset=utf-8', description: 'Its media type.' })
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

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of the release.' })
  number: number;

  @ApiProperty({ type: [FileEntry], description: 'Every file, made once. Its bytes never change.' })
  files: FileEntry[];
}

class DraftFigure implements PublishedFigure {
  @ApiProperty({ type: String, description: 'Key of the unit.' })
  unit: string;

  @ApiProperty({ type: String, nullable: true, description: 'Ethnic group; null for everybody.' })
  hub: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Category of the characteristic; null for everybody.' })
  category: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'People, rounded; null where withheld or not available.',
  })
  value: number | null;

  @ApiProperty({
    enum: ['', 'c', 'u', 'x', 'z', 'r'],
    enumName: 'FigureStatus',
    description: 'Empty, or c confidential, u low reliability, x not available, z does not apply, r revised.',
  })
  status: FigureStatus;
}

class DraftTable implements PublishedTable {
  @ApiProperty({ type: String, description: 'Key, the same in every release.' })
  key: string;

  @ApiProperty({ type: String, description: 'Title.' })
  title: string;

  @ApiProperty({ ...LEVEL, description: 'Level of its units.' })
  level: PublishedTable['level'];

  @ApiProperty({ ...POPULATION, description: 'Who is counted.' })
  population: Population;

  @ApiProperty({ type: String, description: 'By which characteristic.' })
  characteristic: string;

  @ApiProperty({ type: Boolean, description: 'Whether ethnic group is crossed with it.' })
  byHub: boolean;

  @ApiProperty({ type: [DraftFigure], description: 'Its figures.' })
  figures: DraftFigure[];

  @ApiProperty({ type: [String], description: 'What a reader of it must know.' })
  notes: string[];
}

class DraftCategory implements PublishedCategory {
  @ApiProperty({ type: String, description: 'Code.' })
  code: string;

  @ApiProperty({ type: String, description: 'Name.' })
  label: string;

  @ApiProperty({
    type: Boolean,
    description: 'Whether it says that the answer is not known; such people are outside percentages.',
  })
  unknown: boolean;

  @ApiProperty({
    type: String,
    required: false,
    description: 'In ethnic background: the category of ethnic group that it lies in. No other characteristic has it.',
  })
  within?: string;
}

class DraftCharacteristic implements PublishedCharacteristic {
  @ApiProperty({ type: String, description: 'Key.' })
  key: string;

  @ApiProperty({ type: String, description: 'Name.' })
  label: string;

  @ApiProperty({ type: String, description: 'The question as people were asked it.' })
  question: string;

  @ApiProperty({ type: [String], required: false, description: 'The questions one by one, where there were several.' })
  questions?: string[];

  @ApiProperty({ type: [DraftCategory], description: 'The answers that are counted.' })
  categories: DraftCategory[];
}

class DraftUnit implements PublishedUnit {
  @ApiProperty({ type: String, description: "Key: all, a group's key, or the organisation's slug." })
  key: string;

  @ApiProperty({ ...LEVEL, description: 'Level of the unit.' })
  level: PublishedUnit['level'];

  @ApiProperty({ type: String, description: 'Name.' })
  name: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'GSS code of the area that it stands for; null where it stands for none.',
  })
  areaCode: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Key of the unit that it belongs to; null for all.' })
  parent: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The organisation, for units of that level.',
  })
  organisationId: string | null;

  @ApiProperty({ type: Boolean, description: 'Whether these are the counts of an earlier release.' })
  held: boolean;

  @ApiProperty({
    enum: ['records', 'anonymous', 'counts'],
    enumName: 'ReleasedForm',
    required: false,
    description: 'In which form the people of an organisation came: with pseudonyms, as rows without, or as counts.',
  })
  form?: PublishedUnit['form'];
}

class DraftPeriod {
  @ApiProperty({ type: String, format: 'date', description: 'First day.' })
  from: string;

  @ApiProperty({ type: String, format: 'date', description: 'The day after the last day.' })
  until: string;
}

/** A release as it would be published. */
export class DraftRelease implements PublishedRelease {
  @ApiProperty({ type: String, format: 'uuid', description: 'The release.' })
  id: string;

  @ApiProperty({ type: 'integer', description: 'The number that it would get.' })
  number: number;

  @ApiProperty({ type: String, description: 'Title.' })
  title: string;

  @ApiProperty({ type: DraftPeriod, description: 'What it is about.' })
  period: DraftPeriod;

  @ApiProperty({ type: String, format: 'date', description: 'The day on which the data were frozen.' })
  snapshotOn: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Number of the release before; null for the first.' })
  previousNumber: number | null;

  @ApiProperty({ type: 'integer', description: 'Counts from 1 to below this are withheld.' })
  threshold: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'Characteristics with a threshold of their own.',
  })
  thresholds: Record<string, number>;

  @ApiProperty({
    type: 'integer',
    description: 'Other counts are rounded to the nearest multiple of this, each on its own.',
  })
  base: number;

  @ApiProperty({ type: [DraftCharacteristic], description: 'The questions, and the answers that are counted.' })
  characteristics: DraftCharacteristic[];

  @ApiProperty({ type: [DraftUnit], description: 'Who is counted.' })
  units: DraftUnit[];

  @ApiProperty({ type: [DraftTable], description: 'All tables.' })
  tables: DraftTable[];

  @ApiProperty({ type: [String], description: 'What a reader must know.' })
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
