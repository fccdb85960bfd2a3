-- Releases: frozen, protected, proven, signed and then never changed. Only what anybody may see stands here; members and true counts
-- are in edi_snapshot, which the service's login cannot read.

CREATE TABLE edi.release (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  number integer CONSTRAINT release_number_counts_up CHECK (number >= 1),
  title text NOT NULL CONSTRAINT release_title_length CHECK (length(title) BETWEEN 1 AND 200),
  "from" date NOT NULL,
  until date NOT NULL,
  collection_id uuid,
  state text NOT NULL DEFAULT 'queued' CONSTRAINT release_state_known
    CHECK (state IN ('queued', 'running', 'refused', 'ready', 'published', 'superseded')),
  step text NOT NULL DEFAULT 'waiting' CONSTRAINT release_step_known
    CHECK (step IN ('waiting', 'snapshot', 'protection', 'verification', 'signature', 'done')),
  progress integer NOT NULL DEFAULT 0 CONSTRAINT release_progress_percent CHECK (progress BETWEEN 0 AND 100),
  attempt integer NOT NULL DEFAULT 0 CONSTRAINT release_attempt_range CHECK (attempt BETWEEN 0 AND 100),
  threshold integer NOT NULL DEFAULT 8 CONSTRAINT release_threshold_range CHECK (threshold BETWEEN 5 AND 100),
  thresholds jsonb NOT NULL DEFAULT '[]',
  base integer NOT NULL DEFAULT 5 CONSTRAINT release_base_range CHECK (base BETWEEN 2 AND 100),
  catalogue jsonb NOT NULL,
  catalogue_hash text NOT NULL CONSTRAINT release_catalogue_hash_form CHECK (catalogue_hash ~ '^[0-9a-f]{64}$'),
  snapshot_on date,
  previous_id uuid CONSTRAINT release_after_another REFERENCES edi.release (id),
  content jsonb,
  certificate jsonb,
  certificate_hash text CONSTRAINT release_certificate_hash_form CHECK (certificate_hash ~ '^[0-9a-f]{64}$'),
  refusal_code text CONSTRAINT release_refusal_code_form CHECK (refusal_code ~ '^[a-z_]{1,60}$'),
  refusal_detail text CONSTRAINT release_refusal_detail_length CHECK (length(refusal_detail) BETWEEN 1 AND 2000),
  refusal_table text CONSTRAINT release_refusal_table_length CHECK (length(refusal_table) BETWEEN 1 AND 200),
  made_by uuid,
  signed_by uuid,
  signed_at timestamptz,
  published_at timestamptz,
  superseded_at timestamptz,
  CONSTRAINT release_number_once UNIQUE (number),
  CONSTRAINT release_ends_after_it_begins CHECK (until > "from"),
  CONSTRAINT release_base_fits_threshold CHECK (base <= threshold),
  CONSTRAINT release_certified_before_shown CHECK (state NOT IN ('ready', 'published', 'superseded')
    OR num_nulls(certificate, certificate_hash, content, snapshot_on) = 0),
  CONSTRAINT release_published_is_signed CHECK ((state IN ('published', 'superseded')) = (num_nulls(number, signed_at, published_at) = 0)),
  CONSTRAINT release_refused_says_why CHECK ((state = 'refused') = (num_nulls(refusal_code, refusal_detail) = 0)),
  CONSTRAINT release_superseded_has_a_time CHECK ((state = 'superseded') = (superseded_at IS NOT NULL))
);
CREATE UNIQUE INDEX release_one_at_a_time ON edi.release ((true)) WHERE state IN ('queued', 'running', 'ready');
CREATE UNIQUE INDEX release_one_published ON edi.release ((true)) WHERE state = 'published';
CREATE INDEX release_previous ON edi.release (previous_id);
COMMENT ON TABLE edi.release IS 'Releases of diversity figures: what they are made for, how far they have come, and the proof that nobody is exposed.';
COMMENT ON COLUMN edi.release.id IS 'Identifier.';
COMMENT ON COLUMN edi.release.created_at IS 'When it was asked for.';
COMMENT ON COLUMN edi.release.updated_at IS 'When it last changed.';
COMMENT ON COLUMN edi.release.version IS 'Rises with every change.';
COMMENT ON COLUMN edi.release.number IS '1 for the first release, then counting up; given at publication, so that numbers have no gaps.';
COMMENT ON COLUMN edi.release.title IS 'Title shown to the public.';
COMMENT ON COLUMN edi.release."from" IS 'First day that it is about.';
COMMENT ON COLUMN edi.release.until IS 'First day that it is no longer about.';
COMMENT ON COLUMN edi.release.collection_id IS 'The collection whose signed-off returns are counted besides the answers given here; null where there is none.';
COMMENT ON COLUMN edi.release.state IS 'Queued, running, refused, ready (waits for a signature), published or superseded by a later one.';
COMMENT ON COLUMN edi.release.step IS 'Where the work stands.';
COMMENT ON COLUMN edi.release.progress IS 'How far the work has come, in percent.';
COMMENT ON COLUMN edi.release.attempt IS 'How often the work was begun; more than once where a process was lost.';
COMMENT ON COLUMN edi.release.threshold IS 'Counts from 1 to below this are withheld. At least 5.';
COMMENT ON COLUMN edi.release.thresholds IS 'Thresholds of characteristics that have a higher one of their own.';
COMMENT ON COLUMN edi.release.base IS 'Counts are rounded to the nearest multiple of this.';
COMMENT ON COLUMN edi.release.catalogue IS 'The closed list of tables, as data.';
COMMENT ON COLUMN edi.release.catalogue_hash IS 'SHA-256 of the catalogue.';
COMMENT ON COLUMN edi.release.snapshot_on IS 'The day on which the data were frozen.';
COMMENT ON COLUMN edi.release.previous_id IS 'The release before, that stood when this one was made.';
COMMENT ON COLUMN edi.release.content IS 'Characteristics, units and notes as published; the tables are in release_table.';
COMMENT ON COLUMN edi.release.certificate IS 'The proof: threshold, base, catalogue, numbers of withheld figures, smallest width, verifier and result.';
COMMENT ON COLUMN edi.release.certificate_hash IS 'SHA-256 of the certificate, which the signature names.';
COMMENT ON COLUMN edi.release.refusal_code IS 'Why nothing came of it, as a code.';
COMMENT ON COLUMN edi.release.refusal_detail IS 'Why nothing came of it, in plain English. Names no count.';
COMMENT ON COLUMN edi.release.refusal_table IS 'The table that could not be shown to be safe, where it was one.';
COMMENT ON COLUMN edi.release.made_by IS 'The account that asked for it; null for the service itself.';
COMMENT ON COLUMN edi.release.signed_by IS 'The account that signed it; null for the service itself.';
COMMENT ON COLUMN edi.release.signed_at IS 'When it was signed.';
COMMENT ON COLUMN edi.release.published_at IS 'When it was published.';
COMMENT ON COLUMN edi.release.superseded_at IS 'When a later release took its place. It can still be read.';

