import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotAllowed, NotFound, Refused, Stale } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page, PageQuery, SortKey } from '../../kernel/http/page';
import { OpportunityEvent } from '../events';
import { DRAFT_OPPORTUNITIES, PUBLISH_OPPORTUNITIES, READ_OPPORTUNITIES } from '../permissions';
import { inTeam } from '../project/own-projects';
import { Project } from '../project/project.entity';
import { changedContent, ContentChange, contentFaults, contentOf, newContent } from './content-rules';
import type { Content } from './opportunity-content';
import {
  caughtUp,
  facts,
  keepVersion,
  nextVersion,
  tell,
  tellStep,
  versionColumns,
  versionFacts,
  wantsSecondApprover,
} from './opportunity-record';
import { OpportunityVersion } from './opportunity-version.entity';
import type { NewOpportunity, OpportunityChange, OpportunityQuery } from './opportunity.dto';
import { Opportunity } from './opportunity.entity';
import { isReadable } from './public-opportunity';
import { unknownReferences } from './reference-check';

const NUMBER: readonly SortKey[] = [{ sql: 'r.number', direction: 'desc', type: 'integer' }];

/** Opportunities as staff write and read them. */
@Injectable()
export class OpportunityService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  async ofProject(who: Actor, projectId: string, query: OpportunityQuery): Promise<Page<Opportunity>> {
    const own = inTeam('r.id', who, this.clock.today());
    await this.db.one(Project, projectId, who.within(READ_OPPORTUNITIES, { organisation: 'r.organisation_id', own }));
    return this.page(query, `project ${projectId}`, (bind) => `r.project_id = ${bind(projectId)}`);
  }

  ofOrganisation(who: Actor, organisationId: string, query: OpportunityQuery): Promise<Page<Opportunity>> {
    this.mustReadAllOf(who, organisationId);
    return this.page(query, `organisation ${organisationId}`, (bind) => `r.organisation_id = ${bind(organisationId)}`);
  }

  /** Refuses a list of an organisation whose opportunities the caller may not all see. */
  mustReadAllOf(who: Actor, organisationId: string): void {
    if (!who.mayFor(READ_OPPORTUNITIES, organisationId)) throw new NotFound('No organisation of yours has this id.');
  }

  draft(who: Actor, id: string): Promise<Opportunity> {
    return this.db.one(Opportunity, id, this.readable(who));
  }

  /** Versions that the public could read. Those of a hidden or withdrawn one are for staff only. */
  async versions(who: Actor, id: string, query: PageQuery): Promise<Page<OpportunityVersion>> {
    const [open] = await this.db.query(
      `SELECT FROM involvement.public_opportunity o WHERE o.id = $1 AND ${isReadable('o', '$2')}`,
      [id, this.clock.now()],
    );
    if (!open) await this.draft(who, id);
    const where = (bind: (value: unknown) => string): string => `r.opportunity_id = ${bind(id)}`;
    return this.cursors.page(
      query,
      `versions ${id}`,
      NUMBER,
      async (after, order, limit) => {
        const found = await this.db.list(OpportunityVersion, { where: [where, after], order, limit });
        return found.map((row) => ({ row: open ? { ...row, accountId: null } : row, sort_key: [String(row.number)] }));
      },
      ({ row }) => row,
    );
  }

  add(who: Actor, body: NewOpportunity): Promise<Opportunity> {
    return this.db.write(who, (tx) => this.addIn(tx, body));
  }

  change(who: Actor, id: string, version: number, body: OpportunityChange): Promise<Opportunity> {
    return this.db.write(who, async (tx) => {
      const found = await tx.get(Opportunity, id, this.draftable(who));
      if (found.version !== version) throw new Stale();
      return (await this.changeIn(tx, found, body)).opportunity;
    });
  }

  /** A new draft, in the caller's transaction. */
  async addIn(tx: Tx, { projectId, ...said }: NewOpportunity): Promise<Opportunity> {
    const content = newContent(said);
    const own = inTeam('r.id', tx.actor, this.clock.today());
    const project = await tx
      .get(Project, projectId, tx.actor.within(DRAFT_OPPORTUNITIES, { organisation: 'r.organisation_id', own }))
      .catch(noSuchProject);
    await mustHold(tx, content, content);
    const data = {
      ...content,
      projectId,
      organisationId: project.organisationId,
      closesAt: this.endOf(content.closesOn),
      editedBy: tx.actor.accountId,
    };
    const made = await tx.insert(Opportunity, data, { organisationId: project.organisationId });
    tellStep(tx, 'Drafted', made);
    return made;
  }

  /** A change of content, in the caller's transaction. A new public version where the public reads it now. */
  async changeIn(
    tx: Tx,
    found: Opportunity,
    body: ContentChange,
  ): Promise<{ opportunity: Opportunity; changed: boolean }> {
    const before = await caughtUp(tx, found);
    before.mustAllow('change', tx.at);
    const change = changedContent(before, body);
    if (Object.keys(change).length === 0) return { opportunity: before, changed: false };
    await mustHold(tx, { ...contentOf(before), ...change }, change);
    const second = await wantsSecondApprover(tx, before.organisationId);
    if (before.state !== 'draft' && before.state !== 'in-review') this.mustPublish(tx.actor, before, second);
    const after = Object.assign(
      new Opportunity(),
      before,
      change,
      'closesOn' in change ? { closesAt: this.endOf(change.closesOn) } : {},
    );
    if (after.state !== 'draft' && after.state !== 'in-review') after.mustBeComplete(tx.at);
    const next =
      before.state === 'published' || (before.state === 'paused' && !second)
        ? await nextVersion(tx, before, after)
        : null;
    const columns = {
      closesAt: after.closesAt,
      editedBy: tx.actor.accountId,
      approvedBy: null,
      approvedAt: null,
      ...versionColumns(next),
    };
    const opportunity = await tx.change(before, { ...change, ...columns }, undefined, facts(before));
    await keepVersion(tx, opportunity, next);
    if (before.isPublished(tx.at))
      tell(tx, OpportunityEvent.Changed, opportunity, {
        ...versionFacts(opportunity, next),
        changes: Object.keys(change),
      });
    else tellStep(tx, 'Edited', opportunity);
    return { opportunity, changed: true };
  }

  /** Which opportunities the caller may draft and change. */
  draftable(who: Actor): Condition {
    return who.within(DRAFT_OPPORTUNITIES, {
      organisation: 'r.organisation_id',
      own: inTeam('r.project_id', who, this.clock.today()),
    });
  }

  /** Which opportunities the caller may see, public or not. */
  readable(who: Actor): Condition {
    return who.within(READ_OPPORTUNITIES, {
      organisation: 'r.organisation_id',
      own: inTeam('r.project_id', who, this.clock.today()),
    });
  }

  /** The moment at which a closing day is over. */
  endOf(day: string | null | undefined): Date | null | undefined {
    return typeof day === 'string' ? this.clock.endOfDay(day) : day;
  }

  /** Only who may publish changes what the public reads or will; a second approver's look is not passed by. */
  private mustPublish(who: Actor, opportunity: Opportunity, second: boolean): void {
    if (!who.mayFor(PUBLISH_OPPORTUNITIES, opportunity.organisationId))
      throw new NotAllowed(
        'publisher_needed',
        'The public reads this one already, or will. Ask a coordinator of the organisation to change it.',
      );
    if (!second || opportunity.state === 'paused') return;
    const how =
      opportunity.state === 'scheduled'
        ? 'Return it to its author first.'
        : 'Pause it, change it, ask a colleague to approve it, and resume it.';
    throw new Conflict(
      'approval_needed',
      `This organisation wants a second person to approve what the public reads. ${how}`,
    );
  }

  private page(query: OpportunityQuery, list: string, whose: Condition): Promise<Page<Opportunity>> {
    const { state, hidden } = query;
    const where: Condition[] = [whose];
    if (state) where.push((bind) => `r.state = ${bind(state)}`);
    if (hidden !== undefined) where.push(() => `(r.hidden_at IS NOT NULL) = ${hidden}`);
    return this.cursors.page(
      query,
      `opportunities of ${list}`,
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(Opportunity, { where: [...where, after], order, limit });
        return found.map((opportunity) => ({ opportunity, sort_key: [opportunity.id] }));
      },
      (row) => row.opportunity,
    );
  }
}

function noSuchProject(error: unknown): never {
  throw error instanceof NotFound ? new NotFound('No project of yours has the id given as projectId.') : error;
}

/** Refuses content that contradicts itself, or names what is not in the reference data. */
async function mustHold(tx: Tx, content: Partial<Content>, changed: Partial<Content>): Promise<void> {
  const errors = [...contentFaults(content), ...(await unknownReferences(tx, changed))];
  if (errors.length > 0)
    throw new Refused(
      'content_not_right',
      'Some of what it says cannot be right. Each fault is listed under "errors".',
      errors,
    );
}
