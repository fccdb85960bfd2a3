-- Question: of which former snapshots is it no longer needed who was counted? These go: of runs that nobody saw, and of counts that are two
--   years old, unless they stand in this release.
-- Parameters:
--   $1 uuid    this release
--   $2 uuid[]  all releases that were ever shown
--   $3 date    the day of this snapshot
DELETE FROM edi_snapshot.member m
WHERE m.release_id <> $1::uuid
  AND NOT EXISTS (
    SELECT FROM edi_snapshot.unit u WHERE u.release_id = $1::uuid AND u.organisation_id = m.organisation_id AND u.refreshed_in = m.release_id
  )
  AND NOT (m.release_id = ANY ($2::uuid[])
    AND (SELECT r.created_at FROM edi.release r WHERE r.id = m.release_id) >= $3::date - interval '2 years')
