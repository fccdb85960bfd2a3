import { Injectable, OnApplicationBootstrap, OnModuleInit, Inject } from '@nestjs/common';
import { type Actor, theService } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import { binder } from '../../kernel/db/sql';
import { Conflict, NotFound, Refused } from '../../kernel/errors/problem';
import { JsonText } from '../../kernel/http/answer';
import { Cursors, keyColumns, Page, SortKey } from '../../kernel/http/page';
import { BACKGROUND } from '../../kernel/jobs/background';
import { Jobs } from '../../kernel/jobs/jobs';
import { ReleaseEvent } from '../events';
import { MAKE_RELEASES } from '../permissions';
import { catalogueFaults, catalogueHash, DEFAULT_CATALOGUE, thresholdFaults } from './catalogue';
import { mustBeOfItsPeriod } from './of-collection';
import { releaseView, ReleaseView } from './release-view';
import { NewRelease, ReleaseQuery } from './release.dto';
import { Release, ReleaseState } from './release.entity';
import { ReleaseMaker } from './release-maker';
import { ReleasePublisher } from './release-publisher';
import { ReleaseStore } from './release-store';
import type { PublishedRelease } from './published';

const SORT: SortKey[] = [
  { sql: 'r.created_at', direction: 'desc', type: 'timestamptz' },
  { sql: 'r.id', direction: 'desc', type: 'uuid' },
];
const PUBLIC = `r.state IN ('published', 'superseded')`;

