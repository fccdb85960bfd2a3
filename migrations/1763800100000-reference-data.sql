-- Reference data that records refer to by code: nations and regions, health categories, languages, points of postcodes.

-- Exclusion constraints over an id and a time span need it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE people.region (
  code text PRIMARY KEY CONSTRAINT region_code_is_gss CHECK (code ~ '^[A-Z][0-9]{8}$'),
  name text NOT NULL CONSTRAINT region_name_length CHECK (length(name) BETWEEN 1 AND 100),
  welsh_name text CONSTRAINT region_welsh_name_length CHECK (length(welsh_name) BETWEEN 1 AND 100),
  kind text NOT NULL CONSTRAINT region_kind_known CHECK (kind IN ('nation', 'english-region')),
  nation_code text NOT NULL CONSTRAINT region_of_a_nation REFERENCES people.region (code),
  source text NOT NULL CONSTRAINT region_source_length CHECK (length(source) BETWEEN 1 AND 400),
  verified boolean NOT NULL,
  maintained_by text NOT NULL DEFAULT 'reference' CONSTRAINT region_maintained_by_known CHECK (maintained_by IN ('reference', 'administrator')),
  CONSTRAINT region_nation_is_its_own CHECK ((kind = 'nation') = (nation_code = code))
);
CREATE INDEX region_nation ON people.region (nation_code);
COMMENT ON TABLE people.region IS 'The nations of the UK and the regions of England, by the GSS codes of the Office for National Statistics.';
COMMENT ON COLUMN people.region.code IS 'GSS code.';
COMMENT ON COLUMN people.region.name IS 'Name in English.';
COMMENT ON COLUMN people.region.welsh_name IS 'Name in Welsh, where it has one of its own.';
COMMENT ON COLUMN people.region.kind IS 'Nation, or region of England.';
COMMENT ON COLUMN people.region.nation_code IS 'The nation that it belongs to; a nation names itself.';
COMMENT ON COLUMN people.region.source IS 'Where the row was read.';
COMMENT ON COLUMN people.region.verified IS 'Whether somebody has checked the row against its source.';
COMMENT ON COLUMN people.region.maintained_by IS 'Who keeps the row: the reference data that come with the service, or an administrator, whose row a start leaves alone.';

CREATE TABLE people.health_category (
  slug text PRIMARY KEY CONSTRAINT health_category_slug_form CHECK (slug ~ '^[a-z][a-z0-9-]{1,59}$'),
  name text NOT NULL CONSTRAINT health_category_name_length CHECK (length(name) BETWEEN 1 AND 100),
  description text NOT NULL CONSTRAINT health_category_description_length CHECK (length(description) BETWEEN 1 AND 500),
  place integer NOT NULL CONSTRAINT health_category_place_positive CHECK (place > 0),
  source text NOT NULL CONSTRAINT health_category_source_length CHECK (length(source) BETWEEN 1 AND 400),
  verified boolean NOT NULL,
  maintained_by text NOT NULL DEFAULT 'reference' CONSTRAINT health_category_maintained_by_known CHECK (maintained_by IN ('reference', 'administrator'))
);
COMMENT ON TABLE people.health_category IS 'The 21 health categories of the UK Health Research Classification System.';
COMMENT ON COLUMN people.health_category.slug IS 'Short name in addresses and filters.';
COMMENT ON COLUMN people.health_category.name IS 'Name of the category.';
COMMENT ON COLUMN people.health_category.description IS 'What belongs to it, in plain English.';
COMMENT ON COLUMN people.health_category.place IS 'Place in the list.';
COMMENT ON COLUMN people.health_category.source IS 'Where the row was read.';
COMMENT ON COLUMN people.health_category.verified IS 'Whether somebody has checked the row against its source.';
COMMENT ON COLUMN people.health_category.maintained_by IS 'Who keeps the row: the reference data that come with the service, or an administrator, whose row a start leaves alone.';

