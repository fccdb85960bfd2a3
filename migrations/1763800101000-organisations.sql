-- Organisations, what they are called elsewhere, and who followed whom.

CREATE TABLE people.organisation (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  slug text NOT NULL CONSTRAINT organisation_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 80),
  name text NOT NULL CONSTRAINT organisation_name_length CHECK (length(name) BETWEEN 1 AND 200),
  kind text NOT NULL CONSTRAINT organisation_kind_known CHECK (kind IN ('coordinating-centre', 'regional-network',
    'biomedical-research-centre', 'research-support-hub', 'funding-programme', 'university', 'nhs-body', 'charity', 'community-group', 'other')),
  state text NOT NULL CONSTRAINT organisation_state_known CHECK (state IN ('applied', 'verified', 'refused')),
  region_code text CONSTRAINT organisation_region REFERENCES people.region (code),
  nation_code text CONSTRAINT organisation_nation REFERENCES people.region (code),
  host_id uuid CONSTRAINT organisation_host REFERENCES people.organisation (id) CONSTRAINT organisation_not_its_own_host CHECK (host_id <> id),
  "from" date,
  until date,
  website text CONSTRAINT organisation_website_form CHECK (website ~ '^https?://' AND length(website) <= 500),
  description text CONSTRAINT organisation_description_length CHECK (length(description) BETWEEN 1 AND 2000),
  second_approver boolean NOT NULL DEFAULT false,
  guardian_policy text CONSTRAINT organisation_guardian_policy_length CHECK (length(guardian_policy) BETWEEN 1 AND 2000),
  applied_by uuid CONSTRAINT organisation_applicant REFERENCES people.account (id),
  application_reason text CONSTRAINT organisation_application_reason_length CHECK (length(application_reason) BETWEEN 1 AND 2000),
  refusal_reason text CONSTRAINT organisation_refusal_reason_length CHECK (length(refusal_reason) BETWEEN 1 AND 1000),
  source text CONSTRAINT organisation_source_length CHECK (length(source) BETWEEN 1 AND 400),
  facts_checked boolean NOT NULL DEFAULT false,
  note text CONSTRAINT organisation_note_length CHECK (length(note) BETWEEN 1 AND 1000),
  maintained_by text NOT NULL DEFAULT 'administrator' CONSTRAINT organisation_maintained_by_known CHECK (maintained_by IN ('reference', 'administrator')),
  CONSTRAINT organisation_slug_once UNIQUE (slug),
  CONSTRAINT organisation_ends_after_it_began CHECK (until > "from"),
  CONSTRAINT organisation_refusal_has_a_reason CHECK ((state = 'refused') = (refusal_reason IS NOT NULL))
);
CREATE INDEX organisation_name ON people.organisation (name, id);
CREATE INDEX organisation_region ON people.organisation (region_code);
CREATE INDEX organisation_nation ON people.organisation (nation_code);
CREATE INDEX organisation_host ON people.organisation (host_id);
CREATE INDEX organisation_applied_by ON people.organisation (applied_by) WHERE applied_by IS NOT NULL;
COMMENT ON TABLE people.organisation IS 'Organisations that involve the public or support it. One that is not listed applies, and counts once an administrator has verified it.';
COMMENT ON COLUMN people.organisation.id IS 'Identifier.';
COMMENT ON COLUMN people.organisation.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.organisation.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.organisation.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.organisation.slug IS 'Short name for addresses and commands; never changes.';
COMMENT ON COLUMN people.organisation.name IS 'Name as the public knows it.';
COMMENT ON COLUMN people.organisation.kind IS 'Kind of organisation.';
COMMENT ON COLUMN people.organisation.state IS 'Applied (waits for an administrator), verified (counts) or refused.';
COMMENT ON COLUMN people.organisation.region_code IS 'Main region of England; null where it has none or serves a whole nation.';
COMMENT ON COLUMN people.organisation.nation_code IS 'Nation of the UK; null where it serves several.';
COMMENT ON COLUMN people.organisation.host_id IS 'The organisation that hosts it, such as the trust of a regional network.';
COMMENT ON COLUMN people.organisation."from" IS 'First day on which it existed; null where not known.';
COMMENT ON COLUMN people.organisation.until IS 'First day on which it no longer exists; null while it does.';
COMMENT ON COLUMN people.organisation.website IS 'Its own web address.';
COMMENT ON COLUMN people.organisation.description IS 'What it does, in plain English.';
COMMENT ON COLUMN people.organisation.second_approver IS 'Whether somebody other than the author must approve an opportunity before it is published.';
COMMENT ON COLUMN people.organisation.guardian_policy IS 'When the organisation asks for a guardian''s agreement, in its own words.';
COMMENT ON COLUMN people.organisation.applied_by IS 'The account that applied for it; becomes its first coordinator when it is verified.';
COMMENT ON COLUMN people.organisation.application_reason IS 'Why it applied, in the applicant''s words.';
COMMENT ON COLUMN people.organisation.refusal_reason IS 'Why it was refused, as the applicant may be told.';
COMMENT ON COLUMN people.organisation.source IS 'Where its details were read.';
COMMENT ON COLUMN people.organisation.facts_checked IS 'Whether its details were read in their source; false is general knowledge, to be checked.';
COMMENT ON COLUMN people.organisation.note IS 'What is uncertain about its details.';
COMMENT ON COLUMN people.organisation.maintained_by IS 'Who keeps the details: the reference data that come with the service, or an administrator, whose changes a start leaves alone.';

