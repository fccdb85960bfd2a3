import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Refused } from '../../kernel/errors/problem';
import { Cursors, Page, PageQuery, SortKey } from '../../kernel/http/page';
import { Reads } from '../../kernel/privacy/reads';
import { holdContributor, holdNamedAccount } from '../../people';
import { ProjectEvent } from '../events';
import { CHANGE_PROJECTS, READ_PROJECTS } from '../permissions';
import { inTeam } from './own-projects';
import type { NewTeamMember, TeamMemberChange } from './project.dto';
import { Project } from './project.entity';
import { TeamMember } from './team-member.entity';

const JOINED: readonly SortKey[] = [{ sql: 'r.id', direction: 'asc', type: 'uuid' }];

/** Who works on a project. A member with an account has the project as their own. */
@Injectable()
export class TeamService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    private readonly reads: Reads,
  ) {}

  async list(who: Actor, projectId: string, query: PageQuery): Promise<Page<TeamMember>> {
    await this.readable(who, projectId);
    const page = await this.cursors.page(
      query,
      `team ${projectId}`,
      JOINED,
      async (after, order, limit) => {
        const where = [(bind: (v: unknown) => string) => `r.project_id = ${bind(projectId)}`, after];
        const found = await this.db.list(TeamMember, { where, order, limit });
        return found.map((member) => ({ member, sort_key: [member.id] }));
      },
      (row) => row.member,
    );
    await this.shown(who, page.data);
    return page;
  }

  async get(who: Actor, projectId: string, id: string): Promise<TeamMember> {
    await this.readable(who, projectId);
    const member = await this.db.one(TeamMember, id, (bind) => `r.project_id = ${bind(projectId)}`);
    await this.shown(who, [member]);
    return member;
  }

  add(who: Actor, projectId: string, body: NewTeamMember): Promise<TeamMember> {
    return this.db.write(who, async (tx) => {
      const project = await this.changeable(tx, who, projectId);
      await knownTo(tx, project, body);
      const member = await tx.insert(TeamMember, { projectId, ...body }, facts(project, body.contributorId));
      tell(tx, project);
      return member;
    });
  }

  change(who: Actor, projectId: string, id: string, version: number, body: TeamMemberChange): Promise<TeamMember> {
    return this.db.write(who, async (tx) => {
      const project = await this.changeable(tx, who, projectId);
      const member = await tx.get(TeamMember, id, (bind) => `r.project_id = ${bind(projectId)}`);
      await knownTo(tx, project, body);
      const changed = await tx.change(member, { ...body }, version, facts(project, member.contributorId));
      tell(tx, project);
      return changed;
    });
  }

  remove(who: Actor, projectId: string, id: string, version: number): Promise<void> {
    return this.db.write(who, async (tx) => {
      const project = await this.changeable(tx, who, projectId);
      const member = await tx.get(TeamMember, id, (bind) => `r.project_id = ${bind(projectId)}`);
      await tx.remove(member, version, facts(project, member.contributorId));
      tell(tx, project);
    });
  }

  private readable(who: Actor, projectId: string): Promise<Project> {
    return this.db.one(
      Project,
      projectId,
      who.within(READ_PROJECTS, { organisation: 'r.organisation_id', own: inTeam('r.id', who, this.clock.today()) }),
    );
  }

  private changeable(tx: Tx, who: Actor, projectId: string): Promise<Project> {
    return tx.get(Project, projectId, who.within(CHANGE_PROJECTS, { organisation: 'r.organisation_id' }));
  }

  /** Contributors see who read that they are in a team. */
  private shown(who: Actor, members: readonly TeamMember[]): Promise<void> {
    const people = members.filter((m): m is TeamMember & { contributorId: string } => m.contributorId !== null);
    return this.reads.record(who, {
      subject: 'team_member',
      personIds: people.map((m) => m.contributorId),
      ids: people.map((m) => m.id),
      purpose: 'taking-part',
      what: 'your place in the team of a project',
    });
  }
}

const facts = (project: Project, personId: string | null | undefined) => ({
  organisationId: project.organisationId,
  personId,
});

function tell(tx: Tx, project: Project): void {
  tx.emit({
    type: ProjectEvent.TeamChanged,
    subject: 'project',
    subjectId: project.id,
    version: project.version,
    organisationId: project.organisationId,
  });
}

/** Refuses an account that is not there any more, and a contributor who does not work with the project's organisation: it may not know of others. */
async function knownTo(tx: Tx, project: Project, { accountId, contributorId }: TeamMemberChange): Promise<void> {
  if (accountId) await holdNamedAccount(tx, accountId);
  if (!contributorId) return;
  await holdContributor(tx, contributorId);
  const found = await tx.query(
    'SELECT FROM people.contributor_organisation WHERE contributor_id = $1 AND organisation_id = $2 LIMIT 1',
    [contributorId, project.organisationId],
  );
  if (found.length === 0)
    throw new Refused('unknown_contributor', 'No contributor of this organisation has the id given as contributorId.', [
      {
        in: 'body',
        at: '/contributorId',
        code: 'unknown_contributor',
        message: 'Send the id of a contributor who works with the organisation.',
      },
    ]);
}