CREATE TABLE people.language (
  code text PRIMARY KEY CONSTRAINT language_code_form CHECK (code ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  name text NOT NULL CONSTRAINT language_name_length CHECK (length(name) BETWEEN 1 AND 100),
  own_name text NOT NULL CONSTRAINT language_own_name_length CHECK (length(own_name) BETWEEN 1 AND 100),
  place integer NOT NULL CONSTRAINT language_place_positive CHECK (place > 0),
  source text NOT NULL CONSTRAINT language_source_length CHECK (length(source) BETWEEN 1 AND 400),
  verified boolean NOT NULL,
  maintained_by text NOT NULL DEFAULT 'reference' CONSTRAINT language_maintained_by_known CHECK (maintained_by IN ('reference', 'administrator'))
);
COMMENT ON TABLE people.language IS 'Languages met in the UK, sign languages among them.';
COMMENT ON COLUMN people.language.code IS 'BCP 47 tag, such as cy for Welsh.';
COMMENT ON COLUMN people.language.name IS 'Name in English.';
COMMENT ON COLUMN people.language.own_name IS 'The language''s name in itself.';
COMMENT ON COLUMN people.language.place IS 'Place in the list.';
COMMENT ON COLUMN people.language.source IS 'Where the row was read.';
COMMENT ON COLUMN people.language.verified IS 'Whether somebody has checked the row against its source.';
COMMENT ON COLUMN people.language.maintained_by IS 'Who keeps the row: the reference data that come with the service, or an administrator, whose row a start leaves alone.';

CREATE TABLE people.postcode_area (
  code text PRIMARY KEY CONSTRAINT postcode_area_code_form CHECK (code ~ '^[A-Z]{1,2}$'),
  town text NOT NULL CONSTRAINT postcode_area_town_length CHECK (length(town) BETWEEN 1 AND 100),
  latitude double precision NOT NULL CONSTRAINT postcode_area_latitude_in_uk CHECK (latitude BETWEEN 49 AND 62),
  longitude double precision NOT NULL CONSTRAINT postcode_area_longitude_in_uk CHECK (longitude BETWEEN -9 AND 3),
  region_code text NOT NULL CONSTRAINT postcode_area_region REFERENCES people.region (code),
  accuracy_km integer NOT NULL CONSTRAINT postcode_area_accuracy_positive CHECK (accuracy_km BETWEEN 1 AND 500),
  note text CONSTRAINT postcode_area_note_length CHECK (length(note) BETWEEN 1 AND 400),
  source text NOT NULL CONSTRAINT postcode_area_source_length CHECK (length(source) BETWEEN 1 AND 400),
  verified boolean NOT NULL,
  maintained_by text NOT NULL DEFAULT 'reference' CONSTRAINT postcode_area_maintained_by_known CHECK (maintained_by IN ('reference', 'administrator'))
);
CREATE INDEX postcode_area_region ON people.postcode_area (region_code);
COMMENT ON TABLE people.postcode_area IS 'Rough centre points of the postcode areas of the UK. Used where no exact point of the district is loaded.';
COMMENT ON COLUMN people.postcode_area.code IS 'The letters with which the outward postcode begins, such as LS.';
COMMENT ON COLUMN people.postcode_area.town IS 'Main town.';
COMMENT ON COLUMN people.postcode_area.latitude IS 'Degrees north (WGS 84).';
COMMENT ON COLUMN people.postcode_area.longitude IS 'Degrees east (WGS 84), so most are negative.';
COMMENT ON COLUMN people.postcode_area.region_code IS 'Region of England, or nation, of the main town.';
COMMENT ON COLUMN people.postcode_area.accuracy_km IS 'How far the point may be from the true centre, in kilometres.';
COMMENT ON COLUMN people.postcode_area.note IS 'What else is to be known about the row.';
COMMENT ON COLUMN people.postcode_area.source IS 'Where the row comes from.';
COMMENT ON COLUMN people.postcode_area.verified IS 'Whether somebody has checked the row against its source.';
COMMENT ON COLUMN people.postcode_area.maintained_by IS 'Who keeps the row: the reference data that come with the service, or an administrator, whose row a start leaves alone.';

CREATE TABLE people.postcode_district (
  outward text PRIMARY KEY CONSTRAINT postcode_district_outward_form CHECK (outward ~ '^[A-Z]{1,2}[0-9][0-9A-Z]?$'),
  latitude double precision NOT NULL CONSTRAINT postcode_district_latitude_in_uk CHECK (latitude BETWEEN 49 AND 62),
  longitude double precision NOT NULL CONSTRAINT postcode_district_longitude_in_uk CHECK (longitude BETWEEN -9 AND 3),
  region_code text CONSTRAINT postcode_district_region REFERENCES people.region (code),
  source text NOT NULL CONSTRAINT postcode_district_source_length CHECK (length(source) BETWEEN 1 AND 400),
  loaded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX postcode_district_region ON people.postcode_district (region_code);
COMMENT ON TABLE people.postcode_district IS 'Centre points of postcode districts, once an administrator has loaded the ONS Postcode Directory. Empty until then.';
COMMENT ON COLUMN people.postcode_district.outward IS 'Outward postcode without a space, such as LS2 or EC1A.';
COMMENT ON COLUMN people.postcode_district.latitude IS 'Degrees north (WGS 84), the mean of the district''s live postcodes.';
COMMENT ON COLUMN people.postcode_district.longitude IS 'Degrees east (WGS 84), the mean of the district''s live postcodes.';
COMMENT ON COLUMN people.postcode_district.region_code IS 'Region of England, or nation, where the file says it.';
COMMENT ON COLUMN people.postcode_district.source IS 'The file that it was loaded from.';
COMMENT ON COLUMN people.postcode_district.loaded_at IS 'When it was loaded.';
