import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { BadInput } from '../errors/problem';
import { Config, CONFIG } from '../config';
import type { Bind } from '../db/sql';
import { InText, InWhole } from './query';

/** The two parameters of every list. */
export class PageQuery {
  @InWhole({ min: 1, max: 100 }, 'How many to answer at most.', { default: 20 })
  limit: number = 20;

  @InText(1000, 'Where to go on: the nextCursor of the page before. Leave it out for the first page.')
  cursor?: string;
}

export interface PageMeta {
  limit: number;
  nextCursor: string | null;
}

export interface Page<T> {
  data: T[];
  meta: PageMeta;
}

class PageMetaBody implements PageMeta {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, description: 'The limit that was used.' })
  limit: number;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Send it as cursor to get the next page; null on the last page.',
  })
  nextCursor: string | null;
}
Object.defineProperty(PageMetaBody, 'name', { value: 'PageMeta' });

/** The response class of a list of `Item`. Give it a name with `class ThingPage extends PageOf(Thing) {}`. */
export function PageOf<T>(Item: Type<T>): Type<Page<T>> {
  class Body implements Page<T> {
    @ApiProperty({ type: Item, isArray: true, description: 'The records of this page.' })
    data: T[];

    @ApiProperty({ type: PageMetaBody })
    meta: PageMetaBody;
  }
  return Body;
}

/** One key that a list is sorted by. `sql` is ours, never a caller's text. */
export interface SortKey {
  sql: string;
  direction: 'asc' | 'desc';
  /** Postgres type that the cursor's value is compared as. */
  type: 'uuid' | 'timestamptz' | 'date' | 'text' | 'integer' | 'bigint' | 'double precision' | 'real';
}

/**
 * Keyset paging: a page begins after the last row of the one before, so page 1,000 costs what page 1 costs.
 * Cursors are signed and name the sort they were made for; one that was altered, or belongs to another list, is refused.
 */
@Injectable()
export class Cursors {
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    this.key = createHmac('sha256', config.serviceSecret).update('cursor').digest();
  }

  /** The cursor after a row with these sort values (as texts of the database). `list` names the list and its sort. */
  after(list: string, values: readonly string[]): string {
    const body = Buffer.from(JSON.stringify([list, ...values])).toString('base64url');
    return `${body}.${this.sign(body)}`;
  }

  /** The sort values that a cursor holds. */
  read(list: string, cursor: string): string[] {
    const [body = '', signature = ''] = cursor.split('.');
    const good = Buffer.from(this.sign(body));
    const given = Buffer.from(signature);
    if (good.length !== given.length || !timingSafeEqual(good, given)) throw badCursor();
    const [from, ...values] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as string[];
    if (from !== list) throw badCursor();
    return values;
  }

  /**
   * One page of rows. `ask` runs the query with the condition and order given and answers at most `limit + 1` rows, each with a
   * `key` of its sort values as texts (see `keyColumns`).
   */
  async page<R extends { sort_key: string[] }, T>(
    query: PageQuery,
    list: string,
    sort: readonly SortKey[],
    ask: (after: (bind: Bind) => string, order: string, limit: number) => Promise<R[]>,
    shape: (row: R) => T,
  ): Promise<Page<T>> {
    const values = query.cursor === undefined ? undefined : this.read(list, query.cursor);
    const rows = await ask((bind) => (values ? beyond(sort, values, bind) : 'TRUE'), orderBy(sort), query.limit + 1);
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > query.limit && last ? this.after(list, last.sort_key) : null;
    return { data: shown.map(shape), meta: { limit: query.limit, nextCursor } };
  }

  private sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url').slice(0, 22);
  }
}

const badCursor = (): BadInput =>
  new BadInput([
    {
      in: 'query',
      at: 'cursor',
      code: 'bad_cursor',
      message: 'This cursor is not one that this list gave. Start again without a cursor.',
    },
  ]);

/** The sort values of a row as texts, exact to the microsecond: selected as `sort_key` beside the row. */
export const keyColumns = (sort: readonly SortKey[]): string =>
  `ARRAY[${sort.map((k) => `(${k.sql})::text`).join(', ')}] AS sort_key`;

export const orderBy = (sort: readonly SortKey[]): string => sort.map((k) => `${k.sql} ${k.direction}`).join(', ');

/** The condition that a row comes after the given sort values. One row comparison where all directions agree, so an index serves it. */
export function beyond(sort: readonly SortKey[], values: readonly string[], bind: Bind): string {
  if (values.length !== sort.length) throw badCursor();
  const places = sort.map((k, i) => `${bind(values[i])}::${k.type}`);
  const [first] = sort;
  if (sort.every((k) => k.direction === first?.direction))
    return `(${sort.map((k) => k.sql).join(', ')}) ${first?.direction === 'asc' ? '>' : '<'} (${places.join(', ')})`;
  const ways = sort.map((k, i) =>
    [
      ...sort.slice(0, i).map((e, j) => `${e.sql} = ${places[j]}`),
      `${k.sql} ${k.direction === 'asc' ? '>' : '<'} ${places[i]}`,
    ].join(' AND '),
  );
  return `(${ways.map((w) => `(${w})`).join(' OR ')})`;
}

/** Newest first: ids hold the time they were made. */
export const NEWEST: readonly SortKey[] = [{ sql: 'r.id', direction: 'desc', type: 'uuid' }];
