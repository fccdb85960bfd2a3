-- Returns to collections: who sent what in which form on which basis, and who signed it off. The answers are in edi_answers.

CREATE TABLE edi.return (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  collection_id uuid NOT NULL CONSTRAINT return_to_collection REFERENCES edi.collection (id),
  organisation_id uuid NOT NULL CONSTRAINT return_of_organisation REFERENCES people.organisation (id),
  form text NOT NULL CONSTRAINT return_form_known CHECK (form IN ('live', 'identified-rows', 'anonymous-rows', 'counts')),
  state text NOT NULL DEFAULT 'accepted' CONSTRAINT return_state_known CHECK (state IN ('accepted', 'signed-off', 'replaced')),
  basis text NOT NULL CONSTRAINT return_basis_known
    CHECK (basis IN ('data-sharing-agreement', 'equality-monitoring', 'explicit-consent', 'not-personal-data')),
  basis_reference text NOT NULL CONSTRAINT return_basis_reference_length CHECK (length(basis_reference) BETWEEN 1 AND 200),
  late boolean NOT NULL,
  sent_by_account_id uuid CONSTRAINT return_sent_by_account REFERENCES people.account (id) ON DELETE SET NULL,
  signed_at timestamptz,
  signed_by_account_id uuid CONSTRAINT return_signed_by_account REFERENCES people.account (id) ON DELETE SET NULL,
  reopened_at timestamptz,
  reopened_because text CONSTRAINT return_reopened_because_length CHECK (length(reopened_because) BETWEEN 1 AND 1000),
  replaces_id uuid CONSTRAINT return_replaces_a_return REFERENCES edi.return (id),
  CONSTRAINT return_signed_has_a_time CHECK ((state = 'signed-off') = (signed_at IS NOT NULL)),
  CONSTRAINT return_reopened_says_why CHECK ((reopened_at IS NULL) = (reopened_because IS NULL)),
  CONSTRAINT return_basis_of_people CHECK (basis <> 'not-personal-data' OR form = 'counts')
);
CREATE UNIQUE INDEX return_current_once ON edi.return (collection_id, organisation_id) WHERE state <> 'replaced';
CREATE UNIQUE INDEX return_replaced_once ON edi.return (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX return_collection ON edi.return (collection_id, id);
CREATE INDEX return_organisation ON edi.return (organisation_id, id);
CREATE INDEX return_replaces ON edi.return (replaces_id);
CREATE INDEX return_sender ON edi.return (sent_by_account_id);
CREATE INDEX return_signer ON edi.return (signed_by_account_id);
COMMENT ON TABLE edi.return IS 'What is known about each return. One of an organisation stands at a time; those that it replaced stay as history, without their answers.';
COMMENT ON COLUMN edi.return.id IS 'Identifier.';
COMMENT ON COLUMN edi.return.created_at IS 'When it was accepted.';
COMMENT ON COLUMN edi.return.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN edi.return.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.return.collection_id IS 'The collection.';
COMMENT ON COLUMN edi.return.organisation_id IS 'The organisation that returned it.';
COMMENT ON COLUMN edi.return.form IS 'Live answers given to this service, rows that say who people are, rows that do not, or counts.';
COMMENT ON COLUMN edi.return.state IS 'Accepted as a whole; signed off by the organisation; or replaced by a corrected one.';
COMMENT ON COLUMN edi.return.basis IS 'On what ground the organisation shares it.';
COMMENT ON COLUMN edi.return.basis_reference IS 'What the ground is named by, such as the number of the agreement.';
COMMENT ON COLUMN edi.return.late IS 'Whether it came after the last day.';
COMMENT ON COLUMN edi.return.sent_by_account_id IS 'The account that sent it; null once that account is erased.';
COMMENT ON COLUMN edi.return.signed_at IS 'When it was signed off.';
COMMENT ON COLUMN edi.return.signed_by_account_id IS 'The account that signed it off.';
COMMENT ON COLUMN edi.return.reopened_at IS 'When the steward last opened it again after it had been signed off.';
COMMENT ON COLUMN edi.return.reopened_because IS 'Why.';
COMMENT ON COLUMN edi.return.replaces_id IS 'The return that it replaced.';

-- What was signed off stands until the steward opens it again, and what was replaced stays so, whoever writes.
CREATE FUNCTION edi.return_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'replaced' AND NEW.state <> 'replaced' OR OLD.state = 'signed-off' AND NEW.state = 'replaced' THEN
    RAISE EXCEPTION 'a return cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'return_signed_stands';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION edi.return_moves() IS 'Refuses to replace a return that is signed off, and to bring back one that was replaced.';
CREATE TRIGGER return_moves BEFORE UPDATE OF state ON edi.return FOR EACH ROW EXECUTE FUNCTION edi.return_moves();

REVOKE DELETE ON edi.return FROM partnerships_service;
-- Rows and what is known of them are written in one transaction of the diversity login.
GRANT INSERT, UPDATE ON edi.return TO partnerships_diversity;

CREATE TABLE edi.heading_mapping (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  organisation_id uuid NOT NULL CONSTRAINT heading_mapping_of REFERENCES people.organisation (id),
  headings jsonb NOT NULL CONSTRAINT heading_mapping_headings_list CHECK (jsonb_typeof(headings) = 'array' AND jsonb_array_length(headings) <= 200),
  codes jsonb NOT NULL CONSTRAINT heading_mapping_codes_list CHECK (jsonb_typeof(codes) = 'array' AND jsonb_array_length(codes) <= 1000),
  CONSTRAINT heading_mapping_once UNIQUE (organisation_id)
);
COMMENT ON TABLE edi.heading_mapping IS 'What the headings and codes of an organisation''s own files mean, mapped once and kept.';
COMMENT ON COLUMN edi.heading_mapping.id IS 'Identifier.';
COMMENT ON COLUMN edi.heading_mapping.created_at IS 'When the record was made.';
COMMENT ON COLUMN edi.heading_mapping.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN edi.heading_mapping.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.heading_mapping.organisation_id IS 'The organisation.';
COMMENT ON COLUMN edi.heading_mapping.headings IS 'Its headings, each with the question or column that it means.';
COMMENT ON COLUMN edi.heading_mapping.codes IS 'Its codes, each with the question and the code that it means.';
