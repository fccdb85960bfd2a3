-- What closed long ago leaves the public record, and sites are told so.

ALTER TABLE involvement.opportunity ADD COLUMN archived_at timestamptz
  CONSTRAINT opportunity_archived_after_it_closed CHECK (archived_at IS NULL OR state IN ('closed', 'withdrawn'));
COMMENT ON COLUMN involvement.opportunity.archived_at IS 'When sites were told that it is no longer public, twelve months after its closing day.';
CREATE INDEX opportunity_due_to_archive ON involvement.opportunity (closes_at) WHERE state = 'closed' AND archived_at IS NULL;
