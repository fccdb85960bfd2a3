import { createHmac, hkdfSync } from 'node:crypto';
import { domainToASCII } from 'node:url';

/**
 * Finds equal sealed values without opening them: a keyed digest of the normalised value. Without the service's secret
 * nobody can test a guess against it. It shows that two rows hold the same contact point, and nothing else; where it
 * is unique in a table it must be scoped by the caller.
 */
export class BlindIndex {
  private readonly key: Buffer;

  /**
   * @param secret the service's secret; changing it means that every blind index must be computed again
   * @param what what is indexed, such as `contact-point`: digests of one kind never match those of another
   */
  constructor(secret: string | Buffer, what: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `partnerships blind index v1: ${what}`, 32));
  }

  /** Digest of an e-mail address; null where it is not one. */
  email(written: string): Buffer | null {
    const normal = normalEmail(written);
    return normal === null ? null : this.digest(`email:${normal}`);
  }

  /** Digest of a telephone number; null where it is not one. */
  phone(written: string): Buffer | null {
    const normal = normalPhone(written);
    return normal === null ? null : this.digest(`phone:${normal}`);
  }

  private digest(value: string): Buffer {
    return createHmac('sha256', this.key).update(value, 'utf8').digest();
  }
}

/**
 * An address as it is compared: no surrounding space, lower case, domain in its ASCII form. The local part's dots and
 * plus-tags stay, since what they mean is up to each mail provider.
 */
export function normalEmail(written: string): string | null {
  const text = written.trim().normalize('NFKC').toLowerCase();
  const at = text.lastIndexOf('@');
  const domain = domainToASCII(text.slice(at + 1));
  if (at < 1 || domain === '' || /\s/.test(text)) return null;
  return `${text.slice(0, at)}@${domain}`;
}

/** A number in E.164 form. One without a country code is read as a number of the United Kingdom. */
export function normalPhone(written: string): string | null {
  const text = written
    .normalize('NFKC')
    .replace(/\(0\)/g, '')
    .replace(/[\s().\-\u2010-\u2015/]/g, '')
    .replace(/^00/, '+');
  const international = text.startsWith('0') ? `+44${text.slice(1)}` : text;
  const trunk = international.replace(/^\+440/, '+44');
  return /^\+[1-9]\d{6,14}$/.test(trunk) ? trunk : null;
}
