-- A need that nobody else is said to have told was told by the contributor.
ALTER TABLE people.access_need ALTER COLUMN told_by SET DEFAULT 'contributor';
