import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { BadInput, Fault, NotFound, NotSignedIn } from '../../kernel/errors/problem';
import { READ_EXACT_REACH } from '../permissions';
import { wholeQuarter } from './disclosure';
import { countReach } from './reach-count';
import { exactFigures } from './reach-figures';
import { ReachQuery, ReachReport } from './reach.dto';
import { releasedReach } from './released-reach';

const LONGEST_DAYS = 3660;
const DAY_MS = 86_400_000;

/** Whose figures are asked for, and whether exactly. */
interface Whose {
  exact: boolean;
  /** Organisations; null for all. */
  organisations: readonly string[] | null;
}

/** The report on reach. */
@Injectable()
export class ReachService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  /** Exact figures are counted now; those that everybody may see were counted when their release was published. */
  async report(who: Actor, query: ReachQuery): Promise<ReachReport> {
    const whose = this.whose(who, query);
    this.mustBeAPeriod(query, whose);
    const { from, to, by, organisation } = query;
    if (!whose.exact) return releasedReach(this.db, from, by);
    const cut = by ?? 'none';
    const counted = await countReach(this.db, query, whose.organisations, [cut]);
    return {
      ...{ from, to, by: by ?? null, organisationId: organisation ?? null, exact: true, release: null },
      ...exactFigures(counted(cut), query),
    };
  }

  private whose(who: Actor, { organisation, by }: ReachQuery): Whose {
    if (organisation !== undefined) {
      if (who.kind === 'anonymous')
        throw new NotSignedIn(
          'not_signed_in',
          'Exact figures of an organisation need a bearer token. Without one, leave organisation out.',
        );
      if (!who.mayFor(READ_EXACT_REACH, organisation)) throw new NotFound('No organisation of yours has this id.');
      return { exact: true, organisations: [organisation] };
    }
    if (by !== 'organisation') return { exact: false, organisations: null };
    const { everywhere, organisations } = who.reach(READ_EXACT_REACH);
    if (everywhere) return { exact: true, organisations: null };
    if (organisations.length === 0)
      throw wrong(
        'by',
        'not_public',
        'Figures by organisation are for those who may see the exact figures of theirs. Leave this out, or choose another.',
      );
    return { exact: true, organisations };
  }

  private mustBeAPeriod({ from, to }: ReachQuery, whose: Whose): void {
    if (to < from) throw wrong('to', 'ends_before_it_begins', 'Send a last day that is not before the first.');
    if (Date.parse(to) - Date.parse(from) > LONGEST_DAYS * DAY_MS)
      throw wrong('to', 'too_long', 'Ask for at most ten years.');
    if (whose.exact) return;
    if (!wholeQuarter(from, to))
      throw wrong(
        'from',
        'whole_quarter_needed',
        'National figures are given by quarters: send the first and the last day of one, such as 2026-07-01 and 2026-09-30.',
      );
    if (to >= this.clock.today())
      throw wrong('to', 'not_over', 'This quarter is not over yet. Ask for an earlier one.');
  }
}

const wrong = (at: string, code: string, message: string): BadInput =>
  new BadInput([{ in: 'query', at, code, message } satisfies Fault]);
