-- Question: which two records may be of one person?
-- Grain: one row a pair, the older record first.
-- Parameters: $1 organisations that both must work with, null for all people; $2 the day; $3 and $4 ids of the pair before, null at the start; $5 how many.
-- Assumptions: an equal e-mail address or telephone number, or a like name (trigram similarity of 0.55 or more, the same first letter) in one
-- postcode district. Over all people the names must be equal: a likeness means little among millions.
SELECT ARRAY[a.id::text, b.id::text] AS sort_key,
  jsonb_build_object('id', a.id, 'version', a.version, 'name', a.name, 'knownAs', a.known_as, 'preferredChannel', a.preferred_channel,
    'outwardPostcode', a.outward_postcode, 'ageGroup', a.age_group, 'state', a.state) AS one,
  jsonb_build_object('id', b.id, 'version', b.version, 'name', b.name, 'knownAs', b.known_as, 'preferredChannel', b.preferred_channel,
    'outwardPostcode', b.outward_postcode, 'ageGroup', b.age_group, 'state', b.state) AS other,
  array_remove(ARRAY[
    CASE WHEN a.email_index = b.email_index THEN 'same-email' END,
    CASE WHEN a.phone_index = b.phone_index THEN 'same-phone' END,
    CASE WHEN a.outward_postcode = b.outward_postcode
      AND (a.name_key = b.name_key OR ($1::uuid[] IS NOT NULL AND similarity(a.name_key, b.name_key) >= 0.55)) THEN 'like-name-and-postcode' END
  ], NULL) AS reasons
FROM people.contributor a
CROSS JOIN LATERAL (
  SELECT c.* FROM people.contributor c
  WHERE c.state <> 'erased' AND c.id > a.id AND (
    c.email_index = a.email_index
    OR c.phone_index = a.phone_index
    OR (c.outward_postcode = a.outward_postcode AND left(c.name_key, 1) = left(a.name_key, 1)
      AND (c.name_key = a.name_key OR ($1::uuid[] IS NOT NULL AND similarity(c.name_key, a.name_key) >= 0.55))))
) b
WHERE a.state <> 'erased'
  AND ($3::uuid IS NULL OR (a.id, b.id) > ($3::uuid, $4::uuid))
  AND ($3::uuid IS NULL OR a.id >= $3::uuid)
  AND ($1::uuid[] IS NULL OR EXISTS (
    SELECT FROM people.contributor_organisation wa
    JOIN people.contributor_organisation wb ON wb.organisation_id = wa.organisation_id AND wb.contributor_id = b.id
    WHERE wa.contributor_id = a.id AND wa.organisation_id = ANY($1::uuid[])
      AND wa."from" <= $2::date AND (wa.until IS NULL OR wa.until > $2::date)
      AND wb."from" <= $2::date AND (wb.until IS NULL OR wb.until > $2::date)))
ORDER BY a.id, b.id
LIMIT $5
