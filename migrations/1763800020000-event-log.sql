-- The event log: what happened, in an order that a reader can follow by position and miss nothing.

CREATE TABLE kernel.event (
  entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id uuid NOT NULL DEFAULT uuidv7(),
  position bigint CONSTRAINT event_position_positive CHECK (position > 0),
  type text NOT NULL CONSTRAINT event_type_length CHECK (length(type) BETWEEN 3 AND 100),
  subject text NOT NULL CONSTRAINT event_subject_length CHECK (length(subject) BETWEEN 1 AND 100),
  subject_id uuid NOT NULL,
  version integer NOT NULL CONSTRAINT event_version_positive CHECK (version > 0),
  organisation_id uuid,
  public boolean NOT NULL,
  data jsonb NOT NULL DEFAULT '{}' CONSTRAINT event_data_is_small_object
    CHECK (jsonb_typeof(data) = 'object' AND pg_column_size(data) <= 16384),
  account_id uuid,
  trace_id text CONSTRAINT event_trace_length CHECK (length(trace_id) <= 64),
  at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT event_position_once UNIQUE (position)
);
-- The sequencer's work list: empty but for the last moments' commits.
CREATE INDEX event_unnumbered ON kernel.event (entry) WHERE position IS NULL;
-- Readers of the public feed skip what is not public.
CREATE INDEX event_public_position ON kernel.event (position) WHERE public;
COMMENT ON TABLE kernel.event IS 'What happened, one row a fact, written in the transaction that made it true. Read by position; holds no personal data.';
COMMENT ON COLUMN kernel.event.entry IS 'Order of writing, given before the commit and with gaps. Only the sequencer uses it.';
COMMENT ON COLUMN kernel.event.id IS 'The event, wherever it is told again: consumers drop repeats by it.';
COMMENT ON COLUMN kernel.event.position IS 'Place in the log, without gaps, given once after the commit; null until then.';
COMMENT ON COLUMN kernel.event.type IS 'Declared type, subject and past tense, such as opportunity.published.';
COMMENT ON COLUMN kernel.event.subject IS 'Kind of record that it is about.';
COMMENT ON COLUMN kernel.event.subject_id IS 'The record.';
COMMENT ON COLUMN kernel.event.version IS 'The record''s version after what happened.';
COMMENT ON COLUMN kernel.event.organisation_id IS 'The organisation whose record it is, where it is one''s.';
COMMENT ON COLUMN kernel.event.public IS 'Whether anybody may see that it happened.';
COMMENT ON COLUMN kernel.event.data IS 'The declared fields of its type: ids, codes, counts and dates.';
COMMENT ON COLUMN kernel.event.account_id IS 'The account that did it; null for the service itself and for callers without an account.';
COMMENT ON COLUMN kernel.event.trace_id IS 'The request in which it happened.';
COMMENT ON COLUMN kernel.event.at IS 'When the transaction began in which it happened.';

CREATE TABLE kernel.event_head (
  "only" boolean PRIMARY KEY DEFAULT true CONSTRAINT event_head_one_row CHECK ("only"),
  position bigint NOT NULL DEFAULT 0,
  public_position bigint NOT NULL DEFAULT 0,
  CONSTRAINT event_head_public_within CHECK (public_position BETWEEN 0 AND position)
);
INSERT INTO kernel.event_head DEFAULT VALUES;
COMMENT ON TABLE kernel.event_head IS 'How far the event log is numbered. One row.';
COMMENT ON COLUMN kernel.event_head."only" IS 'Keeps the table to one row.';
COMMENT ON COLUMN kernel.event_head.position IS 'The last position given; 0 when none is.';
COMMENT ON COLUMN kernel.event_head.public_position IS 'The last position given to a public event; 0 when none is.';

