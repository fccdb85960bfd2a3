-- What a release froze: who was counted, by pseudonym, and the true counts. For the diversity login only; rows carry no id of their own
-- and no moment, and stand in the order of pseudonyms, which is none.

CREATE TABLE edi_snapshot.category (
  place smallint NOT NULL CONSTRAINT category_place_range CHECK (place BETWEEN 1 AND 100),
  code smallint NOT NULL CONSTRAINT category_code_range CHECK (code BETWEEN 0 AND 1000),
  characteristic text NOT NULL CONSTRAINT category_characteristic_form CHECK (characteristic ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  category text NOT NULL CONSTRAINT category_category_length CHECK (length(category) BETWEEN 1 AND 80),
  CONSTRAINT category_key PRIMARY KEY (place, code),
  CONSTRAINT category_once UNIQUE (characteristic, category)
);
COMMENT ON TABLE edi_snapshot.category IS 'Numbers that stand for characteristics and their categories in members, the same in every snapshot. Code 0 is not-known.';
COMMENT ON COLUMN edi_snapshot.category.place IS 'Place of the characteristic in member.answers, counted from 1.';
COMMENT ON COLUMN edi_snapshot.category.code IS 'Number of the category.';
COMMENT ON COLUMN edi_snapshot.category.characteristic IS 'The characteristic.';
COMMENT ON COLUMN edi_snapshot.category.category IS 'Its category.';

CREATE TABLE edi_snapshot.member (
  release_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  pseudonym bytea CONSTRAINT member_pseudonym_size CHECK (octet_length(pseudonym) = 32),
  stage text NOT NULL CONSTRAINT member_stage_known CHECK (stage IN ('registered', 'interested', 'selected', 'took-part')),
  answers smallint[] NOT NULL
);
-- Rows of a release stand together, so that so small an index finds them, and filling it costs nothing.
CREATE INDEX member_of_release ON edi_snapshot.member USING brin (release_id);
CREATE INDEX member_pseudonym ON edi_snapshot.member (pseudonym) WHERE pseudonym IS NOT NULL;
COMMENT ON TABLE edi_snapshot.member IS 'Who was counted in a release, each at one organisation. The pseudonym of somebody who was erased is replaced by noise.';
COMMENT ON COLUMN edi_snapshot.member.release_id IS 'The release.';
COMMENT ON COLUMN edi_snapshot.member.organisation_id IS 'The home organisation.';
COMMENT ON COLUMN edi_snapshot.member.pseudonym IS 'Keyed hash of who it is; null for rows that were returned without an identifier.';
COMMENT ON COLUMN edi_snapshot.member.stage IS 'Furthest stage in the period.';
COMMENT ON COLUMN edi_snapshot.member.answers IS 'Number of the category for each characteristic, by its place.';

CREATE TABLE edi_snapshot.returned_count (
  release_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  stage text NOT NULL,
  characteristic text NOT NULL CONSTRAINT returned_count_characteristic_form CHECK (characteristic ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  category text NOT NULL CONSTRAINT returned_count_category_length CHECK (length(category) BETWEEN 1 AND 80),
  people integer NOT NULL CONSTRAINT returned_count_not_negative CHECK (people >= 0),
  CONSTRAINT returned_count_key PRIMARY KEY (release_id, organisation_id, stage, characteristic, category)
);
COMMENT ON TABLE edi_snapshot.returned_count IS 'Counts of organisations that returned counts and no rows. Of each stage they add up to the same number of people for each characteristic.';
COMMENT ON COLUMN edi_snapshot.returned_count.release_id IS 'The release.';
COMMENT ON COLUMN edi_snapshot.returned_count.organisation_id IS 'The organisation.';
COMMENT ON COLUMN edi_snapshot.returned_count.stage IS 'Furthest stage.';
COMMENT ON COLUMN edi_snapshot.returned_count.characteristic IS 'The characteristic.';
COMMENT ON COLUMN edi_snapshot.returned_count.category IS 'Its category.';
COMMENT ON COLUMN edi_snapshot.returned_count.people IS 'How many people.';

CREATE TABLE edi_snapshot.unit_count (
  release_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  stage text NOT NULL,
  hub text NOT NULL,
  characteristic text NOT NULL,
  category text NOT NULL,
  people integer NOT NULL CONSTRAINT unit_count_positive CHECK (people > 0)
);
CREATE INDEX unit_count_of_unit ON edi_snapshot.unit_count (release_id, organisation_id);
COMMENT ON TABLE edi_snapshot.unit_count IS 'The true counts of a release, of organisations with rows: furthest stage by ethnic group by each characteristic.';
COMMENT ON COLUMN edi_snapshot.unit_count.release_id IS 'The release.';
COMMENT ON COLUMN edi_snapshot.unit_count.organisation_id IS 'The organisation.';
COMMENT ON COLUMN edi_snapshot.unit_count.stage IS 'Furthest stage.';
COMMENT ON COLUMN edi_snapshot.unit_count.hub IS 'Category of ethnic group.';
COMMENT ON COLUMN edi_snapshot.unit_count.characteristic IS 'The characteristic; ethnic-group for the people themselves.';
COMMENT ON COLUMN edi_snapshot.unit_count.category IS 'Its category.';
COMMENT ON COLUMN edi_snapshot.unit_count.people IS 'How many people.';

CREATE TABLE edi_snapshot.unit (
  release_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  form text NOT NULL CONSTRAINT unit_form_known CHECK (form IN ('records', 'anonymous', 'counts', 'empty')),
  refreshed_in uuid NOT NULL,
  joined integer NOT NULL,
  left_again integer NOT NULL,
  changed integer NOT NULL,
  held boolean NOT NULL,
  CONSTRAINT unit_key PRIMARY KEY (release_id, organisation_id),
  CONSTRAINT unit_held_is_older CHECK (NOT held OR refreshed_in <> release_id)
);
COMMENT ON TABLE edi_snapshot.unit IS 'What the refresh gate decided for each organisation of a release.';
COMMENT ON COLUMN edi_snapshot.unit.release_id IS 'The release.';
COMMENT ON COLUMN edi_snapshot.unit.organisation_id IS 'The organisation.';
COMMENT ON COLUMN edi_snapshot.unit.form IS 'Records with pseudonyms, anonymous rows among them, counts, or nobody.';
COMMENT ON COLUMN edi_snapshot.unit.refreshed_in IS 'The release whose members and counts these are: this one, or an earlier one where it was held or nothing changed.';
COMMENT ON COLUMN edi_snapshot.unit.joined IS 'People who are new since it was last refreshed; a lower bound where there are no pseudonyms.';
COMMENT ON COLUMN edi_snapshot.unit.left_again IS 'People who are gone since then; a lower bound where there are no pseudonyms.';
COMMENT ON COLUMN edi_snapshot.unit.changed IS 'People with other answers or another stage since then; a lower bound where there are no pseudonyms.';
COMMENT ON COLUMN edi_snapshot.unit.held IS 'Whether the old members and counts stand, because too few changed to show the new ones.';

CREATE TABLE edi_snapshot.protected (
  release_id uuid PRIMARY KEY,
  release jsonb NOT NULL
);
COMMENT ON TABLE edi_snapshot.protected IS 'What was published, in the form in which later releases are protected together with it.';
COMMENT ON COLUMN edi_snapshot.protected.release_id IS 'The release.';
COMMENT ON COLUMN edi_snapshot.protected.release IS 'Its units with their instances, catalogue, rules, merges and figures.';

-- A snapshot is counted in the transaction that takes it: the planner must know of its rows at once.
GRANT MAINTAIN ON edi_snapshot.member, edi_snapshot.unit_count, edi_snapshot.returned_count TO partnerships_diversity;
