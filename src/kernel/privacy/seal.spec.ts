import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { KeyRing } from '../config-secrets';
import { headerOf, keyIdOf, open, Place, seal, Unopenable } from './seal';

const key = () => randomBytes(32);
const ring: KeyRing = { current: '2026-b', keys: { '2026-a': key(), '2026-b': key() } };
const place: Place = {
  table: 'people.access_need',
  row: '0198c0de-0000-7000-8000-000000000001',
  column: 'detail_sealed',
};
const texts = fc.string({ unit: 'grapheme', maxLength: 300 });

describe('sealing', () => {
  it('gives back any text in its own place', () => {
    fc.assert(fc.property(texts, (text) => open(ring, place, seal(ring, place, text)) === text));
  });

  it('never seals the same text to the same bytes, and never shows it', () => {
    const text = 'I need a hearing loop';
    expect(seal(ring, place, text).equals(seal(ring, place, text))).toBe(false);
    expect(seal(ring, place, text).includes(Buffer.from('hearing'))).toBe(false);
  });

  it('refuses a value with any one bit turned', () => {
    const stored = seal(ring, place, 'a value of some length');
    for (let bit = 0; bit < stored.length * 8; bit++) {
      const damaged = Buffer.from(stored);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => open(ring, place, damaged)).toThrow(Unopenable);
    }
  });

  it('refuses a value cut short or lengthened', () => {
    const stored = seal(ring, place, 'text');
    for (let length = 0; length < stored.length; length++)
      expect(() => open(ring, place, stored.subarray(0, length))).toThrow(Unopenable);
    expect(() => open(ring, place, Buffer.concat([stored, Buffer.alloc(1)]))).toThrow(Unopenable);
  });

  it('refuses a value in any other table, row or column', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('table', 'row', 'column'), fc.string(), (text, part, other) => {
        fc.pre(other !== place[part]);
        const moved = { ...place, [part]: other };
        expect(() => open(ring, moved, seal(ring, place, text))).toThrow(Unopenable);
      }),
    );
  });

  it('cannot be fooled by parts that run into each other', () => {
    const stored = seal(ring, { table: 'a', row: 'b', column: 'c' }, 'text');
    expect(() => open(ring, { table: 'a","b', row: '', column: 'c' }, stored)).toThrow(Unopenable);
  });

  it('opens what an older key of the ring sealed, and says which key that was', () => {
    const stored = seal({ ...ring, current: '2026-a' }, place, 'older');
    expect(keyIdOf(stored)).toBe('2026-a');
    expect(open(ring, place, stored)).toBe('older');
    expect(stored.subarray(0, headerOf('2026-a').length).equals(headerOf('2026-a'))).toBe(true);
  });

  it('does not open with another key of the same name, or with none', () => {
    const stored = seal(ring, place, 'secret words');
    expect(() => open({ current: '2026-b', keys: { '2026-b': key() } }, place, stored)).toThrow(Unopenable);
    expect(() => open({ current: '2026-a', keys: { '2026-a': key() } }, place, stored)).toThrow(/not in the key ring/);
  });

  it('keeps the value and the keys out of its errors', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 40 }), (text) => {
        const stored = seal(ring, place, text);
        stored.writeUInt8(stored.readUInt8(stored.length - 1) ^ 1, stored.length - 1);
        try {
          open(ring, place, stored);
        } catch (error) {
          expect(error instanceof Error && `${error.message}${error.stack ?? ''}`).not.toContain(text);
          return true;
        }
        return false;
      }),
    );
  });

  it('does not seal without its current key', () => {
    expect(() => seal({ current: 'x', keys: {} }, place, 'secret words')).toThrow('does not hold its current key, x');
  });
});