CREATE TABLE kernel.event_consumer (
  name text PRIMARY KEY CONSTRAINT event_consumer_name_shape CHECK (name ~ '^[a-z][a-z0-9.-]{0,62}$'),
  position bigint NOT NULL DEFAULT 0 CONSTRAINT event_consumer_position_not_negative CHECK (position >= 0),
  attempts integer NOT NULL DEFAULT 0 CONSTRAINT event_consumer_attempts_not_negative CHECK (attempts >= 0),
  next_attempt_at timestamptz,
  last_error text CONSTRAINT event_consumer_last_error_length CHECK (length(last_error) BETWEEN 1 AND 100),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE kernel.event_consumer IS 'How far each consumer of the event log has come.';
COMMENT ON COLUMN kernel.event_consumer.name IS 'The consumer, as the code names it.';
COMMENT ON COLUMN kernel.event_consumer.position IS 'Everything up to this position has been delivered.';
COMMENT ON COLUMN kernel.event_consumer.attempts IS 'How often the next event has failed in a row.';
COMMENT ON COLUMN kernel.event_consumer.next_attempt_at IS 'When the failing event is tried again; null when none is failing.';
COMMENT ON COLUMN kernel.event_consumer.last_error IS 'Code of the last failure, never its text, which could hold personal data.';
COMMENT ON COLUMN kernel.event_consumer.updated_at IS 'When the row last changed.';

-- An event is never altered, by its owner neither: it is only given its position, once.
CREATE FUNCTION kernel.refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'An event cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
COMMENT ON FUNCTION kernel.refuse_event_change() IS 'Refuses any change of an event but giving it its position.';
CREATE TRIGGER event_numbered_once BEFORE UPDATE ON kernel.event FOR EACH ROW
  WHEN (OLD.position IS NOT NULL OR NEW.position IS NULL
    OR (OLD.entry, OLD.id, OLD.type, OLD.subject, OLD.subject_id, OLD.version, OLD.organisation_id, OLD.public, OLD.data,
        OLD.account_id, OLD.trace_id, OLD.at)
      IS DISTINCT FROM
       (NEW.entry, NEW.id, NEW.type, NEW.subject, NEW.subject_id, NEW.version, NEW.organisation_id, NEW.public, NEW.data,
        NEW.account_id, NEW.trace_id, NEW.at))
  EXECUTE FUNCTION kernel.refuse_event_change();

-- Numbers committed events. Why the order is right:
--   * The lock is taken by one statement and the events are read by a later one. In READ COMMITTED each statement of a
--     VOLATILE function sees what had committed when that statement began, so whoever has waited for the lock sees all that
--     the holder before it numbered, and never numbers from a stale picture. The lock is let go only after the commit can be
--     seen. Other isolation levels would keep the first picture: they are refused.
--   * Positions are given and the head is moved in one transaction: a reader who sees position p sees everything below it.
--   * Two events of one record stand in two transactions that were forced one after the other by the record's row lock, the
--     second written after the first had committed: it has the higher entry, and is never seen without the first.
--   * An open transaction's events are not yet seen, and nobody waits for them; nothing here asks for the age of transactions.
--   * It is one call without a client in between, so a process that stalls or dies never keeps the lock.
CREATE FUNCTION kernel.sequence_events(OUT head bigint, OUT public_head bigint, OUT more boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- By index always: a plan kept from when the log was short would read all of it at each look.
SET enable_seqscan = off AS $$
DECLARE
  most CONSTANT integer := 2000;
  given bigint;
  last_given bigint;
  last_public bigint;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'Events are numbered in READ COMMITTED only' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  more := false;
  IF EXISTS (SELECT FROM kernel.event e WHERE e.position IS NULL) THEN
    PERFORM pg_advisory_xact_lock(7101, 1);
    WITH waiting AS (
      SELECT e.entry FROM kernel.event e WHERE e.position IS NULL ORDER BY e.entry LIMIT most
    ), ranked AS (
      SELECT w.entry, row_number() OVER (ORDER BY w.entry) AS place FROM waiting w
    ), numbered AS (
      UPDATE kernel.event e SET position = h.position + r.place
      FROM ranked r CROSS JOIN kernel.event_head h
      WHERE e.entry = r.entry
      RETURNING e.position, e.public
    )
    SELECT count(*), max(n.position), max(n.position) FILTER (WHERE n.public)
    INTO given, last_given, last_public FROM numbered n;
    IF given > 0 THEN
      UPDATE kernel.event_head h
      SET position = last_given, public_position = coalesce(last_public, h.public_position);
    END IF;
    more := given = most;
  END IF;
  SELECT h.position, h.public_position INTO head, public_head FROM kernel.event_head h;
END
$$;
COMMENT ON FUNCTION kernel.sequence_events() IS 'Numbers committed events in order, at most 2,000 a call, and answers how far the log reaches and whether more wait.';
REVOKE ALL ON FUNCTION kernel.sequence_events() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kernel.sequence_events() TO partnerships_service;

-- Default privileges gave more than the log allows: the service adds facts and reads them, and numbers by the function above.
REVOKE ALL ON kernel.event, kernel.event_head FROM partnerships_service;
GRANT SELECT ON kernel.event, kernel.event_head TO partnerships_service;
GRANT INSERT (type, subject, subject_id, version, organisation_id, public, data, account_id, trace_id)
  ON kernel.event TO partnerships_service;
REVOKE DELETE ON kernel.event_consumer FROM partnerships_service;
