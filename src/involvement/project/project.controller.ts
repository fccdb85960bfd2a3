import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Can, Who } from '../../kernel/access/access';
import type { Actor } from '../../kernel/access/actor';
import { Made } from '../../kernel/http/answer';
import { PrivateAnswer } from '../../kernel/http/idempotency';
import { Page, PageQuery } from '../../kernel/http/page';
import { ApiId, Id, IfMatch, NeedsIfMatch } from '../../kernel/http/parameters';
import { fixedId } from '../../people';
import { CHANGE_PROJECTS, READ_PROJECTS } from '../permissions';
import {
  NewProject,
  NewTeamMember,
  ProjectChange,
  ProjectPage,
  ProjectQuery,
  TeamMemberChange,
  TeamPage,
} from './project.dto';
import { Project } from './project.entity';
import { ProjectService } from './project.service';
import { TeamMember } from './team-member.entity';
import { TeamService } from './team.service';

const PROJECT = fixedId('project', 'steady-steps');
const MEMBER = fixedId('team_member', 'steady-steps-1');

@ApiTags('Projects')
@Controller('v1/projects')
export class ProjectController {
  constructor(
    private readonly projects: ProjectService,
    private readonly team: TeamService,
  ) {}

  @Get()
  @Can(READ_PROJECTS)
  @ApiOperation({
    summary: 'List projects',
    description: 'Those of your organisation, or those in whose team you are. Newest first.',
  })
  @ApiOkResponse({ type: ProjectPage })
  list(@Who() who: Actor, @Query() query: ProjectQuery): Promise<Page<Project>> {
    return this.projects.list(who, query);
  }

  @Post()
  @Can(CHANGE_PROJECTS)
  @Made('/v1/projects/:id')
  @ApiOperation({
    summary: 'Put a project on record',
    description: 'For an organisation of yours. Opportunities and involvements then refer to it.',
  })
  @ApiCreatedResponse({ type: Project })
  add(@Who() who: Actor, @Body() body: NewProject): Promise<Project> {
    return this.projects.add(who, body);
  }

  @Get(':id')
  @Can(READ_PROJECTS)
  @ApiId(PROJECT)
  @ApiOperation({ summary: 'Read a project', description: 'One of your organisation, or one in whose team you are.' })
  @ApiOkResponse({ type: Project })
  get(@Who() who: Actor, @Id() id: string): Promise<Project> {
    return this.projects.get(who, id);
  }

  @Patch(':id')
  @Can(CHANGE_PROJECTS)
  @ApiId(PROJECT)
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Change a project', description: 'What you leave out stays; null clears.' })
  @ApiOkResponse({ type: Project })
  change(
    @Who() who: Actor,
    @Id() id: string,
    @IfMatch() version: number,
    @Body() body: ProjectChange,
  ): Promise<Project> {
    return this.projects.change(who, id, version, body);
  }

  @Get(':id/team')
  @Can(READ_PROJECTS)
  @ApiId(PROJECT)
  @ApiOperation({
    summary: 'List the team of a project',
    description: 'Researchers, public co-applicants and others, in the order in which they were added.',
  })
  @ApiOkResponse({ type: TeamPage })
  listTeam(@Who() who: Actor, @Id() id: string, @Query() query: PageQuery): Promise<Page<TeamMember>> {
    return this.team.list(who, id, query);
  }

  @Post(':id/team')
  @Can(CHANGE_PROJECTS)
  @PrivateAnswer()
  @Made('/v1/projects/:projectId/team/:id')
  @ApiId(PROJECT)
  @ApiOperation({
    summary: 'Add somebody to the team',
    description:
      'By account, as a contributor, or only by name. With an account, the project becomes their own: a researcher can then draft its opportunities.',
  })
  @ApiCreatedResponse({ type: TeamMember })
  join(@Who() who: Actor, @Id() id: string, @Body() body: NewTeamMember): Promise<TeamMember> {
    return this.team.add(who, id, body);
  }

  @Get(':id/team/:member')
  @Can(READ_PROJECTS)
  @ApiId(PROJECT)
  @ApiId(MEMBER, 'member', 'Id of the member.')
  @ApiOperation({ summary: 'Read a member of the team', description: 'Who it is, and what they do in the project.' })
  @ApiOkResponse({ type: TeamMember })
  getMember(@Who() who: Actor, @Id() id: string, @Id('member') member: string): Promise<TeamMember> {
    return this.team.get(who, id, member);
  }

  @Patch(':id/team/:member')
  @Can(CHANGE_PROJECTS)
  @ApiId(PROJECT)
  @ApiId(MEMBER, 'member', 'Id of the member.')
  @NeedsIfMatch()
  @ApiOperation({ summary: 'Change a member of the team', description: 'For instance the day on which they left.' })
  @ApiOkResponse({ type: TeamMember })
  changeMember(
    @Who() who: Actor,
    @Id() id: string,
    @Id('member') member: string,
    @IfMatch() version: number,
    @Body() body: TeamMemberChange,
  ): Promise<TeamMember> {
    return this.team.change(who, id, member, version, body);
  }

  @Delete(':id/team/:member')
  @Can(CHANGE_PROJECTS)
  @HttpCode(204)
  @ApiId(PROJECT)
  @ApiId(MEMBER, 'member', 'Id of the member.')
  @NeedsIfMatch()
  @ApiOperation({
    summary: 'Take somebody out of the team',
    description: 'For one added by mistake. For one who left, give the day in "until".',
  })
  @ApiNoContentResponse({ description: 'They are no longer in it.' })
  leave(@Who() who: Actor, @Id() id: string, @Id('member') member: string, @IfMatch() version: number): Promise<void> {
    return this.team.remove(who, id, member, version);
  }
}
