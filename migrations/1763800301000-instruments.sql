-- Questionnaires as data: code lists with versions, what a code of one list is in another, and questionnaires as FHIR R4 JSON.

CREATE TABLE instruments.code_list (
  key text NOT NULL CONSTRAINT code_list_key_form CHECK (key ~ '^[a-z][a-z0-9-]{1,79}$'),
  version integer NOT NULL CONSTRAINT code_list_version_positive CHECK (version > 0),
  name text NOT NULL CONSTRAINT code_list_name_length CHECK (length(name) BETWEEN 1 AND 200),
  about text NOT NULL CONSTRAINT code_list_about_length CHECK (length(about) BETWEEN 1 AND 1000),
  source text NOT NULL CONSTRAINT code_list_source_length CHECK (length(source) BETWEEN 1 AND 400),
  verified boolean NOT NULL,
  PRIMARY KEY (key, version)
);
COMMENT ON TABLE instruments.code_list IS 'Lists of answers that can be chosen, each in versions that stay as they are.';
COMMENT ON COLUMN instruments.code_list.key IS 'Short name, the same over all versions.';
COMMENT ON COLUMN instruments.code_list.version IS 'Version of the list.';
COMMENT ON COLUMN instruments.code_list.name IS 'Name, in plain English.';
COMMENT ON COLUMN instruments.code_list.about IS 'What the list is for, and what is to be known about it.';
COMMENT ON COLUMN instruments.code_list.source IS 'Where the list was read.';
COMMENT ON COLUMN instruments.code_list.verified IS 'Whether somebody has checked it against its source.';

CREATE TABLE instruments.code (
  list text NOT NULL,
  list_version integer NOT NULL,
  code text NOT NULL CONSTRAINT code_form CHECK (code ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,79}$'),
  label text NOT NULL CONSTRAINT code_label_length CHECK (length(label) BETWEEN 1 AND 200),
  welsh_label text CONSTRAINT code_welsh_label_length CHECK (length(welsh_label) BETWEEN 1 AND 200),
  place integer NOT NULL CONSTRAINT code_place_positive CHECK (place > 0),
  unknown boolean NOT NULL,
  alone boolean NOT NULL,
  PRIMARY KEY (list, list_version, code),
  CONSTRAINT code_of_list FOREIGN KEY (list, list_version) REFERENCES instruments.code_list (key, version)
);
COMMENT ON TABLE instruments.code IS 'The codes of each version of a list.';
COMMENT ON COLUMN instruments.code.list IS 'The list.';
COMMENT ON COLUMN instruments.code.list_version IS 'Its version.';
COMMENT ON COLUMN instruments.code.code IS 'Code, stable within the list.';
COMMENT ON COLUMN instruments.code.label IS 'What people read, in English.';
COMMENT ON COLUMN instruments.code.welsh_label IS 'What people read, in Welsh; null where no sure translation is at hand.';
COMMENT ON COLUMN instruments.code.place IS 'Place in the list.';
COMMENT ON COLUMN instruments.code.unknown IS 'Whether it says that the person prefers not to say.';
COMMENT ON COLUMN instruments.code.alone IS 'Whether it cannot be chosen together with others, where several may be.';

CREATE TABLE instruments.mapping (
  from_list text NOT NULL,
  from_version integer NOT NULL,
  from_code text NOT NULL,
  to_list text NOT NULL,
  to_version integer NOT NULL,
  to_code text,
  note text CONSTRAINT mapping_note_length CHECK (length(note) BETWEEN 1 AND 400),
  source text NOT NULL CONSTRAINT mapping_source_length CHECK (length(source) BETWEEN 1 AND 400),
  verified boolean NOT NULL,
  PRIMARY KEY (from_list, from_version, from_code, to_list, to_version),
  CONSTRAINT mapping_from_code FOREIGN KEY (from_list, from_version, from_code) REFERENCES instruments.code (list, list_version, code),
  CONSTRAINT mapping_to_list FOREIGN KEY (to_list, to_version) REFERENCES instruments.code_list (key, version),
  CONSTRAINT mapping_to_code FOREIGN KEY (to_list, to_version, to_code) REFERENCES instruments.code (list, list_version, code),
  CONSTRAINT mapping_says_why_not CHECK (to_code IS NOT NULL OR note IS NOT NULL)
);
CREATE INDEX mapping_to ON instruments.mapping (to_list, to_version, to_code);
COMMENT ON TABLE instruments.mapping IS 'What a code of one list is in another list or version. That it cannot be mapped is an answer too.';
COMMENT ON COLUMN instruments.mapping.from_list IS 'The list that is mapped.';
COMMENT ON COLUMN instruments.mapping.from_version IS 'Its version.';
COMMENT ON COLUMN instruments.mapping.from_code IS 'The code that is mapped.';
COMMENT ON COLUMN instruments.mapping.to_list IS 'The list that it is mapped to.';
COMMENT ON COLUMN instruments.mapping.to_version IS 'Version of that list.';
COMMENT ON COLUMN instruments.mapping.to_code IS 'What it is there; null where it cannot be mapped.';
COMMENT ON COLUMN instruments.mapping.note IS 'What is to be known; why, where it cannot be mapped.';
COMMENT ON COLUMN instruments.mapping.source IS 'Who says so.';
COMMENT ON COLUMN instruments.mapping.verified IS 'Whether somebody has checked it.';

CREATE TABLE instruments.questionnaire (
  key text NOT NULL CONSTRAINT questionnaire_key_form CHECK (key ~ '^[a-z][a-z0-9-]{1,79}$'),
  version integer NOT NULL CONSTRAINT questionnaire_version_positive CHECK (version > 0),
  title text NOT NULL CONSTRAINT questionnaire_title_length CHECK (length(title) BETWEEN 1 AND 200),
  resource jsonb NOT NULL CONSTRAINT questionnaire_is_fhir
    CHECK (jsonb_typeof(resource) = 'object' AND resource ->> 'resourceType' = 'Questionnaire' AND pg_column_size(resource) <= 262144),
  source text NOT NULL CONSTRAINT questionnaire_source_length CHECK (length(source) BETWEEN 1 AND 400),
  verified boolean NOT NULL,
  PRIMARY KEY (key, version)
);
COMMENT ON TABLE instruments.questionnaire IS 'Questionnaires in versions that stay as they are, as FHIR R4 Questionnaire resources.';
COMMENT ON COLUMN instruments.questionnaire.key IS 'Short name, the same over all versions.';
COMMENT ON COLUMN instruments.questionnaire.version IS 'Version of the questionnaire.';
COMMENT ON COLUMN instruments.questionnaire.title IS 'Title, in plain English.';
COMMENT ON COLUMN instruments.questionnaire.resource IS 'The FHIR R4 Questionnaire, as it is given out.';
COMMENT ON COLUMN instruments.questionnaire.source IS 'Where its questions come from.';
COMMENT ON COLUMN instruments.questionnaire.verified IS 'Whether somebody has checked it against its source.';
