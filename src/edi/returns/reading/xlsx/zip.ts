import { createInflateRaw } from 'node:zlib';
import { unreadable } from '../fault';

/** One file of an archive. */
export interface ZipEntry {
  name: string;
  method: number;
  compressed: Buffer;
  /** Bytes that it says it unpacks to. Not trusted: `unpack` counts. */
  size: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MOST_ENTRIES = 1_000;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

const notAWorkbook = (why: string) =>
  unreadable(
    'not_a_workbook',
    `This is not an XLSX workbook: ${why}. Save it again as "Excel workbook (.xlsx)", without a password.`,
  );

/** The files of a ZIP archive by name. Nothing is unpacked yet. @throws 400 where it is no sound archive */
export function zipEntries(bytes: Buffer): Map<string, ZipEntry> {
  if (bytes.length > 8 && bytes.readUInt32BE(0) === 0xd0cf11e0)
    throw notAWorkbook('it is protected by a password, or in the old .xls format');
  const end = endOfDirectory(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw notAWorkbook('it holds too many parts');
  const entries = new Map<string, ZipEntry>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) throw notAWorkbook('its list of parts is broken');
    if (bytes.readUInt16LE(at + 8) & ENCRYPTED) throw notAWorkbook('it is protected by a password');
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    if (entries.has(name)) throw notAWorkbook('it holds two parts of one name');
    entries.set(name, {
      name,
      method: bytes.readUInt16LE(at + 10),
      size: bytes.readUInt32LE(at + 24),
      compressed: contentAt(bytes, bytes.readUInt32LE(at + 42), bytes.readUInt32LE(at + 20)),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function endOfDirectory(bytes: Buffer): number {
  const least = Math.max(0, bytes.length - 22 - 0xffff);
  for (let at = bytes.length - 22; at >= least; at--) if (bytes.readUInt32LE(at) === END) return at;
  throw notAWorkbook('it does not end as such a file does');
}

function contentAt(bytes: Buffer, at: number, length: number): Buffer {
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL) throw notAWorkbook('a part of it is missing');
  const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  if (from + length > bytes.length) throw notAWorkbook('it is cut short');
  return bytes.subarray(from, from + length);
}

/**
 * The bytes of an entry, piece by piece. Refused where it says, or turns out, to be longer than `most`: a small archive can unpack to
 * more than the memory holds.
 */
export async function* unpack(entry: ZipEntry, most: number): AsyncGenerator<Buffer> {
  const tooLarge = unreadable(
    'workbook_too_large',
    'A part of this workbook unpacks to more than is taken. Copy the table as values into a new workbook, without pictures and formats, or send it as CSV.',
  );
  if (entry.size > most) throw tooLarge;
  if (entry.method === STORED) {
    if (entry.compressed.length > most) throw tooLarge;
    yield entry.compressed;
    return;
  }
  if (entry.method !== DEFLATED) throw notAWorkbook('a part of it is packed in an unknown way');
  const inflate = createInflateRaw();
  inflate.end(entry.compressed);
  let seen = 0;
  try {
    for await (const chunk of inflate) {
      seen += (chunk as Buffer).length;
      if (seen > most) throw tooLarge;
      yield chunk as Buffer;
    }
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('Z_')) throw notAWorkbook('a part of it is damaged');
    throw error;
  } finally {
    inflate.destroy();
  }
}

/** The whole of a small entry as text. */
export async function textOf(entry: ZipEntry | undefined, most: number): Promise<string> {
  if (!entry) return '';
  const pieces: Buffer[] = [];
  for await (const piece of unpack(entry, most)) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw notAWorkbook('it defines its own markup');
  return text;
}
