/** What a queue is for and how its jobs are treated. */
export interface Queue {
  /** What its jobs do, in plain English. */
  readonly means: string;
  /** How often a failing job is tried again. */
  readonly retryLimit: number;
  /** Seconds before the first retry; each further one waits about twice as long. */
  readonly retryDelay: number;
  /** Seconds after which a job that has not ended is taken for lost and tried again. */
  readonly expireInSeconds: number;
  /** Minutes that a job may wait to be begun before it is dropped. */
  readonly retentionMinutes: number;
  /** How many jobs of it one process does at once. */
  readonly atOnce: number;
}

/**
 * Every queue of the service. Queues are tables, so migrations make them and a test compares this list with the database;
 * what a job does is said by the area that works the queue.
 */
export const QUEUES = {
  'notice.send': {
    means: 'Sends one notice.',
    retryLimit: 8,
    retryDelay: 30,
    expireInSeconds: 300,
    retentionMinutes: 20160,
    atOnce: 4,
  },
  'opportunity.clock': {
    means: 'Does what falls due by the clock: scheduled publications and closings.',
    ...{ retryLimit: 3, retryDelay: 5, expireInSeconds: 300, retentionMinutes: 60, atOnce: 1 },
  },
  'offer.clock': {
    means: 'Lets offers lapse whose last day is over.',
    ...{ retryLimit: 3, retryDelay: 5, expireInSeconds: 300, retentionMinutes: 60, atOnce: 1 },
  },
  'release.make': {
    means: 'Makes a release of diversity figures.',
    ...{ retryLimit: 3, retryDelay: 5, expireInSeconds: 3600, retentionMinutes: 1440, atOnce: 1 },
  },
  'collection.remind': {
    means: 'Reminds organisations whose return to a collection is late.',
    ...{ retryLimit: 3, retryDelay: 60, expireInSeconds: 600, retentionMinutes: 1440, atOnce: 1 },
  },
  'diversity.mix': {
    means:
      'Writes the diversity answers of the last days anew in no order, so that nothing beside them tells whose they are.',
    ...{ retryLimit: 5, retryDelay: 60, expireInSeconds: 900, retentionMinutes: 1440, atOnce: 1 },
  },
  'privacy.retention': {
    means: 'Removes personal data whose time is over.',
    ...{ retryLimit: 5, retryDelay: 60, expireInSeconds: 3600, retentionMinutes: 4320, atOnce: 1 },
  },
  'kernel.purge': {
    means: 'Deletes what the service itself no longer needs: stored answers, counters.',
    ...{ retryLimit: 2, retryDelay: 60, expireInSeconds: 900, retentionMinutes: 1440, atOnce: 1 },
  },
} as const satisfies Readonly<Record<string, Queue>>;

export type QueueName = keyof typeof QUEUES;

export const queueNames = Object.keys(QUEUES) as QueueName[];
