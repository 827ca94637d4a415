WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id
  FROM people p),
u AS MATERIALIZED (
  SELECT r.employee_id AS id, count(*) FILTER (WHERE r.counts) AS n,
    count(r.total) FILTER (WHERE r.counts) AS known, sum(r.total) FILTER (WHERE r.counts) AS added
  FROM below r JOIN p ON p.id = r.employee_id WHERE r.month BETWEEN %(F)s AND %(M)s
  GROUP BY r.employee_id),
x AS (
  SELECT p.id,
    p.department_id,
    (u.n > 0) AS counts,
    CASE WHEN u.n > 0 AND u.n = u.known THEN round(u.added / u.n, 2) END AS total,
    NULL::integer AS stars
  FROM p JOIN u ON u.id = p.id
  OFFSET 0),
r AS (
  SELECT v.*, CASE WHEN v.total IS NOT NULL THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END AS rank
  FROM x v
  OFFSET 0),
g AS (
  SELECT v.*, (CASE WHEN v.total IS NOT NULL THEN CASE WHEN (v.total >= 3.5) IS NULL THEN NULL WHEN v.total >= 3.5 THEN 'excellent' WHEN (v.total >= 2.5) IS NULL THEN NULL WHEN v.total >= 2.5 THEN 'good' WHEN (v.total >= 1.5) IS NULL THEN NULL WHEN v.total >= 1.5 THEN 'pass' ELSE 'fail' END END)::text AS grade
  FROM r v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, '{}'::jsonb AS items, v.total, v.rank, v.grade, v.stars,
  '{}'::text[] AS cases, '{}'::text[] AS missing
FROM g v
