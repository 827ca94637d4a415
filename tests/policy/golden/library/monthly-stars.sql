WITH p AS MATERIALIZED (
  SELECT p.id, p.hired_on, p.position
  FROM people p)
SELECT p.id, c.component, round(c.amount, 2) AS amount,
  CASE WHEN c.amount IS NULL THEN array_remove(c.missing, NULL) ELSE '{}' END AS missing
FROM p
LEFT JOIN pay y ON y.employee_id = p.id
LEFT JOIN results r ON r.employee_id = p.id AND r.month = %(M)s
CROSS JOIN LATERAL (VALUES
  ('performance', (CASE WHEN r.stars IS NOT NULL THEN y.performance END)::numeric, (true)::boolean, ARRAY[CASE WHEN y.performance IS NULL THEN 'performance' END, CASE WHEN r.stars IS NULL THEN 'stars' END]::text[]),
  ('star_bonus', (CASE WHEN r.stars IS NOT NULL THEN CASE WHEN (r.stars = 5) IS NULL THEN NULL WHEN r.stars = 5 THEN 500 WHEN (r.stars = 4) IS NULL THEN NULL WHEN r.stars = 4 THEN 200 ELSE NULL END END)::numeric, (CASE WHEN (r.stars = 5) IS NULL THEN NULL WHEN r.stars = 5 THEN true WHEN (r.stars = 4) IS NULL THEN NULL WHEN r.stars = 4 THEN true ELSE false END)::boolean, ARRAY[CASE WHEN r.stars IS NULL THEN 'stars' END]::text[]),
  ('star_deduction', (CASE WHEN r.stars IS NOT NULL THEN CASE WHEN (r.stars = 2) IS NULL THEN NULL WHEN r.stars = 2 THEN (y.performance * (-0.5)) WHEN (r.stars = 1) IS NULL THEN NULL WHEN r.stars = 1 THEN (y.performance * (-1)) ELSE NULL END END)::numeric, (CASE WHEN (r.stars = 2) IS NULL THEN NULL WHEN r.stars = 2 THEN true WHEN (r.stars = 1) IS NULL THEN NULL WHEN r.stars = 1 THEN true ELSE false END)::boolean, ARRAY[CASE WHEN y.performance IS NULL THEN 'performance' END, CASE WHEN r.stars IS NULL THEN 'stars' END]::text[])
) AS c(component, amount, yields, missing)
WHERE c.yields IS NOT FALSE AND coalesce(p.position IS DISTINCT FROM '前台', false)
