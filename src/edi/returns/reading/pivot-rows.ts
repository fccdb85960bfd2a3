import { canBeEqual, Range, readCount, shownRange, sumOf } from './count-cell';
import type { ReadCount } from './count-table';
import { cellAddress, columnNamed, Faults, quoted } from './fault';
import type { GridRow } from './grid';
import { MAPPING_CALL, nearHeadings } from './headings';
import type { PivotSetting, PivotTable } from './pivot';
import { characteristicNamed, codeNamed, TOTAL_WORDS, unknownCode } from './tidy';
import { NOT_KNOWN, plain, PREFER_NOT_TO_SAY } from './vocabulary';

const GROUP = 'ethnic-group';
const BACKGROUND = 'ethnic-background';

/** One line of numbers: what it is about, and its numbers by column. */
interface Line {
  row: number;
  label: string;
  /** The column of the label. */
  at: number;
  numbers: Map<number, Range>;
}

/** The lines of one question in a table, up to its total. */
interface Block {
  characteristic: string | undefined;
  lines: Line[];
  total: Line | undefined;
}

/** Reads the lines of one pivot table. */
export class PivotRows {
  constructor(
    private readonly table: PivotTable,
    private readonly setting: PivotSetting,
    private readonly notes: string[],
    private readonly faults: Faults,
  ) {}

  read(): ReadCount[] {
    return this.blocks().flatMap((block) => this.block(block));
  }

  private blocks(): Block[] {
    const blocks: Block[] = [];
    let block: Block = { characteristic: this.table.named, lines: [], total: undefined };
    const close = (next: string | undefined): void => {
      if (block.lines.length > 0 || block.total) blocks.push(block);
      block = { characteristic: next, lines: [], total: undefined };
    };
    for (const line of this.table.lines) {
      const cells = line.cells.slice(0, this.table.labels);
      const labels = cells.filter((cell) => cell !== '');
      const at = Math.max(
        0,
        cells.findLastIndex((cell) => cell !== ''),
      );
      const label = labels.at(-1) ?? '';
      const numbers = this.numbers(line);
      const named = characteristicNamed(labels[0] ?? '', this.setting.vocabulary, this.setting.mapping);
      if (numbers.size === 0) {
        if (named !== undefined) close(named);
        else if (this.isEmptyAnswer(label, block.characteristic))
          block.lines.push({
            row: line.row,
            label,
            at,
            numbers: new Map(this.table.values.map(({ index }) => [index, NOBODY])),
          });
        else if (!this.isOuter(label))
          this.fault(
            line.row,
            at,
            'unknown_heading',
            `It is not clear what the heading ${quoted(label)} over these rows means.${this.perhaps(label)} Name the question that the rows below answer, or delete it; or map your own heading once with ${MAPPING_CALL}.`,
          );
        continue;
      }
      // In a compact pivot table the question's name stands beside the sum of what follows.
      if (named !== undefined && labels.length === 1) {
        close(named);
        block.total = { row: line.row, label, at, numbers };
      } else if (labels.some((one) => TOTAL_WORDS.has(plain(one)))) {
        if (!block.total) block.total = { row: line.row, label, at, numbers };
        else this.same(block.total, { row: line.row, label, at, numbers });
      } else {
        if (named !== undefined && named !== block.characteristic) close(named);
        block.lines.push({ row: line.row, label, at, numbers });
      }
    }
    close(undefined);
    return blocks;
  }

  /** An answer that nobody gave: a spreadsheet leaves its numbers empty. An ethnic group without numbers opens its backgrounds instead. */
  private isEmptyAnswer(label: string, characteristic: string | undefined): boolean {
    if (characteristic === undefined || characteristic === GROUP || characteristic === BACKGROUND) return false;
    return codeNamed(label, characteristic, this.setting.vocabulary, this.setting.mapping) !== undefined;
  }

  /** An outer heading of nested rows, such as an ethnic group over its backgrounds. */
  private isOuter(label: string): boolean {
    const { vocabulary, mapping } = this.setting;
    return codeNamed(label, GROUP, vocabulary, mapping) !== undefined;
  }

  private numbers({ row, cells }: GridRow): Map<number, Range> {
    const numbers = new Map<number, Range>();
    const filled = this.table.values.some(({ index }) => (cells[index] ?? '') !== '');
    for (const { index } of this.table.values) {
      const text = cells[index] ?? '';
      // Spreadsheets leave a cell of a pivot table empty where nobody is counted.
      if (text === '') {
        if (filled) numbers.set(index, { low: 0, high: 0 });
        continue;
      }
      const range = text === '-' ? { low: 0, high: 0 } : readCount(text);
      if (range) numbers.set(index, range);
      else
        this.fault(
          row,
          index,
          'not_a_count',
          `${quoted(text)} is not a count of people. Write a whole number, a range such as <5, or * where it is withheld.`,
        );
    }
    return numbers;
  }

