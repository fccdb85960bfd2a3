import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Fields, Tx } from '../../kernel/db/tx';
import { Conflict, NotFound, Refused } from '../../kernel/errors/problem';
import { Cursors, Page } from '../../kernel/http/page';
import { lockPerson } from '../../kernel/privacy/person-lock';
import { Reads } from '../../kernel/privacy/reads';
import { Contact, ContactSeal } from '../contributor/contact';
import { ContributorDetails } from '../contributor/contributor.dto';
import { Contributor, ContributorState } from '../contributor/contributor.entity';
import { CONTRIBUTOR_MERGED } from '../contributor/contributor.events';
import { ContributorService } from '../contributor/contributor.service';
import { moveAll } from '../contributor/merge-registry';
import { contributorsWithin } from '../contributor/reach';
import { MERGE_CONTRIBUTORS } from '../permissions';
import { DuplicateFilter, Keep, LikeContributor, Likeness, Merge, ContributorDuplicate } from './duplicate.dto';
import './merge-rules';

const PAIRS = readFileSync(join(__dirname, 'possible-duplicates.sql'), 'utf8');
const LIST = 'contributor-duplicates';

interface Pair {
  sort_key: string[];
  one: LikeContributor;
  other: LikeContributor;
  reasons: Likeness[];
}

/** Records that may be of one person: suggested by the service, merged by people. */
@Injectable()
export class DuplicateService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly reads: Reads,
    private readonly seal: ContactSeal,
    private readonly contributors: ContributorService,
  ) {}

  /** Pairs inside one organisation of the caller's; over all organisations for those whose leave reaches everywhere. */
  async list(who: Actor, filter: DuplicateFilter): Promise<Page<ContributorDuplicate>> {
    const { organisation, limit } = filter;
    if (organisation !== undefined && !who.mayFor(MERGE_CONTRIBUTORS, organisation))
      throw new NotFound('No organisation of yours has this id.');
    const [a, b] = filter.cursor === undefined ? [null, null] : this.cursors.read(LIST, filter.cursor);
    const found = await this.db.query<Pair>(PAIRS, [
      organisation === undefined ? scopeOf(who) : [organisation],
      this.clock.today(),
      a,
      b,
      limit + 1,
    ]);
    const shown = found.slice(0, limit);
    const ids = [...new Set(shown.flatMap(({ one, other }) => [one.id, other.id]))];
    await this.reads.record(who, {
      subject: 'contributor',
      personIds: ids,
      ids,
      purpose: 'taking-part',
      what: 'name and postcode district, as a possible duplicate',
    });
    const last = shown.at(-1);
    return {
      data: shown.map(({ one, other, reasons }) => ({ contributors: [one, other], reasons })),
      meta: { limit, nextCursor: found.length > limit && last ? this.cursors.after(LIST, last.sort_key) : null },
    };
  }

  /** Puts the other record into this one: what both had stays, what both say is chosen field by field. */
  async merge(who: Actor, id: string, body: Merge): Promise<ContributorDetails> {
    const { otherId, keep } = body;
    return this.db.write(who, async (tx) => {
      const { kept, gone } = await this.both(tx, who, id, otherId);
      await mustHaveOneAccount(tx, id, otherId);
      const fields = this.merged(kept, gone, keep ?? {});
      await moveAll(tx, id, otherId);
      await tx.remove(gone, gone.version, { personId: id });
      const changed = await tx.change(kept, fields, kept.version, { personId: id });
      tx.audit('merged', 'contributor', id, { personId: id, after: { goneId: otherId, keep: keep ?? {} } });
      tx.emit({
        type: CONTRIBUTOR_MERGED.type,
        subject: 'contributor',
        subjectId: id,
        version: changed.version,
        data: { goneId: otherId },
      });
      return this.contributors.changed(tx, who, changed);
    });
  }

  /** Both records, locked always in the same order, so that two merges of the same people queue and the second finds one of them gone. */
  private async both(
    tx: Tx,
    who: Actor,
    id: string,
    otherId: string,
  ): Promise<{ kept: Contributor; gone: Contributor }> {
    const found = new Map<string, Contributor>();
    for (const one of [id, otherId].sort())
      found.set(one, await tx.get(Contributor, one, contributorsWithin(who, MERGE_CONTRIBUTORS, this.clock.today())));
    if (otherId === id) throw new Refused('same_record', 'These are one record already. Name two different ones.');
    const [kept, gone] = [found.get(id), found.get(otherId)];
    if (!kept || !gone) throw new NotFound();
    for (const one of [id, otherId].sort()) await lockPerson(tx, one);
    const scope = scopeOf(who);
    if (scope !== null && !(await shareOrganisation(tx, id, otherId, scope, this.clock.today()))) throw new NotFound();
    return { kept, gone };
  }

  /** The fields of the record that stays. */
  private merged(kept: Contributor, gone: Contributor, keep: Keep): Fields<Contributor> {
    const [mine, theirs] = [this.seal.open(kept), this.seal.open(gone)];
    const contact = <K extends keyof Contact>(field: K): Contact[K] => pick(keep[field], mine[field], theirs[field]);
    const plain = <K extends keyof Contributor & keyof Keep>(field: K): Contributor[K] =>
      pick(keep[field], kept[field], gone[field]);
    const active = [kept, gone].some((one) => one.state === ContributorState.Active);
    return {
      name: plain('name'),
      knownAs: plain('knownAs'),
      preferredChannel: plain('preferredChannel'),
      correspondenceLanguage: plain('correspondenceLanguage'),
      outwardPostcode: plain('outwardPostcode'),
      regionCode: plain('regionCode'),
      ageGroup: plain('ageGroup'),
      languages: together(kept.languages, gone.languages, 10),
      topics: together(kept.topics, gone.topics, 30),
      healthCategories: together(kept.healthCategories, gone.healthCategories, 21),
      keepInTouch: together(kept.keepInTouch, gone.keepInTouch, 4),
      state: active ? ContributorState.Active : ContributorState.Left,
      leftAt: active ? null : later(kept.leftAt, gone.leftAt),
      ...this.seal.columns(kept.id, {
        email: contact('email'),
        phone: contact('phone'),
        address: contact('address'),
        supporter: contact('supporter'),
        guardian: contact('guardian'),
        safeguardingContact: contact('safeguardingContact'),
      }),
    };
  }
}

