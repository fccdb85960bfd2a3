/** What everybody may say instead of an answer. */
export const PREFER_NOT_TO_SAY = 'prefer-not-to-say';
/** Not asked, left blank, or told in a way that no code stands for. */
export const NOT_KNOWN = 'not-known';
/** Below the youngest band that is published. */
export const UNDER_16 = 'under-16';

/** A code that answers may have, and what it is called. */
export interface Code {
  code: string;
  label: string;
  /** Other ways to write it that mean the same for everybody. */
  also?: readonly string[];
}

/** A question of the set, as returns are read against it. */
export interface Characteristic {
  key: string;
  label: string;
  /** Without `prefer-not-to-say` and `not-known`, which every one has. */
  codes: readonly Code[];
  /** Whether one person may have several answers. */
  several: boolean;
}

const SAID_NOTHING: readonly Code[] = [
  {
    code: PREFER_NOT_TO_SAY,
    label: 'Prefer not to say',
    also: [
      'prefers not to say',
      'rather not say',
      'pnts',
      'would rather not say',
      'declined to answer',
      'did not wish to say',
    ],
  },
  {
    code: NOT_KNOWN,
    label: 'Not known',
    also: [
      'unknown',
      'not asked',
      'blank',
      '(blank)',
      'missing',
      'not recorded',
      'no answer',
      'not answered',
      'no data',
    ],
  },
];

/** Texts as they are compared: small letters without accents, signs as single spaces. */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['’‘`]/g, '')
    .replace(/[^\p{L}\p{N}()+]+/gu, ' ')
    .trim();

/** Finds what a written answer means. */
export class Vocabulary {
  private readonly byKey = new Map<string, Characteristic>();
  private readonly words = new Map<string, Map<string, string>>();
  private readonly labels = new Map<string, Map<string, string>>();

  /**
   * @param characteristics the questions of the set
   * @param groupOf the ethnic group of each ethnic background, where it has one
   */
  constructor(
    readonly characteristics: readonly Characteristic[],
    private readonly groupOf: Readonly<Record<string, string>> = {},
  ) {
    for (const one of characteristics) {
      this.byKey.set(one.key, one);
      const words = new Map<string, string>();
      const codes = [...one.codes, ...SAID_NOTHING];
      // What is written exactly as a code goes before labels, and labels before other ways to write it.
      for (const { code, also = [] } of codes) for (const other of also) words.set(plain(other), code);
      for (const { code, label } of codes) words.set(plain(label), code);
      for (const { code } of codes) words.set(plain(code), code);
      this.words.set(one.key, words);
      this.labels.set(one.key, new Map(codes.map(({ code, label }) => [code, label])));
    }
  }

  get(key: string): Characteristic | undefined {
    return this.byKey.get(key);
  }

  /** The code that a text means for a characteristic, or undefined. An empty text was not answered. */
  code(characteristic: string, written: string): string | undefined {
    return written === '' ? NOT_KNOWN : this.words.get(characteristic)?.get(plain(written));
  }

  label(characteristic: string, code: string): string {
    return this.labels.get(characteristic)?.get(code) ?? code;
  }

  /** All codes of a characteristic with their labels, those that say nothing last. */
  codes(characteristic: string): { code: string; label: string }[] {
    return [...(this.labels.get(characteristic) ?? [])].map(([code, label]) => ({ code, label }));
  }

  /** The ethnic group that an ethnic background belongs to; what says nothing says nothing of the group either. */
  ethnicGroup(background: string): string {
    if (background === PREFER_NOT_TO_SAY || background === NOT_KNOWN) return background;
    return this.groupOf[background] ?? NOT_KNOWN;
  }

  /** Labels that look most like what was written, best first: for a message that helps. */
  nearCodes(characteristic: string, written: string, most = 3): { code: string; label: string }[] {
    return nearest(plain(written), this.codes(characteristic), ({ label }) => plain(label), most);
  }
}

/** The candidates whose text is most alike, best first; those that are hardly alike are left out. */
export function nearest<T>(text: string, candidates: readonly T[], textOf: (one: T) => string, most: number): T[] {
  return candidates
    .map((one) => ({ one, alike: likeness(text, textOf(one)) }))
    .filter(({ alike }) => alike >= 0.35)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, most)
    .map(({ one }) => one);
}

/** How alike two texts are, 0 to 1: shared pairs of letters (the coefficient of Sørensen and Dice). */
export function likeness(a: string, b: string): number {
  if (a === b) return 1;
  const [left, right] = [pairs(a), pairs(b)];
  const total = count(left) + count(right);
  if (total === 0) return 0;
  let shared = 0;
  for (const [pair, n] of left) shared += Math.min(n, right.get(pair) ?? 0);
  return (2 * shared) / total;
}

function pairs(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i + 1 < text.length; i++) {
    const pair = text.slice(i, i + 2);
    found.set(pair, (found.get(pair) ?? 0) + 1);
  }
  return found;
}

const count = (pairs: Map<string, number>): number => [...pairs.values()].reduce((sum, n) => sum + n, 0);