  private block(block: Block): ReadCount[] {
    const characteristic = block.characteristic ?? this.guessed(block);
    if (characteristic === undefined) {
      const line = block.lines[0] ?? block.total;
      this.fault(line?.row ?? 1, line?.at ?? 0, 'unknown_table', this.unknownTable(block));
      return [];
    }
    const nested = characteristic === GROUP || characteristic === BACKGROUND ? this.nested(block) : undefined;
    const lines = nested?.lines ?? block.lines;
    const key = nested?.characteristic ?? characteristic;
    const coded = lines.map((line) => ({ line, code: this.code(line, key) }));
    if (coded.some(({ code }) => code === undefined)) return [];
    return this.counts(
      key,
      coded.map(({ line, code }) => ({ line, code: code ?? '' })),
      block.total,
    );
  }

  private code(line: Line, characteristic: string): string | undefined {
    const { vocabulary, mapping } = this.setting;
    const code = codeNamed(line.label.replace(/\s+total$/i, ''), characteristic, vocabulary, mapping);
    if (code === undefined)
      this.fault(line.row, line.at, 'unknown_code', unknownCode(line.label, characteristic, vocabulary));
    return code;
  }

  /** The one question to which all labels are answers. */
  private guessed(block: Block): string | undefined {
    const { vocabulary, mapping } = this.setting;
    const labels = block.lines.map(({ label }) => label);
    const fitting = vocabulary.characteristics.filter(({ key }) =>
      labels.every((label) => codeNamed(label, key, vocabulary, mapping) !== undefined),
    );
    if (fitting.length === 1) return fitting[0]?.key;
    const isEthnic = labels.every((label) =>
      [GROUP, BACKGROUND].some(
        (key) => codeNamed(label.replace(/\s+total$/i, ''), key, vocabulary, mapping) !== undefined,
      ),
    );
    return fitting.length === 0 && isEthnic ? BACKGROUND : undefined;
  }

  /**
   * Ethnic groups with their backgrounds below them: the group's line is a subtotal, checked and then left out, since it would count
   * people twice. "Asian total" closes its rows, "Asian" alone opens them.
   */
  private nested(block: Block): { characteristic: string; lines: Line[] } | undefined {
    const { vocabulary, mapping } = this.setting;
    const as = (label: string, key: string): string | undefined => codeNamed(label, key, vocabulary, mapping);
    const isBackground = ({ label }: Line): boolean =>
      as(label, BACKGROUND) !== undefined && vocabulary.ethnicGroup(as(label, BACKGROUND) ?? '') !== as(label, GROUP);
    if (!vocabulary.get(BACKGROUND) || !block.lines.some(isBackground)) return undefined;
    const kept: Line[] = [];
    let open: { line: Line; group: string } | undefined;
    let children: Line[] = [];
    const check = (subtotal: Line | undefined): void => {
      if (subtotal && children.length > 0) this.addsUp(subtotal, children);
      children = [];
    };
    for (const line of block.lines) {
      const closing = /\s+total$/i.test(line.label);
      const group = as(line.label.replace(/\s+total$/i, ''), GROUP);
      const background = as(line.label, BACKGROUND);
      const own = background === undefined ? undefined : vocabulary.ethnicGroup(background);
      if (closing && group !== undefined) {
        check(line);
        open = undefined;
      } else if (background !== undefined && (group === undefined || group === background || own === open?.group)) {
        if (open && own !== open.group) {
          check(open.line);
          open = undefined;
        }
        children.push(line);
        kept.push(line);
      } else if (group !== undefined) {
        check(open?.line);
        open = { line, group };
      } else kept.push(line);
    }
    check(open?.line);
    return { characteristic: BACKGROUND, lines: kept };
  }

  private addsUp(subtotal: Line, parts: readonly Line[]): void {
    for (const [index, said] of subtotal.numbers) {
      const sum = sumOf(parts.map(({ numbers }) => numbers.get(index) ?? { low: 0, high: 0 }));
      if (canBeEqual(sum, said)) continue;
      this.fault(
        subtotal.row,
        index,
        'subtotal_does_not_add_up',
        `The rows of ${quoted(subtotal.label)} add up to ${shownRange(sum)}, and its subtotal says ${shownRange(said)}. Correct one of them.`,
      );
    }
  }

  private same(first: Line, again: Line): void {
    for (const [index, range] of again.numbers) {
      const before = first.numbers.get(index) ?? range;
      if (!canBeEqual(before, range))
        this.fault(
          again.row,
          index,
          'counts_do_not_add_up',
          `Two totals of one table differ: ${shownRange(before)} and ${shownRange(range)}.`,
        );
    }
  }

