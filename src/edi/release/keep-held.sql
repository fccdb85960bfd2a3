-- Question: what stands in this snapshot for organisations of which former counts stand? Those counts, as they were when they were new. Who
--   was counted is kept with the snapshot in which they were new.
-- Parameters:
--   $1 uuid  this release
WITH former AS (
  SELECT organisation_id, refreshed_in, form FROM edi_snapshot.unit WHERE release_id = $1::uuid AND refreshed_in <> $1::uuid AND form <> 'empty'
), old_counts AS (
  INSERT INTO edi_snapshot.unit_count (release_id, organisation_id, stage, hub, characteristic, category, people)
  SELECT $1::uuid, c.organisation_id, c.stage, c.hub, c.characteristic, c.category, c.people
  FROM edi_snapshot.unit_count c JOIN former ON c.organisation_id = former.organisation_id AND c.release_id = former.refreshed_in
), old_returned AS (
  INSERT INTO edi_snapshot.returned_count (release_id, organisation_id, stage, characteristic, category, people)
  SELECT $1::uuid, r.organisation_id, r.stage, r.characteristic, r.category, r.people
  FROM edi_snapshot.returned_count r JOIN former ON r.organisation_id = former.organisation_id AND r.release_id = former.refreshed_in
)
SELECT count(*)::integer AS former FROM former
