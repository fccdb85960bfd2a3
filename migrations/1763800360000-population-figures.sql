-- Figures about the population, which contributors are compared with: a source with its table, licence and cautions, and its counts by
-- area and category. Some come with the service; a data steward brings newer ones.

CREATE TABLE edi.population_source (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  key text NOT NULL CONSTRAINT population_source_key_form CHECK (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(key) <= 80),
  title text NOT NULL CONSTRAINT population_source_title_length CHECK (length(title) BETWEEN 1 AND 200),
  publisher text NOT NULL CONSTRAINT population_source_publisher_length CHECK (length(publisher) BETWEEN 1 AND 200),
  licence text NOT NULL CONSTRAINT population_source_licence_length CHECK (length(licence) BETWEEN 1 AND 200),
  table_id text NOT NULL CONSTRAINT population_source_table_id_length CHECK (length(table_id) BETWEEN 1 AND 100),
  origin text NOT NULL CONSTRAINT population_source_origin_length CHECK (length(origin) BETWEEN 1 AND 1000),
  reference_day date NOT NULL,
  characteristic text NOT NULL CONSTRAINT population_source_characteristic_form CHECK (characteristic ~ '^[a-z]+(-[a-z]+)*$'),
  age_range text NOT NULL CONSTRAINT population_source_age_range_known CHECK (age_range IN ('all-ages', '16-and-over', '18-and-over')),
  reservation text CONSTRAINT population_source_reservation_length CHECK (length(reservation) BETWEEN 1 AND 1000),
  caution text CONSTRAINT population_source_caution_length CHECK (length(caution) BETWEEN 1 AND 1000),
  maintained_by text NOT NULL CONSTRAINT population_source_maintained_by_known CHECK (maintained_by IN ('reference', 'steward')),
  CONSTRAINT population_source_key_once UNIQUE (key)
);
COMMENT ON TABLE edi.population_source IS 'Where figures about the population come from: a publisher''s table about one characteristic.';
COMMENT ON COLUMN edi.population_source.id IS 'Identifier.';
COMMENT ON COLUMN edi.population_source.created_at IS 'When the row was written.';
COMMENT ON COLUMN edi.population_source.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN edi.population_source.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.population_source.key IS 'Stable name, such as census-2021-ts021.';
COMMENT ON COLUMN edi.population_source.title IS 'What it is called.';
COMMENT ON COLUMN edi.population_source.publisher IS 'Who published it, to be named wherever it is used.';
COMMENT ON COLUMN edi.population_source.licence IS 'The licence it is used under.';
COMMENT ON COLUMN edi.population_source.table_id IS 'The publisher''s name of the table or tables.';
COMMENT ON COLUMN edi.population_source.origin IS 'Where the numbers were read, so that somebody can check them.';
COMMENT ON COLUMN edi.population_source.reference_day IS 'The day that the figures are about.';
COMMENT ON COLUMN edi.population_source.characteristic IS 'Key of the characteristic.';
COMMENT ON COLUMN edi.population_source.age_range IS 'Whom the figures count.';
COMMENT ON COLUMN edi.population_source.reservation IS 'Why no verdict may rest on it beside age and area, such as another question; null where it may.';
COMMENT ON COLUMN edi.population_source.caution IS 'What a reader must mind.';
COMMENT ON COLUMN edi.population_source.maintained_by IS 'Whether it comes with the service or was brought in by a data steward.';

CREATE TABLE edi.population_figure (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version integer NOT NULL DEFAULT 1,
  source_id uuid NOT NULL CONSTRAINT population_figure_of_a_source REFERENCES edi.population_source (id) ON DELETE CASCADE,
  area_code text NOT NULL CONSTRAINT population_figure_area_code_form CHECK (area_code ~ '^[EWSNK][0-9]{8}$'),
  area_name text NOT NULL CONSTRAINT population_figure_area_name_length CHECK (length(area_name) BETWEEN 1 AND 200),
  category text NOT NULL CONSTRAINT population_figure_category_length CHECK (length(category) BETWEEN 1 AND 80),
  label text NOT NULL CONSTRAINT population_figure_label_length CHECK (length(label) BETWEEN 1 AND 200),
  place smallint NOT NULL,
  people integer NOT NULL CONSTRAINT population_figure_people_not_negative CHECK (people >= 0),
  stands_for text[] NOT NULL,
  sureness text NOT NULL CONSTRAINT population_figure_sureness_known CHECK (sureness IN ('published', 'summed', 'derived', 'unchecked')),
  CONSTRAINT population_figure_once UNIQUE (source_id, area_code, category)
);
COMMENT ON TABLE edi.population_figure IS 'How many people of an area are of a category, by a source.';
COMMENT ON COLUMN edi.population_figure.id IS 'Identifier.';
COMMENT ON COLUMN edi.population_figure.created_at IS 'When the row was written.';
COMMENT ON COLUMN edi.population_figure.updated_at IS 'When the row last changed.';
COMMENT ON COLUMN edi.population_figure.version IS 'Rises by one with every change.';
COMMENT ON COLUMN edi.population_figure.source_id IS 'The source.';
COMMENT ON COLUMN edi.population_figure.area_code IS 'GSS code of the area.';
COMMENT ON COLUMN edi.population_figure.area_name IS 'Name of the area.';
COMMENT ON COLUMN edi.population_figure.category IS 'Code of the category.';
COMMENT ON COLUMN edi.population_figure.label IS 'The category in words.';
COMMENT ON COLUMN edi.population_figure.place IS 'Its place among the categories.';
COMMENT ON COLUMN edi.population_figure.people IS 'How many people.';
COMMENT ON COLUMN edi.population_figure.stands_for IS 'Codes of the answers of contributors that together are this category; none for people who did not answer.';
COMMENT ON COLUMN edi.population_figure.sureness IS 'How sure the number is: read as published, summed or derived by us, or not checked by this service.';
