-- Which site an interest came from.
ALTER TABLE involvement.interest
  ADD COLUMN site_organisation_id uuid CONSTRAINT interest_from_site REFERENCES people.organisation (id);
CREATE INDEX interest_site ON involvement.interest (site_organisation_id) WHERE site_organisation_id IS NOT NULL;
COMMENT ON COLUMN involvement.interest.site_organisation_id IS 'The organisation whose site sent it; null where no site did.';
