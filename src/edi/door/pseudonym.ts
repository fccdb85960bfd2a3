import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Config, CONFIG } from '../../kernel/config';

/**
 * The name under which diversity answers are kept: HMAC-SHA256 with a key that is never in the database, 32 bytes. Whoever has the rows
 * and not the key cannot tell whose they are, nor find out by trying all contributors.
 * @param scheme what kind of identifier it is: `contributor`, `email`, `local:<organisation id>`
 * @param identifier made equal where it may be written in several ways: see `emailIdentifier`
 */
export const pseudonym = (key: Buffer, scheme: string, identifier: string): Buffer =>
  createHmac('sha256', key).update(`${scheme}:${identifier}`, 'utf8').digest();

/** An e-mail address as its pseudonym takes it: NFC, no spaces around it, small letters. */
export const emailIdentifier = (address: string): string => address.normalize('NFC').trim().toLowerCase();

/** Makes pseudonyms with the service's key. */
@Injectable()
export class Pseudonyms {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'diversity'>) {}

  /** The pseudonym of one of our own contributors. */
  ofContributor(contributorId: string): Buffer {
    return this.of('contributor', contributorId.toLowerCase());
  }

  /** The pseudonym of an e-mail address, by the keyed digest under which the service finds it. */
  ofAddress(emailIndex: Buffer): Buffer {
    return this.of('email', emailIndex.toString('hex'));
  }

  /** The pseudonym of somebody who is known by another identifier. */
  of(scheme: string, identifier: string): Buffer {
    return pseudonym(this.config.diversity.key, scheme, identifier);
  }
}
