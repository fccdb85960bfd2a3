import { ApiProperty } from '@nestjs/swagger';
import { Type } from '@nestjs/common';

const text = (description: string, example: string, nullable = false) =>
  ApiProperty({ type: 'string', description, example, nullable });
const verified = ApiProperty({
  type: 'boolean',
  description: 'Whether somebody checked the row against its source.',
  example: true,
});
const source = text('Where the row was read.', 'ONS code list (GSS codes)');

/** A nation of the UK or a region of England. */
export class Region {
  @text('GSS code.', 'E12000003')
  code: string;

  @text('Name in English.', 'Yorkshire and The Humber')
  name: string;

  @text('Name in Welsh, where it has one of its own.', 'Cymru', true)
  welshName: string | null;

  @ApiProperty({
    enum: ['nation', 'english-region'],
    description: 'Nation, or region of England.',
    example: 'english-region',
  })
  kind: 'nation' | 'english-region';

  @text('GSS code of the nation that it belongs to; its own for a nation.', 'E92000001')
  nationCode: string;

  @source
  source: string;

  @verified
  verified: boolean;
}

/** A health category. */
export class HealthCategory {
  @text('Short name for filters.', 'musculoskeletal')
  slug: string;

  @text('Name.', 'Musculoskeletal')
  name: string;

  @text('What belongs to it, in plain English.', 'Bones, joints and muscles, arthritis and osteoporosis.')
  description: string;

  @source
  source: string;

  @verified
  verified: boolean;
}

/** A language. */
export class Language {
  @text('BCP 47 tag.', 'cy')
  code: string;

  @text('Name in English.', 'Welsh')
  name: string;

  @text("The language's name in itself.", 'Cymraeg')
  ownName: string;

  @source
  source: string;

  @verified
  verified: boolean;
}

/** The response class of a list that is answered whole. */
function ListOf<T>(Item: Type<T>): Type<{ data: T[] }> {
  class Body {
    @ApiProperty({ type: Item, isArray: true, description: 'All of them.' })
    data: T[];
  }
  return Body;
}

export class RegionList extends ListOf(Region) {}
export class HealthCategoryList extends ListOf(HealthCategory) {}
export class LanguageList extends ListOf(Language) {}
