-- The reach of a quarter is told once. A row that no release tells would stand in the way of the true figures for ever, so each must
-- be of a release that is published when the transaction ends, under its number, and about the whole quarter.
CREATE FUNCTION edi.released_reach_of_a_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM edi.release r
    WHERE r.id = NEW.release_id AND r.number = NEW.release_number AND r.state = 'published'
      AND r."from" <= NEW.quarter AND r.until >= (NEW.quarter + interval '3 months')::date
  ) THEN
    RAISE EXCEPTION 'No release tells this quarter' USING ERRCODE = 'check_violation', CONSTRAINT = 'released_reach_of_a_release';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION edi.released_reach_of_a_release() IS 'Refuses reach that is not told by a published release about the whole quarter.';
-- The figures are counted a moment before their release is published, in one transaction with it.
CREATE CONSTRAINT TRIGGER released_reach_of_a_release AFTER INSERT ON involvement.released_reach
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION edi.released_reach_of_a_release();
