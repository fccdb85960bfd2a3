-- Roles of accounts in organisations.

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
