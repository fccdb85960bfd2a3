-- Question: what of this snapshot goes, because the gate held the organisation? Its new members and counts; they wait.
-- Parameters:
--   $1 uuid  this release
WITH held AS (
  SELECT organisation_id FROM edi_snapshot.unit WHERE release_id = $1::uuid AND held
), no_members AS (
  DELETE FROM edi_snapshot.member m USING held WHERE m.release_id = $1::uuid AND m.organisation_id = held.organisation_id
), no_counts AS (
  DELETE FROM edi_snapshot.unit_count c USING held WHERE c.release_id = $1::uuid AND c.organisation_id = held.organisation_id
), no_returned AS (
  DELETE FROM edi_snapshot.returned_count r USING held WHERE r.release_id = $1::uuid AND r.organisation_id = held.organisation_id
)
SELECT count(*)::integer AS held FROM held