  private counts(
    characteristic: string,
    coded: readonly { line: Line; code: string }[],
    total: Line | undefined,
  ): ReadCount[] {
    const { values, stage } = this.table;
    const crossed = values.filter((value) => value.kind === 'category');
    const totals = values.find((value) => value.kind === 'total');
    const count = (
      line: Line,
      index: number,
      key: string,
      code: string | null,
      range: Range,
      of = stage,
    ): ReadCount => ({
      ...{
        row: line.row,
        column: columnNamed(this.table.headings, index),
        cell: cellAddress(line.row, index),
        organisation: null,
        stage: of,
        characteristic: key,
        code,
        range,
      },
    });
    if (crossed.length === 0)
      return values.flatMap((value) => {
        const of = value.kind === 'people' ? value.stage : stage;
        const column = coded.map(({ line, code }) =>
          count(line, value.index, characteristic, code, line.numbers.get(value.index) ?? NOBODY, of),
        );
        const sum = total?.numbers.get(value.index);
        return total && sum ? [...column, count(total, value.index, characteristic, null, sum, of)] : column;
      });
    this.notes.push(
      'A table of two questions was checked and kept as one count for each: counts serve tables of one question.',
    );
    const all = (line: Line): Range => {
      const sum = sumOf(crossed.map(({ index }) => line.numbers.get(index) ?? NOBODY));
      const said = totals && line.numbers.get(totals.index);
      if (totals && said && !canBeEqual(sum, said))
        this.fault(
          line.row,
          totals.index,
          'subtotal_does_not_add_up',
          `The cells of this row add up to ${shownRange(sum)}, and its total says ${shownRange(said)}.`,
        );
      return said ?? sum;
    };
    const rows = coded.map(({ line, code }) =>
      count(line, totals?.index ?? crossed[0]?.index ?? 0, characteristic, code, all(line)),
    );
    const columns = crossed.map(({ index, characteristic: key, code }) => {
      const sum = sumOf(coded.map(({ line }) => line.numbers.get(index) ?? NOBODY));
      const said = total?.numbers.get(index);
      const line = total ?? coded[0]?.line;
      if (total && said && !canBeEqual(sum, said))
        this.fault(
          total.row,
          index,
          'subtotal_does_not_add_up',
          `This column adds up to ${shownRange(sum)}, and its total says ${shownRange(said)}.`,
        );
      return line ? [count(line, index, key, code, said ?? sum)] : [];
    });
    const grand = total && [count(total, totals?.index ?? 0, characteristic, null, all(total))];
    return [...rows, ...columns.flat(), ...(grand ?? [])];
  }

  /** What to do about rows that answer nobody knows what: their first labels, and the questions that come nearest. */
  private unknownTable({ lines }: Block): string {
    const { vocabulary, mapping } = this.setting;
    const labels = lines.map(({ label }) => label);
    const answered = vocabulary.characteristics
      .map(({ key, label }) => ({
        label,
        known: labels.filter((one) => {
          const code = codeNamed(one, key, vocabulary, mapping);
          return code !== undefined && code !== NOT_KNOWN && code !== PREFER_NOT_TO_SAY;
        }).length,
      }))
      .filter(({ known }) => known > 0)
      .sort((a, b) => b.known - a.known);
    const most = answered.filter(({ known }) => known === answered[0]?.known).slice(0, 3);
    const perhaps =
      most.length > 0
        ? ` Did you mean ${most.map(({ label }) => `"${label}"`).join(' or ')}?`
        : this.perhaps(...this.table.titles);
    const which =
      labels.length > 0 ? ` (${labels.slice(0, 3).map(quoted).join(', ')}${labels.length > 3 ? ' …' : ''})` : '';
    return `It is not clear which question these rows${which} answer.${perhaps} Write its name over them, as the template has it; or map your own heading once with ${MAPPING_CALL}.`;
  }

  /** The questions whose names look most like one of these texts. */
  private perhaps(...texts: readonly string[]): string {
    const { vocabulary } = this.setting;
    const near = texts
      .flatMap((text) => nearHeadings(text, vocabulary))
      .filter(({ target }) => vocabulary.get(target))
      .map(({ label }) => `"${label}"`);
    return near.length > 0 ? ` Did you mean ${[...new Set(near)].slice(0, 3).join(' or ')}?` : '';
  }

  private fault(row: number, at: number, code: string, message: string): void {
    this.faults.add({ row, column: columnNamed(this.table.headings, at), cell: cellAddress(row, at), code, message });
  }
}

const NOBODY: Range = { low: 0, high: 0 };
