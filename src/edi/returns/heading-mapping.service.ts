import { Injectable } from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import { BadInput, Conflict, Fault, NotFound, Problem } from '../../kernel/errors/problem';
import { constraint } from '../../kernel/errors/describe';
import { READ_COLLECTIONS, SEND_RETURNS } from '../permissions';
import { HeadingMapping } from './heading-mapping.entity';
import { readVocabulary } from './question-set';
import { quoted } from './reading/fault';
import { COLUMNS, LEFT_OUT, nearHeadings } from './reading/headings';
import { NOT_KNOWN, plain, PREFER_NOT_TO_SAY, Vocabulary } from './reading/vocabulary';

/** What an organisation's own headings and codes mean, as a whole. */
export class MappingBody extends PickType(HeadingMapping, ['headings', 'codes'] as const) {}

/** Headings and codes that an organisation mapped once; kept for its next files. */
@Injectable()
export class HeadingMappingService {
  constructor(private readonly db: Db) {}

  async get(who: Actor, organisationId: string): Promise<HeadingMapping> {
    const [found] = await this.db.list(HeadingMapping, {
      where: [
        (bind) => `r.organisation_id = ${bind(organisationId)}`,
        who.within(READ_COLLECTIONS, { organisation: 'r.organisation_id' }),
      ],
      limit: 1,
    });
    if (!found) throw new NotFound('No organisation of yours with this id has mapped its headings.');
    return found;
  }

  /** Makes the mapping, or puts this one in its place; then the version that was read must be said. */
  async put(
    who: Actor,
    organisationId: string,
    version: number | undefined,
    body: MappingBody,
  ): Promise<HeadingMapping> {
    if (!who.mayFor(SEND_RETURNS, organisationId)) throw new NotFound('No organisation of yours has this id.');
    const faults = faultsOf(body, await readVocabulary(this.db));
    if (faults.length > 0) throw new BadInput(faults);
    return this.db.write(who, async (tx) => {
      const [row] = await tx.query<{ id: string }>('SELECT id FROM edi.heading_mapping WHERE organisation_id = $1', [
        organisationId,
      ]);
      const facts = { organisationId };
      if (!row) {
        if (version !== undefined)
          throw new Conflict('not_mapped_yet', 'There is no mapping yet. Send it without If-Match.');
        return tx.insert(HeadingMapping, { organisationId, ...body }, facts);
      }
      if (version === undefined)
        throw new Problem(
          428,
          'if_match_needed',
          'Your organisation has a mapping already. Read it, and send its ETag in an If-Match header.',
        );
      return tx.change(await tx.get(HeadingMapping, row.id), { ...body }, version, facts);
    });
  }
}

/** Targets that do not exist, and headings or codes that stand twice. */
function faultsOf({ headings, codes }: MappingBody, vocabulary: Vocabulary): Fault[] {
  const faults: Fault[] = [];
  const fault = (at: string, code: string, message: string): void =>
    void faults.push({ in: 'body', at, code, message });
  const seen = new Set<string>();
  headings.forEach(({ written, means }, i) => {
    const at = `/headings/${i}`;
    if (!vocabulary.get(means) && !(means in COLUMNS) && means !== LEFT_OUT) {
      const near = nearHeadings(means, vocabulary).map(({ target }) => target);
      fault(
        `${at}/means`,
        'unknown_target',
        `There is nothing called ${quoted(means)}.${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''} The template of the collection lists what there is.`,
      );
    }
    if (seen.has(plain(written))) fault(`${at}/written`, 'repeated', 'This heading stands twice.');
    seen.add(plain(written));
  });
  codes.forEach(({ characteristic, written, means }, i) => {
    const at = `/codes/${i}`;
    const known = vocabulary.get(characteristic);
    if (!known)
      fault(`${at}/characteristic`, 'unknown_characteristic', `There is no question called ${quoted(characteristic)}.`);
    else if (means !== PREFER_NOT_TO_SAY && means !== NOT_KNOWN && !known.codes.some(({ code }) => code === means))
      fault(
        `${at}/means`,
        'unknown_code',
        `${quoted(means)} is no code of this question. Use one of: ${vocabulary
          .codes(characteristic)
          .map(({ code }) => code)
          .join(', ')}.`,
      );
    const key = `${characteristic} ${plain(written)}`;
    if (seen.has(key)) fault(`${at}/written`, 'repeated', 'This code stands twice.');
    seen.add(key);
  });
  return faults;
}

constraint(
  'heading_mapping_once',
  409,
  'mapped_meanwhile',
  'Somebody of your organisation mapped its headings at the same moment. Read what they sent, then send yours with its ETag.',
);
