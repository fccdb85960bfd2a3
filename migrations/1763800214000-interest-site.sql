-- Which site an interest came from.
-- The table is new and empty when this runs.
ALTER TABLE involvement.interest
  ADD COLUMN site_organisation_id uuid
    -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
    CONSTRAINT interest_from_site REFERENCES people.organisation (id);
CREATE INDEX interest_site ON involvement.interest (site_organisation_id) WHERE site_organisation_id IS NOT NULL;
COMMENT ON COLUMN involvement.interest.site_organisation_id IS 'The organisation whose site sent it; null where no site did.';
