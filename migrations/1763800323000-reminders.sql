-- Reminders to organisations whose return is late: at most one a day.

CREATE TABLE edi.reminder (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  collection_organisation_id uuid NOT NULL CONSTRAINT reminder_to_organisation REFERENCES edi.collection_organisation (id) ON DELETE CASCADE,
  day date NOT NULL,
  CONSTRAINT reminder_once_a_day UNIQUE (collection_organisation_id, day)
);
COMMENT ON TABLE edi.reminder IS 'On which days an organisation was reminded of its return. A second run on the same day finds the row and reminds nobody again.';
COMMENT ON COLUMN edi.reminder.id IS 'Identifier.';
COMMENT ON COLUMN edi.reminder.created_at IS 'When the row was written.';
COMMENT ON COLUMN edi.reminder.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN edi.reminder.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.reminder.collection_organisation_id IS 'The organisation in the collection.';
COMMENT ON COLUMN edi.reminder.day IS 'The day, in UK time.';

-- The queue whose job reminds. The numbers are those of src/kernel/jobs/queues.ts; a test compares them.
SELECT pgboss.create_queue('collection.remind', '{"policy": "standard", "retryLimit": 3, "retryDelay": 60, "retryBackoff": true, "expireInSeconds": 600, "retentionMinutes": 1440}');
