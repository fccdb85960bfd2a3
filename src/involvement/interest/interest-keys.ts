import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Config } from '../../kernel/config';
import { readReference, referenceOf } from './reference';

/** How long a code to confirm a contact may be used, in minutes. */
export const CODE_MINUTES = 30;

/**
 * References and codes of interests. Both follow from the interest's id by a function with a secret key, so that neither needs to be
 * stored: of the reference only a hash is, to find the interest by it; of the code only how many were sent.
 */
@Injectable()
export class InterestKeys {
  private readonly forReferences: Buffer;
  private readonly forCodes: Buffer;

  constructor(@Inject(CONFIG) config: Config) {
    this.forReferences = key(config.serviceSecret, 'reference');
    this.forCodes = key(config.serviceSecret, 'code');
  }

  /** The reference of an interest. */
  reference(interestId: string): string {
    return referenceOf(createHmac('sha256', this.forReferences).update(interestId).digest());
  }

  /** What is stored of a reference; null where the text is none. */
  hash(written: string): Buffer | null {
    const reference = readReference(written);
    return reference === null ? null : hashOf(reference);
  }

  /** The reference, where it is still the one that was stored: after a change of the secret it no longer is. */
  referenceIf(interestId: string, stored: Buffer): string | null {
    const reference = this.reference(interestId);
    return hashOf(reference).equals(stored) ? reference : null;
  }

  /** Six digits that confirm a contact, for the so-manieth message. */
  code(interestId: string, issue: number): string {
    const number = createHmac('sha256', this.forCodes).update(`${interestId} ${issue}`).digest().readUIntBE(0, 6);
    return String(number % 1_000_000).padStart(6, '0');
  }
}

/** The hash under which a reference is stored. */
export const hashOf = (reference: string): Buffer => createHash('sha256').update(reference).digest();

const key = (secret: string | Buffer, what: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `partnerships interest v1: ${what}`, 32));
