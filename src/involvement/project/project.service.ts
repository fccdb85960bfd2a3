import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import { NotFound } from '../../kernel/errors/problem';
import { Cursors, NEWEST, Page } from '../../kernel/http/page';
import { ProjectEvent } from '../events';
import { CHANGE_PROJECTS, READ_PROJECTS } from '../permissions';
import { inTeam } from './own-projects';
import type { NewProject, ProjectChange, ProjectQuery } from './project.dto';
import { Project } from './project.entity';

/** Projects: the frames that own opportunities and involvements. */
@Injectable()
export class ProjectService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  list(who: Actor, query: ProjectQuery): Promise<Page<Project>> {
    const { organisation, kind, state } = query;
    const where: Condition[] = [this.readable(who)];
    if (organisation) where.push((bind) => `r.organisation_id = ${bind(organisation)}`);
    if (kind) where.push((bind) => `r.kind = ${bind(kind)}`);
    if (state) where.push((bind) => `r.state = ${bind(state)}`);
    return this.cursors.page(
      query,
      'projects',
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(Project, { where: [...where, after], order, limit });
        return found.map((project) => ({ project, sort_key: [project.id] }));
      },
      (row) => row.project,
    );
  }

  get(who: Actor, id: string): Promise<Project> {
    return this.db.one(Project, id, this.readable(who));
  }

  add(who: Actor, body: NewProject): Promise<Project> {
    if (!who.mayFor(CHANGE_PROJECTS, body.organisationId)) throw new NotFound('No organisation of yours has this id.');
    return this.db.write(who, async (tx) => {
      const project = await tx.insert(Project, { ...body }, { organisationId: body.organisationId });
      tx.emit({
        type: ProjectEvent.Added,
        subject: 'project',
        subjectId: project.id,
        version: project.version,
        organisationId: project.organisationId,
      });
      return project;
    });
  }

  change(who: Actor, id: string, version: number, body: ProjectChange): Promise<Project> {
    return this.db.write(who, async (tx) => {
      const project = await tx.get(Project, id, who.within(CHANGE_PROJECTS, { organisation: 'r.organisation_id' }));
      const changed = await tx.change(project, { ...body }, version, { organisationId: project.organisationId });
      tx.emit({
        type: ProjectEvent.Changed,
        subject: 'project',
        subjectId: id,
        version: changed.version,
        organisationId: project.organisationId,
        data: { fields: Object.keys(body) },
      });
      return changed;
    });
  }

  private readable(who: Actor): Condition {
    return who.within(READ_PROJECTS, {
      organisation: 'r.organisation_id',
      own: inTeam('r.id', who, this.clock.today()),
    });
  }
}
