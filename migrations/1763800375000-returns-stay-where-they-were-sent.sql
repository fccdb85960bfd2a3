-- A return is of one organisation, to one collection, in one form, whoever writes: else the figures of one organisation could be read as
-- those of another.

CREATE FUNCTION edi.return_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a return stays with its organisation, its collection and its form'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'return_stays';
END
$$;
COMMENT ON FUNCTION edi.return_stays() IS 'Refuses to give a return to another organisation or collection, or another form.';
CREATE TRIGGER return_stays BEFORE UPDATE ON edi.return FOR EACH ROW
  WHEN ((OLD.organisation_id, OLD.collection_id, OLD.form) IS DISTINCT FROM (NEW.organisation_id, NEW.collection_id, NEW.form))
  EXECUTE FUNCTION edi.return_stays();
