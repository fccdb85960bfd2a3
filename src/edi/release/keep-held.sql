-- Question: what stands in this snapshot for organisations that the gate held? Their old members and counts, as the release before had them.
-- Parameters:
--   $1 uuid  this release
--   $2 uuid  the release before
WITH held AS (
  SELECT organisation_id FROM edi_snapshot.unit WHERE release_id = $1::uuid AND held
), old_members AS (
  INSERT INTO edi_snapshot.member (release_id, organisation_id, pseudonym, stage, answers)
  SELECT $1::uuid, m.organisation_id, m.pseudonym, m.stage, m.answers
  FROM edi_snapshot.member m JOIN held USING (organisation_id) WHERE m.release_id = $2::uuid ORDER BY m.pseudonym
), old_counts AS (
  INSERT INTO edi_snapshot.unit_count (release_id, organisation_id, stage, hub, characteristic, category, people)
  SELECT $1::uuid, c.organisation_id, c.stage, c.hub, c.characteristic, c.category, c.people
  FROM edi_snapshot.unit_count c JOIN held USING (organisation_id) WHERE c.release_id = $2::uuid
), old_returned AS (
  INSERT INTO edi_snapshot.returned_count (release_id, organisation_id, stage, characteristic, category, people)
  SELECT $1::uuid, r.organisation_id, r.stage, r.characteristic, r.category, r.people
  FROM edi_snapshot.returned_count r JOIN held USING (organisation_id) WHERE r.release_id = $2::uuid
)
SELECT count(*)::integer AS held FROM held
