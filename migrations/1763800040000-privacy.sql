-- Purposes, consent, objections, receipts of erasure; and the way to find what an account did.

CREATE TABLE kernel.purpose (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  slug text NOT NULL CONSTRAINT purpose_slug_form CHECK (slug ~ '^[a-z][a-z0-9-]{1,59}$'),
  wording_version text NOT NULL CONSTRAINT purpose_wording_version_form CHECK (wording_version ~ '^[1-9][0-9]{0,3}\.[0-9]{1,4}$'),
  wording_major integer NOT NULL GENERATED ALWAYS AS (split_part(wording_version, '.', 1)::integer) STORED,
  wording_minor integer NOT NULL GENERATED ALWAYS AS (split_part(wording_version, '.', 2)::integer) STORED,
  name text NOT NULL CONSTRAINT purpose_name_length CHECK (length(name) BETWEEN 1 AND 200),
  aim text NOT NULL CONSTRAINT purpose_aim_length CHECK (length(aim) BETWEEN 1 AND 1000),
  wording text NOT NULL CONSTRAINT purpose_wording_length CHECK (length(wording) BETWEEN 1 AND 4000),
  controller text NOT NULL CONSTRAINT purpose_controller_length CHECK (length(controller) BETWEEN 1 AND 200),
  lawful_basis text NOT NULL CONSTRAINT purpose_lawful_basis_length CHECK (length(lawful_basis) BETWEEN 1 AND 400),
  special_condition text CONSTRAINT purpose_special_condition_length CHECK (length(special_condition) BETWEEN 1 AND 400),
  consent_based boolean NOT NULL,
  objection_allowed boolean NOT NULL,
  kept_for text NOT NULL CONSTRAINT purpose_kept_for_form CHECK (kept_for ~ '^P(?=[0-9])([0-9]{1,3}Y)?([0-9]{1,3}M)?([0-9]{1,4}D)?$'),
  kept_after text NOT NULL CONSTRAINT purpose_kept_after_length CHECK (length(kept_after) BETWEEN 1 AND 100),
  verified boolean NOT NULL,
  source text NOT NULL CONSTRAINT purpose_source_length CHECK (length(source) BETWEEN 1 AND 400),
  CONSTRAINT purpose_one_per_wording UNIQUE (slug, wording_version),
  CONSTRAINT purpose_consent_key UNIQUE (slug, wording_version, consent_based),
  CONSTRAINT purpose_objection_key UNIQUE (slug, wording_version, objection_allowed)
);
COMMENT ON TABLE kernel.purpose IS 'Why personal data are used, one row for each wording that people were shown. The newest wording is the one that counts. Rows are added, never altered.';
COMMENT ON COLUMN kernel.purpose.id IS 'Identifier.';
COMMENT ON COLUMN kernel.purpose.created_at IS 'When this wording was loaded.';
COMMENT ON COLUMN kernel.purpose.slug IS 'Short name of the purpose, the same over all its wordings.';
COMMENT ON COLUMN kernel.purpose.wording_version IS 'Version of the wording, such as 1.0. A new first number asks people for their consent again; a new second number does not.';
COMMENT ON COLUMN kernel.purpose.wording_major IS 'First number of the wording''s version.';
COMMENT ON COLUMN kernel.purpose.wording_minor IS 'Second number of the wording''s version.';
COMMENT ON COLUMN kernel.purpose.name IS 'The purpose in a few words, for people.';
COMMENT ON COLUMN kernel.purpose.aim IS 'What the data are used to do.';
COMMENT ON COLUMN kernel.purpose.wording IS 'What people are told, in plain English.';
COMMENT ON COLUMN kernel.purpose.controller IS 'Who decides about the use of the data (the controller).';
COMMENT ON COLUMN kernel.purpose.lawful_basis IS 'Lawful basis, with its place in UK GDPR Article 6(1).';
COMMENT ON COLUMN kernel.purpose.special_condition IS 'Condition for special-category data, UK GDPR Article 9(2) with Schedule 1 of the Data Protection Act 2018; null where no such data are used.';
COMMENT ON COLUMN kernel.purpose.consent_based IS 'Whether the data may be used only while the person''s consent stands.';
COMMENT ON COLUMN kernel.purpose.objection_allowed IS 'Whether a person''s objection ends the use.';
COMMENT ON COLUMN kernel.purpose.kept_for IS 'How long the data are kept, as an ISO 8601 duration.';
COMMENT ON COLUMN kernel.purpose.kept_after IS 'The event from which that time runs.';
COMMENT ON COLUMN kernel.purpose.verified IS 'Whether the controller''s data protection officer has confirmed the row; false is an assumption to be checked.';
COMMENT ON COLUMN kernel.purpose.source IS 'Where the basis and the time are laid down.';
REVOKE UPDATE, DELETE ON kernel.purpose FROM partnerships_service;

