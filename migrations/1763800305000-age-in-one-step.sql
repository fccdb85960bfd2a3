-- Age as it is counted, worked out once for a row: the first writing of it took the day apart up to nine times, for each of a million.
CREATE OR REPLACE FUNCTION edi_answers.age_on(year_of_birth smallint, age_band text, on_day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN year_of_birth IS NULL THEN coalesce(age_band, 'not-known')
  ELSE ('{under-16,16-17,18-24,25-34,35-44,45-54,55-64,65-74,75-84,85-and-over}'::text[])[
    1 + width_bucket(date_part('year', on_day - interval '6 months')::integer - year_of_birth, '{16,18,25,35,45,55,65,75,85}'::integer[])]
END;
