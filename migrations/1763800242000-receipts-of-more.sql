-- Receipts for people who have no contributor's record too: of an interest, and of an account.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE kernel.erasure_receipt
  ADD COLUMN subject text NOT NULL DEFAULT 'person'
    CONSTRAINT erasure_receipt_subject_known CHECK (subject IN ('person', 'interest', 'account'));
COMMENT ON COLUMN kernel.erasure_receipt.subject IS 'What was erased: a person with all their data; an interest of somebody without a record; an account.';
COMMENT ON COLUMN kernel.erasure_receipt.person_id IS 'The identifier that the person, interest or account had; it no longer leads to anybody.';
