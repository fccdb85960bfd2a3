-- Question: how far did each contributor come in a period?
-- Grain: one row for each contributor who is active and has a home organisation that they called home before the period was over.
-- Parameters:
--   $1 date  first day counted (UK time)
--   $2 date  first day that is no longer counted
-- Columns: contributor_id, organisation_id (the home organisation), stage, day (of that stage)
-- Assumptions:
--   took-part   at least one activity of theirs was attended in the period; its day is the first such day.
--   selected    a place was offered, or accepted without an offer on record, or an involvement that was not cancelled began, in the
--               period, and nothing was attended in it; the first of those days.
--   interested  an interest of theirs reached an organiser in the period, whatever became of it; the day on which the first came.
--   registered  none of these; the day from which the home organisation is theirs.
--   Only the furthest stage of a person is told. What they did for other organisations counts, too: people are counted at home.
--   A group's interest counts for the contributor who stands for the group, once.
--   Interests of people without a record are nobody's here. Home is the organisation that is home now: the database keeps no earlier one.
WITH took_part AS (
  SELECT n.contributor_id, min(a.on_day) AS day
  FROM involvement.activity a
  JOIN involvement.involvement n ON n.id = a.involvement_id
  WHERE a.attendance = 'attended' AND a.on_day >= $1::date AND a.on_day < $2::date
  GROUP BY n.contributor_id
), chosen AS (
  SELECT c.contributor_id, min(c.day) AS day
  FROM (
    SELECT i.contributor_id, (coalesce(i.offered_at, i.answered_at) AT TIME ZONE 'Europe/London')::date AS day
    FROM involvement.interest i
    WHERE i.contributor_id IS NOT NULL AND (i.offered_at IS NOT NULL OR i.state = 'accepted')
      AND coalesce(i.offered_at, i.answered_at) >= ($1::date::timestamp AT TIME ZONE 'Europe/London')
      AND coalesce(i.offered_at, i.answered_at) < ($2::date::timestamp AT TIME ZONE 'Europe/London')
    UNION ALL
    SELECT n.contributor_id, n."from"
    FROM involvement.involvement n
    WHERE n.state <> 'cancelled' AND n."from" >= $1::date AND n."from" < $2::date
  ) c
  GROUP BY c.contributor_id
), interested AS (
  SELECT i.contributor_id, min((i.received_at AT TIME ZONE 'Europe/London')::date) AS day
  FROM involvement.interest i
  WHERE i.contributor_id IS NOT NULL
    AND i.received_at >= ($1::date::timestamp AT TIME ZONE 'Europe/London')
    AND i.received_at < ($2::date::timestamp AT TIME ZONE 'Europe/London')
  GROUP BY i.contributor_id
)
SELECT h.contributor_id, h.organisation_id,
  CASE
    WHEN t.day IS NOT NULL THEN 'took-part'
    WHEN s.day IS NOT NULL THEN 'selected'
    WHEN i.day IS NOT NULL THEN 'interested'
    ELSE 'registered'
  END AS stage,
  coalesce(t.day, s.day, i.day, h."from") AS day
FROM people.contributor_organisation h
JOIN people.contributor c ON c.id = h.contributor_id AND c.state = 'active'
LEFT JOIN took_part t ON t.contributor_id = h.contributor_id
LEFT JOIN chosen s ON s.contributor_id = h.contributor_id
LEFT JOIN interested i ON i.contributor_id = h.contributor_id
WHERE h.home AND h."from" < $2::date
