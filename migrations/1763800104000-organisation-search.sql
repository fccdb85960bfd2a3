-- Finding organisations by a part of their name, and those whose names are much alike.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- squawk-ignore require-concurrent-index-creation -- the table is new and small
CREATE INDEX organisation_name_parts ON people.organisation USING gin (lower(name) gin_trgm_ops);
COMMENT ON INDEX people.organisation_name_parts IS 'For LIKE with a part of the name, and for similarity of names.';
