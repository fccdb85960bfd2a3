-- A release counts what will not change any more: the collection is closed first, whoever asks.
CREATE FUNCTION edi.release_of_closed_collection() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found text;
BEGIN
  SELECT state INTO found FROM edi.collection WHERE id = NEW.collection_id FOR SHARE;
  IF found <> 'closed' THEN
    RAISE EXCEPTION 'the collection is %', found
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_of_closed_collection';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION edi.release_of_closed_collection() IS 'Refuses a release of a collection that is still open, or was never opened.';
CREATE TRIGGER release_of_closed_collection BEFORE INSERT ON edi.release
  FOR EACH ROW WHEN (NEW.collection_id IS NOT NULL) EXECUTE FUNCTION edi.release_of_closed_collection();
