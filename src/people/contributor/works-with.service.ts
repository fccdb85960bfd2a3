import { Injectable } from '@nestjs/common';
import type { Actor } from '../../kernel/access/actor';
import { Clock } from '../../kernel/clock';
import { Db } from '../../kernel/db/db';
import type { Tx } from '../../kernel/db/tx';
import { Conflict, NotFound } from '../../kernel/errors/problem';
import { CHANGE_CONTRIBUTORS } from '../permissions';
import { ContributorOrganisation } from './contributor-organisation.entity';
import { ContributorDetails, JoinOrganisation } from './contributor.dto';
import { Contributor, ContributorState } from './contributor.entity';
import { CONTRIBUTOR_CHANGED, CONTRIBUTOR_JOINED, CONTRIBUTOR_LEFT } from './contributor.events';
import { ContributorService, mustBeVerified, mustMayNumber } from './contributor.service';
import { contributorsWithin } from './reach';

/** The organisations that a contributor works with, one of them home. The contributor's row is locked first, so that changes to one person queue. */
@Injectable()
export class WorksWithService {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly contributors: ContributorService,
  ) {}

  async join(who: Actor, id: string, body: JoinOrganisation): Promise<ContributorDetails> {
    const { organisationId, reference } = body;
    return this.db.write(who, async (tx) => {
      const found = await this.locked(tx, who, id);
      if (!mayTie(who, id, organisationId)) throw new NotFound('No organisation of yours has this id.');
      mustMayNumber(who, organisationId, reference);
      await mustBeVerified(tx, organisationId);
      const [home] = await this.current(tx, id, 'AND home');
      if (home && body.home) await tx.change(home, { home: false }, home.version, { personId: id });
      const tie = await tx.insert(
        ContributorOrganisation,
        { contributorId: id, organisationId, from: this.clock.today(), home: body.home === true || !home, reference },
        { personId: id, organisationId },
      );
      const changed = await tx.change(found, { state: ContributorState.Active, leftAt: null }, found.version, {
        personId: id,
      });
      tx.emit({
        type: CONTRIBUTOR_JOINED.type,
        subject: 'contributor',
        subjectId: id,
        version: changed.version,
        organisationId,
        data: { contributorOrganisationId: tie.id },
      });
      return this.contributors.changed(tx, who, changed);
    });
  }

  /** Ends it today. Of several, the one that has lasted longest becomes home where home ends; with none left, the contributor has left. */
  async end(who: Actor, id: string, tieId: string): Promise<ContributorDetails> {
    return this.db.write(who, async (tx) => {
      const found = await this.locked(tx, who, id);
      const tie = await this.tie(tx, who, id, tieId);
      const { organisationId } = tie;
      await tx.change(tie, { until: this.clock.today(), home: false }, tie.version, { personId: id, organisationId });
      const [next] = await this.current(tx, id, 'ORDER BY home DESC, "from", id');
      if (next && !next.home) await tx.change(next, { home: true }, next.version, { personId: id });
      const changed = await tx.change(
        found,
        next ? {} : { state: ContributorState.Left, leftAt: tx.at },
        found.version,
        { personId: id },
      );
      tx.emit({
        type: CONTRIBUTOR_LEFT.type,
        subject: 'contributor',
        subjectId: id,
        version: changed.version,
        organisationId,
        data: { contributorOrganisationId: tie.id },
      });
      return this.contributors.changed(tx, who, changed);
    });
  }

  async makeHome(who: Actor, id: string, tieId: string): Promise<ContributorDetails> {
    return this.db.write(who, async (tx) => {
      const found = await this.locked(tx, who, id);
      const tie = await this.tie(tx, who, id, tieId);
      const [home] = await this.current(tx, id, 'AND home');
      if (home?.id === tie.id) return this.contributors.changed(tx, who, found);
      if (home) await tx.change(home, { home: false }, home.version, { personId: id });
      await tx.change(tie, { home: true }, tie.version, { personId: id, organisationId: tie.organisationId });
      const changed = await tx.change(found, {}, found.version, { personId: id });
      tx.emit({ type: CONTRIBUTOR_CHANGED.type, subject: 'contributor', subjectId: id, version: changed.version });
      return this.contributors.changed(tx, who, changed);
    });
  }

  private locked(tx: Tx, who: Actor, id: string): Promise<Contributor> {
    return tx.get(Contributor, id, contributorsWithin(who, CHANGE_CONTRIBUTORS, this.clock.today()));
  }

  /** The tie, where the caller may change it and it has not ended. */
  private async tie(tx: Tx, who: Actor, id: string, tieId: string): Promise<ContributorOrganisation> {
    const tie = await tx.get(ContributorOrganisation, tieId, (bind) => `r.contributor_id = ${bind(id)}`);
    if (!mayTie(who, id, tie.organisationId)) throw new NotFound();
    if (tie.until !== null) throw new Conflict('ended_already', 'This has ended already.');
    return tie;
  }

  private async current(tx: Tx, id: string, more: string): Promise<ContributorOrganisation[]> {
    const found = await tx.query<{ id: string }>(
      `SELECT id FROM people.contributor_organisation WHERE contributor_id = $1 AND until IS NULL ${more} LIMIT 1`,
      [id],
    );
    return Promise.all(found.map((row) => tx.get(ContributorOrganisation, row.id)));
  }
}

/** Whether the caller may tie this contributor to this organisation: the contributor, or somebody who keeps that organisation's contributors. */
const mayTie = (who: Actor, id: string, organisationId: string): boolean =>
  who.contributorId === id || who.mayFor(CHANGE_CONTRIBUTORS, organisationId);
