import { Injectable } from '@nestjs/common';
import { Db } from '../../kernel/db/db';
import { BlindIndex } from '../../kernel/privacy/blind-index';
import { recogniseContributors } from '../../people';
import type { ReturnForm } from '../collection/collection.entity';
import type { CollectionMember } from '../collection/collection.dto';
import { emailIdentifier, Pseudonyms } from '../door/pseudonym';
import { readMapping } from './heading-mapping';
import { Faults, quoted } from './reading/fault';
import type { ReturnedCount } from './reading/count-table';
import type { ReturnedPerson } from './reading/rows';
import type { Told } from './reading/told';
import { plain } from './reading/vocabulary';
import { readRegions, readVocabulary } from './question-set';
import { ReadReturn, readReturn, ReturnFile } from './return-file';

/** A person of a return as they may be stored: by pseudonym, at the organisation at which they count. */
export interface PseudonymousRow {
  pseudonym: Buffer | null;
  /** The pseudonym of their e-mail address, where one is known; for objections, and not stored. */
  address?: Buffer | null;
  organisationId: string;
  stage: string;
  codes: readonly string[];
}

/** For whom and in what form a file is read. */
export interface IntakeSetting {
  organisationId: string;
  form: ReturnForm;
  suppressedBelow: number | undefined;
  /** First day after the period. */
  until: string;
  questionSetVersion: number;
  /** All who must return to the collection. */
  members: readonly CollectionMember[];
}

/** A file that was read: what may be stored of it, and what is wrong with it. */
export interface Intake {
  people: PseudonymousRow[];
  counts: ReturnedCount[];
  rows: number;
  notes: string[];
  /** What the file can tell; null: all that is asked. */
  told: Told | null;
  faults: Faults;
}

/**
 * Reads the file of a return, and makes pseudonyms of identifiers, all in memory: no identifier reaches a table, a temporary file, a log
 * or the answer.
 */
@Injectable()
export class ReturnIntake {
  constructor(
    private readonly db: Db,
    private readonly index: BlindIndex,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  async read(setting: IntakeSetting, file: ReturnFile | undefined): Promise<Intake> {
    const faults = new Faults();
    const vocabulary = await readVocabulary(this.db);
    const read = await readReturn(
      file,
      {
        vocabulary,
        mapping: await readMapping(this.db, setting.organisationId),
        form: setting.form,
        day: dayBefore(setting.until),
        questionSet: String(setting.questionSetVersion),
        regionOf: await readRegions(this.db),
        suppressedBelow: setting.suppressedBelow,
      },
      faults,
    );
    const notes = [...read.notes, ...(await this.earlierNames(setting, read, faults))];
    const people = await this.pseudonymous(setting, read.people, faults);
    return { people, counts: read.counts, rows: read.rows, notes, told: read.told, faults };
  }

  /** Organisations named in the file: the one that returns, or one that it followed, whose people then count for it. */
  private async earlierNames(
    { organisationId, members }: IntakeSetting,
    { people, counts }: ReadReturn,
    faults: Faults,
  ): Promise<string[]> {
    const named = [
      ...people.map(({ organisation, row }) => ({ organisation, row })),
      ...counts.map(({ organisation }) => ({ organisation, row: null })),
    ];
    if (named.every(({ organisation }) => organisation === null)) return [];
    const member = members.find((one) => one.organisationId === organisationId);
    const [own] = await this.db.query<{ slug: string; name: string }>(
      'SELECT slug, name FROM people.organisation WHERE id = $1',
      [organisationId],
    );
    const earlier = new Map(
      (member?.predecessors ?? []).flatMap(
        (one) =>
          [
            [plain(one.slug), one],
            [plain(one.name), one],
          ] as const,
      ),
    );
    const used = new Set<string>();
    for (const { organisation, row } of named) {
      if (
        organisation === null ||
        plain(organisation) === plain(own?.slug ?? '') ||
        plain(organisation) === plain(own?.name ?? '')
      )
        continue;
      const before = earlier.get(plain(organisation));
      if (before)
        used.add(
          `${before.name}${before.part ? ', of which only a part passed to you, so that the series breaks' : ''}`,
        );
      else
        faults.add({
          row,
          column: 'organisation',
          cell: null,
          code: 'another_organisation',
          message: `${quoted(organisation)} is neither your organisation nor one that it followed. Leave these people out: their own organisation returns them.`,
        });
    }
    return used.size === 0 ? [] : [`What is returned under an earlier name counts for you: ${[...used].join('; ')}.`];
  }

  private async pseudonymous(
    { organisationId, members }: IntakeSetting,
    people: readonly ReturnedPerson[],
    faults: Faults,
  ): Promise<PseudonymousRow[]> {
    const scheme = people.find(({ identifier }) => identifier)?.identifier?.scheme;
    const identifiers = people.flatMap(({ identifier }) => identifier?.value ?? []);
    const known = new Map(
      scheme === undefined
        ? []
        : (await recogniseContributors(this.db, this.index, organisationId, scheme, identifiers)).map((one) => [
            one.identifier,
            one,
          ]),
    );
    const counted = new Set(members.map((member) => member.organisationId));
    const seen = new Map<string, number>();
    return people.map(({ row, identifier, stage, codes }) => {
      if (!identifier) return { pseudonym: null, organisationId, stage, codes };
      const contributor = known.get(identifier.value);
      const fault = (code: string, message: string): void =>
        faults.add({ row, column: identifier.heading, cell: identifier.cell, code, message });
      if (!contributor && identifier.scheme === 'contributor-id')
        fault(
          'unknown_contributor',
          'No contributor of your organisation has this id. Check it, or give the person by e-mail address.',
        );
      const digest = identifier.scheme === 'email' ? this.index.email(identifier.value) : contributor?.emailIndex;
      const address = digest ? this.pseudonyms.ofAddress(digest) : null;
      const pseudonym = contributor
        ? this.pseudonyms.ofContributor(contributor.contributorId)
        : identifier.scheme === 'email'
          ? (address ?? this.pseudonyms.of('email', emailIdentifier(identifier.value)))
          : this.pseudonyms.of(`local:${organisationId}`, identifier.value);
      const key = pseudonym.toString('base64');
      const first = seen.get(key);
      if (first !== undefined)
        fault('person_twice', `Row ${first} is about the same person. Keep the row that holds, and delete the other.`);
      seen.set(key, row);
      const home = contributor?.homeOrganisationId;
      return { pseudonym, address, organisationId: home && counted.has(home) ? home : organisationId, stage, codes };
    });
  }
}

/** The day before, as YYYY-MM-DD. */
export function dayBefore(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
