import { createHash } from 'node:crypto';

/** 2025-01-01T00:00:00Z in milliseconds: the time that every fixed id carries. */
const FIXED_TIME = Date.UTC(2025, 0, 1).toString(16).padStart(12, '0');

/**
 * The id of a row that comes with the service: the same in every database, so that documents can name it. Shaped like
 * the UUIDv7s that the database makes (RFC 9562), with a fixed time and bits of a hash where those have chance.
 * @param table table without its schema: `organisation`
 * @param slug what tells the row from others of its table
 */
export function fixedId(table: string, slug: string): string {
  const hash = createHash('sha256').update(`${table}:${slug}`).digest('hex');
  const variant = ((parseInt(hash.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return [
    FIXED_TIME.slice(0, 8),
    FIXED_TIME.slice(8),
    `7${hash.slice(0, 3)}`,
    `${variant}${hash.slice(4, 7)}`,
    hash.slice(7, 19),
  ].join('-');
}
