-- Finds contributors with like names in one postcode district without comparing everybody in it.
DROP INDEX people.contributor_outward_postcode;
CREATE INDEX contributor_likeness ON people.contributor (outward_postcode, left(name_key, 1)) WHERE outward_postcode IS NOT NULL;
COMMENT ON INDEX people.contributor_likeness IS 'People of one postcode district whose names begin alike, for suggesting duplicates.';