CREATE TABLE edi.release_table (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  release_id uuid NOT NULL CONSTRAINT release_table_of_a_release REFERENCES edi.release (id),
  position integer NOT NULL,
  key text NOT NULL CONSTRAINT release_table_key_form CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(key) <= 120),
  title text NOT NULL CONSTRAINT release_table_title_length CHECK (length(title) BETWEEN 1 AND 300),
  level text NOT NULL CONSTRAINT release_table_level_known CHECK (level IN ('all', 'group', 'organisation')),
  population text NOT NULL CONSTRAINT release_table_population_known CHECK (population IN ('registered', 'interested', 'selected', 'took-part')),
  characteristic text NOT NULL CONSTRAINT release_table_characteristic_length CHECK (length(characteristic) BETWEEN 1 AND 80),
  by_hub boolean NOT NULL,
  notes jsonb NOT NULL DEFAULT '[]',
  figures jsonb NOT NULL,
  CONSTRAINT release_table_once UNIQUE (release_id, key)
);
COMMENT ON TABLE edi.release_table IS 'The tables of releases: protected figures only. Never changed once the release is published.';
COMMENT ON COLUMN edi.release_table.id IS 'Identifier.';
COMMENT ON COLUMN edi.release_table.release_id IS 'The release.';
COMMENT ON COLUMN edi.release_table.position IS 'Place in the catalogue.';
COMMENT ON COLUMN edi.release_table.key IS 'Stable key, the same in each release.';
COMMENT ON COLUMN edi.release_table.title IS 'Title in plain English.';
COMMENT ON COLUMN edi.release_table.level IS 'Level of its units.';
COMMENT ON COLUMN edi.release_table.population IS 'Who is counted.';
COMMENT ON COLUMN edi.release_table.characteristic IS 'By which characteristic.';
COMMENT ON COLUMN edi.release_table.by_hub IS 'Whether ethnic group is crossed with it.';
COMMENT ON COLUMN edi.release_table.notes IS 'What a reader of this table must know.';
COMMENT ON COLUMN edi.release_table.figures IS 'The figures: unit, category of the hub, category, value (rounded, or null) and status.';

