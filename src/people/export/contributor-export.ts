import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { all, binder } from '../../kernel/db/sql';
import { NotFound } from '../../kernel/errors/problem';
import { Reads } from '../../kernel/privacy/reads';
import { worksWith } from '../contributor/reach';
import { ContactSeal } from '../contributor/contact';
import { line } from '../contributor/csv';
import { ContributorFilter } from '../contributor/contributor.dto';
import { ContributorService } from '../contributor/contributor.service';
import { EXPORT_CONTRIBUTORS } from '../permissions';

/** Which contributors the file holds. */
export class ExportFilter extends PickType(ContributorFilter, [
  'topic',
  'healthCategory',
  'region',
  'language',
  'channel',
  'organisation',
  'state',
] as const) {}

/** Rows that are put together before they are sent on. */
const CHUNK = 200;

/**
 * The columns of the file, in order; the import reads the same names. Contact points stand in clear: the file is for moving an
 * organisation's own people, and its making is put on record for each of them.
 */
export const COLUMNS = [
  ...[
    'reference',
    'name',
    'known_as',
    'email',
    'phone',
    'address',
    'preferred_channel',
    'supporter_name',
    'supporter_contact',
    'supporter_relation',
  ],
  ...[
    'languages',
    'correspondence_language',
    'topics',
    'health_categories',
    'postcode',
    'region',
    'age_group',
    'guardian_name',
    'guardian_contact',
  ],
  ...['guardian_agreed_at', 'guardian_agreed_how', 'safeguarding_name', 'safeguarding_contact', 'keep_in_touch'],
] as const;

interface Row {
  id: string;
  reference: string | null;
  name: string;
  known_as: string | null;
  email_sealed: Buffer | null;
  phone_sealed: Buffer | null;
  address_sealed: Buffer | null;
  preferred_channel: string;
  supporter_sealed: Buffer | null;
  languages: string;
  correspondence_language: string;
  topics: string;
  health_categories: string;
  outward_postcode: string | null;
  region_code: string | null;
  age_group: string;
  guardian_sealed: Buffer | null;
  guardian_agreed_at: Date | null;
  guardian_agreed_how: 'online' | 'phone' | 'paper' | 'in_person' | 'email' | 'post' | null;
  safeguarding_sealed: Buffer | null;
  keep_in_touch: string;
}

const LISTS = ['languages', 'topics', 'health_categories', 'keep_in_touch'] as const;

/**
 * Lists come from Postgres as the text of their cell. Read as arrays they cost the file twice the memory: V8 learns that arrays of
 * waiting rows live long, makes all later ones in the old generation, and there they and what they hold lie until the next large collection.
 */
const SELECTED = [
  ...[
    'id',
    'name',
    'known_as',
    'email_sealed',
    'phone_sealed',
    'address_sealed',
    'preferred_channel',
    'supporter_sealed',
    'correspondence_language',
  ],
  ...['outward_postcode', 'region_code', 'age_group', 'guardian_sealed', 'guardian_agreed_at', 'guardian_agreed_how'],
  'safeguarding_sealed',
]
  .map((column) => `r.${column}`)
  .concat(LISTS.map((column) => `array_to_string(r.${column}, ';') AS ${column}`))
  .join(', ');

/** An organisation's contributors as one CSV file, sent row by row in constant memory. */
@Injectable()
export class ContributorExport {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly reads: Reads,
    private readonly seal: ContactSeal,
    private readonly contributors: ContributorService,
  ) {}

  /** Puts the export on record for each organisation concerned, then answers the file. */
  async csv(who: Actor, filter: ExportFilter): Promise<Readable> {
    const organisations =
      filter.organisation === undefined ? [...who.reach(EXPORT_CONTRIBUTORS).organisations] : [filter.organisation];
    if (organisations.length === 0 || !organisations.every((id) => who.mayFor(EXPORT_CONTRIBUTORS, id)))
      throw new NotFound('No organisation of yours has this id.');
    for (const organisationId of organisations)
      await this.reads.recordExport(who, {
        subject: 'contributor',
        organisationId,
        purpose: 'taking-part',
        what: 'contributors with contact points, as a file',
      });
    const { params, bind } = binder([organisations]);
    const where = all(
      [(b) => worksWith('r', '= ANY($1::uuid[])', b(this.clock.today())), ...this.contributors.filtered(who, filter)],
      bind,
    );
    // An aggregate, so that the reference is looked up by the person and never by walking through all of an organisation's.
    const sql = `SELECT ${SELECTED}, (SELECT min(w.reference) FROM people.contributor_organisation w WHERE w.contributor_id = r.id
        AND w.organisation_id = ANY($1::uuid[]) AND w.until IS NULL) AS reference
      FROM people.contributor r WHERE ${where} ORDER BY r.id`;
    return Readable.from(this.lines(sql, params), { objectMode: false, highWaterMark: 64 * 1024 });
  }

  private async *lines(sql: string, params: unknown[]): AsyncGenerator<string> {
    let chunk = line(COLUMNS);
    let rows = 0;
    for await (const row of this.db.stream<Row>(sql, params)) {
      chunk += line(this.cells(row));
      if (++rows % CHUNK > 0) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
  }

  private cells(row: Row): (string | null | undefined)[] {
    const { email, phone, address, supporter, guardian, safeguardingContact } = this.seal.open({
      id: row.id,
      emailSealed: row.email_sealed,
      phoneSealed: row.phone_sealed,
      addressSealed: row.address_sealed,
      supporterSealed: row.supporter_sealed,
      guardianSealed: row.guardian_sealed,
      guardianAgreedAt: row.guardian_agreed_at,
      guardianAgreedHow: row.guardian_agreed_how,
      safeguardingSealed: row.safeguarding_sealed,
    });
    return [
      ...[
        row.reference,
        row.name,
        row.known_as,
        email,
        phone,
        address,
        row.preferred_channel,
        supporter?.name,
        supporter?.contact,
        supporter?.relation,
      ],
      ...[
        row.languages,
        row.correspondence_language,
        row.topics,
        row.health_categories,
        row.outward_postcode,
        row.region_code,
      ],
      ...[row.age_group, guardian?.name, guardian?.contact, guardian?.agreedAt.toISOString(), guardian?.agreedHow],
      ...[safeguardingContact?.name, safeguardingContact?.contact, row.keep_in_touch],
    ];
  }
}
