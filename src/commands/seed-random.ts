/** Chance that is the same on every machine for the same seed: Chris Doty-Humphrey's sfc32, 32 bits a step. */
export class Chance {
  private a = 0x9e3779b9;
  private b = 0x243f6a88;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.c = seed | 0;
    for (let i = 0; i < 15; i++) this.next();
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from 0 to `size` - 1. */
  below(size: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * size);
  }

  /** True so many times in a hundred. */
  percent(share: number): boolean {
    return this.below(100) < share;
  }

  /** One of the list. */
  one<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('Nothing to choose from');
    return found;
  }

  /** One of the values, the earlier the likelier: the first about twice as often as the second, and so on down to a floor. */
  early<T>(list: readonly T[]): T {
    return this.percent(50) ? this.one(list.slice(0, Math.max(1, Math.ceil(list.length / 4)))) : this.one(list);
  }

  /** Different ones of the list, at most `most`. */
  some<T>(list: readonly T[], most: number): T[] {
    return [...new Set(Array.from({ length: this.below(most) + 1 }, () => this.one(list)))];
  }
}

/** Ids in rising order, like those of the database (UUID version 7), but made of a seed: they do not change from run to run. */
export function seedId(kind: number, seed: number, place: number): string {
  const time = (BigInt(Date.UTC(2025, 5, 1)) + BigInt(place)).toString(16).padStart(12, '0');
  const rest = (BigInt(kind) * 0x1_0000_0000n + BigInt(seed)).toString(16).padStart(15, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6)}${(place % 4096).toString(16).padStart(3, '0')}`;
}
