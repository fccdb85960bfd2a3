import { Injectable } from '@nestjs/common';
import type { Fields } from '../../kernel/db/tx';
import { BadInput } from '../../kernel/errors/problem';
import { BlindIndex } from '../../kernel/privacy/blind-index';
import { Sealer } from '../../kernel/privacy/sealer';
import { sealedColumn } from '../../kernel/privacy/sealed-columns';
import type { ContributorFields, Guardian, SafeguardingContact, Supporter } from './contributor.dto';
import type { Contributor } from './contributor.entity';

const TABLE = 'people.contributor';
for (const column of [
  'email_sealed',
  'phone_sealed',
  'address_sealed',
  'supporter_sealed',
  'guardian_sealed',
  'safeguarding_sealed',
])
  sealedColumn(TABLE, column);

/** The contact points of one person, readable. */
export interface Contact {
  email: string | null;
  phone: string | null;
  address: string | null;
  supporter: Supporter | null;
  guardian: Guardian | null;
  safeguardingContact: SafeguardingContact | null;
}

/** The fields of a body that are sealed before they are stored. */
export type SealedFields = Pick<
  ContributorFields,
  'email' | 'phone' | 'address' | 'supporter' | 'guardian' | 'safeguardingContact'
>;

/** The sealed columns of a row. */
export type SealedColumns = Pick<
  Contributor,
  | 'id'
  | 'emailSealed'
  | 'phoneSealed'
  | 'addressSealed'
  | 'supporterSealed'
  | 'guardianSealed'
  | 'guardianAgreedAt'
  | 'guardianAgreedHow'
  | 'safeguardingSealed'
>;

/** Seals contact points for one row, with the digests by which equal ones are found, and opens them again. */
@Injectable()
export class ContactSeal {
  constructor(
    private readonly sealer: Sealer,
    private readonly index: BlindIndex,
  ) {}

  /** Columns for the fields that were given; those that are undefined are left alone, null clears. */
  columns(row: string, given: SealedFields): Fields<Contributor> {
    const { email, phone, address, supporter, guardian, safeguardingContact } = given;
    return {
      ...(email === undefined
        ? {}
        : { emailSealed: this.seal(row, 'email_sealed', email), emailIndex: this.emailIndex(email) }),
      ...(phone === undefined
        ? {}
        : { phoneSealed: this.seal(row, 'phone_sealed', phone), phoneIndex: this.phoneIndex(phone) }),
      ...(address === undefined ? {} : { addressSealed: this.seal(row, 'address_sealed', address) }),
      ...(supporter === undefined
        ? {}
        : { supporterSealed: this.seal(row, 'supporter_sealed', json(supporter, ['name', 'contact', 'relation'])) }),
      ...(guardian === undefined
        ? {}
        : {
            guardianSealed: this.seal(row, 'guardian_sealed', json(guardian, ['name', 'contact', 'agreedBy'])),
            guardianAgreedAt: guardian?.agreedAt ?? null,
            guardianAgreedHow: guardian?.agreedHow ?? null,
          }),
      ...(safeguardingContact === undefined
        ? {}
        : {
            safeguardingSealed: this.seal(row, 'safeguarding_sealed', json(safeguardingContact, ['name', 'contact'])),
          }),
    };
  }

  open(row: SealedColumns): Contact {
    const guardian = this.parsed<Omit<Guardian, 'agreedAt' | 'agreedHow'>>(
      row.id,
      'guardian_sealed',
      row.guardianSealed,
    );
    return {
      email: this.text(row.id, 'email_sealed', row.emailSealed),
      phone: this.text(row.id, 'phone_sealed', row.phoneSealed),
      address: this.text(row.id, 'address_sealed', row.addressSealed),
      supporter: this.parsed<Supporter>(row.id, 'supporter_sealed', row.supporterSealed),
      guardian:
        guardian && row.guardianAgreedAt && row.guardianAgreedHow
          ? { ...guardian, agreedAt: row.guardianAgreedAt, agreedHow: row.guardianAgreedHow }
          : null,
      safeguardingContact: this.parsed<SafeguardingContact>(row.id, 'safeguarding_sealed', row.safeguardingSealed),
    };
  }

  /** One sealed text of a row. */
  text(row: string, column: string, stored: Buffer | null): string | null {
    return this.sealer.open({ table: TABLE, row, column }, stored);
  }

  /** Digest of an e-mail address; a fault where it is none. */
  emailIndex(email: string | null): Buffer | null {
    return email === null
      ? null
      : (this.index.email(email) ??
          wrong('email', 'not_an_email_address', 'Send one e-mail address, such as name@example.org.'));
  }

  /** Digest of a telephone number; a fault where it is none. */
  phoneIndex(phone: string | null): Buffer | null {
    return phone === null
      ? null
      : (this.index.phone(phone) ??
          wrong('phone', 'not_a_phone_number', 'Send one whole telephone number, with + before a country code.'));
  }

  private seal(row: string, column: string, value: string | null): Buffer | null {
    return this.sealer.seal({ table: TABLE, row, column }, value);
  }

  private parsed<T>(row: string, column: string, stored: Buffer | null): T | null {
    const text = this.text(row, column, stored);
    return text === null ? null : (JSON.parse(text) as T);
  }
}

function json<T extends object>(value: T | null, names: readonly (keyof T & string)[]): string | null {
  return value && JSON.stringify(Object.fromEntries(names.map((name) => [name, value[name] ?? null])));
}

function wrong(field: string, code: string, message: string): never {
  throw new BadInput([{ in: 'body', at: `/${field}`, code, message }]);
}
