-- Published versions of opportunities, reports about them, and what the public sees.

CREATE TABLE involvement.opportunity_version (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  opportunity_id uuid NOT NULL CONSTRAINT opportunity_version_of_an_opportunity REFERENCES involvement.opportunity (id),
  organisation_id uuid NOT NULL,
  number integer NOT NULL CONSTRAINT opportunity_version_number_range CHECK (number BETWEEN 1 AND 1000000),
  body jsonb NOT NULL CONSTRAINT opportunity_version_body_shape CHECK (jsonb_typeof(body) = 'object'),
  material boolean NOT NULL,
  changes text[] NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL,
  account_id uuid,
  CONSTRAINT opportunity_version_number_once UNIQUE (opportunity_id, number)
);
COMMENT ON TABLE involvement.opportunity_version IS 'What the public could read, version by version. Rows are added, never altered, but for the account that is taken out when its owner is erased.';
COMMENT ON COLUMN involvement.opportunity_version.id IS 'Identifier.';
COMMENT ON COLUMN involvement.opportunity_version.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.opportunity_version.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.opportunity_version.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.opportunity_version.opportunity_id IS 'The opportunity.';
COMMENT ON COLUMN involvement.opportunity_version.organisation_id IS 'The organisation of the opportunity at the time.';
COMMENT ON COLUMN involvement.opportunity_version.number IS '1 for the first version that was published, then upward.';
COMMENT ON COLUMN involvement.opportunity_version.body IS 'The content as the public could read it.';
COMMENT ON COLUMN involvement.opportunity_version.material IS 'Whether something changed that people rely on: dates, place, payment, mode, sessions, closing, who is wanted.';
COMMENT ON COLUMN involvement.opportunity_version.changes IS 'Names of the fields that changed since the version before.';
COMMENT ON COLUMN involvement.opportunity_version.at IS 'When it became public.';
COMMENT ON COLUMN involvement.opportunity_version.account_id IS 'The account that made the change; null where the service did or the account was erased.';

CREATE INDEX opportunity_version_account ON involvement.opportunity_version (account_id);
REVOKE UPDATE, DELETE ON involvement.opportunity_version FROM partnerships_service;
GRANT UPDATE (account_id) ON involvement.opportunity_version TO partnerships_service;

CREATE TABLE involvement.opportunity_report (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  opportunity_id uuid NOT NULL CONSTRAINT opportunity_report_of_an_opportunity REFERENCES involvement.opportunity (id),
  organisation_id uuid NOT NULL,
  reason text NOT NULL CONSTRAINT opportunity_report_reason_known CHECK (reason IN ('misleading', 'discriminating', 'unsafe', 'asks-for-money', 'personal-data', 'out-of-date', 'not-involvement', 'other')),
  text_sealed bytea,
  contact_sealed bytea,
  account_id uuid,
  state text NOT NULL DEFAULT 'open' CONSTRAINT opportunity_report_state_known CHECK (state IN ('open', 'settled')),
  outcome text CONSTRAINT opportunity_report_outcome_known CHECK (outcome IN ('hidden', 'changed', 'no-action')),
  outcome_note text CONSTRAINT opportunity_report_outcome_note_length CHECK (length(outcome_note) BETWEEN 1 AND 2000),
  settled_at timestamptz,
  settled_by uuid,
  CONSTRAINT opportunity_report_settled_is_whole CHECK ((state = 'settled') = (settled_at IS NOT NULL AND outcome IS NOT NULL))
);
COMMENT ON TABLE involvement.opportunity_report IS 'What somebody said is wrong with a published opportunity. Anybody may report, without an account.';
COMMENT ON COLUMN involvement.opportunity_report.id IS 'Identifier.';
COMMENT ON COLUMN involvement.opportunity_report.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.opportunity_report.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.opportunity_report.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.opportunity_report.opportunity_id IS 'The opportunity.';
COMMENT ON COLUMN involvement.opportunity_report.organisation_id IS 'The organisation of the opportunity.';
COMMENT ON COLUMN involvement.opportunity_report.reason IS 'What is wrong, as a choice.';
COMMENT ON COLUMN involvement.opportunity_report.text_sealed IS 'What is wrong in the reporters words, sealed.';
COMMENT ON COLUMN involvement.opportunity_report.contact_sealed IS 'How the reporter can be reached, if they said so, sealed.';
COMMENT ON COLUMN involvement.opportunity_report.account_id IS 'The account of the reporter; null where they had none.';
COMMENT ON COLUMN involvement.opportunity_report.state IS 'Whether somebody has dealt with it.';
COMMENT ON COLUMN involvement.opportunity_report.outcome IS 'What was done.';
COMMENT ON COLUMN involvement.opportunity_report.outcome_note IS 'What was done, in words.';
COMMENT ON COLUMN involvement.opportunity_report.settled_at IS 'When it was dealt with.';
COMMENT ON COLUMN involvement.opportunity_report.settled_by IS 'The account that dealt with it.';

