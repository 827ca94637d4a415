WITH p AS MATERIALIZED (
  SELECT p.id, p.hired_on
  FROM people p), a0 AS MATERIALIZED (
  SELECT q.id, sum(upper(q.r) - lower(q.r)) AS days
  FROM (SELECT p.id, unnest(range_agg(daterange(greatest(a.first_day, p.hired_on, %(d12)s), least(a.last_day, %(last_day)s) + 1))) AS r
        FROM p JOIN absences a ON a.employee_id = p.id AND greatest(a.first_day, p.hired_on, %(d12)s) <= least(a.last_day, %(last_day)s) GROUP BY p.id) q
  GROUP BY q.id)
SELECT p.id, c.component, round(c.amount, 2) AS amount,
  CASE WHEN c.amount IS NULL THEN array_remove(c.missing, NULL) ELSE '{}' END AS missing
FROM p
LEFT JOIN a0 ON a0.id = p.id
LEFT JOIN pay y ON y.employee_id = p.id
LEFT JOIN results r ON r.employee_id = p.id AND r.month = %(M)s
CROSS JOIN LATERAL (VALUES
  ('performance', ((y.base * r.total * 0.0015))::numeric, (true)::boolean, ARRAY[CASE WHEN y.base IS NULL THEN 'base' END, CASE WHEN r.total IS NULL THEN 'total' END]::text[]),
  ('star_deduction', (CASE WHEN r.stars IS NOT NULL THEN CASE WHEN (r.stars = 2) IS NULL THEN NULL WHEN r.stars = 2 THEN (y.performance * (-0.5)) WHEN (r.stars = 1) IS NULL THEN NULL WHEN r.stars = 1 THEN (y.performance * (-1)) ELSE NULL END END)::numeric, (CASE WHEN (r.stars = 2) IS NULL THEN NULL WHEN r.stars = 2 THEN true WHEN (r.stars = 1) IS NULL THEN NULL WHEN r.stars = 1 THEN true ELSE false END)::boolean, ARRAY[CASE WHEN y.performance IS NULL THEN 'performance' END, CASE WHEN r.stars IS NULL THEN 'stars' END]::text[]),
  ('bonus', (CASE WHEN r.cases IS NOT NULL THEN CASE WHEN (('bonus' = ANY (r.cases))) IS NULL THEN NULL WHEN ('bonus' = ANY (r.cases)) THEN 200 ELSE NULL END END)::numeric, (CASE WHEN (('bonus' = ANY (r.cases))) IS NULL THEN NULL WHEN ('bonus' = ANY (r.cases)) THEN true ELSE false END)::boolean, ARRAY[CASE WHEN r.cases IS NULL THEN 'cases' END]::text[])
) AS c(component, amount, yields, missing)
WHERE c.yields IS NOT FALSE AND coalesce(coalesce(a0.days, 0) <= 60, false)
