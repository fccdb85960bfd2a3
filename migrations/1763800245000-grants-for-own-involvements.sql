-- A contributor shares access needs for an involvement of their own. The record of involvements stands above that of people, so this is kept here.
CREATE FUNCTION involvement.keep_access_grant_straight() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM involvement.involvement i WHERE i.id = NEW.involvement_id AND i.contributor_id = NEW.contributor_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The contributor has no such involvement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'access_grant_for_own_involvement';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION involvement.keep_access_grant_straight() IS 'Refuses a grant of access needs for an involvement that is not the contributor''s own.';
CREATE TRIGGER access_grant_kept_straight BEFORE INSERT OR UPDATE OF involvement_id ON people.access_grant
  FOR EACH ROW EXECUTE FUNCTION involvement.keep_access_grant_straight();
