-- Where reminders of a late return reach an organisation. One row for an organisation, so that the address holds for every collection and
-- there is one place to take it out of.

CREATE TABLE edi.reminder_mailbox (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  organisation_id uuid NOT NULL CONSTRAINT reminder_mailbox_of REFERENCES people.organisation (id),
  email_sealed bytea NOT NULL CONSTRAINT reminder_mailbox_email_size CHECK (octet_length(email_sealed) BETWEEN 90 AND 2000),
  given_by_account_id uuid CONSTRAINT reminder_mailbox_given_by_account REFERENCES people.account (id) ON DELETE SET NULL,
  needed_at timestamptz NOT NULL,
  CONSTRAINT reminder_mailbox_once UNIQUE (organisation_id)
);
CREATE INDEX reminder_mailbox_giver ON edi.reminder_mailbox (given_by_account_id) WHERE given_by_account_id IS NOT NULL;
COMMENT ON TABLE edi.reminder_mailbox IS 'Where reminders of a late return reach an organisation, in every collection. May be the address of one person.';
COMMENT ON COLUMN edi.reminder_mailbox.id IS 'Identifier.';
COMMENT ON COLUMN edi.reminder_mailbox.created_at IS 'When the record was made.';
COMMENT ON COLUMN edi.reminder_mailbox.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN edi.reminder_mailbox.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.reminder_mailbox.organisation_id IS 'The organisation.';
COMMENT ON COLUMN edi.reminder_mailbox.email_sealed IS 'E-mail address, encrypted.';
COMMENT ON COLUMN edi.reminder_mailbox.given_by_account_id IS 'The account of the organisation that gave it; null where a data steward did. The address goes when this account is erased, since it may be of the same person.';
COMMENT ON COLUMN edi.reminder_mailbox.needed_at IS 'When it was last needed: given, or a collection of the organisation was closed. Two years later it goes.';

-- Only the service's own login sends reminders.
REVOKE ALL ON edi.reminder_mailbox FROM partnerships_diversity;
