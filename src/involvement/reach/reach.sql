-- Question: how many people did opportunities reach, how many were interested, selected, and took part?
-- Grain: for each dimension asked for, one row for each of its values that occurs, and one for all together (total).
-- Parameters:
--   $1 date    first day counted (UK time)
--   $2 date    last day counted (UK time)
--   $3 uuid[]  organisations whose opportunities and projects count; null for all
--   $4 text[]  the dimensions: none, kind, stage, channel, mode, month or organisation. All are counted from one moment of the
--              database, so that their totals agree
-- Assumptions:
--   reached    is the sum of what sites told for those days. One person who looks twice, or on two sites, is counted twice.
--   interested counts interests by the day on which they reached the organiser, whatever became of them; a group is one. What a site
--              sent for somebody who had asked already is no further one.
--   selected   counts interests that were offered a place, or accepted without an offer on record, by the day of the (last) offer.
--   took part  counts involvements with at least one activity attended in the period. In the breakdown by month one that was
--              active in two months is in both, so months can add up to more than the total.
--   An erased person's interest or involvement is still counted: the row stays, without anything that leads to them.
--   Views are not told by channel, so by channel only their total is known.
WITH fact AS (
  SELECT 'reached' AS figure, v.id AS thing, v.count AS weight, v.day, o.organisation_id, v.opportunity_id, NULL::text AS channel
  FROM involvement.opportunity_view v
  JOIN involvement.opportunity o ON o.id = v.opportunity_id
  WHERE v.day BETWEEN $1::date AND $2::date
  UNION ALL
  SELECT 'interested', i.id, 1, (i.received_at AT TIME ZONE 'Europe/London')::date, i.organisation_id, i.opportunity_id,
    CASE WHEN i.assisted THEN 'assisted' ELSE 'unassisted' END
  FROM involvement.interest i
  WHERE i.duplicate_of IS NULL AND i.received_at >= ($1::date::timestamp AT TIME ZONE 'Europe/London')
    AND i.received_at < (($2::date + 1)::timestamp AT TIME ZONE 'Europe/London')
  UNION ALL
  SELECT 'selected', coalesce(i.duplicate_of, i.id), 1, (coalesce(i.offered_at, i.answered_at) AT TIME ZONE 'Europe/London')::date, i.organisation_id, i.opportunity_id,
    CASE WHEN i.assisted THEN 'assisted' ELSE 'unassisted' END
  FROM involvement.interest i
  WHERE (i.offered_at IS NOT NULL OR i.state = 'accepted')
    AND coalesce(i.offered_at, i.answered_at) >= ($1::date::timestamp AT TIME ZONE 'Europe/London')
    AND coalesce(i.offered_at, i.answered_at) < (($2::date + 1)::timestamp AT TIME ZONE 'Europe/London')
  UNION ALL
  SELECT 'took part', n.id, 1, a.on_day, n.organisation_id, n.opportunity_id,
    CASE WHEN i.id IS NULL THEN 'without-interest' WHEN i.assisted THEN 'assisted' ELSE 'unassisted' END
  FROM involvement.activity a
  JOIN involvement.involvement n ON n.id = a.involvement_id
  LEFT JOIN involvement.interest i ON i.id = n.interest_id
  WHERE a.attendance = 'attended' AND a.on_day BETWEEN $1::date AND $2::date
)
SELECT
  asked.dimension,
  CASE WHEN grouping(cut.value) = 0 THEN cut.value END AS value,
  grouping(cut.value) = 1 AS total,
  max(cut.label) AS label,
  coalesce(sum(f.weight) FILTER (WHERE f.figure = 'reached'), 0)::double precision AS reached,
  count(DISTINCT f.thing) FILTER (WHERE f.figure = 'interested')::double precision AS interested,
  count(DISTINCT f.thing) FILTER (WHERE f.figure = 'selected')::double precision AS selected,
  count(DISTINCT f.thing) FILTER (WHERE f.figure = 'took part')::double precision AS took_part
FROM fact f
CROSS JOIN unnest($4::text[]) AS asked(dimension)
LEFT JOIN involvement.opportunity o ON o.id = f.opportunity_id
LEFT JOIN people.organisation g ON g.id = f.organisation_id
CROSS JOIN LATERAL (
  SELECT
    CASE asked.dimension
      WHEN 'kind' THEN coalesce(o.kind, 'without-opportunity')
      WHEN 'stage' THEN coalesce(o.stage, CASE WHEN o.id IS NULL THEN 'without-opportunity' ELSE 'not-said' END)
      WHEN 'mode' THEN coalesce(o.mode, CASE WHEN o.id IS NULL THEN 'without-opportunity' ELSE 'not-said' END)
      WHEN 'channel' THEN coalesce(f.channel, 'not-known')
      WHEN 'month' THEN to_char(f.day, 'YYYY-MM')
      WHEN 'organisation' THEN g.id::text
      ELSE 'all'
    END AS value,
    CASE WHEN asked.dimension = 'organisation' THEN g.name END AS label
) AS cut
WHERE $3::uuid[] IS NULL OR f.organisation_id = ANY ($3::uuid[])
GROUP BY GROUPING SETS ((asked.dimension, cut.value), (asked.dimension))
