-- Opportunities: what the public is asked to take part in, field by field after the Health Research Authority's checklist.

CREATE TABLE involvement.opportunity (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  organisation_id uuid NOT NULL CONSTRAINT opportunity_of_an_organisation REFERENCES people.organisation (id),
  project_id uuid NOT NULL CONSTRAINT opportunity_of_a_project REFERENCES involvement.project (id),
  title text NOT NULL CONSTRAINT opportunity_title_length CHECK (length(title) BETWEEN 1 AND 200),
  summary text CONSTRAINT opportunity_summary_length CHECK (length(summary) BETWEEN 1 AND 2000),
  kind text NOT NULL CONSTRAINT opportunity_kind_known CHECK (kind IN ('advisory-group', 'steering-committee', 'focus-group', 'interview', 'survey', 'document-review', 'priority-setting', 'co-applicant', 'co-design', 'peer-research', 'event', 'training', 'other')),
  stage text CONSTRAINT opportunity_stage_known CHECK (stage IN ('identifying-and-prioritising', 'commissioning', 'design', 'undertaking', 'analysing', 'disseminating', 'implementing', 'evaluating')),
  mode text CONSTRAINT opportunity_mode_known CHECK (mode IN ('online', 'in-person', 'hybrid', 'phone', 'post')),
  what_is_involved text CONSTRAINT opportunity_what_is_involved_length CHECK (length(what_is_involved) BETWEEN 1 AND 4000),
  sessions integer CONSTRAINT opportunity_sessions_range CHECK (sessions BETWEEN 0 AND 1000),
  hours_per_session double precision CONSTRAINT opportunity_hours_per_session_range CHECK (hours_per_session BETWEEN 0 AND 100),
  total_hours double precision CONSTRAINT opportunity_total_hours_range CHECK (total_hours BETWEEN 0 AND 10000),
  preparation_hours double precision CONSTRAINT opportunity_preparation_hours_range CHECK (preparation_hours BETWEEN 0 AND 10000),
  who_else text CONSTRAINT opportunity_who_else_length CHECK (length(who_else) BETWEEN 1 AND 2000),
  dates text CONSTRAINT opportunity_dates_length CHECK (length(dates) BETWEEN 1 AND 2000),
  starts_on date,
  ends_on date,
  places_available integer CONSTRAINT opportunity_places_available_range CHECK (places_available BETWEEN 1 AND 100000),
  difference_it_makes text CONSTRAINT opportunity_difference_it_makes_length CHECK (length(difference_it_makes) BETWEEN 1 AND 4000),
  hear_back_by date,
  hear_back_how text CONSTRAINT opportunity_hear_back_how_length CHECK (length(hear_back_how) BETWEEN 1 AND 2000),
  support text CONSTRAINT opportunity_support_length CHECK (length(support) BETWEEN 1 AND 4000),
  skills_wanted text CONSTRAINT opportunity_skills_wanted_length CHECK (length(skills_wanted) BETWEEN 1 AND 2000),
  lived_experience_wanted text CONSTRAINT opportunity_lived_experience_wanted_length CHECK (length(lived_experience_wanted) BETWEEN 1 AND 2000),
  no_experience_needed boolean NOT NULL DEFAULT false,
  min_age integer CONSTRAINT opportunity_min_age_range CHECK (min_age BETWEEN 0 AND 120),
  max_age integer CONSTRAINT opportunity_max_age_range CHECK (max_age BETWEEN 0 AND 120),
  open_to_under18 boolean NOT NULL DEFAULT false,
  safeguarding text CONSTRAINT opportunity_safeguarding_length CHECK (length(safeguarding) BETWEEN 1 AND 2000),
  how_to_apply jsonb NOT NULL DEFAULT '[]' CONSTRAINT opportunity_how_to_apply_shape CHECK (jsonb_typeof(how_to_apply) = 'array' AND octet_length(how_to_apply::text) <= 12000),
  selection_method text CONSTRAINT opportunity_selection_method_known CHECK (selection_method IN ('criteria', 'random-draw', 'first-come')),
  selection_criteria text CONSTRAINT opportunity_selection_criteria_length CHECK (length(selection_criteria) BETWEEN 1 AND 2000),
  draw jsonb CONSTRAINT opportunity_draw_shape CHECK (jsonb_typeof(draw) = 'object' AND octet_length(draw::text) <= 500),
  payment jsonb CONSTRAINT opportunity_payment_shape CHECK (jsonb_typeof(payment) = 'object' AND octet_length(payment::text) <= 4000),
  expenses text CONSTRAINT opportunity_expenses_length CHECK (length(expenses) BETWEEN 1 AND 2000),
  expenses_paid boolean,
  access_provision text[] NOT NULL DEFAULT '{}' CONSTRAINT opportunity_access_provision_known CHECK (access_provision <@ ARRAY['bsl-interpreter', 'captions', 'easy-read', 'large-print', 'step-free', 'hearing-loop', 'quiet-space', 'personal-assistant-welcome', 'interpreter', 'equipment-loan', 'childcare-paid', 'breaks', 'phone-joining']),
  place jsonb CONSTRAINT opportunity_place_shape CHECK (jsonb_typeof(place) = 'object' AND octet_length(place::text) <= 2000),
  outward_postcode text GENERATED ALWAYS AS (place->>'outwardPostcode') STORED,
  region_code text CONSTRAINT opportunity_region REFERENCES people.region (code),
  languages text[] NOT NULL DEFAULT '{}' CONSTRAINT opportunity_languages_count CHECK (cardinality(languages) <= 20),
  health_categories text[] NOT NULL DEFAULT '{}' CONSTRAINT opportunity_health_categories_count CHECK (cardinality(health_categories) <= 21),
  conditions text[] NOT NULL DEFAULT '{}' CONSTRAINT opportunity_conditions_count CHECK (cardinality(conditions) <= 50),
  contact jsonb CONSTRAINT opportunity_contact_shape CHECK (jsonb_typeof(contact) = 'object' AND octet_length(contact::text) <= 2000),
  questions jsonb NOT NULL DEFAULT '[]' CONSTRAINT opportunity_questions_shape CHECK (jsonb_typeof(questions) = 'array' AND octet_length(questions::text) <= 40000),
  welsh jsonb CONSTRAINT opportunity_welsh_shape CHECK (jsonb_typeof(welsh) = 'object' AND octet_length(welsh::text) <= 60000),
  easy_read jsonb CONSTRAINT opportunity_easy_read_shape CHECK (jsonb_typeof(easy_read) = 'object' AND octet_length(easy_read::text) <= 60000),
  identifiers jsonb NOT NULL DEFAULT '[]' CONSTRAINT opportunity_identifiers_shape CHECK (jsonb_typeof(identifiers) = 'array' AND octet_length(identifiers::text) <= 8000),
  closes_on date,
  closes_at timestamptz,
  state text NOT NULL DEFAULT 'draft' CONSTRAINT opportunity_state_known CHECK (state IN ('draft', 'in-review', 'scheduled', 'published', 'paused', 'closed', 'withdrawn')),
  publish_at timestamptz,
  published_at timestamptz,
  closed_at timestamptz,
  withdrawn_at timestamptz,
  hidden_at timestamptz,
  hidden_because text CONSTRAINT opportunity_hidden_because_length CHECK (length(hidden_because) BETWEEN 1 AND 2000),
  submitted_by uuid,
  submitted_at timestamptz,
  edited_by uuid,
  approved_by uuid,
  approved_at timestamptz,
  review_note text CONSTRAINT opportunity_review_note_length CHECK (length(review_note) BETWEEN 1 AND 2000),
  published_version integer,
  material_version integer,
  paid boolean GENERATED ALWAYS AS (payment IS NOT NULL AND payment->>'kind' <> 'none') STORED,
  CONSTRAINT opportunity_ends_after_it_starts CHECK (ends_on >= starts_on),
  CONSTRAINT opportunity_ages_in_order CHECK (max_age >= min_age),
  CONSTRAINT opportunity_closing_day_and_moment CHECK ((closes_on IS NULL) = (closes_at IS NULL)),
  CONSTRAINT opportunity_published_is_complete CHECK (state IN ('draft', 'in-review', 'withdrawn') OR (summary IS NOT NULL AND stage IS NOT NULL AND mode IS NOT NULL AND what_is_involved IS NOT NULL AND jsonb_array_length(how_to_apply) > 0 AND closes_at IS NOT NULL AND publish_at IS NOT NULL)),
  CONSTRAINT opportunity_published_before_it_closes CHECK (publish_at < closes_at),
  CONSTRAINT opportunity_approved_by_another CHECK (approved_by <> submitted_by AND approved_by <> edited_by),
  CONSTRAINT opportunity_approval_is_whole CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT opportunity_withdrawn_has_a_time CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
  CONSTRAINT opportunity_closed_has_a_time CHECK (state <> 'closed' OR closed_at IS NOT NULL),
  CONSTRAINT opportunity_hidden_has_a_reason CHECK ((hidden_at IS NULL) = (hidden_because IS NULL))
);
COMMENT ON TABLE involvement.opportunity IS 'A chance to be involved in research. What the public reads is decided by its state and by time together: see the view public_opportunity.';
COMMENT ON COLUMN involvement.opportunity.id IS 'Identifier.';
COMMENT ON COLUMN involvement.opportunity.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.opportunity.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.opportunity.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.opportunity.organisation_id IS 'The organisation of its project, which answers for it.';
COMMENT ON COLUMN involvement.opportunity.project_id IS 'The project that it belongs to.';
COMMENT ON COLUMN involvement.opportunity.title IS 'Title shown to the public.';
COMMENT ON COLUMN involvement.opportunity.summary IS 'What it is, in a few plain sentences.';
COMMENT ON COLUMN involvement.opportunity.kind IS 'What people would do.';
COMMENT ON COLUMN involvement.opportunity.stage IS 'Stage of research that it belongs to.';
COMMENT ON COLUMN involvement.opportunity.mode IS 'How people take part.';
COMMENT ON COLUMN involvement.opportunity.what_is_involved IS 'What people will be asked to do.';
COMMENT ON COLUMN involvement.opportunity.sessions IS 'How many sessions there are.';
COMMENT ON COLUMN involvement.opportunity.hours_per_session IS 'Hours that one session lasts.';
COMMENT ON COLUMN involvement.opportunity.total_hours IS 'Hours in all sessions together.';
COMMENT ON COLUMN involvement.opportunity.preparation_hours IS 'Hours of reading and other preparation in all.';
COMMENT ON COLUMN involvement.opportunity.who_else IS 'Who else will be there.';
COMMENT ON COLUMN involvement.opportunity.dates IS 'Dates and times in words.';
COMMENT ON COLUMN involvement.opportunity.starts_on IS 'Day of the first session.';
COMMENT ON COLUMN involvement.opportunity.ends_on IS 'Day of the last session.';
COMMENT ON COLUMN involvement.opportunity.places_available IS 'How many people can take part; null where there is no limit.';
COMMENT ON COLUMN involvement.opportunity.difference_it_makes IS 'What difference people will make.';
COMMENT ON COLUMN involvement.opportunity.hear_back_by IS 'Day by which people hear what came of it.';
COMMENT ON COLUMN involvement.opportunity.hear_back_how IS 'How people hear what came of it.';
COMMENT ON COLUMN involvement.opportunity.support IS 'Support before, during and after.';
COMMENT ON COLUMN involvement.opportunity.skills_wanted IS 'Skills that are wanted.';
COMMENT ON COLUMN involvement.opportunity.lived_experience_wanted IS 'Lived experience that is wanted.';
COMMENT ON COLUMN involvement.opportunity.no_experience_needed IS 'Whether people need no experience of research.';
COMMENT ON COLUMN involvement.opportunity.min_age IS 'Youngest age in whole years; null where there is none.';
COMMENT ON COLUMN involvement.opportunity.max_age IS 'Oldest age in whole years; null where there is none.';
COMMENT ON COLUMN involvement.opportunity.open_to_under18 IS 'Whether people under 18 may take part.';
COMMENT ON COLUMN involvement.opportunity.safeguarding IS 'How people under 18 or at risk are kept safe.';
COMMENT ON COLUMN involvement.opportunity.how_to_apply IS 'Ways to apply, as a list of {way, detail}.';
COMMENT ON COLUMN involvement.opportunity.selection_method IS 'How people are chosen.';
COMMENT ON COLUMN involvement.opportunity.selection_criteria IS 'What is looked for, or how the draw is made.';
COMMENT ON COLUMN involvement.opportunity.draw IS 'Settings of a random draw: {on, reserves}; null where there is none.';
COMMENT ON COLUMN involvement.opportunity.payment IS 'What people are paid: {kind, band, pence, per, note}; null where it is not said.';
COMMENT ON COLUMN involvement.opportunity.expenses IS 'Which expenses are paid, and how.';
COMMENT ON COLUMN involvement.opportunity.expenses_paid IS 'Whether expenses are paid; null where it is not said.';
COMMENT ON COLUMN involvement.opportunity.access_provision IS 'What is provided so that everybody can take part.';
COMMENT ON COLUMN involvement.opportunity.place IS 'Where it takes place: {name, town, outwardPostcode}; null where it has no place.';
COMMENT ON COLUMN involvement.opportunity.outward_postcode IS 'Outward part of the postcode of its place, for distances.';
COMMENT ON COLUMN involvement.opportunity.region_code IS 'GSS code of the nation or English region that it is for; null where it is for all.';
COMMENT ON COLUMN involvement.opportunity.languages IS 'Languages in which people can take part, as BCP 47 tags.';
COMMENT ON COLUMN involvement.opportunity.health_categories IS 'Health categories, by slug.';
COMMENT ON COLUMN involvement.opportunity.conditions IS 'Conditions that it concerns, in words.';
COMMENT ON COLUMN involvement.opportunity.contact IS 'Whom to ask, at work: {name, email, phone}.';
COMMENT ON COLUMN involvement.opportunity.questions IS 'The organisers questions to those interested: a list of {key, question, help, maxWords, required, ways}.';
COMMENT ON COLUMN involvement.opportunity.welsh IS 'The public texts in Welsh.';
COMMENT ON COLUMN involvement.opportunity.easy_read IS 'The public texts as Easy Read.';
COMMENT ON COLUMN involvement.opportunity.identifiers IS 'Outside identifiers, as a list of {scheme, value}; a trigger keeps opportunity_identifier the same.';
COMMENT ON COLUMN involvement.opportunity.closes_on IS 'Last day to apply, to its end in UK time.';
COMMENT ON COLUMN involvement.opportunity.closes_at IS 'The moment at which that day is over.';
COMMENT ON COLUMN involvement.opportunity.state IS 'Where it stands. Time counts as well: a scheduled one is public from publish_at, and none is open after closes_at.';
COMMENT ON COLUMN involvement.opportunity.publish_at IS 'When it became public, or will.';
COMMENT ON COLUMN involvement.opportunity.published_at IS 'When it was first published.';
COMMENT ON COLUMN involvement.opportunity.closed_at IS 'When it closed.';
COMMENT ON COLUMN involvement.opportunity.withdrawn_at IS 'When it was withdrawn.';
COMMENT ON COLUMN involvement.opportunity.hidden_at IS 'When an administrator hid it; null while it is not hidden.';
COMMENT ON COLUMN involvement.opportunity.hidden_because IS 'Why it is hidden.';
COMMENT ON COLUMN involvement.opportunity.submitted_by IS 'Account that submitted it for review.';
COMMENT ON COLUMN involvement.opportunity.submitted_at IS 'When it was submitted.';
COMMENT ON COLUMN involvement.opportunity.edited_by IS 'Account that last changed its content.';
COMMENT ON COLUMN involvement.opportunity.approved_by IS 'Account that approved its present content; another than the one that submitted or last changed it.';
COMMENT ON COLUMN involvement.opportunity.approved_at IS 'When it was approved.';
COMMENT ON COLUMN involvement.opportunity.review_note IS 'What the reviewer asked for when it was returned.';
COMMENT ON COLUMN involvement.opportunity.published_version IS 'Number of its newest published version; null before the first.';
COMMENT ON COLUMN involvement.opportunity.material_version IS 'Number of the newest version in which something changed that people rely on.';
COMMENT ON COLUMN involvement.opportunity.paid IS 'Whether people are paid.';