CREATE INDEX opportunity_report_opportunity ON involvement.opportunity_report (opportunity_id, id);
CREATE INDEX opportunity_report_account ON involvement.opportunity_report (account_id);
CREATE INDEX opportunity_report_open ON involvement.opportunity_report (id) WHERE state = 'open';

-- Where an opportunity stands for the public at a moment.
CREATE FUNCTION involvement.opportunity_status(state text, publish_at timestamptz, closes_at timestamptz, at timestamptz) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN state IN ('scheduled', 'published', 'paused') AND publish_at > at THEN 'scheduled'
    WHEN state = 'closed' OR (state IN ('scheduled', 'published', 'paused') AND closes_at <= at) THEN 'closed'
    WHEN state = 'paused' THEN 'paused'
    WHEN state IN ('scheduled', 'published') THEN 'open'
  END;
COMMENT ON FUNCTION involvement.opportunity_status(text, timestamptz, timestamptz, timestamptz) IS 'open, paused or closed to the public at a moment; scheduled before publish_at; null where it is not public at all.';

CREATE VIEW involvement.public_opportunity AS
SELECT
  o.id,
  o.created_at,
  o.updated_at,
  o.version,
  o.organisation_id,
  o.project_id,
  o.title,
  o.summary,
  o.kind,
  o.stage,
  o.mode,
  o.what_is_involved,
  o.sessions,
  o.hours_per_session,
  o.total_hours,
  o.preparation_hours,
  o.who_else,
  o.dates,
  o.starts_on,
  o.ends_on,
  o.places_available,
  o.difference_it_makes,
  o.hear_back_by,
  o.hear_back_how,
  o.support,
  o.skills_wanted,
  o.lived_experience_wanted,
  o.no_experience_needed,
  o.min_age,
  o.max_age,
  o.open_to_under18,
  o.safeguarding,
  o.how_to_apply,
  o.selection_method,
  o.selection_criteria,
  o.draw,
  o.payment,
  o.paid,
  o.expenses,
  o.expenses_paid,
  o.access_provision,
  o.place,
  o.outward_postcode,
  o.region_code,
  o.languages,
  o.health_categories,
  o.conditions,
  o.contact,
  o.questions,
  o.welsh,
  o.easy_read,
  o.identifiers,
  o.closes_on,
  o.closes_at,
  o.state,
  o.publish_at,
  o.published_at,
  o.closed_at,
  o.published_version,
  o.material_version,
  g.name AS organisation_name,
  g.slug AS organisation_slug,
  p.title AS project_title
FROM involvement.opportunity o
JOIN people.organisation g ON g.id = o.organisation_id
JOIN involvement.project p ON p.id = o.project_id
WHERE o.hidden_at IS NULL
  AND o.state IN ('scheduled', 'published', 'paused', 'closed')
  AND (o.state <> 'paused' OR o.approved_by IS NOT NULL OR NOT g.second_approver);

COMMENT ON VIEW involvement.public_opportunity IS 'Opportunities as the public may come to see them, hidden, unpublished and withdrawn ones left out. Whoever reads it adds the time: publish_at <= at, and opportunity_status(state, publish_at, closes_at, at). A paused one whose change still waits for its second approval is left out.';

