WITH p AS MATERIALIZED (
  SELECT p.id, p.hired_on
  FROM people p)
SELECT p.id, c.component, round(c.amount, 2) AS amount,
  CASE WHEN c.amount IS NULL THEN array_remove(c.missing, NULL) ELSE '{}' END AS missing
FROM p
LEFT JOIN pay y ON y.employee_id = p.id
LEFT JOIN results r ON r.employee_id = p.id AND r.month = %(M)s
CROSS JOIN LATERAL (VALUES
  ('base', (y.base)::numeric, (true)::boolean, ARRAY[CASE WHEN y.base IS NULL THEN 'base' END]::text[]),
  ('performance', ((y.base * r.total * 0.0015))::numeric, (true)::boolean, ARRAY[CASE WHEN y.base IS NULL THEN 'base' END, CASE WHEN r.total IS NULL THEN 'total' END]::text[])
) AS c(component, amount, yields, missing)
WHERE c.yields IS NOT FALSE
