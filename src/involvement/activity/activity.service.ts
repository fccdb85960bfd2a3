import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import type { Permission } from '../../kernel/access/permission';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { NotFound } from '../../kernel/errors/problem';
import { Cursors, Page, SortKey } from '../../kernel/http/page';
import { ActivityEvent } from '../events';
import type { Involvement } from '../involvement/involvement.entity';
import { InvolvementService } from '../involvement/involvement.service';
import { READ_INVOLVEMENTS } from '../permissions';
import type { ActivityChange, ActivityQuery, NewActivities, NewActivity } from './activity.dto';
import { Activity, mustHaveCome } from './activity.entity';

const LATEST: readonly SortKey[] = [
  { sql: 'r.on_day', direction: 'desc', type: 'date' },
  { sql: 'r.id', direction: 'desc', type: 'uuid' },
];

/** Activities: what was done within an involvement, and who was there. */
@Injectable()
export class ActivityService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    private readonly involvements: InvolvementService,
  ) {}

  async list(who: Actor, involvementId: string, query: ActivityQuery): Promise<Page<Activity>> {
    await this.involvements.get(who, involvementId);
    const ask = async (
      after: Condition,
      order: string,
      limit: number,
    ): Promise<{ activity: Activity; sort_key: string[] }[]> => {
      const found = await this.db.list(Activity, {
        where: [(bind) => `r.involvement_id = ${bind(involvementId)}`, after],
        order,
        limit,
      });
      return found.map((activity) => ({ activity, sort_key: [activity.on, activity.id] }));
    };
    return this.cursors.page(query, `activities ${involvementId}`, LATEST, ask, (row) => row.activity);
  }

  get(who: Actor, id: string): Promise<Activity> {
    return this.db.one(Activity, id, this.reached(who, READ_INVOLVEMENTS));
  }

  record(who: Actor, involvementId: string, body: NewActivity): Promise<Activity> {
    return this.db.write(who, (tx) => this.add(tx, who, involvementId, body));
  }

  /** Records one session for several people: all of them, or none. Involvements are locked in one order, so two sessions cannot block each other. */
  recordAll(who: Actor, { items }: NewActivities): Promise<{ data: Activity[] }> {
    return this.db.write(who, async (tx) => {
      const made = new Map<number, Activity>();
      const order = items
        .map((item, place) => ({ ...item, place }))
        .sort((a, b) => (a.involvementId < b.involvementId ? -1 : 1));
      for (const { involvementId, place, ...body } of order)
        made.set(place, await this.add(tx, who, involvementId, body));
      return { data: items.flatMap((_, place) => made.get(place) ?? []) };
    });
  }

  change(who: Actor, id: string, version: number, body: ActivityChange): Promise<Activity> {
    return this.db.write(who, async (tx) => {
      const { activity, involvement } = await this.take(tx, who, id);
      if (body.attendance === 'attended') involvement.mustNotBeCancelled();
      mustHaveCome(body.on ?? activity.on, body.attendance ?? activity.attendance, this.clock.today());
      const { contributorId: personId, organisationId } = involvement;
      const changed = await tx.change(activity, { ...body }, version, { personId, organisationId });
      if (changed.attendance === 'attended') await this.involvements.started(tx, involvement);
      this.tell(tx, ActivityEvent.Changed, changed);
      return changed;
    });
  }

  /** Takes out what was recorded in error. The audit trail keeps that it was there. */
  remove(who: Actor, id: string, version: number): Promise<void> {
    return this.db.write(who, async (tx) => {
      const { activity, involvement } = await this.take(tx, who, id);
      const { involvementId, on, kind, attendance } = activity;
      await tx.remove(activity, version, {
        before: { involvementId, on, kind, attendance },
        personId: involvement.contributorId,
        organisationId: activity.organisationId,
      });
      tx.emit({
        type: ActivityEvent.Removed,
        subject: 'activity',
        subjectId: id,
        version: version + 1,
        organisationId: activity.organisationId,
        data: { involvementId },
      });
    });
  }

  /** An activity and its involvement, both locked; the involvement first, as whoever records or ends does, so that none waits in a circle. */
  private async take(tx: Tx, who: Actor, id: string): Promise<{ activity: Activity; involvement: Involvement }> {
    const [found] = await tx.query<{ involvement_id: string }>(
      'SELECT involvement_id FROM involvement.activity WHERE id = $1',
      [id],
    );
    if (!found) throw new NotFound();
    const involvement = await this.involvements.take(tx, who, found.involvement_id);
    return { involvement, activity: await tx.get(Activity, id) };
  }

  private async add(tx: Tx, who: Actor, involvementId: string, body: NewActivity): Promise<Activity> {
    mustHaveCome(body.on, body.attendance, this.clock.today());
    const involvement = await this.involvements.take(tx, who, involvementId);
    involvement.mustRun();
    const { organisationId } = involvement;
    const made = await tx.insert(
      Activity,
      { ...body, involvementId, organisationId },
      { personId: involvement.contributorId, organisationId },
    );
    if (made.attendance === 'attended') await this.involvements.started(tx, involvement);
    this.tell(tx, ActivityEvent.Recorded, made);
    return made;
  }

  /** An activity is reached where its involvement is. */
  private reached(who: Actor, permission: Permission): Condition {
    const holder = this.involvements.reached(who, permission, 'i');
    return (bind) => `EXISTS (SELECT FROM involvement.involvement i WHERE i.id = r.involvement_id AND ${holder(bind)})`;
  }

  private tell(tx: Tx, type: string, about: Activity): void {
    const { id: subjectId, version, organisationId, involvementId, attendance } = about;
    tx.emit({ type, subject: 'activity', subjectId, version, organisationId, data: { involvementId, attendance } });
  }
}