CREATE INDEX opportunity_organisation ON involvement.opportunity (organisation_id, id);
CREATE INDEX opportunity_region ON involvement.opportunity (region_code);
CREATE INDEX opportunity_project ON involvement.opportunity (project_id, id);
CREATE INDEX opportunity_due_to_publish ON involvement.opportunity (publish_at) WHERE state = 'scheduled';
CREATE INDEX opportunity_due_to_close ON involvement.opportunity (closes_at) WHERE state IN ('published', 'paused');

-- Publishing, scheduling and resuming need an approval where the organisation has chosen a second approver. The row of the
-- organisation is shared-locked, so that the choice cannot change in between.
CREATE FUNCTION involvement.need_second_approver() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.approved_by IS NULL
    AND EXISTS (SELECT FROM people.organisation o WHERE o.id = NEW.organisation_id AND o.second_approver FOR SHARE) THEN
    RAISE EXCEPTION 'A second person must approve this first'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_second_approver';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION involvement.need_second_approver() IS 'Refuses to make an opportunity public without the second approval that its organisation has chosen.';
CREATE TRIGGER opportunity_second_approver BEFORE UPDATE OF state ON involvement.opportunity
  FOR EACH ROW WHEN (NEW.state IN ('published', 'scheduled') AND OLD.state IN ('draft', 'in-review', 'paused'))
  EXECUTE FUNCTION involvement.need_second_approver();

