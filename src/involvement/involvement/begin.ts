import type { Tx } from '../../kernel/db/tx';
import { InvolvementEvent } from '../events';
import { Involvement } from './involvement.entity';

/** What an accepted interest says about the involvement that it becomes. */
export interface FromInterest {
  interestId: string;
  opportunityId: string;
  projectId: string;
  organisationId: string;
  contributorId: string;
  role: string;
  /** First day, YYYY-MM-DD. */
  from: string;
}

/** Begins the involvement of an accepted interest, in the transaction that accepts it. Once an interest: a second time is a conflict. */
export async function beginFromInterest(tx: Tx, facts: FromInterest): Promise<Involvement> {
  const made = await tx.insert(
    Involvement,
    { ...facts, until: null, state: 'planned' },
    { personId: facts.contributorId, organisationId: facts.organisationId },
  );
  toldBegun(tx, made);
  return made;
}

/** Tells that an involvement has begun to be planned. */
export function toldBegun(tx: Tx, made: Involvement): void {
  tx.emit({
    type: InvolvementEvent.Planned,
    subject: 'involvement',
    subjectId: made.id,
    version: made.version,
    organisationId: made.organisationId,
    data: { projectId: made.projectId, opportunityId: made.opportunityId, interestId: made.interestId },
  });
}