CREATE TABLE kernel.consent (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  person_id uuid NOT NULL,
  purpose text NOT NULL,
  wording_version text NOT NULL,
  consent_based boolean NOT NULL DEFAULT true CONSTRAINT consent_only_where_it_is_the_basis CHECK (consent_based),
  given_at timestamptz NOT NULL,
  how text NOT NULL CONSTRAINT consent_how_known CHECK (how IN ('online', 'phone', 'paper', 'in_person', 'email', 'post')),
  recorded_by uuid,
  withdrawn_at timestamptz,
  ended_because text CONSTRAINT consent_ended_because_known CHECK (ended_because IN ('withdrawn', 'renewed')),
  CONSTRAINT consent_to_a_wording FOREIGN KEY (purpose, wording_version, consent_based)
    REFERENCES kernel.purpose (slug, wording_version, consent_based),
  CONSTRAINT consent_end_has_a_reason CHECK ((withdrawn_at IS NULL) = (ended_because IS NULL)),
  CONSTRAINT consent_ends_after_it_began CHECK (withdrawn_at >= given_at)
);
CREATE UNIQUE INDEX consent_one_live ON kernel.consent (person_id, purpose) WHERE withdrawn_at IS NULL;
CREATE INDEX consent_person ON kernel.consent (person_id, purpose, given_at);
CREATE INDEX consent_wording ON kernel.consent (purpose, wording_version, consent_based);
COMMENT ON TABLE kernel.consent IS 'Consent that people gave, for purposes that rest on it: at most one standing for a person and purpose.';
COMMENT ON COLUMN kernel.consent.id IS 'Identifier.';
COMMENT ON COLUMN kernel.consent.created_at IS 'When the row was written.';
COMMENT ON COLUMN kernel.consent.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN kernel.consent.version IS 'Rises by one with every change.';
COMMENT ON COLUMN kernel.consent.person_id IS 'The person who consented.';
COMMENT ON COLUMN kernel.consent.purpose IS 'The purpose consented to.';
COMMENT ON COLUMN kernel.consent.wording_version IS 'The wording that the person was shown.';
COMMENT ON COLUMN kernel.consent.consent_based IS 'Always true: ties the row to a wording that rests on consent.';
COMMENT ON COLUMN kernel.consent.given_at IS 'When the person consented, which may be before it was recorded.';
COMMENT ON COLUMN kernel.consent.how IS 'The way in which the person said so.';
COMMENT ON COLUMN kernel.consent.recorded_by IS 'The account that recorded it; null where the service did.';
COMMENT ON COLUMN kernel.consent.withdrawn_at IS 'When it ended; null while it stands.';
COMMENT ON COLUMN kernel.consent.ended_because IS 'Whether it was withdrawn, or replaced by consent to a newer wording.';

