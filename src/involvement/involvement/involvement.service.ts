import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import type { Permission } from '../../kernel/access/permission';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { NotFound } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { holdContributor } from '../../people';
import { InvolvementEvent } from '../events';
import { NoticeOwing } from '../notice/notice-owing';
import { CHANGE_INVOLVEMENTS, READ_INVOLVEMENTS } from '../permissions';
import { inTeam } from '../project/own-projects';
import { Project } from '../project/project.entity';
import { toldBegun } from './begin';
import type { InvolvementChange, InvolvementEnd, InvolvementQuery, NewInvolvement } from './involvement.dto';
import { Involvement } from './involvement.entity';

/** Involvements: a contributor's part in a project. */
@Injectable()
export class InvolvementService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    private readonly owing: NoticeOwing,
  ) {}

  list(who: Actor, query: InvolvementQuery): Promise<Page<Involvement>> {
    const { project, opportunity, contributor, state } = query;
    const where: Condition[] = [this.reached(who, READ_INVOLVEMENTS)];
    if (project) where.push((bind) => `r.project_id = ${bind(project)}`);
    if (opportunity) where.push((bind) => `r.opportunity_id = ${bind(opportunity)}`);
    if (contributor) where.push((bind) => `r.contributor_id = ${bind(contributor)}`);
    if (state) where.push((bind) => `r.state = ${bind(state)}`);
    const ask = async (
      after: Condition,
      order: string,
      limit: number,
    ): Promise<{ involvement: Involvement; sort_key: string[] }[]> => {
      const found = await this.db.list(Involvement, { where: [...where, after], order, limit });
      return found.map((involvement) => ({ involvement, sort_key: [involvement.id] }));
    };
    return this.cursors.page(query, 'involvements', NEWEST, ask, (row) => row.involvement);
  }

  get(who: Actor, id: string): Promise<Involvement> {
    return this.db.one(Involvement, id, this.reached(who, READ_INVOLVEMENTS));
  }

  /** Begins an involvement without an interest. The contributor must be known to the project's organisation. */
  begin(who: Actor, body: NewInvolvement): Promise<Involvement> {
    return this.db.write(who, async (tx) => {
      const owners = who.within(CHANGE_INVOLVEMENTS, {
        organisation: 'r.organisation_id',
        own: inTeam('r.id', who, this.clock.today()),
      });
      const { organisationId } = await tx.get(Project, body.projectId, owners);
      await this.mustKnow(tx, body.contributorId, organisationId);
      const made = await tx.insert(
        Involvement,
        { ...body, organisationId, state: 'planned' },
        { personId: body.contributorId, organisationId },
      );
      toldBegun(tx, made);
      return made;
    });
  }

  change(who: Actor, id: string, version: number, body: InvolvementChange): Promise<Involvement> {
    return this.db.write(who, async (tx) => {
      const involvement = await this.take(tx, who, id);
      involvement.mustRun();
      const changed = await tx.change(involvement, { ...body }, version, { personId: involvement.contributorId });
      this.tell(tx, InvolvementEvent.Changed, changed);
      return changed;
    });
  }

  /** Ends it, or cancels it where nothing was ever attended. The person is owed word of it. */
  end(who: Actor, id: string, { until, reason }: InvolvementEnd): Promise<Involvement> {
    return this.db.write(who, async (tx) => {
      const involvement = await this.take(tx, who, id);
      involvement.mustRun();
      const over =
        involvement.state === 'planned'
          ? { state: 'cancelled', endReason: reason }
          : { state: 'ended', endReason: reason, until };
      const changed = await tx.change(involvement, over as Partial<Involvement>, involvement.version, {
        personId: involvement.contributorId,
      });
      this.tell(tx, InvolvementEvent.Ended, changed, { reason });
      await this.owing.oweEnded(tx, changed);
      return changed;
    });
  }

  /** The involvement, locked, if the caller may record on it. */
  take(tx: Tx, who: Actor, id: string): Promise<Involvement> {
    return tx.get(Involvement, id, this.reached(who, CHANGE_INVOLVEMENTS));
  }

  /** Marks that the first activity was attended. */
  async started(tx: Tx, involvement: Involvement): Promise<void> {
    if (involvement.state !== 'planned') return;
    const changed = await tx.change(involvement, { state: 'active' }, involvement.version, {
      personId: involvement.contributorId,
    });
    this.tell(tx, InvolvementEvent.Started, changed);
  }

  /** The rows that a permission covers: the organisation's, the researcher's projects', the contributor's own. `row` is the table's alias. */
  reached(who: Actor, permission: Permission, row = 'r'): Condition {
    const today = this.clock.today();
    return who.within(permission, {
      organisation: `${row}.organisation_id`,
      own: (bind) => {
        const team = inTeam(`${row}.project_id`, who, today)(bind);
        return who.contributorId && permission === READ_INVOLVEMENTS
          ? `(${row}.contributor_id = ${bind(who.contributorId)} OR ${team})`
          : team;
      },
    });
  }

  private async mustKnow(tx: Tx, contributorId: string, organisationId: string): Promise<void> {
    await holdContributor(tx, contributorId);
    const known = await tx.query(
      `SELECT FROM people.contributor c JOIN people.contributor_organisation o ON o.contributor_id = c.id
       WHERE c.id = $1 AND c.state = 'active' AND o.organisation_id = $2 AND (o.until IS NULL OR o.until > $3::date)`,
      [contributorId, organisationId, this.clock.today()],
    );
    if (known.length === 0) throw new NotFound('No contributor of this organisation has this id.');
  }

  private tell(tx: Tx, type: string, about: Involvement, data: Record<string, unknown> = {}): void {
    tx.emit({
      type,
      subject: 'involvement',
      subjectId: about.id,
      version: about.version,
      organisationId: about.organisationId,
      data,
    });
  }
}
