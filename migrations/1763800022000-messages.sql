-- The outbox of a trial run: messages that were rendered and not sent.

CREATE TABLE kernel.outbox_message (
  id uuid PRIMARY KEY,
  channel text NOT NULL CONSTRAINT outbox_message_channel CHECK (channel IN ('email', 'text', 'letter')),
  recipient text NOT NULL CONSTRAINT outbox_message_recipient_length CHECK (length(recipient) BETWEEN 1 AND 1000),
  subject text NOT NULL CONSTRAINT outbox_message_subject_length CHECK (length(subject) <= 500),
  body text NOT NULL CONSTRAINT outbox_message_body_length CHECK (length(body) BETWEEN 1 AND 100000),
  body_html text CONSTRAINT outbox_message_body_html_length CHECK (length(body_html) BETWEEN 1 AND 400000),
  language text NOT NULL CONSTRAINT outbox_message_language_shape CHECK (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  person_id uuid,
  ref text CONSTRAINT outbox_message_ref_length CHECK (length(ref) BETWEEN 1 AND 100),
  made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_message_made_at ON kernel.outbox_message (made_at, id);
CREATE INDEX outbox_message_person ON kernel.outbox_message (person_id) WHERE person_id IS NOT NULL;
COMMENT ON TABLE kernel.outbox_message IS 'Messages as they would have been sent. Filled on the embedded database only, for its pages under /outbox.';
COMMENT ON COLUMN kernel.outbox_message.id IS 'The message''s own id: a message that comes again is not kept twice.';
COMMENT ON COLUMN kernel.outbox_message.channel IS 'By which way it would have gone.';
COMMENT ON COLUMN kernel.outbox_message.recipient IS 'E-mail address, telephone number, or name and postal address. Personal.';
COMMENT ON COLUMN kernel.outbox_message.subject IS 'Subject line; empty for a text. Personal.';
COMMENT ON COLUMN kernel.outbox_message.body IS 'The words in plain text. Personal.';
COMMENT ON COLUMN kernel.outbox_message.body_html IS 'The words as HTML, where there is such a version. Personal.';
COMMENT ON COLUMN kernel.outbox_message.language IS 'Language of the words.';
COMMENT ON COLUMN kernel.outbox_message.person_id IS 'The person it is for; null for somebody who is not on record.';
COMMENT ON COLUMN kernel.outbox_message.ref IS 'What it is about: an id or a code.';
COMMENT ON COLUMN kernel.outbox_message.made_at IS 'When it was made.';

-- A message is kept as it was made, until it is deleted with its person or its time is over.
REVOKE UPDATE ON kernel.outbox_message FROM partnerships_service;
