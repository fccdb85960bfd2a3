import type { Actor } from '../../kernel/access/actor';
import type { Permission } from '../../kernel/access/permission';
import type { Condition } from '../../kernel/db/sql';
import { ContributorState } from './contributor.entity';

/** The contributors that a permission reaches: of an organisation, those who work with it today; one's own record. Nobody who was erased. */
export function contributorsWithin(who: Actor, permission: Permission, today: string, alias = 'r'): Condition {
  const { everywhere, organisations, own } = who.reach(permission);
  return (bind) => {
    const ways: string[] = [];
    if (everywhere) ways.push('TRUE');
    else {
      if (organisations.length > 0) ways.push(worksWith(alias, `= ANY(${bind(organisations)}::uuid[])`, bind(today)));
      if (own && who.contributorId) ways.push(`${alias}.id = ${bind(who.contributorId)}`);
    }
    return ways.length === 0 ? 'FALSE' : `${alias}.state <> '${ContributorState.Erased}' AND (${ways.join(' OR ')})`;
  };
}

/** That a contributor works with an organisation on a day. `which` continues `organisation_id`, such as `= $1`. */
export const worksWith = (alias: string, which: string, today: string): string =>
  `EXISTS (SELECT FROM people.contributor_organisation w WHERE w.contributor_id = ${alias}.id AND w.organisation_id ${which}
     AND w."from" <= ${today}::date AND (w.until IS NULL OR w.until > ${today}::date))`;
