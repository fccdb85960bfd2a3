-- The ground of the diversity area: its schemas, and a group role of its own for the second login. What people answered about
-- themselves is for that login alone; the service's login, which selects and pays, cannot so much as look into those schemas.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'partnerships_diversity') THEN
    CREATE ROLE partnerships_diversity NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of this server was migrated at the same moment
END
$$;

CREATE SCHEMA instruments;
CREATE SCHEMA edi;
CREATE SCHEMA edi_answers;
CREATE SCHEMA edi_snapshot;
COMMENT ON SCHEMA instruments IS 'Questionnaires, code lists and the mappings between them. No personal data.';
COMMENT ON SCHEMA edi IS 'Diversity data that may be seen: collections, what is known about returns, protected figures, published files, gaps.';
COMMENT ON SCHEMA edi_answers IS 'Diversity answers by pseudonym, for the diversity login only. Random ids, days without times, no moment of writing.';
COMMENT ON SCHEMA edi_snapshot IS 'What releases froze: members by pseudonym and true counts, for the diversity login only.';

GRANT USAGE ON SCHEMA instruments, edi TO partnerships_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA instruments, edi
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO partnerships_service;
ALTER DEFAULT PRIVILEGES IN SCHEMA instruments, edi GRANT USAGE ON SEQUENCES TO partnerships_service;

-- The diversity login reads and writes what is its own, and looks up codes and what a release is made for.
GRANT USAGE ON SCHEMA edi_answers, edi_snapshot, instruments, edi TO partnerships_diversity;
ALTER DEFAULT PRIVILEGES IN SCHEMA edi_answers, edi_snapshot
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO partnerships_diversity;
ALTER DEFAULT PRIVILEGES IN SCHEMA edi_answers, edi_snapshot GRANT USAGE ON SEQUENCES TO partnerships_diversity;
ALTER DEFAULT PRIVILEGES IN SCHEMA instruments, edi GRANT SELECT ON TABLES TO partnerships_diversity;

-- Of the kernel, what a transaction of its own carries with it: the audit row, the event, the stored answer. It reads neither
-- trail nor log, so it cannot lay a moment beside a row.
GRANT USAGE ON SCHEMA kernel TO partnerships_diversity;
GRANT INSERT (account_id, acting_for, actor, action, subject, subject_id, person_id, organisation_id, purpose, before, after, trace_id)
  ON kernel.audit_entry TO partnerships_diversity;
GRANT INSERT (type, subject, subject_id, version, organisation_id, public, data, account_id, trace_id)
  ON kernel.event TO partnerships_diversity;
GRANT SELECT, INSERT, UPDATE ON kernel.idempotency TO partnerships_diversity;
