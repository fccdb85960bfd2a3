import { Column, Entity } from 'typeorm';
import { Choice, Flag, Instant, Ref, Text, Whole } from '../../kernel/db/fields';
import { constraint } from '../../kernel/errors/describe';
import { Conflict, Fault, NotAllowed, Refused } from '../../kernel/errors/problem';
import { fixedId } from '../../people';
import { OpportunityState } from './opportunity-choices';
import { ContentField, OpportunityContent } from './opportunity-content';

const set = { optional: true, readOnly: true } as const;

/** What can be done with an opportunity, and in which states. */
const MOVES = {
  submit: ['draft'],
  approve: ['in-review', 'paused'],
  return: ['in-review', 'scheduled'],
  publish: ['draft', 'in-review', 'scheduled'],
  schedule: ['draft', 'in-review', 'scheduled'],
  pause: ['published'],
  resume: ['paused'],
  close: ['published', 'paused'],
  extend: ['published', 'paused'],
  reopen: ['closed'],
  withdraw: ['draft', 'in-review', 'scheduled', 'published', 'paused', 'closed'],
  change: ['draft', 'in-review', 'scheduled', 'published', 'paused'],
  hide: ['scheduled', 'published', 'paused', 'closed'],
  unhide: ['scheduled', 'published', 'paused', 'closed'],
} as const satisfies Record<string, readonly OpportunityState[]>;
export type Move = keyof typeof MOVES;

/** A state as people say it. */
const inWords = (state: OpportunityState): string => (state === 'draft' ? 'a draft' : state.replace('-', ' '));

const NEEDED_TO_PUBLISH: readonly (readonly [ContentField, string])[] = [
  ['summary', 'Say in a few sentences what it is.'],
  ['stage', 'Choose the stage of research.'],
  ['mode', 'Choose how people take part.'],
  ['whatIsInvolved', 'Say what people will be asked to do.'],
  ['closesOn', 'Give the last day to apply.'],
];

/** A chance to be involved in research. Staff see all of it; the public reads `PublicOpportunity`. */
@Entity({ schema: 'involvement', name: 'opportunity' })
export class Opportunity extends OpportunityContent {
  @Ref('The organisation of its project, which answers for it.', {
    readOnly: true,
    example: fixedId('organisation', 'castlebridge-hospitals'),
  })
  organisationId: string;

  @Ref('The project that it belongs to.', { example: fixedId('project', 'steady-steps') })
  projectId: string;

  @Choice(
    OpportunityState,
    'OpportunityState',
    'Where it stands. A scheduled one is public from publishAt; none is open after its closing day.',
    {
      readOnly: true,
      default: 'draft',
      example: 'draft',
    },
  )
  state: OpportunityState;

  @Instant('The moment at which its closing day is over in the UK.', { ...set, example: '2026-12-19T00:00:00.000Z' })
  closesAt: Date | null;

  @Instant('When it became public, or will.', { ...set, example: '2026-11-24T09:00:00.000Z' })
  publishAt: Date | null;

  @Instant('When it was first published.', { ...set, example: '2026-11-24T09:00:00.000Z' })
  publishedAt: Date | null;

  @Instant('When it closed.', { ...set, example: null })
  closedAt: Date | null;

  @Instant('When it was withdrawn.', { ...set, example: null })
  withdrawnAt: Date | null;

  @Instant('When an administrator hid it; null while it is not hidden.', { ...set, example: null })
  hiddenAt: Date | null;

  @Instant('When it left the public record, twelve months after its closing day.', { ...set, example: null })
  archivedAt: Date | null;

  @Text(2000, 'Why it is hidden.', { ...set, personal: true, example: null })
  hiddenBecause: string | null;

  @Ref('Account that submitted it for review.', { ...set, example: null })
  submittedBy: string | null;

  @Instant('When it was submitted.', { ...set, example: null })
  submittedAt: Date | null;

  @Ref('Account that last changed its content.', { ...set, example: null })
  editedBy: string | null;

  @Ref('Account that approved its present content; another than the one that submitted or last changed it.', {
    ...set,
    example: null,
  })
  approvedBy: string | null;

  @Instant('When it was approved.', { ...set, example: null })
  approvedAt: Date | null;

  @Text(2000, 'What the reviewer asked for when it was returned.', {
    ...set,
    personal: true,
    example: 'Please say how travel is paid.',
  })
  reviewNote: string | null;

  @Whole({ min: 1, max: 1_000_000 }, 'Number of its newest published version; null before the first.', {
    ...set,
    example: 1,
  })
  publishedVersion: number | null;

