import { createHash, randomInt } from 'node:crypto';

/** Digits and capitals without those that are easily taken for others (I, L, O, U, 0 and 1). */
const SIGNS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

/** A new code: twelve signs of thirty, so nearly 59 bits, in groups of four. */
export function newCode(): string {
  const signs = Array.from({ length: LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');
  return (signs.match(/.{4}/g) ?? []).join('-');
}

/** What is kept of a code. How it is typed, in capitals or with hyphens, makes no difference. */
export const codeHash = (code: string): Buffer =>
  createHash('sha256').update(code.toUpperCase().replace(/[\s-]/g, '')).digest();
