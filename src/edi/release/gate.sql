-- Question: of which organisations did too few people join, leave or change for their new counts to be shown?
-- Grain: one row for each organisation that has people in this snapshot or had some in the release before; written to edi_snapshot.unit.
-- Parameters:
--   $1 uuid     this release
--   $2 uuid     the release that was shown last, published or given up after it could be read; null for the first, of which nothing is held
--   $3 integer  the threshold: 1 to one less changes hold an organisation
--   $4 uuid[]   all releases that were ever shown, the newest first; $2 is the first of them
-- Assumptions:
--   New counts are compared with all counts of the organisation that were ever shown, not with the last ones only: else two of them that
--   nearly agree would be shown with others between. Those that differ least decide; of equals, the last ones.
--   Too few is 1 to $3 - 1 people who joined, left or have another answer, whatever their stage; or, where these are none, so many whose
--   stage is another. Otherwise people who came further would let somebody who joined be seen.
--   People are compared by pseudonym, where both sides have pseudonyms only and it is still kept who the former ones were. Otherwise it is
--   a lower bound: the least number of people who must differ for the counts to differ as they do, over the characteristic that says most.
--   A lower bound can hold what need not be held, and never shows what must not be shown.
--   Where nothing changed the counts are the same unknowns, in whatever form they came: who guesses that must not learn more.
--   A question that one side was not told is not compared, since nobody changed by being asked: everybody is not-known in it there.
--   Members are kept with the snapshot in which they were new, so that changes add up from it until they are enough.
--   Somebody who was erased since has no pseudonym left, and is one who left.
WITH counts AS (
  SELECT release_id, organisation_id, stage, hub, characteristic, category, people FROM edi_snapshot.unit_count
  WHERE release_id = $1::uuid OR release_id = ANY ($4::uuid[])
  UNION ALL
  SELECT release_id, organisation_id, stage, '', characteristic, category, people FROM edi_snapshot.returned_count
  WHERE release_id = $1::uuid OR release_id = ANY ($4::uuid[])
), people AS (
  SELECT release_id, organisation_id, max(people) AS people
  FROM (SELECT release_id, organisation_id, characteristic, sum(people) AS people FROM counts GROUP BY 1, 2, 3) c GROUP BY 1, 2
), member_form AS (
  SELECT m.release_id, m.organisation_id, bool_or(m.pseudonym IS NULL) AS anonymous
  FROM edi_snapshot.member m WHERE m.release_id = $1::uuid OR m.release_id = ANY ($4::uuid[]) GROUP BY 1, 2
), now AS (
  SELECT p.organisation_id, p.people, CASE WHEN f.organisation_id IS NULL THEN 'counts' WHEN f.anonymous THEN 'anonymous' ELSE 'records' END AS form
  FROM people p LEFT JOIN member_form f ON f.release_id = p.release_id AND f.organisation_id = p.organisation_id
  WHERE p.release_id = $1::uuid
), former AS (
  SELECT u.organisation_id, u.refreshed_in FROM edi_snapshot.unit u WHERE u.release_id = $2::uuid
), unit AS (
  SELECT organisation_id, coalesce(now.form, 'empty') AS form, coalesce(now.people, 0) AS people, former.refreshed_in
  FROM now FULL JOIN former USING (organisation_id)
), shown AS (
  SELECT DISTINCT ON (u.organisation_id, s.id) u.organisation_id, s.id AS release_id, s.nth, v.form, v.refreshed_in
  FROM unit u
  CROSS JOIN unnest($4::uuid[]) WITH ORDINALITY AS s(id, nth)
  LEFT JOIN edi_snapshot.unit v ON v.release_id = s.id AND v.organisation_id = u.organisation_id AND v.form <> 'empty'
), candidate AS (
  -- Nobody was counted there then: that is a count too.
  SELECT organisation_id, release_id AS refreshed_in, 'empty' AS form, nth
  FROM (SELECT *, row_number() OVER (PARTITION BY organisation_id ORDER BY nth) AS turn FROM shown WHERE form IS NULL) e WHERE turn = 1
  UNION ALL
  SELECT organisation_id, refreshed_in, min(form), min(nth) FROM shown WHERE form IS NOT NULL GROUP BY 1, 2
), pair AS (
  SELECT u.organisation_id, c.refreshed_in, c.form, c.nth, u.form AS form_now, u.people,
    CASE
      WHEN c.form = 'empty' THEN 'nobody'
      WHEN c.form = 'records' AND u.form IN ('records', 'empty') AND NOT f.anonymous THEN 'people'
      ELSE 'counts'
    END AS compared
  FROM unit u JOIN candidate c USING (organisation_id)
  LEFT JOIN member_form f ON f.release_id = c.refreshed_in AND f.organisation_id = u.organisation_id
), told AS (
  SELECT DISTINCT release_id, organisation_id, characteristic FROM counts WHERE category <> 'not-known' AND category NOT LIKE '%-not-told'
), told_by_both AS (
  SELECT p.organisation_id, p.refreshed_in, n.characteristic
  FROM pair p
  JOIN told n ON n.organisation_id = p.organisation_id AND n.release_id = $1::uuid
  JOIN told o ON o.organisation_id = p.organisation_id AND o.release_id = p.refreshed_in AND o.characteristic = n.characteristic
), asked AS (
  SELECT p.organisation_id, p.refreshed_in, coalesce(array_agg(c.place) FILTER (WHERE c.place IS NOT NULL), '{}') AS places
  FROM pair p
  LEFT JOIN told_by_both b USING (organisation_id, refreshed_in)
  LEFT JOIN (SELECT DISTINCT place, characteristic FROM edi_snapshot.category) c USING (characteristic)
  WHERE p.compared = 'people' GROUP BY 1, 2
), person AS (
  SELECT organisation_id, refreshed_in, o.there IS NULL AS joined, n.there IS NULL AS left_again,
    n.answers[1:cardinality(o.answers)] <> o.answers
      AND EXISTS (SELECT FROM unnest(n.places) AS place WHERE n.answers[place] IS DISTINCT FROM o.answers[place]) AS changed,
    n.stage <> o.stage AS moved
  FROM (
    SELECT a.organisation_id, a.refreshed_in, a.places, m.pseudonym, m.stage, m.answers, true AS there
    FROM asked a JOIN edi_snapshot.member m ON m.organisation_id = a.organisation_id AND m.release_id = $1::uuid
  ) n
  FULL JOIN (
    SELECT a.organisation_id, a.refreshed_in, m.pseudonym, m.stage, m.answers, true AS there
    FROM asked a JOIN edi_snapshot.member m ON m.organisation_id = a.organisation_id AND m.release_id = a.refreshed_in
  ) o USING (organisation_id, refreshed_in, pseudonym)
), by_people AS (
  SELECT organisation_id, refreshed_in, count(*) FILTER (WHERE joined) AS joined, count(*) FILTER (WHERE left_again) AS left_again,
    count(*) FILTER (WHERE changed) AS changed, count(*) FILTER (WHERE moved AND NOT changed) AS moved
  FROM person GROUP BY 1, 2
), place AS (
  -- By each question that both sides tell: with ethnic group where both have rows and told it, else by itself.
  SELECT p.organisation_id, p.refreshed_in, c.release_id = $1::uuid AS is_new, c.characteristic,
    CASE WHEN p.form <> 'counts' AND p.form_now <> 'counts' AND h.characteristic IS NOT NULL THEN c.hub || '|' ELSE '' END || c.category AS place,
    c.people
  FROM pair p
  JOIN counts c ON c.organisation_id = p.organisation_id AND c.release_id IN ($1::uuid, p.refreshed_in)
  JOIN told_by_both b ON b.organisation_id = p.organisation_id AND b.refreshed_in = p.refreshed_in AND b.characteristic = c.characteristic
  LEFT JOIN told_by_both h ON h.organisation_id = p.organisation_id AND h.refreshed_in = p.refreshed_in AND h.characteristic = 'ethnic-group'
  WHERE p.compared = 'counts'
  UNION ALL
  SELECT p.organisation_id, p.refreshed_in, t.release_id = $1::uuid, '', '', t.people
  FROM pair p JOIN people t ON t.organisation_id = p.organisation_id AND t.release_id IN ($1::uuid, p.refreshed_in)
  WHERE p.compared = 'counts'
), difference AS (
  SELECT organisation_id, refreshed_in, characteristic, place, sum(CASE WHEN is_new THEN people ELSE -people END) AS more
  FROM place GROUP BY 1, 2, 3, 4
), by_characteristic AS (
  SELECT organisation_id, refreshed_in, characteristic, sum(greatest(more, 0)) AS gained, sum(greatest(-more, 0)) AS lost
  FROM difference GROUP BY 1, 2, 3
), by_counts AS (
  SELECT organisation_id, refreshed_in, max(greatest(gained - lost, 0)) AS joined, max(greatest(lost - gained, 0)) AS left_again,
    max(least(gained, lost)) AS changed
  FROM by_characteristic GROUP BY 1, 2
), stage AS (
  SELECT organisation_id, refreshed_in, max(moved) AS moved
  FROM (
    SELECT organisation_id, refreshed_in, characteristic, least(sum(greatest(more, 0)), sum(greatest(-more, 0))) AS moved
    FROM (
      SELECT p.organisation_id, p.refreshed_in, c.characteristic, c.stage,
        sum(CASE WHEN c.release_id = $1::uuid THEN c.people ELSE -c.people END) AS more
      FROM pair p JOIN counts c ON c.organisation_id = p.organisation_id AND c.release_id IN ($1::uuid, p.refreshed_in)
      WHERE p.compared = 'counts' GROUP BY 1, 2, 3, 4
    ) s
    GROUP BY 1, 2, 3
  ) m
  GROUP BY 1, 2
), judged AS (
  SELECT u.organisation_id, u.form AS form_now, p.refreshed_in, p.form, p.nth,
    CASE p.compared WHEN 'people' THEN coalesce(b.joined, 0) WHEN 'counts' THEN coalesce(c.joined, 0) ELSE u.people END AS joined,
    CASE p.compared WHEN 'people' THEN coalesce(b.left_again, 0) WHEN 'counts' THEN coalesce(c.left_again, 0) ELSE 0 END AS left_again,
    CASE p.compared WHEN 'people' THEN coalesce(b.changed, 0) WHEN 'counts' THEN coalesce(c.changed, 0) ELSE 0 END AS changed,
    CASE p.compared WHEN 'people' THEN coalesce(b.moved, 0) WHEN 'counts' THEN coalesce(s.moved, 0) ELSE 0 END AS moved
  FROM unit u
  LEFT JOIN pair p USING (organisation_id)
  LEFT JOIN by_people b ON b.organisation_id = p.organisation_id AND b.refreshed_in = p.refreshed_in
  LEFT JOIN by_counts c ON c.organisation_id = p.organisation_id AND c.refreshed_in = p.refreshed_in
  LEFT JOIN stage s ON s.organisation_id = p.organisation_id AND s.refreshed_in = p.refreshed_in
), far AS (
  SELECT *, CASE WHEN joined + left_again + changed > 0 THEN joined + left_again + changed ELSE moved END AS apart FROM judged
), decided AS (
  SELECT DISTINCT ON (organisation_id) *, refreshed_in IS NOT NULL AND apart < $3::integer AS old
  FROM far
  ORDER BY organisation_id, (refreshed_in IS NOT NULL AND apart < $3::integer) DESC,
    CASE WHEN apart < $3::integer THEN apart END, nth, refreshed_in
)
INSERT INTO edi_snapshot.unit (release_id, organisation_id, form, refreshed_in, joined, left_again, changed, held)
SELECT $1::uuid, organisation_id, CASE WHEN old THEN form ELSE form_now END, CASE WHEN old THEN refreshed_in ELSE $1::uuid END,
  joined, left_again, changed + moved, old AND apart > 0
FROM decided
