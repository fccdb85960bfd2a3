-- Diversity answers of our own contributors, as they stood from day to day, and who objected to being asked.

CREATE TABLE edi_answers.answer_set (
  pseudonym bytea NOT NULL CONSTRAINT answer_set_pseudonym_size CHECK (octet_length(pseudonym) = 32),
  "from" date NOT NULL,
  until date,
  version integer NOT NULL DEFAULT 1 CONSTRAINT answer_set_version_positive CHECK (version > 0),
  questionnaire text NOT NULL,
  questionnaire_version integer NOT NULL,
  channel text NOT NULL CONSTRAINT answer_set_channel_known CHECK (channel IN ('person', 'supporter', 'site')),
  basis text NOT NULL CONSTRAINT answer_set_basis_form CHECK (basis ~ '^[a-z][a-z0-9-]{1,59}$'),
  wording text NOT NULL CONSTRAINT answer_set_wording_form CHECK (wording ~ '^[1-9][0-9]{0,3}\.[0-9]{1,4}$'),
  year_of_birth smallint CONSTRAINT answer_set_year_of_birth_possible CHECK (year_of_birth BETWEEN 1880 AND 2200),
  age_band text CONSTRAINT answer_set_age_band_form CHECK (age_band ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
  sex text CONSTRAINT answer_set_sex_form CHECK (sex ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  gender_identity text CONSTRAINT answer_set_gender_identity_form CHECK (gender_identity ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  ethnic_group text CONSTRAINT answer_set_ethnic_group_form CHECK (ethnic_group ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  ethnic_background text CONSTRAINT answer_set_ethnic_background_form CHECK (ethnic_background ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  background_list text CONSTRAINT answer_set_background_list_form CHECK (background_list ~ '^[a-z][a-z0-9-]{1,79}/[1-9][0-9]{0,8}$'),
  background_code text CONSTRAINT answer_set_background_code_form CHECK (background_code ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  long_term_condition text CONSTRAINT answer_set_long_term_condition_known CHECK (long_term_condition IN ('yes', 'no', 'prefer-not-to-say')),
  activity_limited text CONSTRAINT answer_set_activity_limited_known
    CHECK (activity_limited IN ('yes-a-lot', 'yes-a-little', 'not-at-all', 'prefer-not-to-say')),
  disability text GENERATED ALWAYS AS (
    CASE long_term_condition
      WHEN 'no' THEN 'no-condition'
      WHEN 'prefer-not-to-say' THEN 'prefer-not-to-say'
      WHEN 'yes' THEN CASE activity_limited
        WHEN 'yes-a-lot' THEN 'limited-a-lot'
        WHEN 'yes-a-little' THEN 'limited-a-little'
        WHEN 'not-at-all' THEN 'condition-not-limiting'
        WHEN 'prefer-not-to-say' THEN 'prefer-not-to-say'
      END
    END) STORED,
  impairment text[] CONSTRAINT answer_set_impairment_size CHECK (cardinality(impairment) BETWEEN 1 AND 20),
  religion text CONSTRAINT answer_set_religion_form CHECK (religion ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  sexual_orientation text CONSTRAINT answer_set_sexual_orientation_form CHECK (sexual_orientation ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  unpaid_care text CONSTRAINT answer_set_unpaid_care_form CHECK (unpaid_care ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  socio_economic_background text CONSTRAINT answer_set_socio_economic_background_form CHECK (socio_economic_background ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  region text CONSTRAINT answer_set_region_form CHECK (region ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  main_language text CONSTRAINT answer_set_main_language_form CHECK (main_language ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  CONSTRAINT answer_set_key PRIMARY KEY (pseudonym, "from"),
  CONSTRAINT answer_set_lasts_a_day CHECK (until > "from"),
  CONSTRAINT answer_set_age_in_one_way CHECK (year_of_birth IS NULL OR age_band IS NULL),
  CONSTRAINT answer_set_background_whole CHECK ((background_list IS NULL) = (background_code IS NULL)),
  CONSTRAINT answer_set_of_questionnaire FOREIGN KEY (questionnaire, questionnaire_version)
    REFERENCES instruments.questionnaire (key, version)
);
CREATE UNIQUE INDEX answer_set_one_open ON edi_answers.answer_set (pseudonym) WHERE until IS NULL;
CREATE INDEX answer_set_questionnaire ON edi_answers.answer_set (questionnaire, questionnaire_version);
COMMENT ON TABLE edi_answers.answer_set IS 'What people answered about themselves, one row for each span of days in which it stood. The row valid on day D is the one with "from" <= D and (until is null or until > D): there is at most one for a pseudonym, so joining it to members on pseudonym is one hash join over one scan. A null answer was not asked or left blank; prefer-not-to-say was said; all else is a code. Random order, days without times, no moment of writing.';
COMMENT ON COLUMN edi_answers.answer_set.pseudonym IS 'Whose answers: HMAC-SHA256 with a key that is never in the database.';
COMMENT ON COLUMN edi_answers.answer_set."from" IS 'First day on which they stood.';
COMMENT ON COLUMN edi_answers.answer_set.until IS 'First day on which they no longer stood; null while they stand.';
COMMENT ON COLUMN edi_answers.answer_set.version IS 'Rises by one with every change of the person''s answers, over all rows of theirs.';
COMMENT ON COLUMN edi_answers.answer_set.questionnaire IS 'The questionnaire that was answered.';
COMMENT ON COLUMN edi_answers.answer_set.questionnaire_version IS 'Its version.';
COMMENT ON COLUMN edi_answers.answer_set.channel IS 'How they came: from the person, from a supporter or staff who wrote them down, or from a site.';
COMMENT ON COLUMN edi_answers.answer_set.basis IS 'Why they may be held: the slug of a purpose.';
COMMENT ON COLUMN edi_answers.answer_set.wording IS 'The wording of that purpose that was in force.';
COMMENT ON COLUMN edi_answers.answer_set.year_of_birth IS 'Year of birth; null where it was not given.';
COMMENT ON COLUMN edi_answers.answer_set.age_band IS 'Age band where somebody gave that instead, or prefer-not-to-say.';
COMMENT ON COLUMN edi_answers.answer_set.sex IS 'Sex.';
COMMENT ON COLUMN edi_answers.answer_set.gender_identity IS 'Whether gender is the same as the sex registered at birth.';
COMMENT ON COLUMN edi_answers.answer_set.ethnic_group IS 'One of the five groups: as answered, or as the background maps to.';
COMMENT ON COLUMN edi_answers.answer_set.ethnic_background IS 'One of the 19 backgrounds of England and Wales: as answered, or as another list maps to; null too where it cannot be mapped.';
COMMENT ON COLUMN edi_answers.answer_set.background_list IS 'The list from which the background was chosen, with its version.';
COMMENT ON COLUMN edi_answers.answer_set.background_code IS 'The background as it was chosen.';
COMMENT ON COLUMN edi_answers.answer_set.long_term_condition IS 'Answer to the first harmonised question on disability.';
COMMENT ON COLUMN edi_answers.answer_set.activity_limited IS 'Answer to the second.';
COMMENT ON COLUMN edi_answers.answer_set.disability IS 'What the two say together; null where they do not tell.';
COMMENT ON COLUMN edi_answers.answer_set.impairment IS 'What a condition affects; several can be.';
COMMENT ON COLUMN edi_answers.answer_set.religion IS 'Religion.';
COMMENT ON COLUMN edi_answers.answer_set.sexual_orientation IS 'Sexual orientation.';
COMMENT ON COLUMN edi_answers.answer_set.unpaid_care IS 'Hours of unpaid care.';
COMMENT ON COLUMN edi_answers.answer_set.socio_economic_background IS 'Socio-economic background.';
COMMENT ON COLUMN edi_answers.answer_set.region IS 'Region of England, or nation, by GSS code. The postcode that it came from is not kept.';
COMMENT ON COLUMN edi_answers.answer_set.main_language IS 'Main language.';

CREATE TABLE edi_answers.objection (
  pseudonym bytea NOT NULL CONSTRAINT objection_pseudonym_size CHECK (octet_length(pseudonym) = 32),
  since date NOT NULL,
  wording text NOT NULL CONSTRAINT answers_objection_wording_form CHECK (wording ~ '^[1-9][0-9]{0,3}\.[0-9]{1,4}$'),
  CONSTRAINT answers_objection_key PRIMARY KEY (pseudonym)
);
COMMENT ON TABLE edi_answers.objection IS 'Who objected to equality monitoring, by every pseudonym that they are known by, so that no return and no supporter can enter answers again. Returned rows whose pseudonym stands here are left out.';
COMMENT ON COLUMN edi_answers.objection.pseudonym IS 'Who objects.';
COMMENT ON COLUMN edi_answers.objection.since IS 'The day of the objection.';
COMMENT ON COLUMN edi_answers.objection.wording IS 'The wording of the purpose that was in force.';

-- Age as it is counted: whole years on the day, as if everybody were born on 1 July. A band that somebody gave stays that band.
CREATE FUNCTION edi_answers.age_on(year_of_birth smallint, age_band text, on_day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN year_of_birth IS NULL THEN coalesce(age_band, 'not-known')
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 16 THEN 'under-16'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 18 THEN '16-17'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 25 THEN '18-24'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 35 THEN '25-34'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 45 THEN '35-44'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 55 THEN '45-54'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 65 THEN '55-64'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 75 THEN '65-74'
  WHEN extract(year FROM on_day - interval '6 months') - year_of_birth < 85 THEN '75-84'
  ELSE '85-and-over'
END;
COMMENT ON FUNCTION edi_answers.age_on(smallint, text, date) IS 'Age band on a day, by year of birth as if everybody were born on 1 July, or the band that was given; not-known without either.';

CREATE FUNCTION edi_answers.answers_as_of(on_day date) RETURNS TABLE (
  pseudonym bytea, ethnic_group text, ethnic_background text, age text, sex text, gender_identity text, disability text, impairment text[],
  religion text, sexual_orientation text, unpaid_care text, socio_economic_background text, region text, main_language text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT a.pseudonym, coalesce(a.ethnic_group, 'not-known'), coalesce(a.ethnic_background, 'not-known'),
    edi_answers.age_on(a.year_of_birth, a.age_band, on_day), coalesce(a.sex, 'not-known'), coalesce(a.gender_identity, 'not-known'),
    coalesce(a.disability, 'not-known'), coalesce(a.impairment, '{not-known}'), coalesce(a.religion, 'not-known'),
    coalesce(a.sexual_orientation, 'not-known'), coalesce(a.unpaid_care, 'not-known'), coalesce(a.socio_economic_background, 'not-known'),
    coalesce(a.region, 'not-known'), coalesce(a.main_language, 'not-known')
  FROM edi_answers.answer_set a
  WHERE a."from" <= on_day AND (a.until IS NULL OR a.until > on_day)
$$;
COMMENT ON FUNCTION edi_answers.answers_as_of(date) IS 'Answers as they stood on a day, at most one row a pseudonym, not-known for what was not asked. Plain SQL that the planner takes into the statement around it. For a day that differs from person to person, join answer_set itself on its days and take the age from age_on.';

-- What the service's login may do to answers without seeing them: end them, in the same transaction in which it erases a person, writes
-- down an objection or merges two records. It must know the pseudonym, which needs the key; what comes back is how many rows went.
CREATE FUNCTION edi.erase_answers(who bytea) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  place record;
  here integer;
  gone integer := 0;
BEGIN
  FOR place IN
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'pseudonym' AND NOT a.attisdropped
    WHERE n.nspname IN ('edi_answers', 'edi_snapshot') AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'objection'
    ORDER BY 1, 2
  LOOP
    IF place.schema = 'edi_answers' THEN
      EXECUTE format('DELETE FROM %I.%I WHERE pseudonym = $1', place.schema, place.name) USING who;
    ELSE
      EXECUTE format('UPDATE %I.%I SET pseudonym = NULL WHERE pseudonym = $1', place.schema, place.name) USING who;
    END IF;
    GET DIAGNOSTICS here = ROW_COUNT;
    gone := gone + here;
  END LOOP;
  RETURN gone;
END
$$;
COMMENT ON FUNCTION edi.erase_answers(bytea) IS 'Deletes every answer under a pseudonym, its own and returned ones, and takes the pseudonym off what releases froze. Answers how many rows that were. Objections stay.';

CREATE FUNCTION edi.erase_answers_resting_on(who bytea, on_basis text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  DELETE FROM edi_answers.answer_set a WHERE a.pseudonym = who AND a.basis = on_basis;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
COMMENT ON FUNCTION edi.erase_answers_resting_on(bytea, text) IS 'Deletes the answers under a pseudonym that are held for one purpose, as when consent to it is withdrawn. Answers how many rows that were.';

CREATE FUNCTION edi.object_to_answers(who bytea, on_day date, in_wording text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO edi_answers.objection (pseudonym, since, wording) VALUES (who, on_day, in_wording) ON CONFLICT (pseudonym) DO NOTHING;
  RETURN edi.erase_answers(who);
END
$$;
COMMENT ON FUNCTION edi.object_to_answers(bytea, date, text) IS 'Remembers an objection and deletes every answer under the pseudonym.';

CREATE FUNCTION edi.take_back_objection(who bytea) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone integer;
BEGIN
  DELETE FROM edi_answers.objection WHERE pseudonym = who;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END
$$;
COMMENT ON FUNCTION edi.take_back_objection(bytea) IS 'Forgets an objection; answers how many stood.';

CREATE FUNCTION edi.merge_answers(kept bytea, gone bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept_since date;
  gone_since date;
BEGIN
  INSERT INTO edi_answers.objection (pseudonym, since, wording)
    SELECT kept, o.since, o.wording FROM edi_answers.objection o WHERE o.pseudonym = gone ON CONFLICT (pseudonym) DO NOTHING;
  DELETE FROM edi_answers.objection o WHERE o.pseudonym = gone;
  IF EXISTS (SELECT FROM edi_answers.objection o WHERE o.pseudonym = kept) THEN
    PERFORM edi.erase_answers(kept);
    PERFORM edi.erase_answers(gone);
    RETURN;
  END IF;
  SELECT max(a."from") INTO kept_since FROM edi_answers.answer_set a WHERE a.pseudonym = kept;
  SELECT max(a."from") INTO gone_since FROM edi_answers.answer_set a WHERE a.pseudonym = gone;
  IF gone_since > coalesce(kept_since, '-infinity') THEN
    DELETE FROM edi_answers.answer_set a WHERE a.pseudonym = kept;
    UPDATE edi_answers.answer_set SET pseudonym = kept WHERE pseudonym = gone;
  END IF;
  PERFORM edi.erase_answers(gone);
END
$$;
COMMENT ON FUNCTION edi.merge_answers(bytea, bytea) IS 'Gives the answers of a record that is merged away to the one that stays: the newer of the two stand, and an objection of either.';

REVOKE ALL ON FUNCTION edi.erase_answers(bytea), edi.erase_answers_resting_on(bytea, text), edi.object_to_answers(bytea, date, text), edi.take_back_objection(bytea),
  edi.merge_answers(bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION edi.erase_answers(bytea), edi.erase_answers_resting_on(bytea, text), edi.object_to_answers(bytea, date, text), edi.take_back_objection(bytea),
  edi.merge_answers(bytea, bytea) TO partnerships_service;
