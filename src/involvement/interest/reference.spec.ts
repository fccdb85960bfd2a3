import { createHash } from 'node:crypto';
import { readReference, referenceOf } from './reference';

const bytes = (i: number): Buffer => createHash('sha256').update(`reference ${i}`).digest();
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('a reference', () => {
  const references = Array.from({ length: 200 }, (_, i) => referenceOf(bytes(i)));

  it('has one form, and is read back', () => {
    for (const reference of references) {
      expect(reference).toMatch(/^PPI-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/);
      expect(readReference(reference)).toBe(reference);
    }
    expect(new Set(references).size).toBe(references.length);
  });

  it('is the same for the same bytes', () => {
    expect(referenceOf(Buffer.alloc(8))).toBe('PPI-0000-0000-00000');
    expect(referenceOf(Buffer.from('0fffffffffffffff', 'hex'))).toMatch(/^PPI-ZZZZ-ZZZZ-ZZZZ.$/);
  });

  it('holds 60 bits: each of them changes it', () => {
    const base = referenceOf(Buffer.alloc(8));
    for (let bit = 0; bit < 60; bit++) {
      const one = Buffer.alloc(8);
      one.writeBigUInt64BE(1n << BigInt(bit));
      expect(referenceOf(one).slice(0, -1)).not.toBe(base.slice(0, -1));
    }
  });

  it('is read however it is written or spoken', () => {
    const [reference = ''] = references;
    const plain = reference.replace(/[^0-9A-Z]/g, '');
    for (const written of [
      plain,
      plain.slice(3),
      reference.toLowerCase(),
      ` ${reference.replace(/-/g, ' ')} `,
      reference.replace(/0/g, 'O').replace(/1/g, 'l'),
    ])
      expect(readReference(written)).toBe(reference);
  });

  it('notices every single wrong character, and every two neighbours that changed places', () => {
    for (const reference of references.slice(0, 20)) {
      const text = reference.replace(/[^0-9A-Z]/g, '').slice(3);
      for (let at = 0; at < text.length; at++) {
        for (const sign of SIGNS)
          if (sign !== text[at]) expect(readReference(text.slice(0, at) + sign + text.slice(at + 1))).toBeNull();
        const [here = '', next = ''] = [text[at], text[at + 1]];
        if (next && here !== next)
          expect(readReference(text.slice(0, at) + next + here + text.slice(at + 2))).toBeNull();
      }
    }
  });

  it.each(['', 'PPI', 'PPI-7K3F-9QXM', 'PPI-UUUU-UUUU-UUUUU', '٠٠٠٠٠٠٠٠٠٠٠٠٠', 'P'.repeat(40), '\u200b\u202e'])(
    'is not "%s"',
    (written) => {
      expect(readReference(written)).toBeNull();
    },
  );
});
