import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Db } from '../../kernel/db/db';
import type { Condition } from '../../kernel/db/sql';
import { Cursors, NEWEST, Page, PageQuery } from '../../kernel/http/page';
import { Sealer } from '../../kernel/privacy/sealer';
import { NotFound } from '../../kernel/errors/problem';
import { holdContributor } from '../contributor/hold';
import { RestingOnConsent, whenWithdrawn } from '../consent/resting-on-consent';
import { LivedExperienceChange, LivedExperienceTold, NewLivedExperience } from './access-need.dto';
import { mustBeOwn } from './access-need.service';
import { LivedExperience } from './lived-experience.entity';

const LIVED_EXPERIENCE = 'lived-experience';

whenWithdrawn(LIVED_EXPERIENCE, async (tx, contributorId) => {
  const gone = await tx.query('DELETE FROM people.lived_experience WHERE contributor_id = $1 RETURNING id', [
    contributorId,
  ]);
  if (gone.length > 0)
    tx.audit('forgot_lived_experience', 'contributor', contributorId, {
      personId: contributorId,
      after: { statements: gone.length },
    });
});

/** Statements of lived experience: the contributor's own, kept while they consent. */
@Injectable()
export class LivedExperienceService {
  constructor(
    private readonly db: Db,
    private readonly cursors: Cursors,
    private readonly sealer: Sealer,
    private readonly consent: RestingOnConsent,
  ) {}

  async list(who: Actor, contributorId: string, page: PageQuery): Promise<Page<LivedExperienceTold>> {
    mustBeOwn(who, contributorId);
    return this.cursors.page(
      page,
      'lived-experience',
      NEWEST,
      async (after, order, limit) => {
        const found = await this.db.list(LivedExperience, { where: [of(contributorId), after], order, limit });
        return found.map((statement) => ({ statement, sort_key: [statement.id] }));
      },
      ({ statement }) => this.told(statement),
    );
  }

  async get(who: Actor, contributorId: string, id: string): Promise<LivedExperienceTold> {
    mustBeOwn(who, contributorId);
    return this.told(await this.db.one(LivedExperience, id, of(contributorId)));
  }

  async add(who: Actor, contributorId: string, body: NewLivedExperience): Promise<LivedExperienceTold> {
    mustBeOwn(who, contributorId);
    return this.db.write(who, async (tx) => {
      if (!(await holdContributor(tx, contributorId))) throw new NotFound();
      const consentId = await this.consent.require(tx, contributorId, LIVED_EXPERIENCE, body.consent);
      const id = await this.sealer.rowId(tx);
      const statementSealed = this.sealer.seal(place(id), body.statement);
      return this.told(
        await tx.insert(
          LivedExperience,
          { id, contributorId, consentId, statementSealed },
          { personId: contributorId, purpose: LIVED_EXPERIENCE },
        ),
      );
    });
  }

  async change(
    who: Actor,
    contributorId: string,
    id: string,
    body: LivedExperienceChange,
    version: number,
  ): Promise<LivedExperienceTold> {
    mustBeOwn(who, contributorId);
    return this.db.write(who, async (tx) => {
      const consentId = await this.consent.require(tx, contributorId, LIVED_EXPERIENCE);
      const found = await tx.get(LivedExperience, id, of(contributorId));
      const statementSealed = body.statement === undefined ? undefined : this.sealer.seal(place(id), body.statement);
      return this.told(
        await tx.change(found, { statementSealed, consentId }, version, {
          personId: contributorId,
          purpose: LIVED_EXPERIENCE,
        }),
      );
    });
  }

  async remove(who: Actor, contributorId: string, id: string, version: number): Promise<void> {
    mustBeOwn(who, contributorId);
    await this.db.write(who, async (tx) => {
      const found = await tx.get(LivedExperience, id, of(contributorId));
      await tx.remove(found, version, { personId: contributorId, purpose: LIVED_EXPERIENCE });
    });
  }

  private told(record: LivedExperience): LivedExperienceTold {
    const { id, createdAt, updatedAt, version, contributorId } = record;
    return {
      id,
      createdAt,
      updatedAt,
      version,
      contributorId,
      statement: this.sealer.open(place(id), record.statementSealed),
    };
  }
}

const of =
  (contributorId: string): Condition =>
  (bind) =>
    `r.contributor_id = ${bind(contributorId)}`;

const place = (row: string) => ({ table: 'people.lived_experience', row, column: 'statement_sealed' });
