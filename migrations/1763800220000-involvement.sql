-- Involvements and their activities: who took part in what. Payment, feedback and impact refer to an activity.

CREATE TABLE involvement.involvement (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  organisation_id uuid NOT NULL CONSTRAINT involvement_of_an_organisation REFERENCES people.organisation (id),
  project_id uuid NOT NULL CONSTRAINT involvement_of_a_project REFERENCES involvement.project (id),
  opportunity_id uuid CONSTRAINT involvement_by_an_opportunity REFERENCES involvement.opportunity (id),
  interest_id uuid CONSTRAINT involvement_by_an_interest REFERENCES involvement.interest (id),
  contributor_id uuid NOT NULL CONSTRAINT involvement_of_a_contributor REFERENCES people.contributor (id),
  role text NOT NULL CONSTRAINT involvement_role_length CHECK (length(role) BETWEEN 1 AND 100),
  "from" date NOT NULL,
  until date,
  state text NOT NULL DEFAULT 'planned' CONSTRAINT involvement_state_known CHECK (state IN ('planned', 'active', 'ended', 'cancelled')),
  end_reason text CONSTRAINT involvement_end_reason_known CHECK (end_reason IN ('finished', 'contributor-chose', 'project-ended', 'other')),
  CONSTRAINT involvement_interest_once UNIQUE (interest_id),
  CONSTRAINT involvement_ends_after_it_begins CHECK (until > "from"),
  CONSTRAINT involvement_ended_is_whole CHECK ((state IN ('ended', 'cancelled')) = (end_reason IS NOT NULL)),
  CONSTRAINT involvement_ended_has_a_day CHECK (state <> 'ended' OR until IS NOT NULL)
);
CREATE INDEX involvement_organisation ON involvement.involvement (organisation_id, id);
CREATE INDEX involvement_project ON involvement.involvement (project_id, id);
CREATE INDEX involvement_opportunity ON involvement.involvement (opportunity_id);
CREATE INDEX involvement_contributor ON involvement.involvement (contributor_id, id);
COMMENT ON TABLE involvement.involvement IS 'A contributor''s part in a project: as what, from when until when. It may have begun with an opportunity, or without one.';
COMMENT ON COLUMN involvement.involvement.id IS 'Identifier.';
COMMENT ON COLUMN involvement.involvement.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.involvement.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.involvement.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.involvement.organisation_id IS 'The organisation of its project.';
COMMENT ON COLUMN involvement.involvement.project_id IS 'The project.';
COMMENT ON COLUMN involvement.involvement.opportunity_id IS 'The opportunity that it came from; null where it began without one.';
COMMENT ON COLUMN involvement.involvement.interest_id IS 'The interest that was accepted; null where there was none.';
COMMENT ON COLUMN involvement.involvement.contributor_id IS 'The contributor. After an erasure this leads to an empty record.';
COMMENT ON COLUMN involvement.involvement.role IS 'As what they take part, such as member, co-chair or reviewer.';
COMMENT ON COLUMN involvement.involvement."from" IS 'First day.';
COMMENT ON COLUMN involvement.involvement.until IS 'First day on which it no longer runs; null while its end is open.';
COMMENT ON COLUMN involvement.involvement.state IS 'Planned until the first activity was attended, then active, till it ended; or cancelled before it began.';
COMMENT ON COLUMN involvement.involvement.end_reason IS 'Why it ended or was cancelled.';

