-- How often sites showed opportunities, as they tell; and what the report on reach is counted by.

CREATE TABLE involvement.opportunity_view (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  opportunity_id uuid NOT NULL CONSTRAINT opportunity_view_of_an_opportunity REFERENCES involvement.opportunity (id),
  account_id uuid CONSTRAINT opportunity_view_told_by_account REFERENCES people.account (id),
  site text NOT NULL DEFAULT 'main' CONSTRAINT opportunity_view_site_length CHECK (length(site) BETWEEN 1 AND 100),
  day date NOT NULL,
  count integer NOT NULL CONSTRAINT opportunity_view_count_range CHECK (count BETWEEN 0 AND 100000000),
  CONSTRAINT opportunity_view_once UNIQUE (account_id, opportunity_id, day, site)
);
CREATE INDEX opportunity_view_day ON involvement.opportunity_view (day);
CREATE INDEX opportunity_view_opportunity ON involvement.opportunity_view (opportunity_id);
COMMENT ON TABLE involvement.opportunity_view IS 'How often a site showed an opportunity on a day, as the site told. Counts only: nothing about who looked.';
COMMENT ON COLUMN involvement.opportunity_view.id IS 'Identifier.';
COMMENT ON COLUMN involvement.opportunity_view.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.opportunity_view.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.opportunity_view.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.opportunity_view.opportunity_id IS 'The opportunity.';
COMMENT ON COLUMN involvement.opportunity_view.account_id IS 'The account of the site that told it; null once that account is erased.';
COMMENT ON COLUMN involvement.opportunity_view.site IS 'Which of its sites, where the account has several; main otherwise.';
COMMENT ON COLUMN involvement.opportunity_view.day IS 'The day, in UK time.';
COMMENT ON COLUMN involvement.opportunity_view.count IS 'How often it was shown that day. What is told again replaces what was told before.';

CREATE INDEX interest_received ON involvement.interest (received_at);
CREATE INDEX interest_offered ON involvement.interest (offered_at) WHERE offered_at IS NOT NULL;
CREATE INDEX activity_attended ON involvement.activity (on_day) WHERE attendance = 'attended';
