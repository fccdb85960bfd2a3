import { posix } from 'node:path';
import { quoted, unreadable } from '../fault';
import { attributes, textsOf } from './xml';
import { textOf, ZipEntry } from './zip';

const MiB = 1024 * 1024;
const MOST_OF_A_PART = 8 * MiB;
const MOST_OF_STRINGS = 96 * MiB;
/** The sheet that templates of ours have for the answers. */
export const RETURN_SHEET = 'Return';

/** Most sheets that are looked into for the return. */
const MOST_SHEETS = 30;

/** A sheet that can be seen. */
export interface Sheet {
  name: string;
  entry: ZipEntry;
}

/** What is needed of a workbook to read one of its sheets. */
export interface Workbook {
  /** Sheets that may be the return: the one that is named so alone, else those that can be seen. At least one. */
  sheets: readonly [Sheet, ...Sheet[]];
  /** How many sheets can be seen. */
  visible: number;
  /** Texts that cells refer to by number. */
  strings: readonly string[];
  /** Whether a cell of this style shows its number as a date. */
  isDate: (style: number) => boolean;
  /** Whether days are counted from 1904 and not from 1900. */
  from1904: boolean;
  notes: string[];
}

/** Opens a workbook: which sheet holds the return, and what its cells refer to. */
export async function openWorkbook(entries: ReadonlyMap<string, ZipEntry>): Promise<Workbook> {
  const main = await textOf(entries.get('xl/workbook.xml'), MOST_OF_A_PART);
  if (main === '')
    throw unreadable('not_a_workbook', 'This is not an XLSX workbook. Save it again as "Excel workbook (.xlsx)".');
  const targets = await relations(entries);
  const sheets = [...main.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].map(([tag]) => attributes(tag));
  const visible = sheets.filter((sheet) => sheet.state === undefined || sheet.state === 'visible');
  const named = visible.find(({ name }) => isReturn(name));
  const [first, ...others] = (named ? [named] : visible.slice(0, MOST_SHEETS)).flatMap(({ name = '', id = '' }) => {
    const entry = entries.get(targets.get(id) ?? '');
    return entry ? [{ name, entry }] : [];
  });
  if (!first) throw unreadable('no_sheet', 'The workbook has no visible sheet. Show the sheet with the return.');
  return {
    sheets: [first, ...others],
    visible: visible.length,
    strings: await sharedStrings(entries.get(targets.get('strings') ?? 'xl/sharedStrings.xml')),
    isDate: dateStyles(await textOf(entries.get(targets.get('styles') ?? 'xl/styles.xml'), MOST_OF_A_PART)),
    from1904: /<(?:\w+:)?workbookPr[^>]*\bdate1904="(?:1|true)"/.test(main),
    notes: hiddenNotes(sheets, visible),
  };
}

type Tag = Record<string, string>;

/** Whether a sheet is named as the one with the return. */
export const isReturn = (name = ''): boolean => name.trim().toLowerCase() === RETURN_SHEET.toLowerCase();

function hiddenNotes(sheets: readonly Tag[], visible: readonly Tag[]): string[] {
  const hidden = sheets.filter((sheet) => !visible.includes(sheet)).map((sheet) => quoted(sheet.name ?? ''));
  return hidden.length > 0
    ? [`Hidden sheets were not read: ${hidden.slice(0, 10).join(', ')}. Delete them if they name people.`]
    : [];
}

/** Paths of the workbook's parts by the id of their relation; `strings` and `styles` by what they are. */
async function relations(entries: ReadonlyMap<string, ZipEntry>): Promise<Map<string, string>> {
  const xml = await textOf(entries.get('xl/_rels/workbook.xml.rels'), MOST_OF_A_PART);
  const targets = new Map<string, string>();
  for (const [tag] of xml.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)) {
    const { Id = '', Target = '', Type = '', TargetMode } = attributes(tag);
    if (TargetMode === 'External') continue;
    const path = Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target);
    targets.set(Id, path);
    if (Type.endsWith('/sharedStrings')) targets.set('strings', path);
    if (Type.endsWith('/styles')) targets.set('styles', path);
  }
  return targets;
}

async function sharedStrings(entry: ZipEntry | undefined): Promise<string[]> {
  const xml = await textOf(entry, MOST_OF_STRINGS);
  return [...xml.matchAll(/<(?:\w+:)?si(?:\s[^>]*)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?si>)/g)].map(([, inner]) =>
    textsOf(inner ?? ''),
  );
}

const isBuiltInDate = (format: number): boolean =>
  (format >= 14 && format <= 22) ||
  (format >= 27 && format <= 36) ||
  (format >= 45 && format <= 47) ||
  (format >= 50 && format <= 58);

function dateStyles(xml: string): (style: number) => boolean {
  const dates = new Set<number>();
  for (const [tag] of xml.matchAll(/<(?:\w+:)?numFmt\s[^>]*>/g)) {
    const { numFmtId, formatCode = '' } = attributes(tag);
    if (/[dmy]/i.test(formatCode.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''))) dates.add(Number(numFmtId));
  }
  const cells = /<(?:\w+:)?cellXfs[^>]*>([\s\S]*?)<\/(?:\w+:)?cellXfs>/.exec(xml)?.[1] ?? '';
  const formats = [...cells.matchAll(/<(?:\w+:)?xf\s[^>]*>/g)].map(([tag]) => Number(attributes(tag).numFmtId ?? 0));
  return (style) => {
    const format = formats[style] ?? 0;
    return isBuiltInDate(format) || dates.has(format);
  };
}
