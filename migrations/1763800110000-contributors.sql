-- Contributors: how to reach them, what they care about, which organisations they work with, and who became whom in a merge.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- unaccent() alone is only stable, since a dictionary could be replaced; ours is named, so an index may rest on it.
CREATE FUNCTION people.name_key(name text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN btrim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, name)), '[^[:alnum:]]+', ' ', 'g'));
COMMENT ON FUNCTION people.name_key IS 'A name as it is compared: lower case, without accents or punctuation.';

CREATE FUNCTION people.each_is(list text[], pattern text) RETURNS boolean
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN NOT EXISTS (SELECT FROM unnest(list) AS item WHERE item IS NULL OR item !~ pattern);
COMMENT ON FUNCTION people.each_is IS 'Whether every text of a list fits a pattern.';

CREATE TABLE people.contributor (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  name text CONSTRAINT contributor_name_length CHECK (length(name) BETWEEN 1 AND 200),
  name_key text GENERATED ALWAYS AS (people.name_key(name)) STORED,
  known_as text CONSTRAINT contributor_known_as_length CHECK (length(known_as) BETWEEN 1 AND 100),
  email_sealed bytea,
  email_index bytea CONSTRAINT contributor_email_index_is_sha256 CHECK (octet_length(email_index) = 32),
  phone_sealed bytea,
  phone_index bytea CONSTRAINT contributor_phone_index_is_sha256 CHECK (octet_length(phone_index) = 32),
  address_sealed bytea,
  preferred_channel text CONSTRAINT contributor_channel_known
    CHECK (preferred_channel IN ('email', 'phone', 'text', 'post', 'in-person', 'supporter')),
  supporter_sealed bytea,
  languages text[] NOT NULL DEFAULT '{en}' CONSTRAINT contributor_languages_form
    CHECK (cardinality(languages) <= 10 AND people.each_is(languages, '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$')),
  correspondence_language text NOT NULL DEFAULT 'en' CONSTRAINT contributor_correspondence_known CHECK (correspondence_language IN ('en', 'cy')),
  topics text[] NOT NULL DEFAULT '{}' CONSTRAINT contributor_topics_form CHECK (cardinality(topics) <= 30 AND people.each_is(topics, '^.{1,80}$')),
  health_categories text[] NOT NULL DEFAULT '{}' CONSTRAINT contributor_health_categories_form
    CHECK (cardinality(health_categories) <= 21 AND people.each_is(health_categories, '^[a-z][a-z0-9-]{1,59}$')),
  outward_postcode text CONSTRAINT contributor_outward_postcode_form CHECK (outward_postcode ~ '^[A-Z]{1,2}[0-9][0-9A-Z]?$'),
  region_code text CONSTRAINT contributor_region REFERENCES people.region (code),
  age_group text CONSTRAINT contributor_age_group_known CHECK (age_group IN ('under-16', '16-to-17', 'adult')),
  guardian_sealed bytea,
  guardian_agreed_at timestamptz,
  guardian_agreed_how text CONSTRAINT contributor_guardian_agreed_how_known
    CHECK (guardian_agreed_how IN ('online', 'phone', 'paper', 'in_person', 'email', 'post')),
  safeguarding_sealed bytea,
  keep_in_touch text[] NOT NULL DEFAULT '{}' CONSTRAINT contributor_keep_in_touch_known
    CHECK (keep_in_touch <@ ARRAY['opportunities', 'results', 'newsletter', 'events']),
  state text NOT NULL DEFAULT 'active' CONSTRAINT contributor_state_known CHECK (state IN ('active', 'left', 'erased')),
  left_at timestamptz,
  CONSTRAINT contributor_has_what_is_needed CHECK (state = 'erased' OR num_nulls(name, preferred_channel, age_group) = 0),
  CONSTRAINT contributor_erased_is_empty CHECK (state <> 'erased' OR (num_nonnulls(name, known_as, email_sealed, email_index, phone_sealed, phone_index,
    address_sealed, preferred_channel, supporter_sealed, outward_postcode, region_code, age_group, guardian_sealed, guardian_agreed_at,
    guardian_agreed_how, safeguarding_sealed) = 0
    AND cardinality(languages) + cardinality(topics) + cardinality(health_categories) + cardinality(keep_in_touch) = 0)),
  CONSTRAINT contributor_email_is_indexed CHECK ((email_sealed IS NULL) = (email_index IS NULL)),
  CONSTRAINT contributor_phone_is_indexed CHECK ((phone_sealed IS NULL) = (phone_index IS NULL)),
  CONSTRAINT contributor_can_be_reached CHECK (CASE preferred_channel
    WHEN 'email' THEN email_sealed IS NOT NULL
    WHEN 'phone' THEN phone_sealed IS NOT NULL
    WHEN 'text' THEN phone_sealed IS NOT NULL
    WHEN 'post' THEN address_sealed IS NOT NULL
    WHEN 'supporter' THEN supporter_sealed IS NOT NULL
    ELSE true END),
  CONSTRAINT contributor_guardian_agreed CHECK (num_nonnulls(guardian_sealed, guardian_agreed_at, guardian_agreed_how) IN (0, 3)),
  CONSTRAINT contributor_under_16_has_guardian CHECK (age_group IS DISTINCT FROM 'under-16' OR guardian_sealed IS NOT NULL),
  CONSTRAINT contributor_under_18_has_safeguarding_contact CHECK (coalesce(age_group, 'adult') = 'adult' OR safeguarding_sealed IS NOT NULL),
  CONSTRAINT contributor_left_has_a_time CHECK ((state = 'left') = (left_at IS NOT NULL))
);
CREATE INDEX contributor_name_key ON people.contributor (name_key text_pattern_ops, id);
CREATE INDEX contributor_email_index ON people.contributor (email_index) WHERE email_index IS NOT NULL;
CREATE INDEX contributor_phone_index ON people.contributor (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX contributor_outward_postcode ON people.contributor (outward_postcode) WHERE outward_postcode IS NOT NULL;
CREATE INDEX contributor_region ON people.contributor (region_code);
CREATE INDEX contributor_left ON people.contributor (left_at) WHERE state = 'left';
COMMENT ON TABLE people.contributor IS 'Members of the public who take part, or want to. Holds nothing about diversity and no date of birth. An erased contributor stays as an empty row that leads to nobody.';
COMMENT ON COLUMN people.contributor.id IS 'Identifier.';
COMMENT ON COLUMN people.contributor.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.contributor.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.contributor.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.contributor.name IS 'Name; null once erased.';
COMMENT ON COLUMN people.contributor.name_key IS 'The name as it is searched and compared: lower case, without accents or punctuation.';
COMMENT ON COLUMN people.contributor.known_as IS 'What they like to be called.';
COMMENT ON COLUMN people.contributor.email_sealed IS 'E-mail address, encrypted.';
COMMENT ON COLUMN people.contributor.email_index IS 'Keyed digest of the e-mail address, by which an equal one is found.';
COMMENT ON COLUMN people.contributor.phone_sealed IS 'Telephone number, encrypted.';
COMMENT ON COLUMN people.contributor.phone_index IS 'Keyed digest of the telephone number, by which an equal one is found.';
COMMENT ON COLUMN people.contributor.address_sealed IS 'Postal address, encrypted.';
COMMENT ON COLUMN people.contributor.preferred_channel IS 'How they want to be reached; supporter: through the person named as their supporter.';
COMMENT ON COLUMN people.contributor.supporter_sealed IS 'Their supporter''s name, contact and relation, encrypted.';
COMMENT ON COLUMN people.contributor.languages IS 'Languages that they use, as BCP 47 tags, the best-liked first.';
COMMENT ON COLUMN people.contributor.correspondence_language IS 'Language in which they want to be written to: English or Welsh.';
COMMENT ON COLUMN people.contributor.topics IS 'Topics that interest them, in their own words.';
COMMENT ON COLUMN people.contributor.health_categories IS 'Health categories that interest them; says nothing about their own health.';
COMMENT ON COLUMN people.contributor.outward_postcode IS 'First half of the postcode, without a space.';
COMMENT ON COLUMN people.contributor.region_code IS 'Region of England, or nation.';
COMMENT ON COLUMN people.contributor.age_group IS 'Under 16, 16 to 17, or adult. Nothing finer is kept.';
COMMENT ON COLUMN people.contributor.guardian_sealed IS 'Name and contact of the guardian and who among them agreed, encrypted.';
COMMENT ON COLUMN people.contributor.guardian_agreed_at IS 'When the guardian agreed.';
COMMENT ON COLUMN people.contributor.guardian_agreed_how IS 'The way in which the guardian said so.';
COMMENT ON COLUMN people.contributor.safeguarding_sealed IS 'Name and contact of whom to call when a person under 18 may come to harm, encrypted.';
COMMENT ON COLUMN people.contributor.keep_in_touch IS 'What they want to hear about.';
COMMENT ON COLUMN people.contributor.state IS 'Active, left (works with no organisation now) or erased.';
COMMENT ON COLUMN people.contributor.left_at IS 'When they left their last organisation; the time for which their data are kept runs from here.';

-- Both tables are new and empty.
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE people.account ADD CONSTRAINT account_of_contributor FOREIGN KEY (contributor_id) REFERENCES people.contributor (id);

CREATE TABLE people.contributor_organisation (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  contributor_id uuid NOT NULL CONSTRAINT contributor_organisation_contributor REFERENCES people.contributor (id),
  organisation_id uuid NOT NULL CONSTRAINT contributor_organisation_organisation REFERENCES people.organisation (id),
  "from" date NOT NULL,
  until date,
  home boolean NOT NULL DEFAULT false,
  reference text CONSTRAINT contributor_organisation_reference_length CHECK (length(reference) BETWEEN 1 AND 100),
  CONSTRAINT contributor_organisation_ends_after_it_began CHECK (until >= "from"),
  CONSTRAINT contributor_organisation_home_is_current CHECK (NOT home OR until IS NULL),
  CONSTRAINT contributor_organisation_once_at_a_time EXCLUDE USING gist
    (contributor_id WITH =, organisation_id WITH =, daterange("from", until) WITH &&)
);
CREATE UNIQUE INDEX contributor_organisation_one_home ON people.contributor_organisation (contributor_id) WHERE home;
CREATE UNIQUE INDEX contributor_organisation_reference_once ON people.contributor_organisation (organisation_id, reference)
  WHERE reference IS NOT NULL AND until IS NULL;
CREATE INDEX contributor_organisation_of ON people.contributor_organisation (contributor_id);
CREATE INDEX contributor_organisation_people ON people.contributor_organisation (organisation_id, contributor_id);
COMMENT ON TABLE people.contributor_organisation IS 'Which organisations a contributor works with, by day. One of them is home: its policies count for the contributor.';
COMMENT ON COLUMN people.contributor_organisation.id IS 'Identifier.';
COMMENT ON COLUMN people.contributor_organisation.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.contributor_organisation.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.contributor_organisation.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.contributor_organisation.contributor_id IS 'The contributor.';
COMMENT ON COLUMN people.contributor_organisation.organisation_id IS 'The organisation.';
COMMENT ON COLUMN people.contributor_organisation."from" IS 'First day.';
COMMENT ON COLUMN people.contributor_organisation.until IS 'First day on which it no longer holds; null while it does.';
COMMENT ON COLUMN people.contributor_organisation.home IS 'Whether it is the contributor''s home organisation.';
COMMENT ON COLUMN people.contributor_organisation.reference IS 'The organisation''s own number or name for the contributor, by which an import knows them again.';

-- Whose agreement is needed at 16 and 17 is each organisation's policy: 'under-16' asks none at that age, anything else does.
CREATE FUNCTION people.check_guardian() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  who uuid := CASE TG_TABLE_NAME WHEN 'contributor' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'contributor_id')::uuid END;
BEGIN
  IF EXISTS (
    SELECT FROM people.contributor c
    JOIN people.contributor_organisation h ON h.contributor_id = c.id AND h.home
    JOIN people.organisation o ON o.id = h.organisation_id
    WHERE c.id = who AND c.age_group = '16-to-17' AND c.guardian_sealed IS NULL AND o.guardian_policy IS DISTINCT FROM 'under-16'
  ) THEN
    RAISE EXCEPTION 'The home organisation asks for a guardian''s agreement under 18'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'contributor_guardian_by_policy';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION people.check_guardian IS 'Holds contributors of 16 and 17 to the guardian policy of their home organisation, at the end of the transaction.';
