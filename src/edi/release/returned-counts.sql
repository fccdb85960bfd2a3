-- Question: how many people do organisations count that returned counts and no rows?
-- Grain: organisation, furthest stage, characteristic, category; cells without people are left out.
-- Parameters:
--   $1 uuid    the release
--   $2 uuid    the collection; null where there is none
--   $3 text[]  the characteristics of the release
-- Assumptions: only returns that were signed off count. What a table withheld is one whole number, with which the characteristics add up.
INSERT INTO edi_snapshot.returned_count (release_id, organisation_id, stage, characteristic, category, people)
SELECT $1::uuid, c.organisation_id, c.stage, c.characteristic, c.code, sum(c.people)::integer
FROM edi_answers.returned_count c
JOIN edi.return r ON r.id = c.return_id AND r.state = 'signed-off' AND r.collection_id = $2::uuid
WHERE c.characteristic = ANY ($3::text[])
GROUP BY 2, 3, 4, 5
HAVING sum(c.people) > 0
