import { Entity } from 'typeorm';
import { Choice, Day, Instant, Json, JsonList, Ref, Text, Whole } from '../../kernel/db/fields';
import { StoredRecord } from '../../kernel/db/record';
import { constraint } from '../../kernel/errors/describe';
import { Conflict } from '../../kernel/errors/problem';
import { Certificate, CharacteristicThreshold, ReleaseCatalogueBody } from './release-parts';
import type { PublishedRelease } from './published';
import './release.personal';

/** How far a release has come. */
export const ReleaseState = {
  Queued: 'queued',
  Running: 'running',
  Refused: 'refused',
  Ready: 'ready',
  Published: 'published',
  Superseded: 'superseded',
} as const;
export type ReleaseState = (typeof ReleaseState)[keyof typeof ReleaseState];

/** What is being done. */
export const ReleaseStep = {
  Waiting: 'waiting',
  Snapshot: 'snapshot',
  Protection: 'protection',
  Verification: 'verification',
  Signature: 'signature',
  Done: 'done',
} as const;
export type ReleaseStep = (typeof ReleaseStep)[keyof typeof ReleaseStep];

/** What of a published release is not in its tables. */
export type ReleaseContent = Pick<
  PublishedRelease,
  'characteristics' | 'units' | 'notes' | 'thresholds' | 'previousNumber'
>;

/** A release of diversity figures. What anybody may see of it is in `PublishedRelease`. */
@Entity({ schema: 'edi', name: 'release' })
export class Release extends StoredRecord {
  @Whole({ min: 1, max: 2_147_483_647 }, '1 for the first release, then counting up; null until it is published.', {
    optional: true,
    readOnly: true,
    example: 2,
  })
  number: number | null;

  @Text(200, 'Title shown to the public.', { example: 'Public contributors, July to September 2026' })
  title: string;

  @Day('First day that it is about.', { example: '2026-07-01' })
  from: string;

  @Day('First day that it is no longer about.', { example: '2026-10-01' })
  until: string;

  @Ref(
    'The collection whose signed-off returns are counted besides the answers given here; null where there is none.',
    {
      optional: true,
    },
  )
  collectionId: string | null;

  @Choice(ReleaseState, 'ReleaseState', 'How far it has come. Published and superseded ones never change.', {
    readOnly: true,
    example: 'published',
  })
  state: ReleaseState;

  @Choice(ReleaseStep, 'ReleaseStep', 'What is being done.', { readOnly: true, example: 'done' })
  step: ReleaseStep;

  @Whole({ min: 0, max: 100 }, 'How far the work has come, in percent.', { readOnly: true, example: 100 })
  progress: number;

  @Whole({ min: 0, max: 100 }, 'How often the work was begun.', { readOnly: true, example: 1 })
  attempt: number;

  @Whole({ min: 5, max: 100 }, 'Counts from 1 to below this are withheld.', { default: 8, example: 8 })
  threshold: number;

  @JsonList(
    () => CharacteristicThreshold,
    { items: 20 },
    'Higher thresholds of single characteristics, each once: at least the release’s, and at least 10 for gender identity and sexual orientation.',
    {
      default: [],
      example: [{ characteristic: 'religion', threshold: 10 }],
    },
  )
  thresholds: CharacteristicThreshold[];

  @Whole({ min: 2, max: 100 }, 'Counts are rounded to the nearest multiple of this; at most the threshold.', {
    default: 5,
    example: 5,
  })
  base: number;

  @Json(() => ReleaseCatalogueBody, 'The closed list of tables.')
  catalogue: ReleaseCatalogueBody;

  @Text(64, 'SHA-256 of the list of tables.', { readOnly: true })
  catalogueHash: string;

  @Day('The day on which the data were frozen.', { optional: true, readOnly: true, example: '2026-10-20' })
  snapshotOn: string | null;

  @Ref('The release before, that stood when this one was made.', { optional: true, readOnly: true })
  previousId: string | null;

