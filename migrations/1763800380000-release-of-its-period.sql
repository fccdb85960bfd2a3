-- A release counts the returns to a collection about the very days that it is about itself: those of another quarter would be published
-- under a title, ages and a place in the trend that are not theirs.
CREATE FUNCTION edi.release_of_its_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_collection edi.collection%ROWTYPE;
BEGIN
  SELECT * INTO of_collection FROM edi.collection WHERE id = NEW.collection_id FOR SHARE;
  IF of_collection."from" <> NEW."from" OR of_collection.until <> NEW.until THEN
    RAISE EXCEPTION 'the collection is about % to %, the release about % to %', of_collection."from", of_collection.until, NEW."from", NEW.until
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_of_its_period';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION edi.release_of_its_period() IS 'Refuses a release of a collection that is about other days.';
CREATE TRIGGER release_of_its_period BEFORE INSERT OR UPDATE OF collection_id, "from", until ON edi.release
  FOR EACH ROW WHEN (NEW.collection_id IS NOT NULL) EXECUTE FUNCTION edi.release_of_its_period();
