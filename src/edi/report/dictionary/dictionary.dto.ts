import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Population } from '../../release/published';
import { POPULATION_ORDER } from '../figures';
import { ReleaseName } from '../report.dto';
import type { FormulaEntry } from './formulas';

const text = (description: string, example: string) => ApiProperty({ type: 'string', description, example });
const listOf = (type: Type, description: string) => ApiProperty({ type, isArray: true, description });

/** A code and what it means. */
export class DictionaryCode {
  @text('The code.', 'c')
  code: string;

  @text('In short.', '[c]')
  label: string;

  @text('What it means.', 'Confidential: the number is small, or would tell another that is.')
  means: string;
}

export class DictionaryColumn {
  @text('Its name in the files.', 'value')
  name: string;

  @text('Its title.', 'People')
  title: string;

  @text('What stands in it.', 'People, rounded.')
  means: string;

  @ApiProperty({ enum: ['integer', 'string', 'date'], description: 'Its type.', example: 'integer' })
  type: 'integer' | 'string' | 'date';

  @ApiProperty({ type: 'boolean', description: 'Whether it may be empty.', example: true })
  optional: boolean;
}

export class DictionaryFormula implements FormulaEntry {
  @text('Its key.', 'ratio')
  key: string;

  @text('Its name.', 'Representation ratio')
  name: string;

  @text('What it says and by what rules.', 'Share by the share in the population.')
  means: string;

  @text('How it is worked out.', 'p / q')
  formula: string;

  @text('An example, worked out by the service.', '0.887')
  example: string;
}

export class DictionaryCategory {
  @text('Its code.', 'asian')
  code: string;

  @text('In words.', 'Asian, Asian British or Asian Welsh')
  label: string;

  @ApiProperty({ type: 'boolean', description: 'Whether it says that the answer is not known: outside percentages.' })
  unknown: boolean;

  @ApiProperty({
    type: 'string',
    required: false,
    description: 'In ethnic background: the category of ethnic group that it lies in. No other characteristic has it.',
    example: 'asian',
  })
  within?: string;
}

export class DictionaryCharacteristic {
  @text('Its key.', 'ethnic-group')
  key: string;

  @text('Its name.', 'Ethnic group')
  label: string;

  @text('The question as people were asked it.', 'What is your ethnic group?')
  question: string;

  @ApiProperty({ type: [String], required: false, description: 'The questions one by one, where there were several.' })
  questions?: string[];

  @ApiProperty({ type: 'integer', description: 'Numbers from 1 to below this are withheld.', example: 8 })
  threshold: number;

  @listOf(DictionaryCategory, 'The answers in their order.')
  categories: DictionaryCategory[];
}

export class DictionaryTable {
  @text('Its key, the same in every release.', 'all-registered-ethnic-group')
  key: string;

  @text('Its title.', 'Registered contributors by ethnic group')
  title: string;

  @ApiProperty({ enum: ['all', 'group', 'organisation'], description: 'Level of its units.', example: 'all' })
  level: 'all' | 'group' | 'organisation';

  @ApiProperty({ enum: POPULATION_ORDER, enumName: 'DiversityPopulation', description: 'Whom it counts.' })
  population: Population;

  @text('Its characteristic.', 'ethnic-group')
  characteristic: string;

  @ApiProperty({ type: 'boolean', description: 'Whether ethnic group is crossed with it.', example: false })
  byEthnicGroup: boolean;
}

/** Everything that a data team needs to read the files without asking anybody. */
export class DiversityDictionary {
  @ApiProperty({
    type: ReleaseName,
    nullable: true,
    description: 'The newest release, whose characteristics and tables these are; null before the first.',
  })
  release: ReleaseName | null;

  @listOf(DictionaryColumn, 'Columns of all.csv and of each table’s CSV, in their order. They never change.')
  columns: DictionaryColumn[];

  @listOf(DictionaryCode, 'Statuses of figures.')
  statuses: DictionaryCode[];

  @listOf(DictionaryCode, 'Populations from widest to narrowest; each holds those after it.')
  populations: DictionaryCode[];

  @listOf(DictionaryCode, 'Formats of a table, for format= or Accept.')
  formats: DictionaryCode[];

  @listOf(DictionaryFormula, 'What reports work out from published counts.')
  formulas: DictionaryFormula[];

  @listOf(DictionaryCharacteristic, 'Characteristics with their questions and answers.')
  characteristics: DictionaryCharacteristic[];

  @listOf(DictionaryTable, 'The tables.')
  tables: DictionaryTable[];
}
