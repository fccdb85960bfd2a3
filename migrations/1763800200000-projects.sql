-- Projects, their outside identifiers and their teams.

CREATE TABLE involvement.project (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  organisation_id uuid NOT NULL CONSTRAINT project_of_an_organisation REFERENCES people.organisation (id),
  kind text NOT NULL CONSTRAINT project_kind_known CHECK (kind IN ('study', 'award', 'committee', 'programme', 'other')),
  title text NOT NULL CONSTRAINT project_title_length CHECK (length(title) BETWEEN 1 AND 300),
  summary text CONSTRAINT project_summary_length CHECK (length(summary) BETWEEN 1 AND 4000),
  identifiers jsonb NOT NULL DEFAULT '[]' CONSTRAINT project_identifiers_shape CHECK (jsonb_typeof(identifiers) = 'array' AND octet_length(identifiers::text) <= 8000),
  "from" date,
  until date,
  state text NOT NULL DEFAULT 'active' CONSTRAINT project_state_known CHECK (state IN ('planned', 'active', 'finished', 'abandoned')),
  CONSTRAINT project_ends_after_it_begins CHECK (until > "from")
);
COMMENT ON TABLE involvement.project IS 'A study, award, committee, programme or other frame in which people are involved. It owns opportunities and involvements.';
COMMENT ON COLUMN involvement.project.id IS 'Identifier.';
COMMENT ON COLUMN involvement.project.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.project.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.project.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.project.organisation_id IS 'The organisation that runs it.';
COMMENT ON COLUMN involvement.project.kind IS 'What kind of frame it is.';
COMMENT ON COLUMN involvement.project.title IS 'Its title, as the public may read it.';
COMMENT ON COLUMN involvement.project.summary IS 'What it is about, in plain English.';
COMMENT ON COLUMN involvement.project.identifiers IS 'Outside identifiers, as a list of {scheme, value}; a trigger keeps project_identifier the same.';
COMMENT ON COLUMN involvement.project."from" IS 'First day; null where it is not known.';
COMMENT ON COLUMN involvement.project.until IS 'First day on which it no longer runs; null while its end is open.';
COMMENT ON COLUMN involvement.project.state IS 'Whether it is planned, running, finished or given up.';

CREATE INDEX project_organisation ON involvement.project (organisation_id, id);

CREATE TABLE involvement.project_identifier (
  project_id uuid NOT NULL CONSTRAINT project_identifier_of_a_project REFERENCES involvement.project (id) ON DELETE CASCADE,
  organisation_id uuid NOT NULL,
  scheme text NOT NULL CONSTRAINT project_identifier_scheme_known CHECK (scheme IN ('award', 'irasId', 'cpms', 'isrctn', 'other')),
  value text NOT NULL CONSTRAINT project_identifier_value_length CHECK (length(value) BETWEEN 1 AND 100),
  CONSTRAINT project_identifier_unique UNIQUE (organisation_id, scheme, value),
  CONSTRAINT project_identifier_key PRIMARY KEY (project_id, scheme, value)
);
COMMENT ON TABLE involvement.project_identifier IS 'One row for each outside identifier of a project, kept by a trigger from project.identifiers, so that no two projects of an organisation can have the same.';
COMMENT ON COLUMN involvement.project_identifier.project_id IS 'The project.';
COMMENT ON COLUMN involvement.project_identifier.organisation_id IS 'The projects organisation.';
COMMENT ON COLUMN involvement.project_identifier.scheme IS 'Which register the value belongs to.';
COMMENT ON COLUMN involvement.project_identifier.value IS 'The identifier itself.';


CREATE FUNCTION involvement.keep_project_identifiers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM involvement.project_identifier WHERE project_id = NEW.id;
  INSERT INTO involvement.project_identifier (project_id, organisation_id, scheme, value)
  SELECT NEW.id, NEW.organisation_id, i->>'scheme', i->>'value' FROM jsonb_array_elements(NEW.identifiers) AS i;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION involvement.keep_project_identifiers() IS 'Writes the outside identifiers of a project one by one, where they are held unique.';
CREATE TRIGGER project_identifiers_kept AFTER INSERT OR UPDATE OF identifiers, organisation_id ON involvement.project
  FOR EACH ROW EXECUTE FUNCTION involvement.keep_project_identifiers();


CREATE TABLE involvement.team_member (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  project_id uuid NOT NULL CONSTRAINT team_member_of_a_project REFERENCES involvement.project (id),
  account_id uuid CONSTRAINT team_member_account REFERENCES people.account (id),
  contributor_id uuid,
  name text CONSTRAINT team_member_name_length CHECK (length(name) BETWEEN 1 AND 200),
  role text NOT NULL CONSTRAINT team_member_role_known CHECK (role IN ('chief-investigator', 'researcher', 'public-co-applicant', 'involvement-lead', 'other')),
  "from" date,
  until date,
  CONSTRAINT team_member_is_somebody CHECK (num_nonnulls(account_id, contributor_id, name) > 0),
  CONSTRAINT team_member_ends_after_it_begins CHECK (until > "from")
);
COMMENT ON TABLE involvement.team_member IS 'Somebody in the team of a project: known by an account, as a contributor, or only by name.';
COMMENT ON COLUMN involvement.team_member.id IS 'Identifier.';
COMMENT ON COLUMN involvement.team_member.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.team_member.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.team_member.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.team_member.project_id IS 'The project.';
COMMENT ON COLUMN involvement.team_member.account_id IS 'The account that they sign in with, which makes the project their own; null where they have none here.';
COMMENT ON COLUMN involvement.team_member.contributor_id IS 'The contributor that they are, such as a public co-applicant; null otherwise.';
COMMENT ON COLUMN involvement.team_member.name IS 'Their name; may be left out where the account or the contributor says it.';
COMMENT ON COLUMN involvement.team_member.role IS 'What they do in the team.';
COMMENT ON COLUMN involvement.team_member."from" IS 'First day in the team; null where it is not known.';
COMMENT ON COLUMN involvement.team_member.until IS 'First day on which they are no longer in it; null while they are.';

CREATE INDEX team_member_project ON involvement.team_member (project_id, id);
CREATE UNIQUE INDEX team_member_account_once ON involvement.team_member (account_id, project_id) WHERE account_id IS NOT NULL AND until IS NULL;
CREATE UNIQUE INDEX team_member_contributor_once ON involvement.team_member (contributor_id, project_id) WHERE contributor_id IS NOT NULL AND until IS NULL;
CREATE INDEX team_member_account ON involvement.team_member (account_id);
CREATE INDEX team_member_contributor ON involvement.team_member (contributor_id);
