-- The ground: schemas, the role of the running service, and the audit trail.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'partnerships_service') THEN
    CREATE ROLE partnerships_service NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of this server was migrated at the same moment
END
$$;

CREATE SCHEMA kernel;
CREATE SCHEMA people;
CREATE SCHEMA involvement;
COMMENT ON SCHEMA kernel IS 'What the service itself needs: audit, events, jobs, privacy, limits.';
COMMENT ON SCHEMA people IS 'Organisations, contributors, accounts, consent, access needs.';
COMMENT ON SCHEMA involvement IS 'Projects, opportunities, interests, involvements and activities.';

-- The service reads and writes rows; it owns nothing and can make nothing.
GRANT USAGE ON SCHEMA kernel, people, involvement TO partnerships_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA kernel, people, involvement
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO partnerships_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA kernel, people, involvement
  GRANT USAGE ON SEQUENCES TO partnerships_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA kernel, people, involvement
  GRANT EXECUTE ON FUNCTIONS TO partnerships_service;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

CREATE TABLE kernel.audit_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  account_id uuid,
  acting_for uuid,
  actor text NOT NULL CONSTRAINT audit_entry_actor_length CHECK (length(actor) BETWEEN 1 AND 200),
  action text NOT NULL CONSTRAINT audit_entry_action_length CHECK (length(action) BETWEEN 1 AND 100),
  subject text NOT NULL CONSTRAINT audit_entry_subject_length CHECK (length(subject) BETWEEN 1 AND 100),
  subject_id uuid,
  person_id uuid,
  organisation_id uuid,
  purpose text CONSTRAINT audit_entry_purpose_length CHECK (length(purpose) <= 100),
  before jsonb,
  after jsonb,
  trace_id text NOT NULL CONSTRAINT audit_entry_trace CHECK (trace_id ~ '^[0-9a-f]{32}$'),
  previous_hash bytea,
  hash bytea
);
CREATE INDEX audit_entry_subject ON kernel.audit_entry (subject_id, id);
CREATE INDEX audit_entry_person ON kernel.audit_entry (person_id, id) WHERE person_id IS NOT NULL;
COMMENT ON TABLE kernel.audit_entry IS 'Who did what, when, to which record. Rows are added in the transaction of the change itself and never altered.';
COMMENT ON COLUMN kernel.audit_entry.id IS 'Order of entry.';
COMMENT ON COLUMN kernel.audit_entry.at IS 'When it was done.';
COMMENT ON COLUMN kernel.audit_entry.account_id IS 'The account that did it; null for the service itself and for callers without an account.';
COMMENT ON COLUMN kernel.audit_entry.acting_for IS 'The person for whom the account acted, where it acted for somebody.';
COMMENT ON COLUMN kernel.audit_entry.actor IS 'Kind of actor: person, system, service or anonymous. No name stands here.';
COMMENT ON COLUMN kernel.audit_entry.action IS 'What was done: created, changed, removed, read, exported, or a verb of the field.';
COMMENT ON COLUMN kernel.audit_entry.subject IS 'Kind of record.';
COMMENT ON COLUMN kernel.audit_entry.subject_id IS 'The record.';
COMMENT ON COLUMN kernel.audit_entry.person_id IS 'The person whose data were touched, where they are a person''s.';
COMMENT ON COLUMN kernel.audit_entry.organisation_id IS 'The organisation whose people were read as a whole, for an export.';
COMMENT ON COLUMN kernel.audit_entry.purpose IS 'Why personal data were read.';
COMMENT ON COLUMN kernel.audit_entry.before IS 'The changed fields before, private ones masked.';
COMMENT ON COLUMN kernel.audit_entry.after IS 'The changed fields after, private ones masked.';
COMMENT ON COLUMN kernel.audit_entry.trace_id IS 'The request in which it was done.';
COMMENT ON COLUMN kernel.audit_entry.previous_hash IS 'Room for a hash chain: the hash of the entry before.';
COMMENT ON COLUMN kernel.audit_entry.hash IS 'Room for a hash chain: the hash of this entry.';

-- Default privileges gave more than the trail allows.
REVOKE UPDATE, DELETE ON kernel.audit_entry FROM partnerships_service;
