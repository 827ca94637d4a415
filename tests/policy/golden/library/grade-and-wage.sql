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
LEFT JOIN months f ON f.employee_id = p.id AND f.month = %(M)s AND f.counts
LEFT JOIN pay y ON y.employee_id = p.id
LEFT JOIN results r ON r.employee_id = p.id AND r.month = %(M)s
CROSS JOIN LATERAL (VALUES
  ('post_wage', (y.post_wage)::numeric, (true)::boolean, ARRAY[CASE WHEN y.post_wage IS NULL THEN 'post_wage' END]::text[]),
  ('individual_commission', (f.s15)::numeric, (true)::boolean, ARRAY[CASE WHEN f.s15 IS NULL THEN 'individual_commission' END]::text[]),
  ('public_commission', (f.s16)::numeric, (true)::boolean, ARRAY[CASE WHEN f.s16 IS NULL THEN 'public_commission' END]::text[]),
  ('seniority', ((floor((((greatest(%(A)s - (date_part('year', p.hired_on)::int * 12 + date_part('month', p.hired_on)::int - 1) - (date_part('day', p.hired_on) > 1)::int, 0))::numeric / nullif(12, 0)))::numeric) * 0))::numeric, (true)::boolean, ARRAY[CASE WHEN p.hired_on IS NULL THEN 'hired_on' END]::text[]),
  ('bonus', (CASE WHEN r.cases IS NOT NULL THEN CASE WHEN (('bonus' = ANY (r.cases))) IS NULL THEN NULL WHEN ('bonus' = ANY (r.cases)) THEN 200 ELSE NULL END END)::numeric, (CASE WHEN (('bonus' = ANY (r.cases))) IS NULL THEN NULL WHEN ('bonus' = ANY (r.cases)) THEN true ELSE false END)::boolean, ARRAY[CASE WHEN r.cases IS NULL THEN 'cases' END]::text[])
) AS c(component, amount, yields, missing)
WHERE c.yields IS NOT FALSE AND coalesce(coalesce(a0.days, 0) <= 60, false)
