import type { Actor } from '../../kernel/access/actor';
import type { Bind } from '../../kernel/db/sql';

/**
 * Condition that the caller's account is in the team of a project today, which makes its records the caller's own.
 * Only for researchers: a contributor who is a co-applicant sees what is theirs, and not what others in the project told.
 * @param projectId SQL of the project's id, such as `r.project_id`
 * @param today the UK day, from the Clock
 */
export const inTeam =
  (projectId: string, who: Actor, today: string) =>
  (bind: Bind): string => {
    if (!who.roles.includes('researcher')) return 'FALSE';
    const day = bind(today);
    return `EXISTS (SELECT FROM involvement.team_member m WHERE m.project_id = ${projectId} AND m.account_id = ${bind(who.accountId)}
      AND (m."from" IS NULL OR m."from" <= ${day}::date) AND (m.until IS NULL OR m.until > ${day}::date))`;
  };
