-- A member of a team who is a contributor is one on record. The table is still empty, so the check costs nothing.

ALTER TABLE involvement.team_member
  -- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
  ADD CONSTRAINT team_member_contributor FOREIGN KEY (contributor_id) REFERENCES people.contributor (id);
