import type { Tx } from '../../kernel/db/tx';
import { OpportunityEvent, OpportunityStep } from '../events';
import { contentOf, differences, isMaterial } from './content-rules';
import type { Content } from './opportunity-content';
import { Opportunity } from './opportunity.entity';

/** What every change of an opportunity does: events, published versions, and catching up with the clock. */

/** Tells what happened to an opportunity. */
export function tell(tx: Tx, type: string, opportunity: Opportunity, data?: Record<string, unknown>): void {
  const { id, version, organisationId } = opportunity;
  tx.emit({ type, subject: 'opportunity', subjectId: id, version, organisationId, ...(data ? { data } : {}) });
}

/** The version of the content that the public is about to read. */
export interface NextVersion {
  number: number;
  material: boolean;
  changes: string[];
}

/** The newest published content; undefined before the first. */
export async function newestContent(tx: Tx, opportunity: Opportunity): Promise<Content | undefined> {
  if (opportunity.publishedVersion === null) return undefined;
  const [row] = await tx.query<{ body: Content }>(
    'SELECT body FROM involvement.opportunity_version WHERE opportunity_id = $1 AND number = $2',
    [opportunity.id, opportunity.publishedVersion],
  );
  return row?.body;
}

/** What a version with this content would be; null where the public reads the same already. The first is material. */
export async function nextVersion(tx: Tx, opportunity: Opportunity, content: Content): Promise<NextVersion | null> {
  const before = await newestContent(tx, opportunity);
  if (!before) return { number: (opportunity.publishedVersion ?? 0) + 1, material: true, changes: [] };
  const changes = differences(before, contentOf(content));
  return changes.length === 0
    ? null
    : { number: (opportunity.publishedVersion ?? 0) + 1, material: isMaterial(changes), changes };
}

/** The columns that a version sets on the opportunity. */
export const versionColumns = (
  next: NextVersion | null,
): Partial<Pick<Opportunity, 'publishedVersion' | 'materialVersion'>> =>
  next ? { publishedVersion: next.number, ...(next.material ? { materialVersion: next.number } : {}) } : {};

/** Keeps the content that the public reads from now on. Written beside the audit, whose rows hold the change itself. */
export async function keepVersion(
  tx: Tx,
  opportunity: Opportunity,
  next: NextVersion | null,
  at = tx.at,
): Promise<void> {
  if (!next) return;
  await tx.query(
    `INSERT INTO involvement.opportunity_version (opportunity_id, organisation_id, number, body, material, changes, at, account_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      opportunity.id,
      opportunity.organisationId,
      next.number,
      JSON.stringify(contentOf(opportunity)),
      next.material,
      next.changes,
      at,
      tx.actor.accountId,
    ],
  );
}

/** The facts of a version for an event. */
export const versionFacts = (
  opportunity: Opportunity,
  next: NextVersion | null,
): { publishedVersion: number | null; material: boolean } => ({
  publishedVersion: opportunity.publishedVersion,
  material: next?.material ?? false,
});

/** Writes down what the clock has done by now: a scheduled publication, a closing day that is over. */
export async function caughtUp(tx: Tx, opportunity: Opportunity): Promise<Opportunity> {
  let current = opportunity;
  if (current.state === 'scheduled' && current.publishAt && current.publishAt <= tx.at) {
    const at = current.publishAt;
    const next = await nextVersion(tx, current, current);
    current = await tx.change(
      current,
      { state: 'published', publishedAt: at, ...versionColumns(next) },
      undefined,
      facts(current),
    );
    await keepVersion(tx, current, next, at);
    tell(tx, OpportunityEvent.Published, current, versionFacts(current, next));
  }
  if ((current.state === 'published' || current.state === 'paused') && current.closesAt && current.closesAt <= tx.at) {
    current = await tx.change(current, { state: 'closed', closedAt: current.closesAt }, undefined, facts(current));
    tell(tx, OpportunityEvent.Closed, current, { closedAt: current.closedAt?.toISOString() });
  }
  return current;
}

export const facts = ({ organisationId }: Opportunity): { organisationId: string } => ({ organisationId });

/** Tells staff of a change that the public does not see. */
export const tellStep = (tx: Tx, step: keyof typeof OpportunityStep, opportunity: Opportunity): void =>
  tell(tx, OpportunityStep[step], opportunity);

/** Whether the organisation has chosen that a second person approves. */
export async function wantsSecondApprover(tx: Tx, organisationId: string): Promise<boolean> {
  const [row] = await tx.query<{ second_approver: boolean }>(
    'SELECT second_approver FROM people.organisation WHERE id = $1',
    [organisationId],
  );
  return row?.second_approver ?? false;
}
