-- Question: of which organisations did too few people join, leave or change for their new counts to be shown?
-- Grain: one row for each organisation that has people in this snapshot or had some in the release before; written to edi_snapshot.unit.
-- Parameters:
--   $1 uuid     this release
--   $2 uuid     the release that was shown last, published or given up after it could be read; null for the first, of which nothing is held
--   $3 integer  the threshold: 1 to one less changes hold an organisation
-- Assumptions:
--   The members of the release before are those of its last refreshed snapshot wherever it was held, so changes add up over releases
--   until they are enough.
--   joined, left and changed are counted by pseudonym where both sides have pseudonyms only. Otherwise they are a lower bound: the
--   least number of people who must differ for the counts to differ as they do, over the characteristic that says most. A lower bound
--   can hold what need not be held, and never shows what must not be shown, since equal counts tell no difference.
--   Where nothing changed the counts are the same, and are treated as the same unknowns: who guesses that must not learn more.
--   A characteristic that only one side has counted at an organisation is not compared, since nobody changed by being asked more:
--   members are compared as far as the former list of answers goes (places are only ever added), counts by what both have.
--   changed are people with another answer or another stage. Somebody who was erased since has no pseudonym left, and is one who left.
WITH now AS (
  SELECT m.organisation_id, count(*) AS people, bool_or(m.pseudonym IS NULL) AS anonymous, false AS counts
  FROM edi_snapshot.member m WHERE m.release_id = $1::uuid GROUP BY 1
  UNION ALL
  SELECT c.organisation_id, max(c.people), false, true
  FROM (SELECT organisation_id, characteristic, sum(people) AS people FROM edi_snapshot.returned_count WHERE release_id = $1::uuid GROUP BY 1, 2) c
  GROUP BY 1
), former AS (
  SELECT u.organisation_id, u.form, u.refreshed_in FROM edi_snapshot.unit u WHERE u.release_id = $2::uuid
), unit AS (
  SELECT organisation_id, former.form AS form_before, former.refreshed_in,
    CASE WHEN now.organisation_id IS NULL THEN 'empty' WHEN now.counts THEN 'counts' WHEN now.anonymous THEN 'anonymous' ELSE 'records' END AS form
  FROM now FULL JOIN former USING (organisation_id)
), pair AS (
  SELECT organisation_id,
    CASE
      WHEN form IN ('records', 'empty') AND coalesce(form_before, 'empty') IN ('records', 'empty') THEN 'people'
      WHEN 'counts' IN (form, form_before) THEN 'margins'
      ELSE 'cells'
    END AS compared
  FROM unit
), by_people AS (
  SELECT organisation_id,
    count(*) FILTER (WHERE o.there IS NULL) AS joined,
    count(*) FILTER (WHERE n.there IS NULL) AS left_again,
    count(*) FILTER (WHERE n.stage <> o.stage OR n.answers[1:cardinality(o.answers)] <> o.answers) AS changed
  FROM (SELECT *, true AS there FROM edi_snapshot.member WHERE release_id = $1::uuid) n
  FULL JOIN (SELECT *, true AS there FROM edi_snapshot.member WHERE release_id = $2::uuid) o USING (organisation_id, pseudonym)
  WHERE organisation_id IN (SELECT organisation_id FROM pair WHERE compared = 'people')
  GROUP BY 1
), cell AS (
  SELECT p.organisation_id, p.compared, c.release_id, c.characteristic,
    CASE p.compared WHEN 'cells' THEN c.stage || '|' || c.hub || '|' ELSE '' END || c.category AS place, c.people
  FROM pair p
  JOIN (
    SELECT release_id, organisation_id, stage, hub, characteristic, category, people FROM edi_snapshot.unit_count
    UNION ALL
    SELECT release_id, organisation_id, stage, '', characteristic, category, people FROM edi_snapshot.returned_count
  ) c ON c.organisation_id = p.organisation_id AND c.release_id IN ($1::uuid, $2::uuid)
  WHERE p.compared <> 'people'
), difference AS (
  SELECT organisation_id, characteristic, place,
    sum(CASE WHEN release_id = $1::uuid THEN people ELSE -people END) AS more
  FROM cell GROUP BY 1, 2, 3
), sides AS (
  SELECT organisation_id, count(DISTINCT release_id) AS sides FROM cell GROUP BY 1
), comparable AS (
  SELECT organisation_id, c.characteristic
  FROM (SELECT organisation_id, characteristic, count(DISTINCT release_id) AS sides FROM cell GROUP BY 1, 2) c
  JOIN sides USING (organisation_id, sides)
), by_characteristic AS (
  SELECT organisation_id, characteristic, sum(greatest(more, 0)) AS gained, sum(greatest(-more, 0)) AS lost
  FROM difference JOIN comparable USING (organisation_id, characteristic) GROUP BY 1, 2
), by_counts AS (
  SELECT organisation_id, max(greatest(gained - lost, 0)) AS joined, max(greatest(lost - gained, 0)) AS left_again,
    max(least(gained, lost)) AS changed
  FROM by_characteristic GROUP BY 1
), judged AS (
  SELECT u.organisation_id, u.form, u.refreshed_in,
    coalesce(p.joined, c.joined, 0) AS joined, coalesce(p.left_again, c.left_again, 0) AS left_again, coalesce(p.changed, c.changed, 0) AS changed
  FROM unit u
  LEFT JOIN by_people p USING (organisation_id)
  LEFT JOIN by_counts c USING (organisation_id)
), decided AS (
  SELECT j.*, $2::uuid IS NOT NULL AND j.joined + j.left_again + j.changed BETWEEN 1 AND $3::integer - 1 AS held,
    j.form = f.form AND j.joined + j.left_again + j.changed = 0 AS same
  FROM judged j LEFT JOIN former f USING (organisation_id)
)
INSERT INTO edi_snapshot.unit (release_id, organisation_id, form, refreshed_in, joined, left_again, changed, held)
SELECT $1::uuid, d.organisation_id, CASE WHEN d.held THEN coalesce(f.form, 'empty') ELSE d.form END,
  CASE WHEN d.held OR d.same THEN coalesce(d.refreshed_in, $2::uuid) ELSE $1::uuid END, d.joined, d.left_again, d.changed, d.held
FROM decided d
LEFT JOIN former f USING (organisation_id)
