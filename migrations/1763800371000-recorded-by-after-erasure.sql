-- Whoever wrote something down and is erased is no longer named there.

COMMENT ON COLUMN kernel.consent.recorded_by IS 'The account that recorded it; null where the service did, or the account was erased.';
COMMENT ON COLUMN kernel.objection.recorded_by IS 'The account that recorded it; null where the service did, or the account was erased.';
COMMENT ON COLUMN people.access_need.recorded_by IS 'The account that wrote it down; null where it was erased.';
