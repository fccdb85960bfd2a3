import { InChoice, InText } from '../../kernel/http/query';
import type { Population } from '../release/published';
import { POPULATION_ORDER } from './figures';

const KEY = /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/;
const key = (max: number, description: string, example: string, more: { required?: boolean; default?: string } = {}) =>
  InText(max, description, {
    example,
    pattern: KEY,
    patternSays: 'Write the key as the dictionary gives it.',
    ...more,
  });

/** Which unit. */
class OfUnit {
  @key(120, 'Key of the unit: all, a group, or an organisation’s slug.', 'all', { default: 'all' })
  unit: string = 'all';
}

class OfPopulation extends OfUnit {
  @InChoice(POPULATION_ORDER, 'Which contributors.', { default: 'registered' })
  population: Population = 'registered';
}

/** Which contributors to compare with which population. */
export class RepresentationQuery extends OfPopulation {
  @key(80, 'The characteristic.', 'ethnic-group', { required: true })
  characteristic: string;

  @InText(
    9,
    'GSS code of the area to compare with. Left out: the area of the unit, or England where it stands for none.',
    {
      example: 'E92000001',
      pattern: /^[EWSNK]\d{8}$/,
      patternSays: 'Write a GSS code, such as E92000001.',
    },
  )
  area?: string;

  @key(
    80,
    'Key of the source of the population figures. Left out: of people aged 16 and over, then the newest.',
    'census-2021-ts021',
  )
  source?: string;
}

/** Whose way to follow. */
export class FunnelQuery extends OfUnit {
  @key(80, 'The characteristic that groups are told apart by.', 'ethnic-group', { default: 'ethnic-group' })
  characteristic: string = 'ethnic-group';
}

/** Which figure to follow over releases. */
export class TrendQuery extends OfPopulation {
  @key(80, 'The characteristic.', 'sex', { required: true })
  characteristic: string;

  @key(80, 'The category. Left out: everybody.', 'female')
  category?: string;

  @key(80, 'The ethnic group, where a two-way table tells it. Left out: everybody.', 'asian')
  ethnicGroup?: string;
}
