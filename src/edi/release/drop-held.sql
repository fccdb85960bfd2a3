-- Question: what of this snapshot goes, because former counts of the organisation stand? Its new members and counts; changes wait.
-- Parameters:
--   $1 uuid  this release
WITH former AS (
  SELECT organisation_id FROM edi_snapshot.unit WHERE release_id = $1::uuid AND refreshed_in <> $1::uuid
), no_members AS (
  DELETE FROM edi_snapshot.member m USING former WHERE m.release_id = $1::uuid AND m.organisation_id = former.organisation_id
), no_counts AS (
  DELETE FROM edi_snapshot.unit_count c USING former WHERE c.release_id = $1::uuid AND c.organisation_id = former.organisation_id
), no_returned AS (
  DELETE FROM edi_snapshot.returned_count r USING former WHERE r.release_id = $1::uuid AND r.organisation_id = former.organisation_id
)
SELECT count(*)::integer AS former FROM former
