-- A release begins in the queue and moves on from there: the service's login says what it is to be made of, and nothing of what came of it.
REVOKE INSERT ON edi.release FROM partnerships_service;
GRANT INSERT (id, title, "from", until, collection_id, threshold, thresholds, base, catalogue, catalogue_hash, previous_id, made_by)
  ON edi.release TO partnerships_service;
