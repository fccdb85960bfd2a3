-- Gaps that a release showed, each an action with an owner, a day and a later release to check it by, and what the owner said of it.

CREATE TABLE edi.gap (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  release_id uuid NOT NULL CONSTRAINT gap_of_a_release REFERENCES edi.release (id),
  release_number integer NOT NULL,
  table_key text NOT NULL CONSTRAINT gap_table_key_length CHECK (length(table_key) BETWEEN 1 AND 120),
  unit text NOT NULL CONSTRAINT gap_unit_length CHECK (length(unit) BETWEEN 1 AND 120),
  ethnic_group text CONSTRAINT gap_ethnic_group_length CHECK (length(ethnic_group) BETWEEN 1 AND 80),
  category text NOT NULL CONSTRAINT gap_category_length CHECK (length(category) BETWEEN 1 AND 80),
  measure text NOT NULL CONSTRAINT gap_measure_known CHECK (measure IN ('share', 'progress')),
  direction text NOT NULL CONSTRAINT gap_direction_known CHECK (direction IN ('too-few', 'too-many')),
  what text NOT NULL CONSTRAINT gap_what_length CHECK (length(what) BETWEEN 1 AND 2000),
  action text NOT NULL CONSTRAINT gap_action_length CHECK (length(action) BETWEEN 1 AND 2000),
  organisation_id uuid NOT NULL CONSTRAINT gap_owner_is_an_organisation REFERENCES people.organisation (id),
  due_on date NOT NULL,
  check_by integer NOT NULL,
  state text NOT NULL DEFAULT 'open' CONSTRAINT gap_state_known CHECK (state IN ('open', 'done', 'ceased')),
  closing text CONSTRAINT gap_closing_length CHECK (length(closing) BETWEEN 1 AND 2000),
  closed_at timestamptz,
  CONSTRAINT gap_checked_by_a_later_release CHECK (check_by > release_number),
  CONSTRAINT gap_closed_is_whole CHECK ((state = 'open') = (closed_at IS NULL) AND (state = 'open') = (closing IS NULL))
);
COMMENT ON TABLE edi.gap IS 'A gap that a release showed, as an action that an organisation owns. Everybody may read it; no person is named.';
COMMENT ON COLUMN edi.gap.id IS 'Identifier.';
COMMENT ON COLUMN edi.gap.created_at IS 'When the row was written.';
COMMENT ON COLUMN edi.gap.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN edi.gap.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.gap.release_id IS 'The release that shows it.';
COMMENT ON COLUMN edi.gap.release_number IS 'Number of that release.';
COMMENT ON COLUMN edi.gap.table_key IS 'Key of the table that shows it.';
COMMENT ON COLUMN edi.gap.unit IS 'Key of the unit.';
COMMENT ON COLUMN edi.gap.ethnic_group IS 'Category of ethnic group in a two-way table; null for everybody.';
COMMENT ON COLUMN edi.gap.category IS 'Category of the table''s characteristic.';
COMMENT ON COLUMN edi.gap.measure IS 'share: of those whose answer is known; progress: of those of the category in the wider population, how many came on.';
COMMENT ON COLUMN edi.gap.direction IS 'Whether there are too few or too many.';
COMMENT ON COLUMN edi.gap.what IS 'What the gap is, in words.';
COMMENT ON COLUMN edi.gap.action IS 'What is to be done about it.';
COMMENT ON COLUMN edi.gap.organisation_id IS 'The organisation that owns the action.';
COMMENT ON COLUMN edi.gap.due_on IS 'The day by which it is to be done.';
COMMENT ON COLUMN edi.gap.check_by IS 'Number of the later release that will tell what became of it.';
COMMENT ON COLUMN edi.gap.state IS 'open; done, as its owner says; ceased, as a data steward says.';
COMMENT ON COLUMN edi.gap.closing IS 'What was done, or why it ceased.';
COMMENT ON COLUMN edi.gap.closed_at IS 'When it was done or ceased.';

CREATE INDEX gap_release ON edi.gap (release_id);
CREATE INDEX gap_organisation ON edi.gap (organisation_id, id);
REVOKE DELETE ON edi.gap FROM partnerships_service;

CREATE TABLE edi.gap_progress (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  gap_id uuid NOT NULL CONSTRAINT gap_progress_of_a_gap REFERENCES edi.gap (id),
  "on" date NOT NULL,
  text text NOT NULL CONSTRAINT gap_progress_text_length CHECK (length(text) BETWEEN 1 AND 2000)
);
COMMENT ON TABLE edi.gap_progress IS 'What the owner of a gap said was done about it. Rows are added, never altered.';
COMMENT ON COLUMN edi.gap_progress.id IS 'Identifier.';
COMMENT ON COLUMN edi.gap_progress.created_at IS 'When the row was written.';
COMMENT ON COLUMN edi.gap_progress.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN edi.gap_progress.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.gap_progress.gap_id IS 'The gap.';
COMMENT ON COLUMN edi.gap_progress."on" IS 'The day, in UK time.';
COMMENT ON COLUMN edi.gap_progress.text IS 'What was done.';

CREATE INDEX gap_progress_gap ON edi.gap_progress (gap_id, id);
REVOKE UPDATE, DELETE ON edi.gap_progress FROM partnerships_service;
