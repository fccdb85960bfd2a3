-- Question: what does an organisation's own return hold, exactly?
-- Grain: stage, characteristic, code. For rows one person each, wherever they count; for counts the ranges as returned.
-- Parameters: $1 uuid the return; $2 uuid the organisation that returned it and asks.
-- Assumptions: unprotected, so for the organisation that collected the answers and for nobody else. A person with several impairments is
--   counted once for each of them.
SELECT r.stage, c.characteristic, c.code, count(*)::integer AS low, count(*)::integer AS high
FROM edi_answers.returned_row r
CROSS JOIN LATERAL (
  VALUES ('ethnic-group', r.ethnic_group), ('ethnic-background', r.ethnic_background), ('age', r.age), ('sex', r.sex),
    ('gender-identity', r.gender_identity), ('disability', r.disability), ('religion', r.religion),
    ('sexual-orientation', r.sexual_orientation), ('unpaid-care', r.unpaid_care),
    ('socio-economic-background', r.socio_economic_background), ('region', r.region), ('main-language', r.main_language)
) AS c(characteristic, code)
WHERE r.return_id = (SELECT t.id FROM edi.return t WHERE t.id = $1 AND t.organisation_id = $2)
GROUP BY r.stage, c.characteristic, c.code
UNION ALL
SELECT r.stage, 'impairment', i.code, count(*)::integer, count(*)::integer
FROM edi_answers.returned_row r CROSS JOIN LATERAL unnest(r.impairment) AS i(code)
WHERE r.return_id = (SELECT t.id FROM edi.return t WHERE t.id = $1 AND t.organisation_id = $2)
GROUP BY r.stage, i.code
UNION ALL
SELECT n.stage, n.characteristic, n.code, sum(n.low)::integer, sum(n.high)::integer
FROM edi_answers.returned_count n
WHERE n.return_id = (SELECT t.id FROM edi.return t WHERE t.id = $1 AND t.organisation_id = $2)
GROUP BY n.stage, n.characteristic, n.code