CREATE TABLE edi.release_file (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  release_id uuid NOT NULL CONSTRAINT release_file_of_a_release REFERENCES edi.release (id),
  name text NOT NULL CONSTRAINT release_file_name_length CHECK (length(name) BETWEEN 1 AND 200),
  media_type text NOT NULL CONSTRAINT release_file_media_type_length CHECK (length(media_type) BETWEEN 3 AND 120),
  bytes bytea NOT NULL,
  size integer NOT NULL CONSTRAINT release_file_size_is_true CHECK (size = octet_length(bytes)),
  sha256 text NOT NULL CONSTRAINT release_file_sha256_is_true CHECK (sha256 = encode(sha256(bytes), 'hex')),
  CONSTRAINT release_file_once UNIQUE (release_id, name)
);
COMMENT ON TABLE edi.release_file IS 'Every file of a published release, made once: downloads are these bytes for ever.';
COMMENT ON COLUMN edi.release_file.id IS 'Identifier.';
COMMENT ON COLUMN edi.release_file.release_id IS 'The release.';
COMMENT ON COLUMN edi.release_file.name IS 'Name within the release, such as all.csv or tables/all-registered-age.json.';
COMMENT ON COLUMN edi.release_file.media_type IS 'Media type.';
COMMENT ON COLUMN edi.release_file.bytes IS 'The file.';
COMMENT ON COLUMN edi.release_file.size IS 'Size in bytes.';
COMMENT ON COLUMN edi.release_file.sha256 IS 'SHA-256 of the bytes, in hexadecimal.';

-- A release moves forward only. Once published, nothing about it changes but that a later one takes its place.
CREATE FUNCTION edi.release_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'A release is never removed' USING ERRCODE = 'check_violation', CONSTRAINT = 'release_never_removed';
  END IF;
  IF OLD.state IN ('published', 'superseded', 'refused') THEN
    IF OLD.state = 'published' AND NEW.state = 'superseded' AND
      (to_jsonb(NEW) - ARRAY['state', 'superseded_at', 'version', 'updated_at']) = (to_jsonb(OLD) - ARRAY['state', 'superseded_at', 'version', 'updated_at']) THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A release that is % never changes', OLD.state USING ERRCODE = 'check_violation', CONSTRAINT = 'release_never_changed';
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN
    ('queued>running', 'queued>refused', 'running>ready', 'running>refused', 'ready>published', 'ready>refused') THEN
    RAISE EXCEPTION 'A release cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_state_follows';
  END IF;
  IF OLD.state = 'ready' AND ROW(NEW.content, NEW.certificate, NEW.certificate_hash, NEW.catalogue, NEW.threshold, NEW.thresholds, NEW.base, NEW.snapshot_on)
    IS DISTINCT FROM ROW(OLD.content, OLD.certificate, OLD.certificate_hash, OLD.catalogue, OLD.threshold, OLD.thresholds, OLD.base, OLD.snapshot_on) THEN
    RAISE EXCEPTION 'What was certified does not change before it is signed' USING ERRCODE = 'check_violation', CONSTRAINT = 'release_never_changed';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION edi.release_keeps() IS 'Keeps a release to its order of states, and published ones as they are.';
CREATE TRIGGER release_kept BEFORE UPDATE OR DELETE ON edi.release FOR EACH ROW EXECUTE FUNCTION edi.release_keeps();

CREATE FUNCTION edi.release_part_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whole text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    SELECT r.state INTO whole FROM edi.release r WHERE r.id = OLD.release_id FOR SHARE;
  ELSE
    SELECT r.state INTO whole FROM edi.release r WHERE r.id = NEW.release_id FOR SHARE;
  END IF;
  IF TG_OP = 'UPDATE' OR whole NOT IN ('running', 'ready') THEN
    RAISE EXCEPTION 'Figures and files of a release that is % never change', whole
      USING ERRCODE = 'check_violation', CONSTRAINT = 'release_never_changed';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION edi.release_part_keeps() IS 'Lets figures and files be added while a release is made, and never afterwards.';
CREATE TRIGGER release_table_kept BEFORE INSERT OR UPDATE OR DELETE ON edi.release_table FOR EACH ROW EXECUTE FUNCTION edi.release_part_keeps();
CREATE TRIGGER release_file_kept BEFORE INSERT OR UPDATE OR DELETE ON edi.release_file FOR EACH ROW EXECUTE FUNCTION edi.release_part_keeps();

REVOKE DELETE ON edi.release FROM partnerships_service;
REVOKE UPDATE ON edi.release_table, edi.release_file FROM partnerships_service;

-- The queue whose job makes a release. The numbers are those of src/kernel/jobs/queues.ts; a test compares them.
SELECT pgboss.create_queue('release.make', '{"policy": "standard", "retryLimit": 3, "retryDelay": 5, "retryBackoff": true, "expireInSeconds": 3600, "retentionMinutes": 1440}');
