-- Question: how are the cells called that were counted?
-- Grain: organisation, furthest stage, ethnic group, characteristic, category; written to edi_snapshot.unit_count.
-- Parameters:
--   $1 uuid      the release
--   $2 smallint  place of ethnic group in member.answers
-- Assumptions: counts.sql made the temporary table counted in this transaction.
INSERT INTO edi_snapshot.unit_count (release_id, organisation_id, stage, hub, characteristic, category, people)
SELECT $1::uuid, counted.organisation_id, counted.stage, hub.category, named.characteristic, named.category, counted.people
FROM counted
JOIN edi_snapshot.category hub ON hub.place = $2::smallint AND hub.code = counted.hub_code
JOIN edi_snapshot.category named ON named.place = counted.place AND named.code = counted.code
