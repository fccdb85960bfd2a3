-- What was shown to anybody is protected together with all that comes later. So the counts that a release rests on, and the form in which
-- later ones are protected together with it, change only while it is made, whoever asks: afterwards they would not be those that were shown.
CREATE FUNCTION edi_snapshot.shown_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_releases uuid[] := '{}';
BEGIN
  IF TG_OP <> 'INSERT' THEN
    of_releases := of_releases || OLD.release_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    of_releases := of_releases || NEW.release_id;
  END IF;
  IF EXISTS (SELECT FROM edi.release WHERE id = ANY (of_releases) AND state NOT IN ('queued', 'running')) THEN
    RAISE EXCEPTION 'What a release rests on never changes once it is made'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shown_counts_never_change';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION edi_snapshot.shown_row_stays() IS 'Refuses to add, change or remove a row of a release that is no longer being made.';

CREATE FUNCTION edi_snapshot.shown_rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT release_id FROM touched) t JOIN edi.release r ON r.id = t.release_id
    WHERE r.state NOT IN ('queued', 'running')
  ) THEN
    RAISE EXCEPTION 'What a release rests on never changes once it is made'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'shown_counts_never_change';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION edi_snapshot.shown_rows_stay() IS 'The same for all the rows of a statement at once, of which there are many.';

CREATE TRIGGER protected_kept BEFORE INSERT OR UPDATE OR DELETE ON edi_snapshot.protected
  FOR EACH ROW EXECUTE FUNCTION edi_snapshot.shown_row_stays();

CREATE TRIGGER unit_kept BEFORE UPDATE ON edi_snapshot.unit FOR EACH ROW EXECUTE FUNCTION edi_snapshot.shown_row_stays();
CREATE TRIGGER unit_not_added AFTER INSERT ON edi_snapshot.unit REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION edi_snapshot.shown_rows_stay();
CREATE TRIGGER unit_not_removed AFTER DELETE ON edi_snapshot.unit REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION edi_snapshot.shown_rows_stay();

CREATE TRIGGER unit_count_kept BEFORE UPDATE ON edi_snapshot.unit_count FOR EACH ROW EXECUTE FUNCTION edi_snapshot.shown_row_stays();
CREATE TRIGGER unit_count_not_added AFTER INSERT ON edi_snapshot.unit_count REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION edi_snapshot.shown_rows_stay();
CREATE TRIGGER unit_count_not_removed AFTER DELETE ON edi_snapshot.unit_count REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION edi_snapshot.shown_rows_stay();

CREATE TRIGGER returned_count_kept BEFORE UPDATE ON edi_snapshot.returned_count FOR EACH ROW EXECUTE FUNCTION edi_snapshot.shown_row_stays();
CREATE TRIGGER returned_count_not_added AFTER INSERT ON edi_snapshot.returned_count REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION edi_snapshot.shown_rows_stay();
CREATE TRIGGER returned_count_not_removed AFTER DELETE ON edi_snapshot.returned_count REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION edi_snapshot.shown_rows_stay();