/** Organisations that both of a pair must share; null where the leave reaches everybody. */
const scopeOf = (who: Actor): readonly string[] | null => {
  const { everywhere, organisations } = who.reach(MERGE_CONTRIBUTORS);
  return everywhere ? null : organisations;
};

function pick<T>(whose: 'this' | 'other' | null | undefined, mine: T, theirs: T): T {
  if (whose === 'this') return mine;
  if (whose === 'other') return theirs;
  return mine ?? theirs;
}

const together = <T>(one: readonly T[], other: readonly T[], most: number): T[] =>
  [...new Set([...one, ...other])].slice(0, most);

const later = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other > one) ? other : one;

/** Refuses where both sign in: what one account kept for its own eyes would be open to the other. */
async function mustHaveOneAccount(tx: Tx, one: string, other: string): Promise<void> {
  const accounts = await tx.query(
    'SELECT 1 FROM people.account WHERE contributor_id = ANY($1::uuid[]) AND suspended_at IS NULL FOR SHARE',
    [[one, other]],
  );
  if (accounts.length > 1)
    throw new Conflict(
      'both_have_accounts',
      'Both records have an account that signs in. Find out which one the person uses, have an administrator suspend the other, and merge then.',
    );
}

async function shareOrganisation(
  tx: Tx,
  one: string,
  other: string,
  organisations: readonly string[],
  today: string,
): Promise<boolean> {
  const shared = await tx.query(
    `SELECT 1 FROM people.contributor_organisation a JOIN people.contributor_organisation b ON b.organisation_id = a.organisation_id
     WHERE a.contributor_id = $1 AND b.contributor_id = $2 AND a.organisation_id = ANY($3::uuid[])
       AND a."from" <= $4::date AND (a.until IS NULL OR a.until > $4::date) AND b."from" <= $4::date AND (b.until IS NULL OR b.until > $4::date) LIMIT 1`,
    [one, other, organisations, today],
  );
  return shared.length > 0;
}
