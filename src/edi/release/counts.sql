-- Question: how many people of each organisation are in each cell that figures are sums of?
-- Grain: organisation, furthest stage, ethnic group, characteristic, category; cells without people are left out. The rows of the
--   characteristic ethnic-group count the people themselves.
-- Parameters:
--   $1 uuid      the release whose members are counted
--   $2 smallint  place of ethnic group in member.answers
-- Assumptions: each member has a category of every characteristic; code 0 is not-known. Made as a table of this transaction, since
--   Postgres counts in parallel for a new table and not for rows that are put into one.
CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
SELECT places.place, c.organisation_id, c.stage, c.hub_code, c.code, c.people
FROM (SELECT DISTINCT place FROM edi_snapshot.category) places
CROSS JOIN LATERAL (
  SELECT m.organisation_id, m.stage, m.answers[$2::smallint] AS hub_code, m.answers[places.place] AS code, count(*)::integer AS people
  FROM edi_snapshot.member m
  WHERE m.release_id = $1::uuid
  GROUP BY 1, 2, 3, 4
) c
