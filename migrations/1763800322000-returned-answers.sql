-- What was returned: rows by pseudonym, and counts. For the diversity login only. No moment stands in them, ids are random.

CREATE TABLE edi_answers.returned_row (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  return_id uuid NOT NULL CONSTRAINT returned_row_in_return REFERENCES edi.return (id),
  organisation_id uuid NOT NULL,
  pseudonym bytea CONSTRAINT returned_row_pseudonym_size CHECK (octet_length(pseudonym) = 32),
  stage text NOT NULL DEFAULT 'registered' CONSTRAINT returned_row_stage_known CHECK (stage IN ('registered', 'interested', 'selected', 'took-part')),
  ethnic_group text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_ethnic_group_length CHECK (length(ethnic_group) BETWEEN 1 AND 80),
  ethnic_background text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_ethnic_background_length CHECK (length(ethnic_background) BETWEEN 1 AND 80),
  age text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_age_length CHECK (length(age) BETWEEN 1 AND 80),
  sex text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_sex_length CHECK (length(sex) BETWEEN 1 AND 80),
  gender_identity text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_gender_identity_length CHECK (length(gender_identity) BETWEEN 1 AND 80),
  disability text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_disability_length CHECK (length(disability) BETWEEN 1 AND 80),
  impairment text[] NOT NULL DEFAULT '{not-known}' CONSTRAINT returned_row_impairment_size CHECK (cardinality(impairment) BETWEEN 1 AND 20),
  religion text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_religion_length CHECK (length(religion) BETWEEN 1 AND 80),
  sexual_orientation text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_sexual_orientation_length CHECK (length(sexual_orientation) BETWEEN 1 AND 80),
  unpaid_care text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_unpaid_care_length CHECK (length(unpaid_care) BETWEEN 1 AND 80),
  socio_economic_background text NOT NULL DEFAULT 'not-known'
    CONSTRAINT returned_row_socio_economic_background_length CHECK (length(socio_economic_background) BETWEEN 1 AND 80),
  region text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_region_length CHECK (length(region) BETWEEN 1 AND 80),
  main_language text NOT NULL DEFAULT 'not-known' CONSTRAINT returned_row_main_language_length CHECK (length(main_language) BETWEEN 1 AND 80),
  CONSTRAINT returned_row_person_once UNIQUE (return_id, pseudonym)
);
CREATE INDEX returned_row_unit ON edi_answers.returned_row (return_id, organisation_id);
CREATE INDEX returned_row_pseudonym ON edi_answers.returned_row (pseudonym) WHERE pseudonym IS NOT NULL;
COMMENT ON TABLE edi_answers.returned_row IS 'One person of a return of rows, with one column a characteristic: a code of its list, prefer-not-to-say, or not-known (not asked or blank). Rows of replaced returns are deleted. A count by one characteristic, or by ethnic group and another, is one GROUP BY over the rows of the returns in question.';
COMMENT ON COLUMN edi_answers.returned_row.id IS 'Identifier, random.';
COMMENT ON COLUMN edi_answers.returned_row.return_id IS 'The return.';
COMMENT ON COLUMN edi_answers.returned_row.organisation_id IS 'The organisation at which the person counts: home where it is known and in the collection, else the one that returned.';
COMMENT ON COLUMN edi_answers.returned_row.pseudonym IS 'Keyed hash of who it is, the same as for answers given here where the person is a known contributor; null in anonymous rows.';
COMMENT ON COLUMN edi_answers.returned_row.stage IS 'How far the person came.';
COMMENT ON COLUMN edi_answers.returned_row.ethnic_group IS 'Ethnic group in five.';
COMMENT ON COLUMN edi_answers.returned_row.ethnic_background IS 'Ethnic background.';
COMMENT ON COLUMN edi_answers.returned_row.age IS 'Age band on the last day of the period.';
COMMENT ON COLUMN edi_answers.returned_row.sex IS 'Sex.';
COMMENT ON COLUMN edi_answers.returned_row.gender_identity IS 'Whether the gender is the same as the sex registered at birth.';
COMMENT ON COLUMN edi_answers.returned_row.disability IS 'Whether a long-term condition limits day-to-day activities.';
COMMENT ON COLUMN edi_answers.returned_row.impairment IS 'Impairments, several.';
COMMENT ON COLUMN edi_answers.returned_row.religion IS 'Religion.';
COMMENT ON COLUMN edi_answers.returned_row.sexual_orientation IS 'Sexual orientation.';
COMMENT ON COLUMN edi_answers.returned_row.unpaid_care IS 'Hours of unpaid care in a week.';
COMMENT ON COLUMN edi_answers.returned_row.socio_economic_background IS 'Socio-economic background.';
COMMENT ON COLUMN edi_answers.returned_row.region IS 'GSS code of the region of England or the nation.';
COMMENT ON COLUMN edi_answers.returned_row.main_language IS 'Main language.';

CREATE TABLE edi_answers.returned_count (
  return_id uuid NOT NULL CONSTRAINT returned_count_in_return REFERENCES edi.return (id),
  organisation_id uuid NOT NULL,
  stage text NOT NULL CONSTRAINT returned_count_stage_known CHECK (stage IN ('registered', 'interested', 'selected', 'took-part')),
  characteristic text NOT NULL CONSTRAINT returned_count_characteristic_form CHECK (characteristic ~ '^[a-z][a-z0-9-]{1,79}$'),
  code text NOT NULL CONSTRAINT returned_count_code_length CHECK (length(code) BETWEEN 1 AND 80),
  low integer NOT NULL CONSTRAINT returned_count_low_not_negative CHECK (low >= 0),
  high integer NOT NULL,
  people integer NOT NULL,
  CONSTRAINT returned_count_key PRIMARY KEY (return_id, organisation_id, stage, characteristic, code),
  CONSTRAINT returned_count_in_order CHECK (low <= people AND people <= high)
);
COMMENT ON TABLE edi_answers.returned_count IS 'Counts of people by one characteristic. What a table withheld ("<5", a star) is kept as a range, and as one whole number with which the characteristics of a return add up to the same people. Every characteristic with one answer is there; one that was not counted has everybody as not-known.';
COMMENT ON COLUMN edi_answers.returned_count.return_id IS 'The return.';
COMMENT ON COLUMN edi_answers.returned_count.organisation_id IS 'The organisation at which the people count.';
COMMENT ON COLUMN edi_answers.returned_count.stage IS 'How far the people came.';
COMMENT ON COLUMN edi_answers.returned_count.characteristic IS 'The characteristic.';
COMMENT ON COLUMN edi_answers.returned_count.code IS 'A code of its list, prefer-not-to-say or not-known.';
COMMENT ON COLUMN edi_answers.returned_count.low IS 'At least so many people.';
COMMENT ON COLUMN edi_answers.returned_count.high IS 'At most so many people.';
COMMENT ON COLUMN edi_answers.returned_count.people IS 'The number that is counted with: exact where low and high are one, else near the middle.';