-- An opportunity stands with the organisation of its project, and is withdrawn for good.
CREATE FUNCTION involvement.keep_opportunity_straight() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM involvement.project p WHERE p.id = NEW.project_id AND p.organisation_id = NEW.organisation_id) THEN
    RAISE EXCEPTION 'The project belongs to another organisation'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_organisation_of_its_project';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn' THEN
    RAISE EXCEPTION 'It was withdrawn'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_withdrawn_for_good';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION involvement.keep_opportunity_straight() IS 'Holds that an opportunity belongs to the organisation of its project, and that a withdrawn one stays withdrawn.';
CREATE TRIGGER opportunity_kept_straight BEFORE INSERT OR UPDATE OF organisation_id, project_id, state ON involvement.opportunity
  FOR EACH ROW EXECUTE FUNCTION involvement.keep_opportunity_straight();


CREATE TABLE involvement.opportunity_identifier (
  opportunity_id uuid NOT NULL CONSTRAINT opportunity_identifier_of_an_opportunity REFERENCES involvement.opportunity (id) ON DELETE CASCADE,
  organisation_id uuid NOT NULL,
  scheme text NOT NULL CONSTRAINT opportunity_identifier_scheme_form CHECK (scheme ~ '^[a-z][a-z0-9-]{0,39}$'),
  value text NOT NULL CONSTRAINT opportunity_identifier_value_length CHECK (length(value) BETWEEN 1 AND 200),
  CONSTRAINT opportunity_identifier_unique UNIQUE (organisation_id, scheme, value),
  CONSTRAINT opportunity_identifier_key PRIMARY KEY (opportunity_id, scheme, value)
);
COMMENT ON TABLE involvement.opportunity_identifier IS 'One row for each outside identifier of an opportunity, kept by a trigger from opportunity.identifiers, so that no two opportunities of an organisation can have the same.';
COMMENT ON COLUMN involvement.opportunity_identifier.opportunity_id IS 'The opportunity.';
COMMENT ON COLUMN involvement.opportunity_identifier.organisation_id IS 'The opportunity''s organisation.';
COMMENT ON COLUMN involvement.opportunity_identifier.scheme IS 'Which system the value belongs to.';
COMMENT ON COLUMN involvement.opportunity_identifier.value IS 'The identifier itself.';


CREATE FUNCTION involvement.keep_opportunity_identifiers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM involvement.opportunity_identifier WHERE opportunity_id = NEW.id;
  INSERT INTO involvement.opportunity_identifier (opportunity_id, organisation_id, scheme, value)
  SELECT NEW.id, NEW.organisation_id, i->>'scheme', i->>'value' FROM jsonb_array_elements(NEW.identifiers) AS i;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION involvement.keep_opportunity_identifiers() IS 'Writes the outside identifiers of an opportunity one by one, where they are held unique.';
CREATE TRIGGER opportunity_identifiers_made AFTER INSERT ON involvement.opportunity
  FOR EACH ROW WHEN (NEW.identifiers <> '[]') EXECUTE FUNCTION involvement.keep_opportunity_identifiers();
CREATE TRIGGER opportunity_identifiers_kept AFTER UPDATE OF identifiers, organisation_id ON involvement.opportunity
  FOR EACH ROW WHEN (NEW.identifiers IS DISTINCT FROM OLD.identifiers OR NEW.organisation_id <> OLD.organisation_id)
  EXECUTE FUNCTION involvement.keep_opportunity_identifiers();

