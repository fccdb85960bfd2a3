-- Accounts by the identity provider's name for them, and their roles in organisations.

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

CREATE TABLE people.membership (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  account_id uuid NOT NULL CONSTRAINT membership_account REFERENCES people.account (id),
  organisation_id uuid NOT NULL CONSTRAINT membership_organisation REFERENCES people.organisation (id),
  role text NOT NULL CONSTRAINT membership_role_known CHECK (role IN ('national-administrator', 'coordinator', 'payment-approver',
    'finance-officer', 'diversity-analyst', 'data-steward', 'researcher', 'contributor', 'site', 'auditor')),
  "from" date NOT NULL,
  until date,
  CONSTRAINT membership_ends_after_it_began CHECK (until >= "from"),
  CONSTRAINT membership_once_at_a_time EXCLUDE USING gist
    (account_id WITH =, organisation_id WITH =, role WITH =, daterange("from", until) WITH &&)
);
CREATE INDEX membership_account ON people.membership (account_id);
CREATE INDEX membership_organisation ON people.membership (organisation_id, id);
COMMENT ON TABLE people.membership IS 'Roles that accounts have in organisations, by day. A change counts at the next request.';
COMMENT ON COLUMN people.membership.id IS 'Identifier.';
COMMENT ON COLUMN people.membership.created_at IS 'When the record was made.';
COMMENT ON COLUMN people.membership.updated_at IS 'When the record last changed.';
COMMENT ON COLUMN people.membership.version IS 'Rises by one with every change.';
COMMENT ON COLUMN people.membership.account_id IS 'The account.';
COMMENT ON COLUMN people.membership.organisation_id IS 'The organisation in which it has the role.';
COMMENT ON COLUMN people.membership.role IS 'The role. What each role may do is written in the service itself.';
COMMENT ON COLUMN people.membership."from" IS 'First day, UK time.';
COMMENT ON COLUMN people.membership.until IS 'First day on which it no longer holds; null while it is open. The same day as "from" is a membership that never held.';

ALTER TABLE people.organisation ADD CONSTRAINT organisation_applicant FOREIGN KEY (applied_by) REFERENCES people.account (id);
CREATE INDEX organisation_applicant_account ON people.organisation (applied_by) WHERE applied_by IS NOT NULL;
