-- An objection holds for the person and not for one record of theirs: it is remembered for their e-mail addresses too, so that neither a
-- change of address nor a second record lets answers in again.

CREATE TABLE edi_answers.objection_by_address (
  objector bytea NOT NULL CONSTRAINT objection_by_address_objector_size CHECK (octet_length(objector) = 32),
  address bytea NOT NULL CONSTRAINT objection_by_address_address_size CHECK (octet_length(address) = 32),
  since date NOT NULL,
  CONSTRAINT objection_by_address_key PRIMARY KEY (objector, address)
);
CREATE INDEX objection_by_address_address ON edi_answers.objection_by_address (address);
COMMENT ON TABLE edi_answers.objection_by_address IS 'The e-mail addresses of those who objected to equality monitoring, those of earlier times too, each as a pseudonym. Rows that are returned under one of them, and what a supporter or a site writes down for a record that has one, are refused or left out.';
COMMENT ON COLUMN edi_answers.objection_by_address.objector IS 'Who objects: the pseudonym of the contributor.';
COMMENT ON COLUMN edi_answers.objection_by_address.address IS 'The pseudonym of an address that they have or had.';
COMMENT ON COLUMN edi_answers.objection_by_address.since IS 'The day on which it was remembered.';

CREATE FUNCTION edi_answers.empty_returned_rows(who bytea[]) RETURNS integer
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  emptied integer;
BEGIN
  UPDATE edi_answers.returned_row SET ethnic_group = DEFAULT, ethnic_background = DEFAULT, age = DEFAULT, sex = DEFAULT,
    gender_identity = DEFAULT, disability = DEFAULT, impairment = DEFAULT, religion = DEFAULT, sexual_orientation = DEFAULT,
    unpaid_care = DEFAULT, socio_economic_background = DEFAULT, region = DEFAULT, main_language = DEFAULT
  WHERE pseudonym = ANY (who);
  GET DIAGNOSTICS emptied = ROW_COUNT;
  RETURN emptied;
END
$$;
COMMENT ON FUNCTION edi_answers.empty_returned_rows(bytea[]) IS 'Puts to not-known what organisations returned under these pseudonyms; the rows stay, so that people are still counted. Answers how many rows.';

CREATE FUNCTION edi.object_by_address(who bytea, addresses bytea[], sharing bytea[], on_day date) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  one bytea;
BEGIN
  IF NOT EXISTS (SELECT FROM edi_answers.objection o WHERE o.pseudonym = who) THEN
    RETURN;
  END IF;
  INSERT INTO edi_answers.objection_by_address (objector, address, since)
    SELECT who, a.address, on_day FROM unnest(addresses) AS a(address) ON CONFLICT (objector, address) DO NOTHING;
  FOREACH one IN ARRAY addresses LOOP
    PERFORM edi.erase_answers(one);
  END LOOP;
  PERFORM edi_answers.empty_returned_rows(sharing);
END
$$;
COMMENT ON FUNCTION edi.object_by_address(bytea, bytea[], bytea[], date) IS 'Where the person objects: remembers these addresses of theirs, deletes what was returned under them, and empties what was returned about records that share one. Else nothing.';

CREATE OR REPLACE FUNCTION edi.take_back_objection(who bytea) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  DELETE FROM edi_answers.objection WHERE pseudonym = who;
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM edi_answers.objection_by_address WHERE objector = who;
  RETURN gone;
END
$$;

CREATE FUNCTION edi.merge_addresses(kept bytea, gone bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO edi_answers.objection_by_address (objector, address, since)
    SELECT kept, a.address, a.since FROM edi_answers.objection_by_address a WHERE a.objector = gone
    ON CONFLICT (objector, address) DO NOTHING;
  DELETE FROM edi_answers.objection_by_address a WHERE a.objector = gone;
END
$$;
COMMENT ON FUNCTION edi.merge_addresses(bytea, bytea) IS 'Gives the addresses of an objector whose record is merged away to the one that stays.';

REVOKE ALL ON FUNCTION edi.object_by_address(bytea, bytea[], bytea[], date), edi.merge_addresses(bytea, bytea), edi_answers.empty_returned_rows(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edi.object_by_address(bytea, bytea[], bytea[], date), edi.merge_addresses(bytea, bytea) TO partnerships_service;
GRANT EXECUTE ON FUNCTION edi_answers.empty_returned_rows(bytea[]) TO partnerships_diversity;