CREATE TABLE people.organisation_identifier (
  scheme text NOT NULL CONSTRAINT organisation_identifier_scheme_known CHECK (scheme IN ('ror', 'ods', 'org-id', 'charity', 'company', 'other')),
  value text NOT NULL CONSTRAINT organisation_identifier_value_form CHECK (value ~ '^[A-Za-z0-9][A-Za-z0-9._/:-]{0,99}$'),
  organisation_id uuid NOT NULL CONSTRAINT organisation_identifier_of REFERENCES people.organisation (id) ON DELETE CASCADE,
  CONSTRAINT organisation_identifier_once PRIMARY KEY (scheme, value)
);
CREATE INDEX organisation_identifier_organisation ON people.organisation_identifier (organisation_id);
COMMENT ON TABLE people.organisation_identifier IS 'What organisations are called in other registers. Each identifier belongs to one organisation.';
COMMENT ON COLUMN people.organisation_identifier.scheme IS 'Register: ROR, NHS ODS, org-id.guide, charity number, company number or other.';
COMMENT ON COLUMN people.organisation_identifier.value IS 'The identifier in that register, as the register writes it.';
COMMENT ON COLUMN people.organisation_identifier.organisation_id IS 'The organisation.';

CREATE TABLE people.organisation_predecessor (
  successor_id uuid NOT NULL CONSTRAINT organisation_predecessor_successor REFERENCES people.organisation (id) ON DELETE CASCADE,
  predecessor_id uuid NOT NULL CONSTRAINT organisation_predecessor_of REFERENCES people.organisation (id),
  part boolean NOT NULL DEFAULT false,
  verified boolean NOT NULL DEFAULT false,
  CONSTRAINT organisation_predecessor_once PRIMARY KEY (successor_id, predecessor_id),
  CONSTRAINT organisation_predecessor_not_itself CHECK (successor_id <> predecessor_id)
);
CREATE INDEX organisation_predecessor_before ON people.organisation_predecessor (predecessor_id);
COMMENT ON TABLE people.organisation_predecessor IS 'Which organisation followed which.';
COMMENT ON COLUMN people.organisation_predecessor.successor_id IS 'The later organisation.';
COMMENT ON COLUMN people.organisation_predecessor.predecessor_id IS 'The earlier organisation.';
COMMENT ON COLUMN people.organisation_predecessor.part IS 'Whether only a part of the earlier one passed to the later one.';
COMMENT ON COLUMN people.organisation_predecessor.verified IS 'Whether the succession was read in a source; false is an inference.';