/** How long after a process was found at work, in milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/** Asks for releases, reads how far they are, signs them and gives them up. */
@Injectable()
export class ReleaseService implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly cursors: Cursors,
    private readonly maker: ReleaseMaker,
    private readonly store: ReleaseStore,
    private readonly publisher: ReleasePublisher,
    @Inject(BACKGROUND) private readonly background: boolean,
  ) {}

  onModuleInit(): void {
    this.jobs.work<{ releaseId: string }>('release.make', async ({ data }) => {
      if (!(await this.maker.make(data.releaseId))) await this.lookAgain(data.releaseId);
    });
  }

  /**
   * Somebody works at it, or a process that was lost seems to, until the database has noticed. So it is looked at again later, as long as
   * there is anything to do.
   */
  private async lookAgain(releaseId: string): Promise<void> {
    await this.db.write(theService(), async (tx) => {
      const left = await tx.query(`SELECT FROM edi.release WHERE id = $1 AND state IN ('queued', 'running')`, [
        releaseId,
      ]);
      const after = new Date(tx.at.getTime() + LOOK_AGAIN_MS);
      if (left.length > 0) await this.jobs.send(tx, 'release.make', { releaseId }, { after });
    });
  }

  /** A release whose process was lost is taken up again by the next that starts. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.background) await this.takeUp();
  }

  /** Sends the job again of releases that are under way; one that is being worked at is left to whoever does. */
  async takeUp(): Promise<void> {
    await this.db.write(theService(), async (tx) => {
      const left = await tx.query<{ id: string }>(`SELECT id FROM edi.release WHERE state IN ('queued', 'running')`);
      for (const { id } of left) await this.jobs.send(tx, 'release.make', { releaseId: id });
    });
  }

  async start(who: Actor, asked: NewRelease): Promise<ReleaseView> {
    const catalogue = asked.catalogue ?? DEFAULT_CATALOGUE;
    const faults = catalogueFaults(catalogue);
    if (faults.length > 0)
      throw new Refused(
        'not_a_star',
        'These tables cannot be protected together. Two-way tables are ethnic group by one other characteristic, and nothing else.',
        faults.map(({ table, message }) => ({
          in: 'body',
          at: `/catalogue/tables/${table}/by`,
          code: 'not_a_star',
          message,
        })),
      );
    if (asked.until > this.clock.today())
      throw new Refused('period_not_over', 'The period is not over yet.', [
        { in: 'body', at: '/until', code: 'period_not_over', message: 'Send a day that has come.' },
      ]);
    return releaseView(await this.begin(who, { ...asked, catalogue }), true);
  }

  /** Adds the release and its job in one transaction. `id` is for the demonstration only. */
  begin(who: Actor, asked: NewRelease, id?: string): Promise<Release> {
    const catalogue = asked.catalogue ?? DEFAULT_CATALOGUE;
    return this.db.write(who, async (tx) => {
      await mustBeOfItsPeriod(tx, asked);
      const [previous] = await tx.query<{ id: string }>(`SELECT id FROM edi.release WHERE state = 'published'`);
      const release = await tx.insert(Release, {
        ...asked,
        ...(id === undefined ? {} : { id }),
        catalogue,
        catalogueHash: catalogueHash(catalogue),
        previousId: previous?.id ?? null,
        madeBy: who.accountId,
      });
      // Of the record, in which what was not sent has its usual value.
      const tooLow = thresholdFaults(release.thresholds, release.threshold);
      if (tooLow.length > 0)
        throw new Refused(
          'thresholds_not_possible',
          'Thresholds of single characteristics can be higher than usual, and never lower.',
          tooLow.map((one) => ({ in: 'body', ...one })),
        );
      await this.jobs.send(tx, 'release.make', { releaseId: release.id });
      tx.emit({ type: ReleaseEvent.Started, subject: 'release', subjectId: release.id, version: release.version });
      return release;
    });
  }

  list(who: Actor, query: ReleaseQuery): Promise<Page<ReleaseView>> {
    const all = who.may(MAKE_RELEASES);
    return this.cursors.page(
      query,
      'releases',
      SORT,
      async (after, order, limit) => {
        const { params, bind } = binder();
        const keys = await this.db.query<{ id: string; sort_key: string[] }>(
          `SELECT r.id, ${keyColumns(SORT)} FROM edi.release r
           WHERE ${after(bind)} AND ${all ? 'TRUE' : PUBLIC} ORDER BY ${order} LIMIT ${bind(limit)}`,
          params,
        );
        const releases = await this.db.list(Release, {
          where: [(bindId) => `r.id = ANY(${bindId(keys.map((key) => key.id))}::uuid[])`],
        });
        return keys.flatMap(({ id, sort_key }) => {
          const release = releases.find((one) => one.id === id);
          return release ? [{ release, sort_key }] : [];
        });
      },
      ({ release }) => releaseView(release, all),
    );
  }

  /**
   * One release by id or `latest`. Those that are not published exist for those who make them only. Its tag is of what is answered: at one
   * address two callers see more and less of it, and `latest` is another release after the next is published.
   */
  async one(who: Actor, which: string): Promise<JsonText> {
    const all = who.may(MAKE_RELEASES);
    const view = releaseView(await this.find(which, all), all);
    return new JsonText(JSON.stringify(view), { version: view.version });
  }

  /** What a release would publish, for whoever is to sign it. */
  async draft(id: string): Promise<PublishedRelease> {
    const release = await this.db.one(Release, id);
    if (release.state !== ReleaseState.Ready) throw notReady(release);
    return this.store.asPublished(release, await this.publisher.nextNumber());
  }

  async sign(who: Actor, id: string, certificateHash: string): Promise<ReleaseView> {
    const release = await this.db.one(Release, id);
    release.mustWaitForSignature();
    if (release.certificateHash !== certificateHash)
      throw new Conflict(
        'other_certificate',
        'This is not the certificate of this release. Read the release again, and sign what it says.',
        [{ in: 'body', at: '/certificateHash', code: 'other_certificate', message: 'Send its certificateHash.' }],
      );
    return releaseView(await this.publisher.publish(who, release), true);
  }

  /** Gives up a release that waits for a signature. */
  async discard(who: Actor, id: string): Promise<ReleaseView> {
    return this.db.write(who, async (tx) => {
      const release = await tx.get(Release, id);
      release.mustWaitForSignature();
      const refused = await this.store.refuseIn(tx, release, {
        code: 'given_up',
        message: 'It was given up before it was signed. Nothing was published.',
        table: null,
      });
      return releaseView(refused, true);
    });
  }

  private async find(which: string, all: boolean): Promise<Release> {
    const [found] = await this.db.list(Release, {
      where: [
        (bind) => (which === 'latest' ? `r.state = 'published'` : `r.id = ${bind(which)}`),
        () => (all ? 'TRUE' : PUBLIC),
      ],
      limit: 1,
    });
    if (!found) throw new NotFound(which === 'latest' ? 'No release has been published yet.' : undefined);
    return found;
  }
}

const notReady = (release: Release): Conflict =>
  new Conflict('release_not_ready', `This release is ${release.state}; there is nothing to sign.`);
