-- The job queue: the tables of pg-boss 10.4 (their version 24) as that library's own construction plan makes them, since the
-- service may make no tables itself; then the queues, and what the service's role may do. A newer version of the library brings
-- its own plan for the change, which becomes a migration; a test compares the version here with the library's.

CREATE SCHEMA pgboss;

CREATE TYPE pgboss.job_state AS ENUM (
  'created',
  'retry',
  'active',
  'completed',
  'cancelled',
  'failed'
);

CREATE TABLE pgboss.version (
  version int primary key,
  maintained_on timestamp with time zone,
  cron_on timestamp with time zone,
  monitored_on timestamp with time zone
);

CREATE TABLE pgboss.queue (
  name text,
  policy text,
  retry_limit int,
  retry_delay int,
  retry_backoff bool,
  expire_seconds int,
  retention_minutes int,
  dead_letter text REFERENCES pgboss.queue (name),
  partition_name text,
  created_on timestamp with time zone not null default now(),
  updated_on timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);

CREATE TABLE pgboss.schedule (
  name text REFERENCES pgboss.queue ON DELETE CASCADE,
  cron text not null,
  timezone text,
  data jsonb,
  options jsonb,
  created_on timestamp with time zone not null default now(),
  updated_on timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);

CREATE TABLE pgboss.subscription (
  event text not null,
  name text not null REFERENCES pgboss.queue ON DELETE CASCADE,
  created_on timestamp with time zone not null default now(),
  updated_on timestamp with time zone not null default now(),
  PRIMARY KEY(event, name)
);

CREATE TABLE pgboss.job (
  id uuid not null default gen_random_uuid(),
  name text not null,
  priority integer not null default(0),
  data jsonb,
  state pgboss.job_state not null default('created'),
  retry_limit integer not null default(2),
  retry_count integer not null default(0),
  retry_delay integer not null default(0),
  retry_backoff boolean not null default false,
  start_after timestamp with time zone not null default now(),
  started_on timestamp with time zone,
  singleton_key text,
  singleton_on timestamp without time zone,
  expire_in interval not null default interval '15 minutes',
  created_on timestamp with time zone not null default now(),
  completed_on timestamp with time zone,
  keep_until timestamp with time zone NOT NULL default now() + interval '14 days',
  output jsonb,
  dead_letter text,
  policy text
) PARTITION BY LIST (name);
ALTER TABLE pgboss.job ADD PRIMARY KEY (name, id);
CREATE TABLE pgboss.archive (LIKE pgboss.job);
ALTER TABLE pgboss.archive ADD PRIMARY KEY (name, id);
ALTER TABLE pgboss.archive ADD archived_on timestamptz NOT NULL DEFAULT now();
CREATE INDEX archive_i1 ON pgboss.archive(archived_on);

CREATE FUNCTION pgboss.create_queue(queue_name text, options json)
RETURNS VOID AS
$$
DECLARE
  table_name varchar := 'j' || encode(sha224(queue_name::bytea), 'hex');
  queue_created_on timestamptz;
BEGIN

  WITH q as (
  INSERT INTO pgboss.queue (
    name,
    policy,
    retry_limit,
    retry_delay,
    retry_backoff,
    expire_seconds,
    retention_minutes,
    dead_letter,
    partition_name
  )
  VALUES (
    queue_name,
    options->>'policy',
    (options->>'retryLimit')::int,
    (options->>'retryDelay')::int,
    (options->>'retryBackoff')::bool,
    (options->>'expireInSeconds')::int,
    (options->>'retentionMinutes')::int,
    options->>'deadLetter',
    table_name
  )
  ON CONFLICT DO NOTHING
  RETURNING created_on
  )
  SELECT created_on into queue_created_on from q;

  IF queue_created_on IS NULL THEN
    RETURN;
  END IF;

  EXECUTE format('CREATE TABLE pgboss.%I (LIKE pgboss.job INCLUDING DEFAULTS)', table_name);

  EXECUTE format('ALTER TABLE pgboss.%1$I ADD PRIMARY KEY (name, id)', table_name);
  EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT q_fkey FOREIGN KEY (name) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
  EXECUTE format('ALTER TABLE pgboss.%1$I ADD CONSTRAINT dlq_fkey FOREIGN KEY (dead_letter) REFERENCES pgboss.queue (name) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED', table_name);
  EXECUTE format('CREATE UNIQUE INDEX %1$s_i1 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''created'' AND policy = ''short''', table_name);
  EXECUTE format('CREATE UNIQUE INDEX %1$s_i2 ON pgboss.%1$I (name, COALESCE(singleton_key, '''')) WHERE state = ''active'' AND policy = ''singleton''', table_name);
  EXECUTE format('CREATE UNIQUE INDEX %1$s_i3 ON pgboss.%1$I (name, state, COALESCE(singleton_key, '''')) WHERE state <= ''active'' AND policy = ''stately''', table_name);
  EXECUTE format('CREATE UNIQUE INDEX %1$s_i4 ON pgboss.%1$I (name, singleton_on, COALESCE(singleton_key, '''')) WHERE state <> ''cancelled'' AND singleton_on IS NOT NULL', table_name);
  EXECUTE format('CREATE INDEX %1$s_i5 ON pgboss.%1$I (name, start_after) INCLUDE (priority, created_on, id) WHERE state < ''active''', table_name);

  EXECUTE format('ALTER TABLE pgboss.%I ADD CONSTRAINT cjc CHECK (name=%L)', table_name, queue_name);
  EXECUTE format('ALTER TABLE pgboss.job ATTACH PARTITION pgboss.%I FOR VALUES IN (%L)', table_name, queue_name);
