import type { Actor } from '../../kernel/access/actor';
import type { Condition } from '../../kernel/db/sql';
import { CHANGE_ORGANISATION } from '../permissions';

/** Columns of `OrganisationDetails`; the organisation has the alias `r`. */
export const DETAILS = `
  r.id, r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.version, r.slug, r.name, r.kind, r.state,
  r.region_code AS "regionCode", r.nation_code AS "nationCode", r.host_id AS "hostId",
  (SELECT h.slug FROM people.organisation h WHERE h.id = r.host_id) AS "hostSlug",
  r."from", r.until, r.website, r.description,
  r.source, r.facts_checked AS "factsChecked", r.note,
  coalesce((SELECT jsonb_agg(jsonb_build_object('scheme', i.scheme, 'value', i.value) ORDER BY i.scheme, i.value)
    FROM people.organisation_identifier i WHERE i.organisation_id = r.id), '[]') AS identifiers,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'slug', o.slug, 'part', p.part, 'verified', p.verified) ORDER BY o.slug)
    FROM people.organisation_predecessor p JOIN people.organisation o ON o.id = p.predecessor_id WHERE p.successor_id = r.id), '[]') AS predecessors,
  coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'slug', o.slug, 'part', p.part, 'verified', p.verified) ORDER BY o.slug)
    FROM people.organisation_predecessor p JOIN people.organisation o ON o.id = p.successor_id WHERE p.predecessor_id = r.id), '[]') AS successors`;

/** Everybody sees verified organisations; one that is not is seen by administrators and by whoever applied for it. */
export const visibleTo = (who: Actor): Condition => {
  if (who.may(CHANGE_ORGANISATION)) return () => 'TRUE';
  if (who.accountId === null) return () => `r.state = 'verified'`;
  return (bind) => `(r.state = 'verified' OR r.applied_by = ${bind(who.accountId)})`;
};
