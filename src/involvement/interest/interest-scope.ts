import type { Actor } from '../../kernel/access/actor';
import { Bind, binder, Condition } from '../../kernel/db/sql';
import type { AuditFacts, Tx } from '../../kernel/db/tx';
import { NotFound } from '../../kernel/errors/problem';
import { ANSWER_OFFERS, READ_INTERESTS, SELECT_INTERESTS } from '../permissions';
import { inTeam } from '../project/own-projects';
import type { Interest } from './interest.entity';

/** Which interests (alias `r`) a caller reaches. Only a researcher's own are those of the team: a co-applicant who is a contributor does not read what others wrote. */

/** Interests that the caller may read: their own, those that they sent, those of their projects, those of their organisation. */
export const mayRead = (who: Actor, today: string): Condition =>
  who.within(READ_INTERESTS, {
    organisation: 'r.organisation_id',
    own: (bind) => `${theirs(who)(bind)} OR ${ofTeam(who, today)(bind)}`,
  });

/** Interests among which the caller may select. */
export const maySelect = (who: Actor, today: string): Condition =>
  who.within(SELECT_INTERESTS, { organisation: 'r.organisation_id', own: ofTeam(who, today) });

/** Interests for which the caller may answer an offer, or withdraw. */
export const mayAnswer = (who: Actor): Condition =>
  who.within(ANSWER_OFFERS, { organisation: 'r.organisation_id', own: theirs(who) });

/** The person's own interests, and those that the account sent as a site. What staff recorded stays with their role in the organisation. */
const theirs =
  (who: Actor) =>
  (bind: Bind): string =>
    `r.contributor_id = ${bind(who.contributorId)} OR (r.site_organisation_id IS NOT NULL AND r.sent_by_account_id = ${bind(who.accountId)})`;

const ofTeam =
  (who: Actor, today: string) =>
  (bind: Bind): string =>
    `EXISTS (SELECT FROM involvement.opportunity o WHERE o.id = r.opportunity_id AND ${inTeam('o.project_id', who, today)(bind)})`;

/** Opportunities (alias `r`) among whose interests the caller may select. */
export const maySelectIn = (who: Actor, today: string): Condition =>
  who.within(SELECT_INTERESTS, { organisation: 'r.organisation_id', own: teamOf(who, today) });

/** Opportunities (alias `r`) whose interests the caller may read as organiser. */
export const mayReadIn = (who: Actor, today: string): Condition =>
  who.within(READ_INTERESTS, { organisation: 'r.organisation_id', own: teamOf(who, today) });

const teamOf = (who: Actor, today: string) => inTeam('r.project_id', who, today);

/** The opportunity of an interest that fits the condition, before either is locked: the opportunity always comes first. */
export async function opportunityOf(tx: Tx, interestId: string, may: Condition): Promise<string> {
  const { params, bind } = binder([interestId]);
  const [found] = await tx.query<{ opportunity_id: string }>(
    `SELECT r.opportunity_id FROM involvement.interest r WHERE r.id = $1 AND ${may(bind)}`,
    params,
  );
  if (!found) throw new NotFound();
  return found.opportunity_id;
}

/** What the audit says of a step that is the person's to take: whose it was, and for whom the caller took it. */
export const auditOf = (who: Actor, { contributorId }: Pick<Interest, 'contributorId'>): AuditFacts => ({
  personId: contributorId,
  actingFor: who.actsFor(contributorId),
});
