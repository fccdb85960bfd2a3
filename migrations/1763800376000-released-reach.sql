-- The reach of a quarter as everybody may see it: counted once, when the release that covers the quarter is published, and then never
-- again. What is recorded later, or is erased, leaves it as it is.

CREATE TABLE involvement.released_reach (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  quarter date NOT NULL CONSTRAINT released_reach_of_a_quarter CHECK (quarter = date_trunc('quarter', quarter::timestamp)::date),
  breakdown text NOT NULL CONSTRAINT released_reach_breakdown_known
    CHECK (breakdown IN ('none', 'kind', 'stage', 'mode', 'channel', 'month')),
  report json NOT NULL,
  release_id uuid NOT NULL,
  release_number integer NOT NULL CONSTRAINT released_reach_number_counts_up CHECK (release_number >= 1),
  released_on date NOT NULL,
  CONSTRAINT released_reach_once UNIQUE (quarter, breakdown),
  CONSTRAINT released_reach_after_its_quarter CHECK (released_on >= (quarter + interval '3 months')::date)
);
COMMENT ON TABLE involvement.released_reach IS 'National figures of reach by quarter, protected, as they were told to everybody with a release. They never change.';
COMMENT ON COLUMN involvement.released_reach.id IS 'Identifier.';
COMMENT ON COLUMN involvement.released_reach.created_at IS 'When it was released.';
COMMENT ON COLUMN involvement.released_reach.quarter IS 'First day of the quarter.';
COMMENT ON COLUMN involvement.released_reach.breakdown IS 'By what the figures are broken down; none for the total alone.';
COMMENT ON COLUMN involvement.released_reach.report IS 'Total, lines, definitions and words as they are answered: rounded figures, or null and why. Kept letter for letter.';
COMMENT ON COLUMN involvement.released_reach.release_id IS 'The release that it came with.';
COMMENT ON COLUMN involvement.released_reach.release_number IS 'Number of that release.';
COMMENT ON COLUMN involvement.released_reach.released_on IS 'The day on which that release was published, in UK time.';

CREATE FUNCTION involvement.released_reach_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Figures that were released never change'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'released_reach_never_changes';
END
$$;
COMMENT ON FUNCTION involvement.released_reach_keeps() IS 'Refuses to change or remove what was released, whoever asks.';
CREATE TRIGGER released_reach_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON involvement.released_reach
  FOR EACH STATEMENT EXECUTE FUNCTION involvement.released_reach_keeps();

-- Default privileges gave more than is needed.
REVOKE UPDATE, DELETE ON involvement.released_reach FROM partnerships_service;
