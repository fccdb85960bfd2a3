import { fixedId } from '../../people';
import { ProjectEvent } from '../events';
import { Project } from '../project/project.entity';
import { TeamMember, TeamRole } from '../project/team-member.entity';
import { accountId } from './people';
import type { DemonstrationProject } from './shapes';
import type { Stage } from './stage';
import type { Texts } from './texts';

const ROLES: Record<DemonstrationProject['team'][number]['role'], TeamRole> = {
  'chief-investigator': 'chief-investigator',
  researcher: 'researcher',
  'public-involvement-lead': 'involvement-lead',
  'public-co-applicant': 'public-co-applicant',
};

/** Projects and their teams. The first who is not public has the account of the organisation's researcher. */
export async function addProjects(stage: Stage, { projects, contributors }: Texts): Promise<void> {
  const known = new Map(
    contributors.map((contributor) => [contributor.name, fixedId('contributor', contributor.slug)]),
  );
  for (const project of projects) {
    const organisationId = fixedId('organisation', project.organisation);
    const made = await stage.tx.insert(
      Project,
      {
        ...{
          id: fixedId('project', project.slug),
          organisationId,
          kind: project.frame,
          title: project.title,
          summary: project.summary,
        },
        identifiers: project.identifiers,
        ...{ from: stage.day(project.startsInDays), until: stage.day(project.endsInDays) },
        state: project.startsInDays > 0 ? 'planned' : project.endsInDays <= 0 ? 'finished' : 'active',
      },
      { organisationId },
    );
    stage.tx.emit({
      type: ProjectEvent.Added,
      subject: 'project',
      subjectId: made.id,
      version: made.version,
      organisationId,
    });
    const lead = project.team.findIndex((member) => member.role !== 'public-co-applicant');
    for (const [i, { name, role }] of project.team.entries()) {
      await stage.tx.insert(TeamMember, {
        ...{
          id: fixedId('team_member', `${project.slug}-${i + 1}`),
          projectId: made.id,
          name,
          role: ROLES[role],
          from: stage.day(project.startsInDays),
        },
        accountId: i === lead ? accountId('researcher', project.organisation) : null,
        contributorId: role === 'public-co-applicant' ? (known.get(name) ?? null) : null,
      });
    }
  }
}
