import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { NotFound, Refused } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { GapEvent } from '../events';
import { ANSWER_GAPS, RECORD_GAPS } from '../permissions';
import type { PublishedRelease } from '../release/published';
import { Releases } from '../report/releases';
import { Gap, GapProgress, GapState } from './gap.entity';
import type { GapProgressEntry, GapQuery, GapView, NewGap } from './gap.dto';
import { gapOutcome } from './outcome';
import { notShown } from './shown';

/** Gaps that releases showed, as actions with owners; what later releases say of them is worked out anew at each reading. */
@Injectable()
export class GapService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly cursors: Cursors,
    private readonly releases: Releases,
  ) {}

  /** Records a gap that a published number shows. */
  async record(who: Actor, given: NewGap): Promise<GapView> {
    const release = await this.releases.published(given.releaseId).catch((error: unknown) => {
      if (!(error instanceof NotFound)) throw error;
      throw refused('unknown_release', '/releaseId', 'No published release has this id.');
    });
    this.mustBeShown(given, release);
    const gap = await this.db.write(who, async (tx) => {
      const made = await tx.insert(
        Gap,
        { ...given, ethnicGroup: given.ethnicGroup ?? null, releaseNumber: release.number },
        { organisationId: given.organisationId },
      );
      emit(tx, GapEvent.Recorded, made, { releaseId: made.releaseId, checkBy: made.checkBy, dueOn: made.dueOn });
      return made;
    });
    return this.viewed(gap);
  }

  async list({ state, release, organisation, ...query }: GapQuery): Promise<Page<GapView>> {
    const where: Condition[] = [];
    if (state) where.push((bind) => `r.state = ${bind(state)}`);
    if (release) where.push((bind) => `r.release_id = ${bind(release)}`);
    if (organisation) where.push((bind) => `r.organisation_id = ${bind(organisation)}`);
    const page = await this.cursors.page(
      query,
      'gaps',
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(Gap, { where: [...where, after], order, limit });
        return found.map((gap) => ({ gap, sort_key: [gap.id] }));
      },
      (row) => row.gap,
    );
    return { ...page, data: await this.views(page.data) };
  }

  async get(id: string): Promise<GapView> {
    return this.viewed(await this.db.one(Gap, id));
  }

  /** The owner says what was done. */
  async progress(who: Actor, id: string, text: string): Promise<GapView> {
    const gap = await this.db.write(who, async (tx) => {
      const open = await tx.get(Gap, id, owned(who));
      open.mustBeOpen();
      await tx.insert(
        GapProgress,
        { gapId: id, on: this.clock.today(), text },
        { organisationId: open.organisationId },
      );
      const changed = await tx.change(open, {}, open.version, { organisationId: open.organisationId });
      emit(tx, GapEvent.Progressed, changed);
      return changed;
    });
    return this.viewed(gap);
  }

  /** The owner says that it is done. */
  done(who: Actor, id: string, version: number, closing: string): Promise<GapView> {
    return this.close(who, { id, version, closing, state: GapState.Done, where: owned(who) });
  }

  /** A data steward lets it go. */
  cease(who: Actor, id: string, version: number, closing: string): Promise<GapView> {
    return this.close(who, { id, version, closing, state: GapState.Ceased, where: who.within(RECORD_GAPS, {}) });
  }

  private async close(
    who: Actor,
    ask: { id: string; version: number; closing: string; state: GapState; where: Condition },
  ): Promise<GapView> {
    const gap = await this.db.write(who, async (tx) => {
      const open = await tx.get(Gap, ask.id, ask.where);
      open.mustBeOpen();
      const patch = { state: ask.state, closing: ask.closing, closedAt: tx.at };
      const closed = await tx.change(open, patch, ask.version, { organisationId: open.organisationId });
      emit(tx, ask.state === GapState.Done ? GapEvent.Done : GapEvent.Ceased, closed);
      return closed;
    });
    return this.viewed(gap);
  }

  /** A gap rests on a number that was published, and lies in the time to come. */
  private mustBeShown(given: NewGap, release: PublishedRelease): void {
    const wrong = notShown(release, { ...given, ethnicGroup: given.ethnicGroup ?? null });
    if (wrong) throw refused(wrong.code, wrong.at, wrong.message, wrong.detail);
    if (given.dueOn <= this.clock.today()) throw refused('due_not_ahead', '/dueOn', 'Send a day to come.');
  }

  private async viewed(gap: Gap): Promise<GapView> {
    const [view] = await this.views([gap]);
    if (!view) throw new NotFound();
    return view;
  }

  private async views(gaps: readonly Gap[]): Promise<GapView[]> {
    if (gaps.length === 0) return [];
    const releases = await this.releases.all();
    const said = await this.db.query<GapProgressEntry & { gap_id: string }>(
      'SELECT p.gap_id, p."on", p.text FROM edi.gap_progress p WHERE p.gap_id = ANY($1::uuid[]) ORDER BY p.id',
      [gaps.map((gap) => gap.id)],
    );
    return gaps.map((gap) => {
      const shows = releases.find((release) => release.number === gap.releaseNumber);
      const later = releases.filter(({ number }) => number > gap.releaseNumber && number <= gap.checkBy).at(-1);
      return Object.assign(Object.create(Gap.prototype) as Gap, gap, {
        progress: said.filter((one) => one.gap_id === gap.id).map(({ on, text }) => ({ on, text })),
        outcome: shows && later ? gapOutcome(gap, shows, later) : null,
        checked: later?.number === gap.checkBy,
      });
    });
  }
}

const owned = (who: Actor): Condition => who.within(ANSWER_GAPS, { organisation: 'r.organisation_id' });

const refused = (code: string, at: string, message: string, detail: string = message): Refused =>
  new Refused(code, detail, [{ in: 'body', at, code, message }]);

function emit(tx: Tx, type: string, gap: Gap, data: Record<string, unknown> = {}): void {
  tx.emit({ type, subject: 'gap', subjectId: gap.id, version: gap.version, organisationId: gap.organisationId, data });
}