END;
$$
LANGUAGE plpgsql;

CREATE FUNCTION pgboss.delete_queue(queue_name text)
RETURNS VOID AS
$$
DECLARE
  table_name varchar;
BEGIN
  WITH deleted as (
    DELETE FROM pgboss.queue
    WHERE name = queue_name
    RETURNING partition_name
  )
  SELECT partition_name from deleted INTO table_name;

  EXECUTE format('DROP TABLE IF EXISTS pgboss.%I', table_name);
END;
$$
LANGUAGE plpgsql;
INSERT INTO pgboss.version(version) VALUES ('24');

COMMENT ON SCHEMA pgboss IS 'The job queue, as the library pg-boss lays it out.';
COMMENT ON TABLE pgboss.version IS 'The version of these tables, and when upkeep was last done.';
COMMENT ON COLUMN pgboss.version.version IS 'The version that the library expects.';
COMMENT ON COLUMN pgboss.version.maintained_on IS 'When upkeep was last done.';
COMMENT ON COLUMN pgboss.version.cron_on IS 'Not used here: schedules stand in the code.';
COMMENT ON COLUMN pgboss.version.monitored_on IS 'When states were last counted.';
COMMENT ON TABLE pgboss.queue IS 'The queues. Migrations make them; a test compares them with the code.';
COMMENT ON COLUMN pgboss.queue.name IS 'Name, as the code has it.';
COMMENT ON COLUMN pgboss.queue.policy IS 'How many jobs of one key it may hold.';
COMMENT ON COLUMN pgboss.queue.retry_limit IS 'How often a failing job is tried again.';
COMMENT ON COLUMN pgboss.queue.retry_delay IS 'Seconds until the first retry.';
COMMENT ON COLUMN pgboss.queue.retry_backoff IS 'Whether each retry waits longer.';
COMMENT ON COLUMN pgboss.queue.expire_seconds IS 'Seconds after which a job is taken for lost.';
COMMENT ON COLUMN pgboss.queue.retention_minutes IS 'Minutes that a job may wait to be begun.';
COMMENT ON COLUMN pgboss.queue.dead_letter IS 'Queue for what failed for good; not used here.';
COMMENT ON COLUMN pgboss.queue.partition_name IS 'The table that holds its jobs.';
COMMENT ON COLUMN pgboss.queue.created_on IS 'When it was made.';
COMMENT ON COLUMN pgboss.queue.updated_on IS 'When it last changed.';
COMMENT ON TABLE pgboss.schedule IS 'Not used here: schedules stand in the code.';
COMMENT ON COLUMN pgboss.schedule.name IS 'The queue.';
COMMENT ON COLUMN pgboss.schedule.cron IS 'When.';
COMMENT ON COLUMN pgboss.schedule.timezone IS 'In which time zone.';
COMMENT ON COLUMN pgboss.schedule.data IS 'What the job holds.';
COMMENT ON COLUMN pgboss.schedule.options IS 'How it is sent.';
COMMENT ON COLUMN pgboss.schedule.created_on IS 'When it was made.';
COMMENT ON COLUMN pgboss.schedule.updated_on IS 'When it last changed.';
COMMENT ON TABLE pgboss.subscription IS 'Not used here: events have a log of their own.';
COMMENT ON COLUMN pgboss.subscription.event IS 'The event.';
COMMENT ON COLUMN pgboss.subscription.name IS 'The queue.';
COMMENT ON COLUMN pgboss.subscription.created_on IS 'When it was made.';
COMMENT ON COLUMN pgboss.subscription.updated_on IS 'When it last changed.';
COMMENT ON TABLE pgboss.job IS 'Work to be done apart from a request, sent in the transaction that asked for it. One partition a queue.';
COMMENT ON COLUMN pgboss.job.id IS 'The job.';
COMMENT ON COLUMN pgboss.job.name IS 'Its queue.';
COMMENT ON COLUMN pgboss.job.priority IS 'Higher ones first.';
COMMENT ON COLUMN pgboss.job.data IS 'Ids and codes that the job is about; nothing about a person.';
COMMENT ON COLUMN pgboss.job.state IS 'How far it is.';
COMMENT ON COLUMN pgboss.job.retry_limit IS 'How often it is tried again when it fails.';
COMMENT ON COLUMN pgboss.job.retry_count IS 'How often it was tried again.';
COMMENT ON COLUMN pgboss.job.retry_delay IS 'Seconds until a retry.';
COMMENT ON COLUMN pgboss.job.retry_backoff IS 'Whether each retry waits longer.';
COMMENT ON COLUMN pgboss.job.start_after IS 'Not begun before.';
COMMENT ON COLUMN pgboss.job.started_on IS 'When it was last begun.';
COMMENT ON COLUMN pgboss.job.singleton_key IS 'Key of which a queue holds one job at a time; not used here.';
COMMENT ON COLUMN pgboss.job.singleton_on IS 'Slot of time of which a queue holds one job; not used here.';
COMMENT ON COLUMN pgboss.job.expire_in IS 'How long it may take.';
COMMENT ON COLUMN pgboss.job.created_on IS 'When it was sent.';
COMMENT ON COLUMN pgboss.job.completed_on IS 'When it ended.';
COMMENT ON COLUMN pgboss.job.keep_until IS 'Dropped if not begun by then.';
COMMENT ON COLUMN pgboss.job.output IS 'The code of its last failure.';
COMMENT ON COLUMN pgboss.job.dead_letter IS 'Queue that takes it over when it fails for good; not used here.';
COMMENT ON COLUMN pgboss.job.policy IS 'The queues policy.';
COMMENT ON TABLE pgboss.archive IS 'Jobs that ended, put away for some days.';
COMMENT ON COLUMN pgboss.archive.id IS 'The job.';
COMMENT ON COLUMN pgboss.archive.name IS 'Its queue.';
COMMENT ON COLUMN pgboss.archive.priority IS 'Higher ones first.';
COMMENT ON COLUMN pgboss.archive.data IS 'Ids and codes that the job is about; nothing about a person.';
COMMENT ON COLUMN pgboss.archive.state IS 'How far it is.';
COMMENT ON COLUMN pgboss.archive.retry_limit IS 'How often it is tried again when it fails.';
COMMENT ON COLUMN pgboss.archive.retry_count IS 'How often it was tried again.';
COMMENT ON COLUMN pgboss.archive.retry_delay IS 'Seconds until a retry.';
COMMENT ON COLUMN pgboss.archive.retry_backoff IS 'Whether each retry waits longer.';
COMMENT ON COLUMN pgboss.archive.start_after IS 'Not begun before.';
COMMENT ON COLUMN pgboss.archive.started_on IS 'When it was last begun.';
COMMENT ON COLUMN pgboss.archive.singleton_key IS 'Key of which a queue holds one job at a time; not used here.';
COMMENT ON COLUMN pgboss.archive.singleton_on IS 'Slot of time of which a queue holds one job; not used here.';
COMMENT ON COLUMN pgboss.archive.expire_in IS 'How long it may take.';
COMMENT ON COLUMN pgboss.archive.created_on IS 'When it was sent.';
COMMENT ON COLUMN pgboss.archive.completed_on IS 'When it ended.';
COMMENT ON COLUMN pgboss.archive.keep_until IS 'Dropped if not begun by then.';
COMMENT ON COLUMN pgboss.archive.output IS 'The code of its last failure.';
COMMENT ON COLUMN pgboss.archive.dead_letter IS 'Queue that takes it over when it fails for good; not used here.';
COMMENT ON COLUMN pgboss.archive.policy IS 'The queues policy.';
COMMENT ON COLUMN pgboss.archive.archived_on IS 'When it was put away.';

