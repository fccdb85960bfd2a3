-- A record is one account's, suspended ones aside; whoever made a code does not use it.
-- The first version is not out yet, so these tables are small.
-- squawk-ignore require-concurrent-index-creation
CREATE UNIQUE INDEX account_one_per_record ON people.account (contributor_id)
  WHERE contributor_id IS NOT NULL AND suspended_at IS NULL;
ALTER TABLE people.link_code
  ADD COLUMN made_by_account_id uuid
    -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
    CONSTRAINT link_code_made_by REFERENCES people.account (id);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX link_code_made_by ON people.link_code (made_by_account_id);
COMMENT ON COLUMN people.link_code.made_by_account_id IS 'The account that made the code, which cannot use it.';
