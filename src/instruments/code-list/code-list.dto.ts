import { ApiProperty } from '@nestjs/swagger';
import { InText, InWhole } from '../../kernel/http/query';

export class CodeListSummary {
  @ApiProperty({ description: 'Short name, the same over all versions.', example: 'ethnic-background' })
  key: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Version.', example: 1 })
  version: number;

  @ApiProperty({ description: 'Name, in plain English.' })
  name: string;

  @ApiProperty({ description: 'What it is for, and what is to be known about it.' })
  about: string;

  @ApiProperty({ description: 'Where it was read.' })
  source: string;

  @ApiProperty({ description: 'Whether somebody has checked it against its source.' })
  verified: boolean;
}

export class CodeListList {
  @ApiProperty({ type: CodeListSummary, isArray: true, description: 'Every version of every list.' })
  data: CodeListSummary[];
}

export class Code {
  @ApiProperty({ description: 'Code, stable within the list.', example: 'asian-indian' })
  code: string;

  @ApiProperty({ description: 'What people read, in English.', example: 'Indian' })
  label: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What people read, in Welsh; null where no sure translation is at hand.',
  })
  welshLabel: string | null;

  @ApiProperty({ description: 'Whether it says that the person prefers not to say.' })
  unknown: boolean;

  @ApiProperty({ description: 'Whether it cannot be chosen together with others, where several may be.' })
  alone: boolean;
}

export class CodeList extends CodeListSummary {
  @ApiProperty({ type: Code, isArray: true, description: 'Its codes, in their order.' })
  codes: Code[];
}

export class Mapping {
  @ApiProperty({ description: 'The code that is mapped.', example: 'black-british' })
  code: string;

  @ApiProperty({ description: 'The list that it is mapped to.', example: 'ethnic-background' })
  toList: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Version of that list.', example: 1 })
  toVersion: number;

  @ApiProperty({ type: 'string', nullable: true, description: 'What it is there; null where it cannot be mapped.' })
  toCode: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'What is to be known; why, where it cannot be mapped.',
  })
  note: string | null;

  @ApiProperty({ description: 'Who says so.' })
  source: string;

  @ApiProperty({ description: 'Whether somebody has checked it.' })
  verified: boolean;
}

export class MappingList {
  @ApiProperty({ type: Mapping, isArray: true, description: 'Every code with each list that it is mapped to.' })
  data: Mapping[];
}

export class CodeListQuery {
  @InWhole({ min: 1, max: 1_000_000 }, 'Version; the newest unless given.', { example: 1 })
  version?: number;
}

export class MappingQuery extends CodeListQuery {
  @InText(80, 'Only mappings to this list.', { example: 'ethnic-group' })
  to?: string;
}
