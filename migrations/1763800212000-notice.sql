-- Notices: whom the service owes word, of what, and whether they had it.

CREATE TABLE involvement.notice (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  opportunity_id uuid NOT NULL CONSTRAINT notice_about_opportunity REFERENCES involvement.opportunity (id),
  organisation_id uuid NOT NULL CONSTRAINT notice_of_organisation REFERENCES people.organisation (id),
  interest_id uuid CONSTRAINT notice_about_interest REFERENCES involvement.interest (id),
  involvement_id uuid,
  contributor_id uuid CONSTRAINT notice_to_contributor REFERENCES people.contributor (id),
  kind text NOT NULL CONSTRAINT notice_kind_known CHECK (kind IN ('shortlisted', 'reserve', 'offered', 'accepted', 'not-selected', 'lapsed',
    'drawn', 'opportunity-changed', 'opportunity-withdrawn', 'opportunity-hidden')),
  channel text NOT NULL CONSTRAINT notice_channel_known CHECK (channel IN ('email', 'text', 'post', 'phone', 'in-person', 'supporter')),
  language text NOT NULL CONSTRAINT notice_language_known CHECK (language IN ('en', 'cy')),
  state text NOT NULL DEFAULT 'owed' CONSTRAINT notice_state_known CHECK (state IN ('owed', 'sent', 'told', 'dropped')),
  due_at timestamptz NOT NULL,
  event_id uuid,
  sent_at timestamptz,
  told_at timestamptz,
  told_by_account_id uuid CONSTRAINT notice_told_by_account REFERENCES people.account (id) ON DELETE SET NULL,
  told_how text CONSTRAINT notice_told_how_known CHECK (told_how IN ('phone', 'in-person', 'post', 'email', 'text', 'supporter')),
  note_sealed bytea,
  CONSTRAINT notice_to_somebody CHECK (interest_id IS NOT NULL OR involvement_id IS NOT NULL),
  CONSTRAINT notice_sent_has_a_time CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
  CONSTRAINT notice_told_says_how CHECK ((state = 'told') = (told_at IS NOT NULL AND told_how IS NOT NULL))
);
CREATE UNIQUE INDEX notice_once_per_event_and_interest ON involvement.notice (event_id, interest_id) WHERE event_id IS NOT NULL AND interest_id IS NOT NULL;
CREATE UNIQUE INDEX notice_once_per_event_and_involvement ON involvement.notice (event_id, involvement_id)
  WHERE event_id IS NOT NULL AND interest_id IS NULL AND involvement_id IS NOT NULL;
CREATE INDEX notice_owed ON involvement.notice (organisation_id, id) WHERE state = 'owed';
CREATE INDEX notice_organisation ON involvement.notice (organisation_id, id);
CREATE INDEX notice_opportunity ON involvement.notice (opportunity_id);
CREATE INDEX notice_interest ON involvement.notice (interest_id) WHERE interest_id IS NOT NULL;
CREATE INDEX notice_involvement ON involvement.notice (involvement_id) WHERE involvement_id IS NOT NULL;
CREATE INDEX notice_contributor ON involvement.notice (contributor_id, id) WHERE contributor_id IS NOT NULL;
CREATE INDEX notice_teller ON involvement.notice (told_by_account_id) WHERE told_by_account_id IS NOT NULL;
COMMENT ON TABLE involvement.notice IS 'What people are owed word of: each outcome of an interest and each change of an opportunity that concerns them. Words are made when they are sent, not stored.';
COMMENT ON COLUMN involvement.notice.id IS 'Identifier; also that of the message, so that none is sent twice.';
COMMENT ON COLUMN involvement.notice.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.notice.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.notice.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.notice.opportunity_id IS 'The opportunity that it is about.';
COMMENT ON COLUMN involvement.notice.organisation_id IS 'The organisation that owes it.';
COMMENT ON COLUMN involvement.notice.interest_id IS 'The interest that it is about; null for an involvement that began without one.';
COMMENT ON COLUMN involvement.notice.involvement_id IS 'The involvement that it is about, where it began without an interest.';
COMMENT ON COLUMN involvement.notice.contributor_id IS 'To whom; null for somebody without a record, whose contact is with the interest.';
COMMENT ON COLUMN involvement.notice.kind IS 'What it tells.';
COMMENT ON COLUMN involvement.notice.channel IS 'How the person wants to be told.';
COMMENT ON COLUMN involvement.notice.language IS 'In which language: English or Welsh.';
COMMENT ON COLUMN involvement.notice.state IS 'Owed; sent by the service; told by somebody; or dropped because there is nobody left to tell or nothing left to say.';
COMMENT ON COLUMN involvement.notice.due_at IS 'When it is overdue.';
COMMENT ON COLUMN involvement.notice.event_id IS 'The event that made it, where one did: a person is told of an event once.';
COMMENT ON COLUMN involvement.notice.sent_at IS 'When the service sent it.';
COMMENT ON COLUMN involvement.notice.told_at IS 'When somebody told the person.';
COMMENT ON COLUMN involvement.notice.told_by_account_id IS 'The account that recorded so.';
COMMENT ON COLUMN involvement.notice.told_how IS 'How the person was told.';
COMMENT ON COLUMN involvement.notice.note_sealed IS 'Sealed: a note by whoever told the person.';