CREATE CONSTRAINT TRIGGER contributor_guardian_by_policy AFTER INSERT OR UPDATE OF age_group, guardian_sealed ON people.contributor
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.age_group = '16-to-17') EXECUTE FUNCTION people.check_guardian();
CREATE CONSTRAINT TRIGGER contributor_home_by_policy AFTER INSERT OR UPDATE OF home, organisation_id ON people.contributor_organisation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.home) EXECUTE FUNCTION people.check_guardian();

CREATE TABLE people.merged_contributor (
  gone_id uuid PRIMARY KEY,
  kept_id uuid NOT NULL CONSTRAINT merged_contributor_kept REFERENCES people.contributor (id),
  merged_at timestamptz NOT NULL,
  CONSTRAINT merged_contributor_two CHECK (gone_id <> kept_id)
);
CREATE INDEX merged_contributor_kept ON people.merged_contributor (kept_id);
COMMENT ON TABLE people.merged_contributor IS 'Which record a merged one went into. The row of the merged contributor itself is gone.';
COMMENT ON COLUMN people.merged_contributor.gone_id IS 'Identifier that the merged record had.';
COMMENT ON COLUMN people.merged_contributor.kept_id IS 'The contributor that it is now.';
COMMENT ON COLUMN people.merged_contributor.merged_at IS 'When they were merged.';

CREATE TABLE people.link_code (
  contributor_id uuid PRIMARY KEY CONSTRAINT link_code_contributor REFERENCES people.contributor (id),
  code_hash bytea NOT NULL CONSTRAINT link_code_hash_is_sha256 CHECK (octet_length(code_hash) = 32),
  expires_at timestamptz NOT NULL,
  CONSTRAINT link_code_once UNIQUE (code_hash)
);
COMMENT ON TABLE people.link_code IS 'One-time codes with which a contributor ties their own account to their record. At most one lives for a contributor; a used one is deleted.';
COMMENT ON COLUMN people.link_code.contributor_id IS 'The contributor whose record it opens.';
COMMENT ON COLUMN people.link_code.code_hash IS 'SHA-256 of the code, which itself is shown once and not kept.';
COMMENT ON COLUMN people.link_code.expires_at IS 'When it stops working.';
