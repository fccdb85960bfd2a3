import { Injectable } from '@nestjs/common';
import type { Query } from '../../kernel/privacy/query';
import { Sealer } from '../../kernel/privacy/sealer';
import type { ReplyBy } from '../interest/interest-state';

/** Somebody through whom a person is reached. */
export interface Supporter {
  name: string;
  contact: string;
}

/** How somebody is reached, opened. */
export interface Recipient {
  name: string | null;
  channel: ReplyBy | null;
  language: string;
  email: string | null;
  phone: string | null;
  address: string | null;
  supporter: Supporter | null;
}

interface ContributorRow {
  id: string;
  name: string | null;
  preferred_channel: ReplyBy | null;
  correspondence_language: string;
  email_sealed: Buffer | null;
  phone_sealed: Buffer | null;
  address_sealed: Buffer | null;
  supporter_sealed: Buffer | null;
}

/** Opens how contributors want to be reached. Whoever shows it to somebody records the reading. */
@Injectable()
export class Recipients {
  constructor(private readonly sealer: Sealer) {}

  /** By contributor's id; erased ones have nothing to open. */
  async of(q: Query, contributorIds: readonly string[]): Promise<Map<string, Recipient>> {
    if (contributorIds.length === 0) return new Map();
    const rows = await q.query<ContributorRow>(
      `SELECT c.id, c.name, c.preferred_channel, c.correspondence_language, c.email_sealed, c.phone_sealed, c.address_sealed, c.supporter_sealed
       FROM people.contributor c WHERE c.id = ANY($1::uuid[])`,
      [[...new Set(contributorIds)]],
    );
    return new Map(rows.map((row) => [row.id, this.opened(row)]));
  }

  private opened(row: ContributorRow): Recipient {
    const open = (column: 'email_sealed' | 'phone_sealed' | 'address_sealed' | 'supporter_sealed'): string | null =>
      this.sealer.open({ table: 'people.contributor', row: row.id, column }, row[column]);
    const supporter = open('supporter_sealed');
    return {
      name: row.name,
      channel: row.preferred_channel,
      language: row.correspondence_language,
      email: open('email_sealed'),
      phone: open('phone_sealed'),
      address: open('address_sealed'),
      supporter: supporter === null ? null : (JSON.parse(supporter) as Supporter),
    };
  }
}
