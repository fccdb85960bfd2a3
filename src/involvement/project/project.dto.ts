import { PickType } from '@nestjs/swagger';
import { ChangeOf } from '../../kernel/db/fields';
import { PageOf, PageQuery } from '../../kernel/http/page';
import { InChoice, InRef } from '../../kernel/http/query';
import { fixedId } from '../../people';
import { Project, ProjectKind, ProjectState } from './project.entity';
import { TeamMember } from './team-member.entity';

const SAID = ['kind', 'title', 'summary', 'identifiers', 'from', 'until', 'state'] as const;

/** A project to put on record. */
export class NewProject extends PickType(Project, ['organisationId', ...SAID] as const) {}

/** What may change about a project; its organisation stays. */
export class ProjectChange extends ChangeOf(PickType(Project, SAID)) {}

export class ProjectPage extends PageOf(Project) {}

/** Which projects to list. */
export class ProjectQuery extends PageQuery {
  @InRef('Only those of this organisation.', { example: fixedId('organisation', 'castlebridge-hospitals') })
  organisation?: string;

  @InChoice(Object.values(ProjectKind), 'Only those of this kind.')
  kind?: ProjectKind;

  @InChoice(Object.values(ProjectState), 'Only those in this state.')
  state?: ProjectState;
}

const MEMBER = ['accountId', 'contributorId', 'name', 'role', 'from', 'until'] as const;

/** Somebody who joins a team. */
export class NewTeamMember extends PickType(TeamMember, MEMBER) {}

/** What may change about a member of a team. */
export class TeamMemberChange extends ChangeOf(PickType(TeamMember, MEMBER)) {}

export class TeamPage extends PageOf(TeamMember) {}