-- One table a queue. The numbers are those of src/kernel/jobs/queues.ts; a test compares them.
SELECT pgboss.create_queue('notice.send', '{"policy": "standard", "retryLimit": 8, "retryDelay": 30, "retryBackoff": true, "expireInSeconds": 300, "retentionMinutes": 20160}');
SELECT pgboss.create_queue('opportunity.clock', '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 300, "retentionMinutes": 60}');
SELECT pgboss.create_queue('privacy.retention', '{"policy": "standard", "retryLimit": 5, "retryDelay": 60, "retryBackoff": true, "expireInSeconds": 3600, "retentionMinutes": 4320}');
SELECT pgboss.create_queue('kernel.purge', '{"policy": "standard", "retryLimit": 2, "retryDelay": 60, "retryBackoff": true, "expireInSeconds": 900, "retentionMinutes": 1440}');

-- The service sends, works and puts away jobs. It makes no queue and changes none; of the version it notes the time of upkeep.
REVOKE ALL ON FUNCTION pgboss.create_queue(text, json), pgboss.delete_queue(text) FROM PUBLIC;
GRANT USAGE ON SCHEMA pgboss TO partnerships_service;
GRANT SELECT ON pgboss.version, pgboss.queue TO partnerships_service;
GRANT UPDATE (maintained_on) ON pgboss.version TO partnerships_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON pgboss.job, pgboss.archive TO partnerships_service;