COMMENT ON COLUMN involvement.public_opportunity.id IS 'Identifier.';
COMMENT ON COLUMN involvement.public_opportunity.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.public_opportunity.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.public_opportunity.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.public_opportunity.organisation_id IS 'The organisation of its project, which answers for it.';
COMMENT ON COLUMN involvement.public_opportunity.project_id IS 'The project that it belongs to.';
COMMENT ON COLUMN involvement.public_opportunity.title IS 'Title shown to the public.';
COMMENT ON COLUMN involvement.public_opportunity.summary IS 'What it is, in a few plain sentences.';
COMMENT ON COLUMN involvement.public_opportunity.kind IS 'What people would do.';
COMMENT ON COLUMN involvement.public_opportunity.stage IS 'Stage of research that it belongs to.';
COMMENT ON COLUMN involvement.public_opportunity.mode IS 'How people take part.';
COMMENT ON COLUMN involvement.public_opportunity.what_is_involved IS 'What people will be asked to do.';
COMMENT ON COLUMN involvement.public_opportunity.sessions IS 'How many sessions there are.';
COMMENT ON COLUMN involvement.public_opportunity.hours_per_session IS 'Hours that one session lasts.';
COMMENT ON COLUMN involvement.public_opportunity.total_hours IS 'Hours in all sessions together.';
COMMENT ON COLUMN involvement.public_opportunity.preparation_hours IS 'Hours of reading and other preparation in all.';
COMMENT ON COLUMN involvement.public_opportunity.who_else IS 'Who else will be there.';
COMMENT ON COLUMN involvement.public_opportunity.dates IS 'Dates and times in words.';
COMMENT ON COLUMN involvement.public_opportunity.starts_on IS 'Day of the first session.';
COMMENT ON COLUMN involvement.public_opportunity.ends_on IS 'Day of the last session.';
COMMENT ON COLUMN involvement.public_opportunity.places_available IS 'How many people can take part; null where there is no limit.';
COMMENT ON COLUMN involvement.public_opportunity.difference_it_makes IS 'What difference people will make.';
COMMENT ON COLUMN involvement.public_opportunity.hear_back_by IS 'Day by which people hear what came of it.';
COMMENT ON COLUMN involvement.public_opportunity.hear_back_how IS 'How people hear what came of it.';
COMMENT ON COLUMN involvement.public_opportunity.support IS 'Support before, during and after.';
COMMENT ON COLUMN involvement.public_opportunity.skills_wanted IS 'Skills that are wanted.';
COMMENT ON COLUMN involvement.public_opportunity.lived_experience_wanted IS 'Lived experience that is wanted.';
COMMENT ON COLUMN involvement.public_opportunity.no_experience_needed IS 'Whether people need no experience of research.';
COMMENT ON COLUMN involvement.public_opportunity.min_age IS 'Youngest age in whole years; null where there is none.';
COMMENT ON COLUMN involvement.public_opportunity.max_age IS 'Oldest age in whole years; null where there is none.';
COMMENT ON COLUMN involvement.public_opportunity.open_to_under18 IS 'Whether people under 18 may take part.';
COMMENT ON COLUMN involvement.public_opportunity.safeguarding IS 'How people under 18 or at risk are kept safe.';
COMMENT ON COLUMN involvement.public_opportunity.how_to_apply IS 'Ways to apply, as a list of {way, detail}.';
COMMENT ON COLUMN involvement.public_opportunity.selection_method IS 'How people are chosen.';
COMMENT ON COLUMN involvement.public_opportunity.selection_criteria IS 'What is looked for, or how the draw is made.';
COMMENT ON COLUMN involvement.public_opportunity.draw IS 'Settings of a random draw: {on, reserves}; null where there is none.';
COMMENT ON COLUMN involvement.public_opportunity.payment IS 'What people are paid: {kind, band, pence, per, note}; null where it is not said.';
COMMENT ON COLUMN involvement.public_opportunity.paid IS 'Whether people are paid.';
COMMENT ON COLUMN involvement.public_opportunity.expenses IS 'Which expenses are paid, and how.';
COMMENT ON COLUMN involvement.public_opportunity.expenses_paid IS 'Whether expenses are paid; null where it is not said.';
COMMENT ON COLUMN involvement.public_opportunity.access_provision IS 'What is provided so that everybody can take part.';
COMMENT ON COLUMN involvement.public_opportunity.place IS 'Where it takes place: {name, town, outwardPostcode}; null where it has no place.';
COMMENT ON COLUMN involvement.public_opportunity.outward_postcode IS 'Outward part of the postcode of its place, for distances.';
COMMENT ON COLUMN involvement.public_opportunity.region_code IS 'GSS code of the nation or English region that it is for; null where it is for all.';
COMMENT ON COLUMN involvement.public_opportunity.languages IS 'Languages in which people can take part, as BCP 47 tags.';
COMMENT ON COLUMN involvement.public_opportunity.health_categories IS 'Health categories, by slug.';
COMMENT ON COLUMN involvement.public_opportunity.conditions IS 'Conditions that it concerns, in words.';
COMMENT ON COLUMN involvement.public_opportunity.contact IS 'Whom to ask, at work: {name, email, phone}.';
COMMENT ON COLUMN involvement.public_opportunity.questions IS 'The organisers questions to those interested: a list of {key, question, help, maxWords, required, ways}.';
COMMENT ON COLUMN involvement.public_opportunity.welsh IS 'The public texts in Welsh.';
COMMENT ON COLUMN involvement.public_opportunity.easy_read IS 'The public texts as Easy Read.';
COMMENT ON COLUMN involvement.public_opportunity.identifiers IS 'Outside identifiers, as a list of {scheme, value}; a trigger keeps opportunity_identifier the same.';
COMMENT ON COLUMN involvement.public_opportunity.closes_on IS 'Last day to apply, to its end in UK time.';
COMMENT ON COLUMN involvement.public_opportunity.closes_at IS 'The moment at which that day is over.';
COMMENT ON COLUMN involvement.public_opportunity.state IS 'Where it stands. Time counts as well: a scheduled one is public from publish_at, and none is open after closes_at.';
COMMENT ON COLUMN involvement.public_opportunity.publish_at IS 'When it became public, or will.';
COMMENT ON COLUMN involvement.public_opportunity.published_at IS 'When it was first published.';
COMMENT ON COLUMN involvement.public_opportunity.closed_at IS 'When it closed.';
COMMENT ON COLUMN involvement.public_opportunity.published_version IS 'Number of its newest published version; null before the first.';
COMMENT ON COLUMN involvement.public_opportunity.material_version IS 'Number of the newest version in which something changed that people rely on.';
COMMENT ON COLUMN involvement.public_opportunity.organisation_name IS 'Name of the organisation.';
COMMENT ON COLUMN involvement.public_opportunity.organisation_slug IS 'Short name of the organisation.';
COMMENT ON COLUMN involvement.public_opportunity.project_title IS 'Title of the project.';
