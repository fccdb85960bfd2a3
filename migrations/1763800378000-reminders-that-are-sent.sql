-- What became of each reminder. Those of earlier days were recorded, and nobody was written to.

ALTER TABLE edi.reminder
  ADD COLUMN state text NOT NULL DEFAULT 'no-mailbox' CONSTRAINT reminder_state_known
    CHECK (state IN ('owed', 'sent', 'no-mailbox', 'failed', 'dropped')),
  ADD COLUMN sent_at timestamptz CONSTRAINT reminder_sent_has_its_time CHECK ((state = 'sent') = (sent_at IS NOT NULL));
ALTER TABLE edi.reminder ALTER COLUMN state SET DEFAULT 'owed';
CREATE INDEX reminder_day ON edi.reminder (day);
COMMENT ON TABLE edi.reminder IS 'On which days an organisation was to be reminded of its return, and what became of it. A second run on the same day finds the row and reminds nobody again.';
COMMENT ON COLUMN edi.reminder.state IS 'Owed (not sent yet), sent, no-mailbox (nobody to send it to), failed (tried, and not sent), or dropped (not needed any more before it was sent).';
COMMENT ON COLUMN edi.reminder.sent_at IS 'When it was sent.';
