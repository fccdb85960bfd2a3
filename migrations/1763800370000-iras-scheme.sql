-- The register of the Integrated Research Application System is called "iras" among the schemes of a project's identifiers, as the
-- other registers are called by their short names, and not by the name of its number.

ALTER TABLE involvement.project_identifier DROP CONSTRAINT project_identifier_scheme_known;

UPDATE involvement.project
SET identifiers = (SELECT jsonb_agg(CASE WHEN e.one->>'scheme' = 'irasId' THEN jsonb_set(e.one, '{scheme}', '"iras"') ELSE e.one END ORDER BY e.place)
    FROM jsonb_array_elements(identifiers) WITH ORDINALITY AS e (one, place)),
  version = version + 1, updated_at = now()
WHERE identifiers @> '[{"scheme": "irasId"}]';

-- The table is small and locked for a moment only: it has a few rows for each project.
ALTER TABLE involvement.project_identifier
  -- squawk-ignore constraint-missing-not-valid
  ADD CONSTRAINT project_identifier_scheme_known CHECK (scheme IN ('award', 'iras', 'cpms', 'isrctn', 'other'));
