-- Accounts by the identity provider's name for them.

CREATE TABLE people.account (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  issuer text NOT NULL CONSTRAINT account_issuer_length CHECK (length(issuer) BETWEEN 1 AND 500),
  subject text NOT NULL CONSTRAINT account_subject_length CHECK (length(subject) BETWEEN 1 AND 255),
  name text NOT NULL CONSTRAINT account_name_length CHECK (length(name) BETWEEN 1 AND 200),
  kind text NOT NULL CONSTRAINT account_kind_known CHECK (kind IN ('person', 'system')),
  contributor_id uuid,
  suspended_at timestamptz,
  CONSTRAINT account_identity_once UNIQUE (issuer, subject)
);
CREATE INDEX account_contributor ON people.account (contributor_id) WHERE contributor_id IS NOT NULL;
COMMENT ON TABLE people.account IS 'Who signs in: people and systems, known by issuer and subject of their token. An account alone may do nothing; memberships give roles.';
COMMENT ON COLUMN people.account.id IS 'Identifier.';
COMMENT ON COLUMN people.account.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.account.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.account.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.account.issuer IS 'The identity provider (iss of its tokens).';
COMMENT ON COLUMN people.account.subject IS 'Who it is at that provider (sub of the tokens).';
COMMENT ON COLUMN people.account.name IS 'Name shown to colleagues. Personal data.';
COMMENT ON COLUMN people.account.kind IS 'A person, or a system such as a website that sends interests.';
COMMENT ON COLUMN people.account.contributor_id IS 'The contributor whose account it is; null for staff and systems.';
COMMENT ON COLUMN people.account.suspended_at IS 'Since when it may not sign in; null while it may.';
