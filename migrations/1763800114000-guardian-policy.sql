-- The guardian policy decides whose agreement is needed, so it is one of two values and no longer free text.
-- Organisations are some hundreds of rows, which are checked in no time: hence the two exceptions.
UPDATE people.organisation SET guardian_policy = 'under-18' WHERE guardian_policy IS DISTINCT FROM 'under-16';
ALTER TABLE people.organisation DROP CONSTRAINT organisation_guardian_policy_length;
ALTER TABLE people.organisation ALTER COLUMN guardian_policy SET DEFAULT 'under-18';
-- squawk-ignore adding-not-nullable-field
ALTER TABLE people.organisation ALTER COLUMN guardian_policy SET NOT NULL;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE people.organisation ADD CONSTRAINT organisation_guardian_policy_known CHECK (guardian_policy IN ('under-16', 'under-18'));
COMMENT ON COLUMN people.organisation.guardian_policy IS 'Below which age contributors who call it home need a guardian''s agreement. Under 16 it is always needed.';
