-- Random draws, kept so that anybody with the list can do them again.

CREATE TABLE involvement.draw (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  opportunity_id uuid NOT NULL CONSTRAINT draw_in_opportunity REFERENCES involvement.opportunity (id),
  organisation_id uuid NOT NULL CONSTRAINT draw_of_organisation REFERENCES people.organisation (id),
  algorithm text NOT NULL CONSTRAINT draw_algorithm_known CHECK (algorithm IN ('sha256-seed-id-v1')),
  seed text NOT NULL CONSTRAINT draw_seed_form CHECK (seed ~ '^[0-9a-f]{32,128}$'),
  seed_given boolean NOT NULL,
  places integer NOT NULL CONSTRAINT draw_places_range CHECK (places BETWEEN 1 AND 10000),
  interest_ids uuid[] NOT NULL CONSTRAINT draw_interests_some CHECK (cardinality(interest_ids) > 0),
  drawn_by_account_id uuid CONSTRAINT draw_by_account REFERENCES people.account (id) ON DELETE SET NULL,
  drawn_at timestamptz NOT NULL,
  CONSTRAINT draw_one_per_opportunity UNIQUE (opportunity_id)
);
CREATE INDEX draw_organisation ON involvement.draw (organisation_id);
CREATE INDEX draw_account ON involvement.draw (drawn_by_account_id) WHERE drawn_by_account_id IS NOT NULL;
COMMENT ON TABLE involvement.draw IS 'Random draws among the interests in an opportunity: at most one each. Rows are added, never altered.';
COMMENT ON COLUMN involvement.draw.id IS 'Identifier.';
COMMENT ON COLUMN involvement.draw.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.draw.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.draw.version IS 'Always 1: a draw is not altered.';
COMMENT ON COLUMN involvement.draw.opportunity_id IS 'The opportunity.';
COMMENT ON COLUMN involvement.draw.organisation_id IS 'The organisation that offers it.';
COMMENT ON COLUMN involvement.draw.algorithm IS 'How the order follows from the seed: sha256-seed-id-v1 sorts by SHA-256 of the seed followed by the interest''s id.';
COMMENT ON COLUMN involvement.draw.seed IS 'The seed, as hexadecimal text.';
COMMENT ON COLUMN involvement.draw.seed_given IS 'Whether somebody gave the seed (a public number, say); otherwise the service made 128 random bits.';
COMMENT ON COLUMN involvement.draw.places IS 'How many were drawn for a place; the rest are the reserve list in order.';
COMMENT ON COLUMN involvement.draw.interest_ids IS 'All interests that took part, in the order drawn.';
COMMENT ON COLUMN involvement.draw.drawn_by_account_id IS 'The account that made the draw.';
COMMENT ON COLUMN involvement.draw.drawn_at IS 'When it was made.';
REVOKE DELETE ON involvement.draw FROM partnerships_service;
