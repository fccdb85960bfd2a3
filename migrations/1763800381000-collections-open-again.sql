-- A collection that was closed too soon is opened again, unless a release counts it: what a release was made of must not change. Asking
-- for a release locks the collection, so whichever comes second sees the other.
CREATE FUNCTION edi.collection_not_released() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM edi.release WHERE collection_id = NEW.id AND state <> 'refused') THEN
    RAISE EXCEPTION 'a release is made of the collection'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'collection_not_released';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION edi.collection_not_released() IS 'Refuses to open a collection again of which a release is under way, ready or published.';
CREATE TRIGGER collection_not_released BEFORE UPDATE OF state ON edi.collection
  FOR EACH ROW WHEN (OLD.state = 'closed' AND NEW.state <> 'closed') EXECUTE FUNCTION edi.collection_not_released();
