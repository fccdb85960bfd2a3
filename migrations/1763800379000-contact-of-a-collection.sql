-- Whom organisations ask about a collection, as reminders tell them.
ALTER TABLE edi.collection ADD COLUMN contact text CONSTRAINT collection_contact_length CHECK (length(contact) BETWEEN 1 AND 300);
COMMENT ON COLUMN edi.collection.contact IS 'Whom to ask about it, at work: a team, its address or telephone number. Taken out when the collection is closed.';
