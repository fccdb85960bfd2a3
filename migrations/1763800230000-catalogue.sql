-- The catalogue: one row for each opportunity that is or will be public, ready to be searched and sent. Triggers keep it, so it is
-- right whatever writes an opportunity.

-- Names as the API writes them.
CREATE FUNCTION involvement.camel(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN (
    SELECT string_agg(CASE WHEN place = 1 THEN part ELSE upper(left(part, 1)) || substr(part, 2) END, '' ORDER BY place)
    FROM unnest(string_to_array(name, '_')) WITH ORDINALITY AS parts(part, place)
  );
COMMENT ON FUNCTION involvement.camel(text) IS 'A column name as the API writes it: closes_on becomes closesOn.';

CREATE FUNCTION involvement.instant(moment timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
COMMENT ON FUNCTION involvement.instant(timestamptz) IS 'A moment as the API writes it: RFC 3339 in UTC, to the millisecond.';

CREATE TABLE involvement.catalogue_entry (
  opportunity_id uuid PRIMARY KEY CONSTRAINT catalogue_entry_of_an_opportunity REFERENCES involvement.opportunity (id) ON DELETE CASCADE,
  organisation_id uuid NOT NULL,
  project_id uuid NOT NULL,
  version integer NOT NULL,
  state text NOT NULL,
  publish_at timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  kind text NOT NULL,
  stage text NOT NULL,
  mode text NOT NULL,
  region_code text,
  languages text[] NOT NULL,
  health_categories text[] NOT NULL,
  conditions text[] NOT NULL,
  access_provision text[] NOT NULL,
  paid boolean NOT NULL,
  no_experience_needed boolean NOT NULL,
  min_age integer NOT NULL,
  max_age integer NOT NULL,
  latitude double precision,
  longitude double precision,
  accuracy_km double precision,
  search tsvector NOT NULL,
  search_welsh tsvector,
  card json NOT NULL,
  body json NOT NULL
);
COMMENT ON TABLE involvement.catalogue_entry IS 'One row for each opportunity that is or will be public, ready to be searched and sent. Kept by triggers from the opportunity, its organisation and its project; never written by hand.';
COMMENT ON COLUMN involvement.catalogue_entry.opportunity_id IS 'The opportunity.';
COMMENT ON COLUMN involvement.catalogue_entry.organisation_id IS 'Its organisation.';
COMMENT ON COLUMN involvement.catalogue_entry.project_id IS 'Its project.';
COMMENT ON COLUMN involvement.catalogue_entry.version IS 'Version of the opportunity.';
COMMENT ON COLUMN involvement.catalogue_entry.state IS 'State of the opportunity.';
COMMENT ON COLUMN involvement.catalogue_entry.publish_at IS 'When it became public, or will.';
COMMENT ON COLUMN involvement.catalogue_entry.closes_at IS 'When its closing day is over in the UK.';
COMMENT ON COLUMN involvement.catalogue_entry.kind IS 'What people would do.';
COMMENT ON COLUMN involvement.catalogue_entry.stage IS 'Stage of research.';
COMMENT ON COLUMN involvement.catalogue_entry.mode IS 'How people take part.';
COMMENT ON COLUMN involvement.catalogue_entry.region_code IS 'GSS code of its region or nation; null where it is for all.';
COMMENT ON COLUMN involvement.catalogue_entry.languages IS 'Languages in which people can take part.';
COMMENT ON COLUMN involvement.catalogue_entry.health_categories IS 'Health categories, by slug.';
COMMENT ON COLUMN involvement.catalogue_entry.conditions IS 'Conditions, in lower case.';
COMMENT ON COLUMN involvement.catalogue_entry.access_provision IS 'What is provided so that everybody can take part.';
COMMENT ON COLUMN involvement.catalogue_entry.paid IS 'Whether people are paid.';
COMMENT ON COLUMN involvement.catalogue_entry.no_experience_needed IS 'Whether no experience of research is needed.';
COMMENT ON COLUMN involvement.catalogue_entry.min_age IS 'Youngest age; 0 or 18 where none is said, as it is open to under 18s or not.';
COMMENT ON COLUMN involvement.catalogue_entry.max_age IS 'Oldest age; 200 where none is said.';
COMMENT ON COLUMN involvement.catalogue_entry.latitude IS 'Degrees north of its place; null where it has none.';
COMMENT ON COLUMN involvement.catalogue_entry.longitude IS 'Degrees east of its place; null where it has none.';
COMMENT ON COLUMN involvement.catalogue_entry.accuracy_km IS 'How far the point may be from the true place, in kilometres.';
COMMENT ON COLUMN involvement.catalogue_entry.search IS 'Words of the public texts: titles weigh most, then summaries and conditions.';
COMMENT ON COLUMN involvement.catalogue_entry.search_welsh IS 'Words of the Welsh version as they stand; null where there is none.';
COMMENT ON COLUMN involvement.catalogue_entry.card IS 'What lists send, without its status and distance.';
COMMENT ON COLUMN involvement.catalogue_entry.body IS 'What its own address sends, without its status.';

CREATE INDEX catalogue_closing ON involvement.catalogue_entry (closes_at, opportunity_id) WHERE state IN ('scheduled', 'published');
CREATE INDEX catalogue_newest ON involvement.catalogue_entry (publish_at DESC, opportunity_id DESC) WHERE state IN ('scheduled', 'published');
CREATE INDEX catalogue_search ON involvement.catalogue_entry USING gin (search);
CREATE INDEX catalogue_search_welsh ON involvement.catalogue_entry USING gin (search_welsh);
CREATE INDEX catalogue_organisation ON involvement.catalogue_entry (organisation_id);
CREATE INDEX catalogue_project ON involvement.catalogue_entry (project_id);
CREATE INDEX catalogue_health ON involvement.catalogue_entry USING gin (health_categories);
CREATE INDEX catalogue_conditions ON involvement.catalogue_entry USING gin (conditions);
CREATE INDEX catalogue_place ON involvement.catalogue_entry (latitude, longitude) WHERE latitude IS NOT NULL;

-- Where an outward postcode lies: exactly where a postcode directory was loaded, else about the middle of its area.
CREATE VIEW people.outward_point AS
  SELECT outward, latitude, longitude, 2::double precision AS accuracy_km, region_code FROM people.postcode_district;
COMMENT ON VIEW people.outward_point IS 'Points of outward postcodes for which a postcode directory was loaded.';
COMMENT ON COLUMN people.outward_point.outward IS 'Outward postcode.';
COMMENT ON COLUMN people.outward_point.latitude IS 'Degrees north (WGS 84).';
COMMENT ON COLUMN people.outward_point.longitude IS 'Degrees east (WGS 84).';
COMMENT ON COLUMN people.outward_point.accuracy_km IS 'How far the point may be from the true place, in kilometres.';
COMMENT ON COLUMN people.outward_point.region_code IS 'Region or nation.';

CREATE FUNCTION people.locate(postcode text, OUT latitude double precision, OUT longitude double precision, OUT accuracy_km double precision)
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT latitude, longitude, accuracy_km FROM (
    SELECT 1 AS choice, latitude, longitude, accuracy_km FROM people.outward_point WHERE outward = upper(postcode)
    UNION ALL
    SELECT 2, latitude, longitude, accuracy_km FROM people.postcode_area WHERE code = upper(substring(postcode FROM '^[A-Za-z]{1,2}(?=[0-9])'))
  ) AS points
  ORDER BY choice LIMIT 1
$$;
COMMENT ON FUNCTION people.locate(text) IS 'Where an outward postcode lies, and how far off that may be; nulls where it is not known.';

-- Kilometres between two points on a sphere of the Earth's mean radius.
CREATE FUNCTION people.distance_km(lat1 double precision, lon1 double precision, lat2 double precision, lon2 double precision)
  RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN 2 * 6371.0088 * asin(least(1, sqrt(
    sin(radians(lat2 - lat1) / 2) ^ 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ^ 2)));
COMMENT ON FUNCTION people.distance_km(double precision, double precision, double precision, double precision) IS 'Kilometres between two points, by the haversine formula.';

CREATE VIEW involvement.catalogue_source AS
SELECT
  v.id AS opportunity_id, v.organisation_id, v.project_id, v.version, v.state, v.publish_at, v.closes_at, v.kind, v.stage, v.mode,
  v.region_code, v.languages, v.health_categories,
  ARRAY(SELECT lower(c) FROM unnest(v.conditions) AS c) AS conditions,
  v.access_provision, v.paid, v.no_experience_needed,
  coalesce(v.min_age, CASE WHEN v.open_to_under18 THEN 0 ELSE 18 END) AS min_age,
  coalesce(v.max_age, 200) AS max_age,
  point.latitude, point.longitude, point.accuracy_km,
  setweight(to_tsvector('english', v.title), 'A')
    || setweight(to_tsvector('english', concat_ws(' ', v.summary, array_to_string(v.conditions, ' '))), 'B')
    || setweight(to_tsvector('english', concat_ws(' ', v.what_is_involved, v.lived_experience_wanted, v.skills_wanted, v.difference_it_makes)), 'C')
    || setweight(to_tsvector('english', concat_ws(' ', v.organisation_name, v.project_title, v.place->>'town', replace(array_to_string(v.health_categories, ' '), '-', ' '))), 'D')
    AS search,
  CASE WHEN v.welsh IS NOT NULL THEN
    setweight(to_tsvector('simple', v.welsh->>'title'), 'A') || setweight(to_tsvector('simple', coalesce(v.welsh->>'summary', '')), 'B')
  END AS search_welsh,
  (
    SELECT row_to_json(shown) FROM (
      SELECT v.id AS "id", v.version AS "version", v.title AS "title", v.summary AS "summary", v.kind AS "kind",
        v.stage AS "stage", v.mode AS "mode", v.organisation_id AS "organisationId",
        v.organisation_name AS "organisationName", v.organisation_slug AS "organisationSlug", v.project_id AS "projectId",
        v.project_title AS "projectTitle", v.starts_on AS "startsOn", v.ends_on AS "endsOn", v.closes_on AS "closesOn",
        involvement.instant(v.closes_at) AS "closesAt", involvement.instant(v.publish_at) AS "publishedAt",
        v.place AS "place", v.region_code AS "regionCode", v.paid AS "paid", v.payment AS "payment",
        v.expenses_paid AS "expensesPaid", v.no_experience_needed AS "noExperienceNeeded", v.min_age AS "minAge",
        v.max_age AS "maxAge", v.open_to_under18 AS "openToUnder18", v.access_provision AS "accessProvision",
        v.languages AS "languages", v.health_categories AS "healthCategories", v.conditions AS "conditions",
        v.sessions AS "sessions", v.total_hours AS "totalHours", v.places_available AS "placesAvailable",
        v.welsh IS NOT NULL AS "hasWelsh", v.easy_read IS NOT NULL AS "hasEasyRead", v.material_version AS "materialVersion"
    ) AS shown
  ) AS card,
  (
    SELECT ('{' || string_agg(to_json(involvement.camel(f.key))::text || ':' ||
      (CASE WHEN f.key IN ('created_at', 'updated_at', 'publish_at', 'published_at', 'closes_at', 'closed_at') AND f.value <> 'null'::jsonb
        THEN to_jsonb(involvement.instant((f.value #>> '{}')::timestamptz)) ELSE f.value END)::text, ',' ORDER BY f.key) || '}')::json
    FROM jsonb_each(to_jsonb(v)) AS f
    WHERE f.key NOT IN ('state', 'outward_postcode', 'published_at')
  ) AS body
FROM involvement.public_opportunity v
LEFT JOIN LATERAL people.locate(v.outward_postcode) AS point ON v.outward_postcode IS NOT NULL;
COMMENT ON VIEW involvement.catalogue_source IS 'What the catalogue''s rows are made from.';
DO $$
DECLARE
  part record;
BEGIN
  FOR part IN
    SELECT a.attname, col_description('involvement.catalogue_entry'::regclass, a.attnum) AS says
    FROM pg_attribute a WHERE a.attrelid = 'involvement.catalogue_entry'::regclass AND a.attnum > 0 AND NOT a.attisdropped
  LOOP
    EXECUTE format('COMMENT ON COLUMN involvement.catalogue_source.%I IS %L', part.attname, part.says);
  END LOOP;
END
$$;

CREATE FUNCTION involvement.catalogue_again(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  DELETE FROM involvement.catalogue_entry WHERE opportunity_id = ANY(ids)
    AND NOT EXISTS (SELECT FROM involvement.public_opportunity v WHERE v.id = opportunity_id);
  INSERT INTO involvement.catalogue_entry
    (opportunity_id, organisation_id, project_id, version, state, publish_at, closes_at, kind, stage, mode, region_code, languages,
     health_categories, conditions, access_provision, paid, no_experience_needed, min_age, max_age, latitude, longitude, accuracy_km,
     search, search_welsh, card, body)
  SELECT opportunity_id, organisation_id, project_id, version, state, publish_at, closes_at, kind, stage, mode, region_code, languages,
     health_categories, conditions, access_provision, paid, no_experience_needed, min_age, max_age, latitude, longitude, accuracy_km,
     search, search_welsh, card, body
  FROM involvement.catalogue_source WHERE opportunity_id = ANY(ids)
  ON CONFLICT (opportunity_id) DO UPDATE SET
    organisation_id = EXCLUDED.organisation_id, project_id = EXCLUDED.project_id, version = EXCLUDED.version, state = EXCLUDED.state,
    publish_at = EXCLUDED.publish_at, closes_at = EXCLUDED.closes_at, kind = EXCLUDED.kind, stage = EXCLUDED.stage, mode = EXCLUDED.mode,
    region_code = EXCLUDED.region_code, languages = EXCLUDED.languages, health_categories = EXCLUDED.health_categories,
    conditions = EXCLUDED.conditions, access_provision = EXCLUDED.access_provision, paid = EXCLUDED.paid,
    no_experience_needed = EXCLUDED.no_experience_needed, min_age = EXCLUDED.min_age, max_age = EXCLUDED.max_age,
    latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, accuracy_km = EXCLUDED.accuracy_km,
    search = EXCLUDED.search, search_welsh = EXCLUDED.search_welsh, card = EXCLUDED.card, body = EXCLUDED.body
$$;
COMMENT ON FUNCTION involvement.catalogue_again(uuid[]) IS 'Makes the catalogue''s rows of these opportunities anew.';

-- Statement triggers: a bulk write costs one statement more, not one a row.
CREATE FUNCTION involvement.catalogue_opportunities() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM involvement.catalogue_again(ARRAY(SELECT id FROM written));
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION involvement.catalogue_opportunities() IS 'Keeps the catalogue when opportunities are written.';
CREATE TRIGGER catalogue_inserted AFTER INSERT ON involvement.opportunity REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION involvement.catalogue_opportunities();
CREATE TRIGGER catalogue_updated AFTER UPDATE ON involvement.opportunity REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION involvement.catalogue_opportunities();

CREATE FUNCTION involvement.catalogue_of_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'organisation' THEN
    PERFORM involvement.catalogue_again(ARRAY(SELECT o.id FROM involvement.opportunity o WHERE o.organisation_id = NEW.id));
  ELSE
    PERFORM involvement.catalogue_again(ARRAY(SELECT o.id FROM involvement.opportunity o WHERE o.project_id = NEW.id));
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION involvement.catalogue_of_owner() IS 'Keeps the catalogue when the name of an organisation or the title of a project changes, or the choice of a second approver.';
CREATE TRIGGER catalogue_organisation_changed AFTER UPDATE OF name, slug, second_approver ON people.organisation
  FOR EACH ROW EXECUTE FUNCTION involvement.catalogue_of_owner();
CREATE TRIGGER catalogue_project_changed AFTER UPDATE OF title ON involvement.project
  FOR EACH ROW WHEN (NEW.title IS DISTINCT FROM OLD.title) EXECUTE FUNCTION involvement.catalogue_of_owner();
