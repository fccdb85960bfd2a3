-- A release names the collection that it counts, which must be there. There are no releases yet.
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE edi.release ADD CONSTRAINT release_of_a_collection FOREIGN KEY (collection_id) REFERENCES edi.collection (id);
CREATE INDEX release_collection ON edi.release (collection_id);
