-- Question: how many people of each organisation are in each cell that figures are sums of?
-- Grain: organisation, furthest stage, ethnic group, characteristic, category; cells without people are left out. The rows of the
--   characteristic ethnic-group count the people themselves.
-- Parameters:
--   $1 uuid      the release whose members are counted
--   $2 smallint  place of ethnic group in member.answers
-- Assumptions: each member has a category of every characteristic; code 0 is not-known.
-- The counting stands apart, so that the planner cannot repeat it for each name that it is joined to.
WITH places AS MATERIALIZED (
  SELECT DISTINCT place FROM edi_snapshot.category
), counted AS MATERIALIZED (
  SELECT places.place, c.organisation_id, c.stage, c.hub_code, c.code, c.people
  FROM places
  CROSS JOIN LATERAL (
    SELECT m.organisation_id, m.stage, m.answers[$2::smallint] AS hub_code, m.answers[places.place] AS code, count(*)::integer AS people
    FROM edi_snapshot.member m
    WHERE m.release_id = $1::uuid
    GROUP BY 1, 2, 3, 4
  ) c
)
INSERT INTO edi_snapshot.unit_count (release_id, organisation_id, stage, hub, characteristic, category, people)
SELECT $1::uuid, counted.organisation_id, counted.stage, hub.category, named.characteristic, named.category, counted.people
FROM counted
JOIN edi_snapshot.category hub ON hub.place = $2::smallint AND hub.code = counted.hub_code
JOIN edi_snapshot.category named ON named.place = counted.place AND named.code = counted.code
