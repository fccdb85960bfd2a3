-- A site is not told that somebody whose contact it gives has asked already: what it sends is taken as a repeat, for the organiser to see.
-- One person still fills one place. The first version is not out yet, so these tables are small.
ALTER TABLE involvement.interest
  ADD COLUMN duplicate_of uuid
    -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
    CONSTRAINT interest_repeats REFERENCES involvement.interest (id)
    CONSTRAINT interest_repeats_another CHECK (duplicate_of <> id),
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT interest_repeated_by_a_site CHECK (duplicate_of IS NULL OR site_organisation_id IS NOT NULL);
COMMENT ON COLUMN involvement.interest.duplicate_of IS 'The first interest of the same contact in the opportunity, where a site sent another; null for that first one and for all others.';

-- squawk-ignore require-concurrent-index-deletion
DROP INDEX involvement.interest_one_live_per_contact;
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX interest_one_live_per_contact ON involvement.interest (opportunity_id, contact_digest)
  WHERE contributor_id IS NULL AND contact_digest IS NOT NULL AND duplicate_of IS NULL
    AND state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted');
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX interest_one_place_per_person ON involvement.interest (coalesce(duplicate_of, id))
  WHERE state IN ('offered', 'accepted');
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX interest_repeat_of ON involvement.interest (duplicate_of) WHERE duplicate_of IS NOT NULL;
