-- Question: who read the data of one person, or took them out in a file?
-- Grain: one row a reading, newest first.
-- Parameters: $1 ids of the person (their own and those of records merged into it); $2 read on from before this entry; $3 how many.
-- Assumptions: a file of a whole organisation held the person if they worked with it on that day; a reader's roles are those of that day. Days are those of the UK.
SELECT e.id::text AS id, e.at, e.account_id AS "accountId", e.actor AS reader, e.action, e.subject, e.purpose, e.after->>'what' AS what,
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('role', m.role, 'organisation', o.name) ORDER BY o.name, m.role)
    FROM people.membership m JOIN people.organisation o ON o.id = m.organisation_id
    WHERE m.account_id = e.account_id AND m."from" <= (e.at AT TIME ZONE 'Europe/London')::date AND (m.until IS NULL OR m.until > (e.at AT TIME ZONE 'Europe/London')::date)
  ), '[]') AS roles
FROM (
  (SELECT * FROM kernel.audit_entry a
   WHERE a.person_id = ANY($1::uuid[]) AND a.action IN ('read', 'exported') AND a.id < $2::bigint
   ORDER BY a.id DESC LIMIT $3)
  UNION ALL
  (SELECT a.* FROM kernel.audit_entry a
   WHERE a.organisation_id IS NOT NULL AND a.person_id IS NULL AND a.action IN ('read', 'exported') AND a.id < $2::bigint
     AND EXISTS (
       SELECT FROM people.contributor_organisation w
       WHERE w.contributor_id = ANY($1::uuid[]) AND w.organisation_id = a.organisation_id
         AND w."from" <= (a.at AT TIME ZONE 'Europe/London')::date AND (w.until IS NULL OR w.until >= (a.at AT TIME ZONE 'Europe/London')::date))
   ORDER BY a.id DESC LIMIT $3)
) e
ORDER BY e.id DESC
LIMIT $3
