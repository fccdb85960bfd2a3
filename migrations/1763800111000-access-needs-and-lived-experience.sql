-- What is sensitive by nature: access needs, the grants by which they are shared, and lived experience.

CREATE TABLE people.access_need (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  contributor_id uuid NOT NULL CONSTRAINT access_need_contributor REFERENCES people.contributor (id),
  category text NOT NULL CONSTRAINT access_need_category_known CHECK (category IN ('contact-method', 'information-format',
    'communication-professional', 'communication-support', 'physical', 'sensory', 'time', 'caring', 'digital')),
  detail_sealed bytea NOT NULL,
  told_by text NOT NULL CONSTRAINT access_need_told_by_known CHECK (told_by IN ('contributor', 'guardian', 'supporter')),
  recorded_by uuid,
  review_on date,
  consent_id uuid NOT NULL CONSTRAINT access_need_rests_on_consent REFERENCES kernel.consent (id)
);
CREATE INDEX access_need_contributor ON people.access_need (contributor_id, id);
CREATE INDEX access_need_consent ON people.access_need (consent_id);
COMMENT ON TABLE people.access_need IS 'What a contributor needs in order to take part, told once. Kept only while they consent to it.';
COMMENT ON COLUMN people.access_need.id IS 'Identifier.';
COMMENT ON COLUMN people.access_need.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.access_need.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.access_need.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.access_need.contributor_id IS 'Whose need it is.';
COMMENT ON COLUMN people.access_need.category IS 'Kind of need: the four of the Accessible Information Standard (contact method, information format, communication professional, communication support), and physical, sensory, time, caring and digital.';
COMMENT ON COLUMN people.access_need.detail_sealed IS 'The need in the person''s words, encrypted.';
COMMENT ON COLUMN people.access_need.told_by IS 'Who told it: the contributor, their guardian or their supporter.';
COMMENT ON COLUMN people.access_need.recorded_by IS 'The account that wrote it down.';
COMMENT ON COLUMN people.access_need.review_on IS 'Day on which to ask whether it still holds.';
COMMENT ON COLUMN people.access_need.consent_id IS 'The consent under which it was recorded.';

CREATE TABLE people.access_grant (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  contributor_id uuid NOT NULL CONSTRAINT access_grant_contributor REFERENCES people.contributor (id),
  involvement_id uuid NOT NULL,
  organisation_id uuid NOT NULL CONSTRAINT access_grant_organisation REFERENCES people.organisation (id),
  needs uuid[] CONSTRAINT access_grant_needs_number CHECK (cardinality(needs) BETWEEN 1 AND 50),
  granted_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT access_grant_ends_after_it_began CHECK (expires_at > granted_at AND expires_at <= granted_at + interval '2 years'),
  CONSTRAINT access_grant_revoked_after_it_began CHECK (revoked_at >= granted_at)
);
CREATE INDEX access_grant_contributor ON people.access_grant (contributor_id, id);
CREATE INDEX access_grant_involvement ON people.access_grant (involvement_id);
CREATE INDEX access_grant_organisation ON people.access_grant (organisation_id);
COMMENT ON TABLE people.access_grant IS 'A contributor''s leave to read their access needs for one involvement, until a day that they chose or until they take it back.';
COMMENT ON COLUMN people.access_grant.id IS 'Identifier.';
COMMENT ON COLUMN people.access_grant.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.access_grant.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.access_grant.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.access_grant.contributor_id IS 'Who shares.';
COMMENT ON COLUMN people.access_grant.involvement_id IS 'The involvement for which the needs are shared.';
COMMENT ON COLUMN people.access_grant.organisation_id IS 'The organisation whose organisers may read them.';
COMMENT ON COLUMN people.access_grant.needs IS 'Which needs are shared; null: all.';
COMMENT ON COLUMN people.access_grant.granted_at IS 'When it was given.';
COMMENT ON COLUMN people.access_grant.expires_at IS 'When it ends by itself.';
COMMENT ON COLUMN people.access_grant.revoked_at IS 'When the contributor took it back; null if they did not.';

CREATE TABLE people.lived_experience (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  contributor_id uuid NOT NULL CONSTRAINT lived_experience_contributor REFERENCES people.contributor (id),
  statement_sealed bytea NOT NULL,
  consent_id uuid NOT NULL CONSTRAINT lived_experience_rests_on_consent REFERENCES kernel.consent (id)
);
CREATE INDEX lived_experience_contributor ON people.lived_experience (contributor_id, id);
CREATE INDEX lived_experience_consent ON people.lived_experience (consent_id);
COMMENT ON TABLE people.lived_experience IS 'What contributors wrote about their experience of health, care and caring. Kept only while they consent to it.';
COMMENT ON COLUMN people.lived_experience.id IS 'Identifier.';
COMMENT ON COLUMN people.lived_experience.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.lived_experience.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.lived_experience.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.lived_experience.contributor_id IS 'Whose experience it is.';
COMMENT ON COLUMN people.lived_experience.statement_sealed IS 'The statement, encrypted.';
COMMENT ON COLUMN people.lived_experience.consent_id IS 'The consent under which it is kept.';
