import { Entity } from 'typeorm';
import { Choice, Day, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { personalTable } from '../../kernel/privacy/personal';
import { fixedId, onMerge } from '../../people';

/** What somebody does in the team of a project. */
export const TeamRole = {
  ChiefInvestigator: 'chief-investigator',
  Researcher: 'researcher',
  PublicCoApplicant: 'public-co-applicant',
  InvolvementLead: 'involvement-lead',
  Other: 'other',
} as const;
export type TeamRole = (typeof TeamRole)[keyof typeof TeamRole];

/** Somebody in the team of a project: known by an account, as a contributor, or only by name. */
@Entity({ schema: 'involvement', name: 'team_member' })
export class TeamMember extends StoredRecord {
  @Ref('The project.', { readOnly: true, example: fixedId('project', 'steady-steps') })
  projectId: string;

  @Ref('The account that they sign in with, which makes the project their own.', { optional: true, example: null })
  accountId: string | null;

  @Ref('The contributor that they are, such as a public co-applicant.', { optional: true, example: null })
  contributorId: string | null;

  @Text(200, 'Their name; may be left out where the account or the contributor says it.', {
    optional: true,
    personal: true,
    example: 'Abena Quarshie',
  })
  name: string | null;

  @Choice(TeamRole, 'TeamRole', 'What they do in the team.', { example: 'researcher' })
  role: TeamRole;

  @Day('First day in the team; null where it is not known.', { optional: true, example: '2026-09-01' })
  from: string | null;

  @Day('First day on which they are no longer in it; null while they are.', { optional: true, example: '2029-09-01' })
  until: string | null;
}

constraint('team_member_is_somebody', 422, 'nobody_named', 'Say who it is: accountId, contributorId or name.');
constraint(
  'team_member_ends_after_it_begins',
  422,
  'ends_before_it_begins',
  'They cannot leave on or before their first day. Change "from" or "until".',
);
constraint('team_member_account_once', 409, 'already_in_team', 'This account is in the team already.');
constraint('team_member_contributor_once', 409, 'already_in_team', 'This contributor is in the team already.');
constraint('team_member_account', 422, 'unknown_account', 'There is no account with the id given as accountId.');
constraint(
  'team_member_contributor',
  422,
  'unknown_contributor',
  'There is no contributor with the id given as contributorId.',
);

const kept = {
  keptFor: 'For as long as the project is on record',
  rule: 'UK GDPR Article 6(1)(e): a record of who carries out publicly funded research; taken out when the person is erased',
} as const;

personalTable({
  table: 'involvement.team_member',
  person: 'contributor_id',
  heading: 'Projects in whose team you are',
  holds: 'The project, your role in its team and from when until when',
  export: (q, id) => q.query(TEAMS('contributor_id'), [id]),
  erase: 'delete',
  ...kept,
  order: 300,
});

personalTable({
  table: 'involvement.team_member',
  person: 'account_id',
  key: 'account',
  heading: 'Projects that you work in',
  holds: 'The project, your role in its team and from when until when',
  export: (q, id) => q.query(TEAMS('account_id'), [id]),
  erase: 'delete',
  ...kept,
  order: 301,
});

function TEAMS(column: 'contributor_id' | 'account_id'): string {
  return `SELECT p.title AS project, m.name, m.role, m."from", m.until FROM involvement.team_member m
          JOIN involvement.project p ON p.id = m.project_id WHERE m.${column} = $1 ORDER BY m.id`;
}

// Somebody is in a team once at a time: where both records are, the one that stays takes the earlier beginning.
onMerge({
  table: 'involvement.team_member',
  column: 'contributor_id',
  move: async (tx, kept, gone) => {
    await tx.query(
      `WITH twice AS (
         DELETE FROM involvement.team_member g USING involvement.team_member k
         WHERE g.contributor_id = $2 AND k.contributor_id = $1 AND k.project_id = g.project_id AND g.until IS NULL AND k.until IS NULL
         RETURNING k.id, g."from"
       )
       UPDATE involvement.team_member m SET "from" = LEAST(m."from", t."from"), version = m.version + 1, updated_at = now()
       FROM twice t WHERE m.id = t.id`,
      [kept, gone],
    );
    await tx.query('UPDATE involvement.team_member SET contributor_id = $1 WHERE contributor_id = $2', [kept, gone]);
  },
});
