/** Why a text cannot be taken, as a code for programs and a sentence for people. */
export interface TextFault {
  code: 'nul_character' | 'lone_surrogate';
  message: string;
}

const NUL = '\u0000';
const LONE_SURROGATE = /\p{Surrogate}/u;
const BEYOND_ASCII = /[^ -~]/;

/** What PostgreSQL or a JSON reader could not hold: U+0000 and halves of surrogate pairs. */
export function textFault(text: string): TextFault | undefined {
  if (!BEYOND_ASCII.test(text)) return undefined;
  if (text.includes(NUL))
    return {
      code: 'nul_character',
      message: 'This text holds a character that cannot be stored. Type it again without it.',
    };
  if (LONE_SURROGATE.test(text)) {
    return {
      code: 'lone_surrogate',
      message: 'This text holds a broken character. Type it again without it.',
    };
  }
  return undefined;
}

/** The text in Unicode normalisation form C, so that what looks the same compares the same. */
export const normal = (text: string): string => (BEYOND_ASCII.test(text) ? text.normalize('NFC') : text);
