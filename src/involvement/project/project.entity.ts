import { Entity } from 'typeorm';
import { Choice, Day, JsonList, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { fixedId } from '../../people';

/** What kind of frame a project is. */
export const ProjectKind = {
  Study: 'study',
  Award: 'award',
  Committee: 'committee',
  Programme: 'programme',
  Other: 'other',
} as const;
export type ProjectKind = (typeof ProjectKind)[keyof typeof ProjectKind];

export const ProjectState = {
  Planned: 'planned',
  Active: 'active',
  Finished: 'finished',
  Abandoned: 'abandoned',
} as const;
export type ProjectState = (typeof ProjectState)[keyof typeof ProjectState];

/** Registers of research projects. */
export const ProjectScheme = {
  Award: 'award',
  Iras: 'iras',
  Cpms: 'cpms',
  Isrctn: 'isrctn',
  Other: 'other',
} as const;
export type ProjectScheme = (typeof ProjectScheme)[keyof typeof ProjectScheme];

/** An identifier that a register gave to a project. */
export class ProjectIdentifier {
  @Choice(ProjectScheme, 'ProjectScheme', 'Which register.', { virtual: true, example: 'award' })
  scheme: ProjectScheme;

  @Text(100, 'The identifier there.', { virtual: true, example: 'NIHR999001' })
  value: string;
}

/** A study, award, committee, programme or other frame in which people are involved. It owns opportunities and involvements. */
@Entity({ schema: 'involvement', name: 'project' })
export class Project extends StoredRecord {
  @Ref('The organisation that runs it.', { example: fixedId('organisation', 'castlebridge-hospitals') })
  organisationId: string;

  @Choice(ProjectKind, 'ProjectKind', 'What kind of frame it is.', { example: 'study' })
  kind: ProjectKind;

  @Text(300, 'Its title, as the public may read it.', { example: 'Steady Steps: falling less at home' })
  title: string;

  @Text(4000, 'What it is about, in plain English.', {
    optional: true,
    example: 'Does a visit by an occupational therapist keep people over 65 on their feet?',
  })
  summary: string | null;

  @JsonList(
    () => ProjectIdentifier,
    { items: 20 },
    'Identifiers that registers gave it; an organisation uses each once.',
    { default: [] },
  )
  identifiers: ProjectIdentifier[];

  @Day('First day; null where it is not known.', { optional: true, example: '2026-09-01' })
  from: string | null;

  @Day('First day on which it no longer runs; null while its end is open.', { optional: true, example: '2029-09-01' })
  until: string | null;

  @Choice(ProjectState, 'ProjectState', 'Whether it is planned, running, finished or given up.', {
    default: 'active',
    example: 'active',
  })
  state: ProjectState;
}

constraint(
  'project_ends_after_it_begins',
  422,
  'ends_before_it_begins',
  'The project cannot end on or before its first day. Change "from" or "until".',
);
constraint(
  'project_identifier_unique',
  409,
  'identifier_taken',
  'Another project of this organisation has this identifier.',
);
constraint('project_identifier_key', 422, 'identifier_twice', 'Send each identifier once.');
constraint(
  'project_of_an_organisation',
  422,
  'unknown_organisation',
  'There is no organisation with the id given as organisationId.',
);