  @Json(() => Object, 'Characteristics, units and notes as published.', { optional: true, readOnly: true })
  content: ReleaseContent | null;

  // Masked in the audit, which holds its hash: how many figures were small says something about them.
  @Json(() => Certificate, 'The proof that nobody is exposed.', { optional: true, readOnly: true, personal: true })
  certificate: Certificate | null;

  @Text(64, 'SHA-256 of the certificate, which the signature names.', { optional: true, readOnly: true })
  certificateHash: string | null;

  @Text(60, 'Why nothing came of it, as a code.', { optional: true, readOnly: true })
  refusalCode: string | null;

  @Text(2000, 'Why nothing came of it.', { optional: true, readOnly: true })
  refusalDetail: string | null;

  @Text(200, 'The table that could not be shown to be safe.', { optional: true, readOnly: true })
  refusalTable: string | null;

  @Ref('The account that asked for it.', { optional: true, readOnly: true })
  madeBy: string | null;

  @Ref('The account that signed it.', { optional: true, readOnly: true })
  signedBy: string | null;

  @Instant('When it was signed.', { optional: true, readOnly: true })
  signedAt: Date | null;

  @Instant('When it was published.', { optional: true, readOnly: true, example: '2026-10-27T09:30:00.000Z' })
  publishedAt: Date | null;

  @Instant('When a later release took its place.', { optional: true, readOnly: true })
  supersededAt: Date | null;

  /** Its threshold, those of characteristics, and its rounding. */
  rules(): { threshold: number; thresholds: Record<string, number>; base: number } {
    const thresholds = Object.fromEntries(this.thresholds.map((one) => [one.characteristic, one.threshold]));
    return { threshold: this.threshold, thresholds, base: this.base };
  }

  /** Whether anybody may read it. */
  isPublic(): boolean {
    return this.state === ReleaseState.Published || this.state === ReleaseState.Superseded;
  }

  /** Refuses unless it waits for a signature. */
  mustWaitForSignature(): void {
    if (this.state !== ReleaseState.Ready)
      throw new Conflict(
        'release_not_ready',
        `This release is ${this.state}. Only one that is ready can be signed or given up.`,
      );
  }
}

constraint(
  'release_of_a_collection',
  422,
  'unknown_collection',
  'There is no collection with the id given as collectionId.',
);
constraint(
  'release_of_closed_collection',
  409,
  'collection_not_closed',
  'This collection is not closed, so that its returns may still change. Close it first, then make the release.',
);
constraint(
  'release_one_at_a_time',
  409,
  'release_under_way',
  'Another release is being made or waits for a signature. Sign it or give it up first.',
);
constraint(
  'release_one_published',
  409,
  'release_published_meanwhile',
  'Another release was published at this moment. Read the list of releases again.',
);
constraint(
  'release_number_once',
  409,
  'release_published_meanwhile',
  'Another release was published at this moment. Try again.',
);
constraint(
  'release_never_changed',
  409,
  'release_never_changes',
  'A release that was published or refused never changes.',
);
constraint('release_never_removed', 409, 'release_never_changes', 'A release is never removed.');
constraint(
  'release_state_follows',
  409,
  'release_state_does_not_follow',
  'The release has moved on since you read it.',
);
constraint(
  'release_ends_after_it_begins',
  422,
  'ends_before_it_begins',
  'The period must be at least one day long: send "until" after "from".',
);
constraint(
  'release_base_fits_threshold',
  422,
  'base_above_threshold',
  'Rounding to more than the threshold would tell nothing. Send a base that is at most the threshold.',
);
constraint(
  'released_reach_of_a_release',
  409,
  'reach_of_no_release',
  'Reach is told with a release that is published and about the whole quarter, and in no other way.',
);
constraint(
  'shown_counts_never_change',
  409,
  'release_never_changes',
  'What a release rests on never changes once it is made.',
);
