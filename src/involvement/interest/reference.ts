/** Digits and capitals without I, L, O and U: nothing that is mistaken for another on paper or over the phone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BODY = 12;
const FORM = /^PPI-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/;

/**
 * A reference such as `PPI-7K3F-9QXM-2RTW0` from 60 bits of chance, given as 8 bytes of which the first four bits are not used.
 * Its last character checks the others: one wrong character is always noticed, and so are two neighbours that changed places.
 */
export function referenceOf(bytes: Buffer): string {
  const number = bytes.readBigUInt64BE(0);
  const digits = Array.from({ length: BODY }, (_, i) => Number((number >> BigInt(5 * (BODY - 1 - i))) & 31n));
  const text = [...digits, checkOf(digits)].map((digit) => ALPHABET[digit]).join('');
  return `PPI-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

/** The reference that somebody wrote or spoke, in its one form; null where it is none. Case, blanks and hyphens do not matter; O is 0, I and L are 1. */
export function readReference(written: string): string | null {
  const plain = written
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/^PPI/, '');
  const text = plain.replace(/O/g, '0').replace(/[IL]/g, '1');
  const digits = [...text].map((sign) => ALPHABET.indexOf(sign));
  if (digits.length !== BODY + 1 || digits.includes(-1)) return null;
  const check = digits.pop();
  if (check !== checkOf(digits)) return null;
  const reference = `PPI-${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
  return FORM.test(reference) ? reference : null;
}

/** Sum of the digits in the field of 32 elements, each times its own power of a generator: neighbours weigh differently. */
function checkOf(digits: readonly number[]): number {
  return digits.reduce((sum, digit) => double(sum ^ digit), 0);
}

/** Times the generator x in GF(2)[x] / (x^5 + x^2 + 1). */
const double = (value: number): number => ((value << 1) ^ (value & 16 ? 0b100101 : 0)) & 31;