CREATE TABLE involvement.activity (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  involvement_id uuid NOT NULL CONSTRAINT activity_of_an_involvement REFERENCES involvement.involvement (id),
  organisation_id uuid NOT NULL,
  on_day date NOT NULL,
  kind text NOT NULL CONSTRAINT activity_kind_known CHECK (kind IN
    ('meeting', 'workshop', 'document-review', 'interview', 'survey', 'training', 'event', 'co-writing', 'panel', 'other')),
  title text CONSTRAINT activity_title_length CHECK (length(title) BETWEEN 1 AND 200),
  mode text NOT NULL CONSTRAINT activity_mode_known CHECK (mode IN ('online', 'in-person', 'hybrid', 'phone', 'post')),
  minutes integer NOT NULL CONSTRAINT activity_minutes_range CHECK (minutes BETWEEN 0 AND 1440),
  preparation_minutes integer NOT NULL DEFAULT 0 CONSTRAINT activity_preparation_range CHECK (preparation_minutes BETWEEN 0 AND 6000),
  attendance text NOT NULL DEFAULT 'expected' CONSTRAINT activity_attendance_known CHECK (attendance IN ('expected', 'attended', 'missed', 'cancelled')),
  CONSTRAINT activity_takes_time CHECK (minutes + preparation_minutes > 0)
);
CREATE INDEX activity_involvement ON involvement.activity (involvement_id, on_day, id);
CREATE INDEX activity_organisation ON involvement.activity (organisation_id, on_day);
COMMENT ON TABLE involvement.activity IS 'One thing that a contributor did or is to do within an involvement, on one day.';
COMMENT ON COLUMN involvement.activity.id IS 'Identifier.';
COMMENT ON COLUMN involvement.activity.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.activity.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.activity.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.activity.involvement_id IS 'The involvement.';
COMMENT ON COLUMN involvement.activity.organisation_id IS 'Its organisation.';
COMMENT ON COLUMN involvement.activity.on_day IS 'The day.';
COMMENT ON COLUMN involvement.activity.kind IS 'What it is.';
COMMENT ON COLUMN involvement.activity.title IS 'Its name, where it has one.';
COMMENT ON COLUMN involvement.activity.mode IS 'In which way the contributor takes part.';
COMMENT ON COLUMN involvement.activity.minutes IS 'How long it lasts, in minutes.';
COMMENT ON COLUMN involvement.activity.preparation_minutes IS 'Reading and other preparation, in minutes.';
COMMENT ON COLUMN involvement.activity.attendance IS 'Whether the contributor was there.';

-- An involvement stands with the organisation of its project; an activity with that of its involvement, and inside its days.
CREATE FUNCTION involvement.keep_involvement_straight() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM involvement.project p WHERE p.id = NEW.project_id AND p.organisation_id = NEW.organisation_id)
    OR (NEW.opportunity_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM involvement.opportunity o WHERE o.id = NEW.opportunity_id AND o.project_id = NEW.project_id)) THEN
    RAISE EXCEPTION 'The project, the organisation and the opportunity do not belong together'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'involvement_belongs_together';
  END IF;
  IF TG_OP = 'UPDATE' AND EXISTS (
    SELECT FROM involvement.activity a
    WHERE a.involvement_id = NEW.id AND a.attendance = 'attended' AND (a.on_day < NEW."from" OR a.on_day >= NEW.until)) THEN
    RAISE EXCEPTION 'An activity that was attended would lie outside it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'involvement_holds_its_activities';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION involvement.keep_involvement_straight() IS 'Refuses an involvement whose project, organisation and opportunity do not belong together, or that would end before what was attended.';
CREATE TRIGGER involvement_kept_straight BEFORE INSERT OR UPDATE OF organisation_id, project_id, opportunity_id, "from", until
  ON involvement.involvement FOR EACH ROW EXECUTE FUNCTION involvement.keep_involvement_straight();

CREATE FUNCTION involvement.keep_activity_straight() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  holder involvement.involvement;
BEGIN
  SELECT * INTO holder FROM involvement.involvement i WHERE i.id = NEW.involvement_id FOR SHARE;
  IF holder.organisation_id <> NEW.organisation_id THEN
    RAISE EXCEPTION 'The activity belongs to another organisation than its involvement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_organisation_of_its_involvement';
  END IF;
  IF NEW.on_day < holder."from" OR NEW.on_day >= holder.until THEN
    RAISE EXCEPTION 'The activity lies outside the days of its involvement'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_within_involvement';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION involvement.keep_activity_straight() IS 'Refuses an activity outside the days, or with another organisation, of its involvement.';
CREATE TRIGGER activity_kept_straight BEFORE INSERT OR UPDATE OF involvement_id, organisation_id, on_day ON involvement.activity
  FOR EACH ROW EXECUTE FUNCTION involvement.keep_activity_straight();
