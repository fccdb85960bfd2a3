-- Collections of diversity data over organisations, and what is known of the returns. Nothing here says what anybody answered, or how
-- many did.

CREATE TABLE edi.collection (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  title text NOT NULL CONSTRAINT collection_title_length CHECK (length(title) BETWEEN 1 AND 200),
  "from" date NOT NULL,
  until date NOT NULL,
  question_set_version integer NOT NULL DEFAULT 1 CONSTRAINT collection_question_set_version_range CHECK (question_set_version BETWEEN 1 AND 10000),
  forms text[] NOT NULL CONSTRAINT collection_forms_known
    CHECK (forms <@ ARRAY['live', 'identified-rows', 'anonymous-rows', 'counts'] AND cardinality(forms) BETWEEN 1 AND 4),
  due_on date NOT NULL,
  release_on date NOT NULL,
  note text CONSTRAINT collection_note_length CHECK (length(note) BETWEEN 1 AND 2000),
  state text NOT NULL DEFAULT 'draft' CONSTRAINT collection_state_known CHECK (state IN ('draft', 'open', 'closed')),
  opened_at timestamptz,
  closed_at timestamptz,
  CONSTRAINT collection_ends_after_it_begins CHECK (until > "from"),
  CONSTRAINT collection_due_after_period CHECK (due_on >= until),
  CONSTRAINT collection_released_after_due CHECK (release_on > due_on),
  CONSTRAINT collection_state_has_its_times CHECK ((state = 'draft') = (opened_at IS NULL) AND (state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX collection_open ON edi.collection (due_on) WHERE state = 'open';
COMMENT ON TABLE edi.collection IS 'Rounds in which organisations return what they know about the diversity of their public contributors.';
COMMENT ON COLUMN edi.collection.id IS 'Identifier.';
COMMENT ON COLUMN edi.collection.created_at IS 'When the record was made.';
COMMENT ON COLUMN edi.collection.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN edi.collection.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.collection.title IS 'Title, as organisations read it.';
COMMENT ON COLUMN edi.collection."from" IS 'First day that it is about.';
COMMENT ON COLUMN edi.collection.until IS 'First day that it is no longer about. Ages are counted on the day before.';
COMMENT ON COLUMN edi.collection.question_set_version IS 'Version of the diversity questions that it asks.';
COMMENT ON COLUMN edi.collection.forms IS 'Forms in which it may be answered.';
COMMENT ON COLUMN edi.collection.due_on IS 'Last day on which a return is in time, for organisations without a day of their own.';
COMMENT ON COLUMN edi.collection.release_on IS 'Day announced for the release.';
COMMENT ON COLUMN edi.collection.note IS 'What else organisations should know.';
COMMENT ON COLUMN edi.collection.state IS 'Draft (organisations do not see it yet), open (returns are taken) or closed.';
COMMENT ON COLUMN edi.collection.opened_at IS 'When it was opened.';
COMMENT ON COLUMN edi.collection.closed_at IS 'When it was closed.';

CREATE TABLE edi.collection_organisation (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  collection_id uuid NOT NULL CONSTRAINT collection_organisation_in_collection REFERENCES edi.collection (id) ON DELETE CASCADE,
  organisation_id uuid NOT NULL CONSTRAINT collection_organisation_of REFERENCES people.organisation (id),
  due_on date,
  CONSTRAINT collection_organisation_once UNIQUE (collection_id, organisation_id)
);
CREATE INDEX collection_organisation_organisation ON edi.collection_organisation (organisation_id);
COMMENT ON TABLE edi.collection_organisation IS 'Which organisations must return to a collection. Each is one place at which people are counted.';
COMMENT ON COLUMN edi.collection_organisation.id IS 'Identifier.';
COMMENT ON COLUMN edi.collection_organisation.created_at IS 'When the record was made.';
COMMENT ON COLUMN edi.collection_organisation.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN edi.collection_organisation.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.collection_organisation.collection_id IS 'The collection.';
COMMENT ON COLUMN edi.collection_organisation.organisation_id IS 'The organisation.';
COMMENT ON COLUMN edi.collection_organisation.due_on IS 'Last day on which its return is in time, where it is another than the collection''s.';

CREATE TABLE edi.collection_predecessor (
  collection_id uuid NOT NULL CONSTRAINT collection_predecessor_in_collection REFERENCES edi.collection (id) ON DELETE CASCADE,
  organisation_id uuid NOT NULL CONSTRAINT collection_predecessor_follower REFERENCES people.organisation (id),
  predecessor_id uuid NOT NULL CONSTRAINT collection_predecessor_of REFERENCES people.organisation (id),
  part boolean NOT NULL,
  CONSTRAINT collection_predecessor_once PRIMARY KEY (collection_id, organisation_id, predecessor_id)
);
CREATE INDEX collection_predecessor_follower ON edi.collection_predecessor (organisation_id);
CREATE INDEX collection_predecessor_before ON edi.collection_predecessor (predecessor_id);
COMMENT ON TABLE edi.collection_predecessor IS 'Whom the organisations of a collection followed, as it stood when the collection was opened: what is returned under an earlier name counts for the follower.';
COMMENT ON COLUMN edi.collection_predecessor.collection_id IS 'The collection.';
COMMENT ON COLUMN edi.collection_predecessor.organisation_id IS 'The organisation that returns.';
COMMENT ON COLUMN edi.collection_predecessor.predecessor_id IS 'The organisation that it followed.';
COMMENT ON COLUMN edi.collection_predecessor.part IS 'Whether only a part of the earlier organisation passed to it: figures before and after are then not about the same area, and the series breaks.';

-- The diversity login locks a collection while a return comes in; it changes nothing of it.
GRANT UPDATE (updated_at) ON edi.collection, edi.collection_organisation TO partnerships_diversity;
