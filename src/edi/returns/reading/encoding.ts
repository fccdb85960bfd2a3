import { unreadable } from './fault';

/** How a text file was written. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface DecodedText {
  text: string;
  encoding: Encoding;
}

/** Bytes that windows-1252 leaves without a meaning. */
const UNDEFINED_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
const LOOKED_AT = 4096;

/**
 * Bytes of a text file as text. A byte order mark decides; without one, zero bytes at every second place mean UTF-16, what is sound
 * UTF-8 is that, and what is left is windows-1252 (as Excel saves "CSV" on Windows), unless it holds bytes that mean nothing there.
 * @throws 400 with what to do
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const marked = byMark(bytes);
  const encoding = marked ?? guessed(bytes);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(
      'wrong_encoding',
      `The file begins as ${encoding.toUpperCase()}, but some of its characters are not. Open it in the program it came from and save it as "CSV UTF-8".`,
    );
  }
  const nul = text.indexOf('\u0000');
  if (nul >= 0) {
    const row = text.slice(0, nul).split('\n').length;
    throw unreadable(
      'not_a_text_file',
      `Line ${row} holds a character that no text has. Send a CSV file in UTF-8, or an XLSX file with its own content type.`,
      row,
    );
  }
  return { text: text.normalize('NFC'), encoding };
}

function byMark(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

function guessed(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04)
    throw unreadable(
      'not_a_text_file',
      'This is a spreadsheet and not CSV. Send it with the content type application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.',
    );
  const zeros = [0, 0];
  const looked = Math.min(bytes.length, LOOKED_AT);
  for (let i = 0; i < looked; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > looked / 4 && even < odd / 8) return 'utf-16le';
  if (even > looked / 4 && odd < even / 8) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    if (bytes.some((byte) => UNDEFINED_IN_1252.has(byte)))
      throw unreadable(
        'wrong_encoding',
        'The characters of this file are in none of the encodings that are taken: UTF-8, UTF-16 and Windows-1252. Open it in the program it came from and save it as "CSV UTF-8".',
      );
    return 'windows-1252';
  }
}
