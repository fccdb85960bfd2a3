import { Entity } from 'typeorm';
import { Choice, Day, Ref, Text } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Conflict } from '../../kernel/errors/problem';
import { personalTable, Stayed } from '../../kernel/privacy/personal';
import { fixedId } from '../../people';

export const InvolvementState = {
  Planned: 'planned',
  Active: 'active',
  Ended: 'ended',
  Cancelled: 'cancelled',
} as const;
export type InvolvementState = (typeof InvolvementState)[keyof typeof InvolvementState];

export const EndReason = {
  Finished: 'finished',
  ContributorChose: 'contributor-chose',
  ProjectEnded: 'project-ended',
  Other: 'other',
} as const;
export type EndReason = (typeof EndReason)[keyof typeof EndReason];

/** A contributor's part in a project: as what, from when until when. It holds activities. */
@Entity({ schema: 'involvement', name: 'involvement' })
export class Involvement extends StoredRecord {
  @Ref('The organisation of its project.', { readOnly: true })
  organisationId: string;

  @Ref('The project.', { example: fixedId('project', 'steady-steps') })
  projectId: string;

  @Ref('The opportunity that it came from; null where it began without one.', { optional: true, example: null })
  opportunityId: string | null;

  @Ref('The interest that was accepted; null where there was none.', { optional: true, readOnly: true })
  interestId: string | null;

  @Ref('The contributor.', { example: fixedId('contributor', 'joan-pattinson') })
  contributorId: string;

  @Text(100, 'As what they take part, such as member, co-chair or reviewer.', { personal: true, example: 'member' })
  role: string;

  @Day('First day.', { example: '2026-12-01' })
  from: string;

  @Day('First day on which it no longer runs; null while its end is open.', { optional: true, example: null })
  until: string | null;

  @Choice(
    InvolvementState,
    'InvolvementState',
    'Planned until the first activity was attended, then active, till it ended; or cancelled before it began.',
    {
      readOnly: true,
      default: 'planned',
    },
  )
  state: InvolvementState;

  @Choice(EndReason, 'EndReason', 'Why it ended or was cancelled.', { optional: true, readOnly: true })
  endReason: EndReason | null;

  /** Refuses that somebody was there, in what was called off. */
  mustNotBeCancelled(): void {
    if (this.state === 'cancelled')
      throw new Conflict(
        'involvement_over',
        'This involvement is cancelled: nobody took part in it. Begin a new one if they do.',
      );
  }

  /** Refuses a change of what is over. */
  mustRun(): void {
    if (this.state === 'ended' || this.state === 'cancelled')
      throw new Conflict(
        'involvement_over',
        `This involvement is ${this.state}. Begin a new one if they take part again.`,
      );
  }
}

constraint(
  'involvement_interest_once',
  409,
  'interest_has_involvement',
  'This interest has led to an involvement already.',
);
constraint(
  'involvement_ends_after_it_begins',
  422,
  'ends_before_it_begins',
  'The day after the last one must be later than the first.',
);
constraint(
  'involvement_belongs_together',
  422,
  'does_not_belong',
  'The project, the organisation and the opportunity do not belong together.',
);
constraint(
  'involvement_holds_its_activities',
  422,
  'activity_outside',
  'An activity that was attended would lie outside these days.',
);
constraint(
  'access_grant_for_own_involvement',
  422,
  'unknown_involvement',
  'You take part in nothing with this id. Your involvements are listed at GET /v1/involvements.',
);
constraint('involvement_of_a_contributor', 422, 'unknown_contributor', 'There is no contributor with this id.');

/** Stands for what an erased contributor took part as, which staff wrote in words of their own. */
const ROLE_OF_ERASED = 'contributor';
const STAYED: Stayed = {
  what: 'That somebody took part and when, without anything that leads to you',
  rule: 'UK GDPR Article 5(1)(e) and Article 89: figures of public involvement',
};

personalTable({
  table: 'involvement.involvement',
  person: 'contributor_id',
  heading: 'Projects that you took part in',
  holds: 'In which projects you took part, as what, from when until when, and what the meetings were called',
  export: (q, id) =>
    q.query(
      `SELECT i.id, p.title AS project, o.name AS organisation, s.title AS opportunity, i.interest_id AS "interestId", i.role, i."from", i.until,
         i.state, i.end_reason AS "endReason", i.created_at AS "createdAt", i.updated_at AS "updatedAt",
         coalesce((SELECT jsonb_agg(jsonb_build_object('on', a.on_day, 'kind', a.kind, 'title', a.title, 'mode', a.mode, 'minutes', a.minutes,
           'preparationMinutes', a.preparation_minutes, 'attendance', a.attendance) ORDER BY a.on_day, a.id) FROM involvement.activity a WHERE a.involvement_id = i.id), '[]') AS activities
       FROM involvement.involvement i
       JOIN involvement.project p ON p.id = i.project_id
       JOIN people.organisation o ON o.id = i.organisation_id
       LEFT JOIN involvement.opportunity s ON s.id = i.opportunity_id
       WHERE i.contributor_id = $1 ORDER BY i."from", i.id`,
      [id],
    ),
  // What staff called their part, or a meeting, may name them: it goes. That they took part, and when, stays.
  erase: async (tx, id) => {
    const found = await tx.query(
      `UPDATE involvement.involvement SET role = '${ROLE_OF_ERASED}', version = version + 1, updated_at = now()
       WHERE contributor_id = $1 AND role <> '${ROLE_OF_ERASED}' RETURNING 1`,
      [id],
    );
    await tx.query(
      `UPDATE involvement.activity a SET title = NULL, version = a.version + 1, updated_at = now()
       FROM involvement.involvement i WHERE i.id = a.involvement_id AND i.contributor_id = $1 AND a.title IS NOT NULL`,
      [id],
    );
    const kept = await tx.query('SELECT FROM involvement.involvement WHERE contributor_id = $1 LIMIT 1', [id]);
    return { went: found.length, stayed: kept.length > 0 ? [STAYED] : [] };
  },
  keptFor: 'For as long as the project is on record; without your name once you are erased',
  rule: 'UK GDPR Article 6(1)(e): the record of public involvement in publicly funded research',
  order: 400,
});
