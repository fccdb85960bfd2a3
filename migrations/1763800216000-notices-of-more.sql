-- More that people are told: that their interest came in, that their part has ended, that an opportunity is shown again. An
-- involvement need not come from an opportunity, so nor need word of it.

ALTER TABLE involvement.notice DROP CONSTRAINT notice_kind_known;
-- squawk-ignore constraint-missing-not-valid -- the table is new and empty when this runs
ALTER TABLE involvement.notice ADD CONSTRAINT notice_kind_known CHECK (kind IN ('interest-received', 'shortlisted', 'reserve', 'offered', 'accepted',
  'not-selected', 'lapsed', 'drawn', 'opportunity-changed', 'opportunity-withdrawn', 'opportunity-hidden', 'opportunity-shown-again',
  'involvement-ended'));
-- squawk-ignore ban-drop-not-null -- nobody reads the column yet
ALTER TABLE involvement.notice ALTER COLUMN opportunity_id DROP NOT NULL;
-- squawk-ignore constraint-missing-not-valid -- the table is new and empty when this runs
ALTER TABLE involvement.notice ADD CONSTRAINT notice_about_something CHECK (opportunity_id IS NOT NULL OR involvement_id IS NOT NULL);
-- squawk-ignore constraint-missing-not-valid -- the table is new and empty when this runs
ALTER TABLE involvement.notice ADD CONSTRAINT notice_of_an_end_names_what_ended CHECK (kind <> 'involvement-ended' OR involvement_id IS NOT NULL);
COMMENT ON COLUMN involvement.notice.opportunity_id IS 'The opportunity that it is about; null for an involvement that came from none.';
COMMENT ON COLUMN involvement.notice.involvement_id IS 'The involvement that it is about: one that began without an interest, or one that has ended.';