CREATE TABLE kernel.objection (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  person_id uuid NOT NULL,
  purpose text NOT NULL,
  wording_version text NOT NULL,
  objection_allowed boolean NOT NULL DEFAULT true CONSTRAINT objection_only_where_allowed CHECK (objection_allowed),
  at timestamptz NOT NULL,
  reason text CONSTRAINT objection_reason_length CHECK (length(reason) BETWEEN 1 AND 2000),
  how text NOT NULL CONSTRAINT objection_how_known CHECK (how IN ('online', 'phone', 'paper', 'in_person', 'email', 'post')),
  recorded_by uuid,
  withdrawn_at timestamptz,
  CONSTRAINT objection_to_a_wording FOREIGN KEY (purpose, wording_version, objection_allowed)
    REFERENCES kernel.purpose (slug, wording_version, objection_allowed),
  CONSTRAINT objection_ends_after_it_began CHECK (withdrawn_at >= at)
);
CREATE UNIQUE INDEX objection_one_live ON kernel.objection (person_id, purpose) WHERE withdrawn_at IS NULL;
CREATE INDEX objection_person ON kernel.objection (person_id, purpose, at);
CREATE INDEX objection_wording ON kernel.objection (purpose, wording_version, objection_allowed);
COMMENT ON TABLE kernel.objection IS 'Objections of people to a use of their data: at most one standing for a person and purpose.';
COMMENT ON COLUMN kernel.objection.id IS 'Identifier.';
COMMENT ON COLUMN kernel.objection.created_at IS 'When the row was written.';
COMMENT ON COLUMN kernel.objection.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN kernel.objection.version IS 'Rises by one with every change.';
COMMENT ON COLUMN kernel.objection.person_id IS 'The person who objects.';
COMMENT ON COLUMN kernel.objection.purpose IS 'The purpose objected to.';
COMMENT ON COLUMN kernel.objection.wording_version IS 'The wording in force at the time.';
COMMENT ON COLUMN kernel.objection.objection_allowed IS 'Always true: ties the row to a wording that allows objections.';
COMMENT ON COLUMN kernel.objection.at IS 'When the person objected.';
COMMENT ON COLUMN kernel.objection.reason IS 'The person''s reason, if they gave one; none is needed.';
COMMENT ON COLUMN kernel.objection.how IS 'The way in which the person said so.';
COMMENT ON COLUMN kernel.objection.recorded_by IS 'The account that recorded it; null where the service did.';
COMMENT ON COLUMN kernel.objection.withdrawn_at IS 'When the person took it back; null while it stands.';

CREATE TABLE kernel.erasure_receipt (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  person_id uuid NOT NULL,
  erased_at timestamptz NOT NULL,
  erased_by uuid,
  because text NOT NULL CONSTRAINT erasure_receipt_because_known CHECK (because IN ('asked_by_person', 'kept_long_enough', 'recorded_in_error')),
  went jsonb NOT NULL CONSTRAINT erasure_receipt_went_list CHECK (jsonb_typeof(went) = 'array'),
  stayed jsonb NOT NULL CONSTRAINT erasure_receipt_stayed_list CHECK (jsonb_typeof(stayed) = 'array')
);
CREATE INDEX erasure_receipt_person ON kernel.erasure_receipt (person_id);
COMMENT ON TABLE kernel.erasure_receipt IS 'What each erasure removed and what it left, without personal data. After a backup is restored, the people named here are erased again.';
COMMENT ON COLUMN kernel.erasure_receipt.id IS 'Identifier of the receipt.';
COMMENT ON COLUMN kernel.erasure_receipt.person_id IS 'The identifier that the person had; it no longer leads to anybody.';
COMMENT ON COLUMN kernel.erasure_receipt.erased_at IS 'When the data were erased.';
COMMENT ON COLUMN kernel.erasure_receipt.erased_by IS 'The account that did it; null where the service did.';
COMMENT ON COLUMN kernel.erasure_receipt.because IS 'Why: the person asked, the time to keep the data was over, or they should never have been held.';
COMMENT ON COLUMN kernel.erasure_receipt.went IS 'List of {table, what, rows}: what was removed or made anonymous, and how many rows.';
COMMENT ON COLUMN kernel.erasure_receipt.stayed IS 'List of {table, what, rule}: what was kept, and the rule that it is kept under.';
REVOKE UPDATE, DELETE ON kernel.erasure_receipt FROM partnerships_service;

CREATE INDEX audit_entry_account ON kernel.audit_entry (account_id, id) WHERE account_id IS NOT NULL;
COMMENT ON INDEX kernel.audit_entry_account IS 'What one account did: for that person''s own copy of their data, and for an auditor.';
CREATE INDEX audit_entry_organisation_read ON kernel.audit_entry (organisation_id, id)
  WHERE organisation_id IS NOT NULL AND person_id IS NULL AND action IN ('read', 'exported');
COMMENT ON INDEX kernel.audit_entry_organisation_read IS 'Exports of everybody of one organisation, which each of those people may see.';