  @Whole({ min: 1, max: 1_000_000 }, 'Number of the newest version in which something changed that people rely on.', {
    ...set,
    example: 1,
  })
  materialVersion: number | null;

  @Flag('Whether people are paid; follows from payment.', {
    readOnly: true,
    default: false,
    virtual: true,
    example: true,
  })
  @Column({ type: 'boolean', insert: false, update: false })
  paid: boolean;

  /** Where it stands at a moment: what the clock has changed counts, whether or not it has been written down yet. */
  standing(at: Date): OpportunityState {
    const published =
      this.state === 'scheduled' && this.publishAt !== null && this.publishAt <= at ? 'published' : this.state;
    const over = (published === 'published' || published === 'paused') && this.closesAt !== null && this.closesAt <= at;
    return over ? 'closed' : published;
  }

  /** Whether anybody may apply at this moment. */
  isOpen(at: Date): boolean {
    return this.hiddenAt === null && this.standing(at) === 'published';
  }

  /** Whether the public has been able to read it and may still do so: a change of it is a new public version. */
  isPublished(at: Date): boolean {
    return ['published', 'paused', 'closed'].includes(this.standing(at));
  }

  /** Refuses a move that its present state does not allow. */
  mustAllow(move: Move, at: Date): void {
    const standing = this.standing(at);
    if (!(MOVES[move] as readonly OpportunityState[]).includes(standing))
      throw new Conflict(
        'wrong_state',
        `This cannot be done (${move}) while the opportunity is ${inWords(standing)}. It can be done while it is ${MOVES[move].map(inWords).join(' or ')}.`,
      );
  }

  /** Refuses to publish what lacks something that people must know. */
  mustBeComplete(at: Date): void {
    const errors: Fault[] = NEEDED_TO_PUBLISH.filter(([field]) => this[field] === null).map(([field, message]) =>
      needed(field, message),
    );
    if (this.howToApply.length === 0) errors.push(needed('howToApply', 'Give at least one way to apply.'));
    if (errors.length > 0)
      throw new Refused('not_complete', 'Some things that people must know are not said yet.', errors);
    if (this.closesAt !== null && this.closesAt <= at)
      throw new Refused('closing_day_over', 'Its closing day is over. Give a later closesOn.');
  }

  /** Refuses an approval by somebody who wrote or submitted it. */
  mustBeApprovedByAnother(accountId: string | null): void {
    if (accountId === null || accountId === this.submittedBy || accountId === this.editedBy)
      throw new NotAllowed(
        'second_person_needed',
        'Somebody else must approve it than the person who submitted or last changed it.',
      );
  }

  /** The person who may not publish what their organisation wants a second person to see. */
  mustHaveApproval(secondApprover: boolean): void {
    if (secondApprover && this.approvedBy === null)
      throw new Conflict(
        'approval_needed',
        'This organisation wants a second person to approve first. Submit it, and ask a colleague to approve it.',
      );
  }
}

const needed = (field: string, message: string): Fault => ({
  in: 'body',
  at: `/${field}`,
  code: 'needed_to_publish',
  message,
});

constraint(
  'opportunity_second_approver',
  409,
  'approval_needed',
  'This organisation wants a second person to approve first. Submit it, and ask a colleague to approve it.',
);
constraint(
  'opportunity_approved_by_another',
  409,
  'second_person_needed',
  'Somebody else must approve it than the person who submitted or last changed it.',
);
constraint(
  'opportunity_published_is_complete',
  422,
  'not_complete',
  'Some things that people must know are not said yet.',
);
constraint(
  'opportunity_published_before_it_closes',
  422,
  'closes_before_published',
  'It must become public before its closing day is over.',
);
constraint(
  'opportunity_ends_after_it_starts',
  422,
  'ends_before_it_starts',
  'The last session cannot be before the first.',
);
constraint('opportunity_ages_in_order', 422, 'ages_out_of_order', 'The oldest age cannot be below the youngest.');
constraint(
  'opportunity_withdrawn_for_good',
  409,
  'withdrawn',
  'It was withdrawn, and stays so. Copy it into a new one.',
);
constraint(
  'opportunity_organisation_of_its_project',
  422,
  'another_organisation',
  'The project belongs to another organisation.',
);
constraint(
  'opportunity_identifier_unique',
  409,
  'identifier_taken',
  'Another opportunity of this organisation has this outside identifier.',
);
constraint('opportunity_identifier_key', 422, 'identifier_twice', 'Send each outside identifier once.');
constraint(
  'opportunity_region',
  422,
  'unknown_region',
  'There is no region with this code. GET /v1/regions lists them.',
);
constraint('opportunity_of_a_project', 422, 'unknown_project', 'There is no project with the id given as projectId.');
