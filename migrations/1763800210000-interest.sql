-- Interests: who would like to take part in an opportunity, and what became of it.

CREATE TABLE involvement.interest (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  opportunity_id uuid NOT NULL CONSTRAINT interest_in_opportunity REFERENCES involvement.opportunity (id),
  organisation_id uuid NOT NULL CONSTRAINT interest_of_organisation REFERENCES people.organisation (id),
  contributor_id uuid CONSTRAINT interest_of_contributor REFERENCES people.contributor (id),
  sent_by_account_id uuid CONSTRAINT interest_sent_by_account REFERENCES people.account (id) ON DELETE SET NULL,
  state text NOT NULL DEFAULT 'received' CONSTRAINT interest_state_known
    CHECK (state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted', 'declined', 'lapsed', 'not-selected', 'withdrawn')),
  party text NOT NULL DEFAULT 'person' CONSTRAINT interest_party_known CHECK (party IN ('person', 'group')),
  group_size integer CONSTRAINT interest_group_size_range CHECK (group_size BETWEEN 2 AND 500),
  assisted boolean NOT NULL DEFAULT false,
  assisted_by_channel text CONSTRAINT interest_assisted_by_channel_known
    CHECK (assisted_by_channel IN ('phone', 'in-person', 'post', 'email', 'text', 'online')),
  person_sealed bytea,
  answers_sealed bytea,
  how_heard text CONSTRAINT interest_how_heard_known CHECK (how_heard IN
    ('site', 'newsletter', 'friend-or-family', 'community-group', 'clinic', 'social-media', 'poster', 'radio', 'event', 'other')),
  keep_on_file boolean NOT NULL DEFAULT false,
  channel text NOT NULL CONSTRAINT interest_channel_known CHECK (channel IN ('online', 'phone', 'email', 'post', 'in-person', 'site')),
  language text NOT NULL DEFAULT 'en' CONSTRAINT interest_language_form CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$'),
  reply_by text CONSTRAINT interest_reply_by_known CHECK (reply_by IN ('email', 'phone', 'text', 'post', 'in-person', 'supporter')),
  contact_digest bytea CONSTRAINT interest_contact_digest_size CHECK (octet_length(contact_digest) = 32),
  contact_confirmed_at timestamptz,
  contact_confirmed_how text CONSTRAINT interest_contact_confirmed_how_known CHECK (contact_confirmed_how IN ('code', 'call')),
  code_issue integer NOT NULL DEFAULT 0 CONSTRAINT interest_code_issue_range CHECK (code_issue BETWEEN 0 AND 20),
  code_expires_at timestamptz,
  code_attempts integer NOT NULL DEFAULT 0 CONSTRAINT interest_code_attempts_range CHECK (code_attempts BETWEEN 0 AND 5),
  reference_hash bytea NOT NULL CONSTRAINT interest_reference_hash_size CHECK (octet_length(reference_hash) = 32),
  reference_end text NOT NULL CONSTRAINT interest_reference_end_form CHECK (reference_end ~ '^[0-9A-HJKMNP-TV-Z]{4}$'),
  received_at timestamptz NOT NULL,
  shortlisted_at timestamptz,
  reserved_at timestamptz,
  offered_at timestamptz,
  answer_by date,
  answered_at timestamptz,
  ended_at timestamptz,
  reason_sealed bytea,
  erased_at timestamptz,
  CONSTRAINT interest_reference_once UNIQUE (reference_hash),
  CONSTRAINT interest_group_has_a_size CHECK ((party = 'group') = (group_size IS NOT NULL)),
  CONSTRAINT interest_assisted_says_how CHECK (assisted = (assisted_by_channel IS NOT NULL)),
  CONSTRAINT interest_is_somebodys CHECK (contributor_id IS NOT NULL OR person_sealed IS NOT NULL OR erased_at IS NOT NULL),
  CONSTRAINT interest_reply_way_without_record CHECK (contributor_id IS NOT NULL OR reply_by IS NOT NULL OR erased_at IS NOT NULL),
  CONSTRAINT interest_confirmed_says_how CHECK ((contact_confirmed_at IS NULL) = (contact_confirmed_how IS NULL)),
  CONSTRAINT interest_offer_has_a_day CHECK (state <> 'offered' OR (answer_by IS NOT NULL AND offered_at IS NOT NULL)),
  CONSTRAINT interest_answer_has_a_time CHECK (state NOT IN ('accepted', 'declined') OR answered_at IS NOT NULL),
  CONSTRAINT interest_offer_to_confirmed_contact
    CHECK (state NOT IN ('offered', 'accepted') OR contributor_id IS NOT NULL OR contact_confirmed_at IS NOT NULL OR erased_at IS NOT NULL),
  CONSTRAINT interest_accepted_has_a_record CHECK (state <> 'accepted' OR contributor_id IS NOT NULL OR erased_at IS NOT NULL),
  CONSTRAINT interest_reason_told CHECK (erased_at IS NOT NULL OR (state = 'not-selected') = (reason_sealed IS NOT NULL)),
  CONSTRAINT interest_end_has_a_time CHECK ((state IN ('declined', 'lapsed', 'not-selected', 'withdrawn')) = (ended_at IS NOT NULL)),
  CONSTRAINT interest_erased_holds_nothing CHECK (erased_at IS NULL OR
    (contributor_id IS NULL AND person_sealed IS NULL AND answers_sealed IS NULL AND reason_sealed IS NULL AND contact_digest IS NULL))
);

CREATE UNIQUE INDEX interest_one_live_per_contributor ON involvement.interest (opportunity_id, contributor_id)
  WHERE contributor_id IS NOT NULL AND state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted');
CREATE UNIQUE INDEX interest_one_live_per_contact ON involvement.interest (opportunity_id, contact_digest)
  WHERE contributor_id IS NULL AND contact_digest IS NOT NULL AND state IN ('received', 'shortlisted', 'reserve', 'offered', 'accepted');
CREATE INDEX interest_opportunity ON involvement.interest (opportunity_id, id);
CREATE INDEX interest_organisation ON involvement.interest (organisation_id, id);
CREATE INDEX interest_contributor ON involvement.interest (contributor_id, id) WHERE contributor_id IS NOT NULL;
CREATE INDEX interest_sender ON involvement.interest (sent_by_account_id, id) WHERE sent_by_account_id IS NOT NULL;
CREATE INDEX interest_open_offers ON involvement.interest (answer_by) WHERE state = 'offered';
CREATE INDEX interest_ended ON involvement.interest (ended_at) WHERE ended_at IS NOT NULL AND erased_at IS NULL;

COMMENT ON TABLE involvement.interest IS 'Interests in opportunities: one row for each time that a person or group asked to take part.';
COMMENT ON COLUMN involvement.interest.id IS 'Identifier.';
COMMENT ON COLUMN involvement.interest.created_at IS 'When the row was written.';
COMMENT ON COLUMN involvement.interest.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN involvement.interest.version IS 'Rises by one with every change.';
COMMENT ON COLUMN involvement.interest.opportunity_id IS 'The opportunity.';
COMMENT ON COLUMN involvement.interest.organisation_id IS 'The organisation that offers the opportunity.';
COMMENT ON COLUMN involvement.interest.contributor_id IS 'Whose interest it is; null for somebody who has no record yet, and after erasure.';
COMMENT ON COLUMN involvement.interest.sent_by_account_id IS 'The account that sent or recorded it.';
COMMENT ON COLUMN involvement.interest.state IS 'How far it is.';
COMMENT ON COLUMN involvement.interest.party IS 'A person, or a group that would take part together.';
COMMENT ON COLUMN involvement.interest.group_size IS 'How many people the group is; each takes a place. Null for one person.';
COMMENT ON COLUMN involvement.interest.assisted IS 'Whether somebody helped the person to send it.';
COMMENT ON COLUMN involvement.interest.assisted_by_channel IS 'The way in which the helper and the person spoke; null where nobody helped.';
COMMENT ON COLUMN involvement.interest.person_sealed IS 'Sealed: name and contact of a person without a record, the group''s name, the helper''s name and relation.';
COMMENT ON COLUMN involvement.interest.answers_sealed IS 'Sealed: answers to the organiser''s questions, availability, and how the person heard in their own words.';
COMMENT ON COLUMN involvement.interest.how_heard IS 'How the person heard of the opportunity, where they said.';
COMMENT ON COLUMN involvement.interest.keep_on_file IS 'Whether the person would like to hear of similar opportunities if not chosen.';
COMMENT ON COLUMN involvement.interest.channel IS 'How the interest came.';
COMMENT ON COLUMN involvement.interest.language IS 'Language in which the person would like to be answered (BCP 47).';
COMMENT ON COLUMN involvement.interest.reply_by IS 'How a person without a record would like to be told; null where a contributor''s record says it.';
COMMENT ON COLUMN involvement.interest.contact_digest IS 'Keyed digest of the contact, to find the same person without opening anything; null where there is none.';
COMMENT ON COLUMN involvement.interest.contact_confirmed_at IS 'When the contact was confirmed; null until then, and where a contributor''s record stands for it.';
COMMENT ON COLUMN involvement.interest.contact_confirmed_how IS 'By a code that was sent, or by a call that somebody recorded.';
COMMENT ON COLUMN involvement.interest.code_issue IS 'How many codes were sent. The code follows from this number by a keyed function and is stored nowhere.';
COMMENT ON COLUMN involvement.interest.code_expires_at IS 'Until when the newest code may be used.';
COMMENT ON COLUMN involvement.interest.code_attempts IS 'How often the newest code was tried; five is the end of it.';
COMMENT ON COLUMN involvement.interest.reference_hash IS 'SHA-256 of the reference by which the person may follow or withdraw.';
COMMENT ON COLUMN involvement.interest.reference_end IS 'Last four characters of that reference, to tell several apart.';
COMMENT ON COLUMN involvement.interest.received_at IS 'When the interest reached the organiser, which for a letter may be before it was recorded.';
COMMENT ON COLUMN involvement.interest.shortlisted_at IS 'When it was put on the shortlist.';
COMMENT ON COLUMN involvement.interest.reserved_at IS 'When it was put on the reserve list: the earliest is next.';
COMMENT ON COLUMN involvement.interest.offered_at IS 'When the place was last offered.';
COMMENT ON COLUMN involvement.interest.answer_by IS 'Last day (UK) on which the offer can be accepted.';
COMMENT ON COLUMN involvement.interest.answered_at IS 'When the offer was accepted or declined.';
COMMENT ON COLUMN involvement.interest.ended_at IS 'When it was declined, lapsed, not selected or withdrawn; null while it is live.';
COMMENT ON COLUMN involvement.interest.reason_sealed IS 'Sealed: why it was not selected, in words that the person is told.';
COMMENT ON COLUMN involvement.interest.erased_at IS 'When all that is personal was removed from the row, which stays to be counted.';

-- A state follows only from some others. The same table is in src/involvement/interest/interest-state.ts; a test compares them.
CREATE FUNCTION involvement.interest_follows(was text, becomes text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE was
  WHEN 'received' THEN becomes IN ('shortlisted', 'reserve', 'offered', 'not-selected', 'withdrawn')
  WHEN 'shortlisted' THEN becomes IN ('reserve', 'offered', 'not-selected', 'withdrawn')
  WHEN 'reserve' THEN becomes IN ('shortlisted', 'offered', 'not-selected', 'withdrawn')
  WHEN 'offered' THEN becomes IN ('accepted', 'declined', 'lapsed', 'withdrawn')
  WHEN 'accepted' THEN becomes IN ('withdrawn')
  WHEN 'lapsed' THEN becomes IN ('offered')
  ELSE false
END;
COMMENT ON FUNCTION involvement.interest_follows(text, text) IS 'Whether an interest may go from one state to another.';

CREATE FUNCTION involvement.interest_check_transition() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT involvement.interest_follows(OLD.state, NEW.state) THEN
    RAISE EXCEPTION 'An interest cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = 'check_violation', CONSTRAINT = 'interest_transition_allowed';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION involvement.interest_check_transition() IS 'Refuses a state that does not follow from the one before.';
CREATE TRIGGER interest_transition BEFORE UPDATE OF state ON involvement.interest
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION involvement.interest_check_transition();

-- Places are never over-filled: whoever comes to take one holds the opportunity's row until the transaction ends, and then counts.
CREATE FUNCTION involvement.interest_check_places() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  there integer;
  taken bigint;
BEGIN
  SELECT o.places_available INTO there FROM involvement.opportunity o WHERE o.id = NEW.opportunity_id FOR NO KEY UPDATE;
  SELECT coalesce(sum(coalesce(i.group_size, 1)), 0) INTO taken
  FROM involvement.interest i WHERE i.opportunity_id = NEW.opportunity_id AND i.state IN ('offered', 'accepted');
  IF taken > there THEN
    RAISE EXCEPTION 'All % places are taken', there USING ERRCODE = 'check_violation', CONSTRAINT = 'interest_places_not_overfilled';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION involvement.interest_check_places() IS 'Refuses an offer for which there is no place. A group takes as many places as it has people.';
CREATE TRIGGER interest_places_on_insert AFTER INSERT ON involvement.interest
  FOR EACH ROW WHEN (NEW.state IN ('offered', 'accepted')) EXECUTE FUNCTION involvement.interest_check_places();
CREATE TRIGGER interest_places_on_change AFTER UPDATE OF state, group_size, opportunity_id ON involvement.interest
  FOR EACH ROW WHEN (NEW.state IN ('offered', 'accepted') AND (OLD.state NOT IN ('offered', 'accepted')
    OR NEW.group_size IS DISTINCT FROM OLD.group_size OR NEW.opportunity_id <> OLD.opportunity_id))
  EXECUTE FUNCTION involvement.interest_check_places();

CREATE FUNCTION involvement.opportunity_check_places() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT coalesce(sum(coalesce(i.group_size, 1)), 0) FROM involvement.interest i
      WHERE i.opportunity_id = NEW.id AND i.state IN ('offered', 'accepted')) > NEW.places_available THEN
    RAISE EXCEPTION 'More places than that are offered or taken' USING ERRCODE = 'check_violation', CONSTRAINT = 'opportunity_places_cover_offers';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION involvement.opportunity_check_places() IS 'Refuses to take away places that are offered or taken.';
CREATE TRIGGER opportunity_places_cover_offers AFTER UPDATE OF places_available ON involvement.opportunity
  FOR EACH ROW WHEN (NEW.places_available IS DISTINCT FROM OLD.places_available) EXECUTE FUNCTION involvement.opportunity_check_places();
