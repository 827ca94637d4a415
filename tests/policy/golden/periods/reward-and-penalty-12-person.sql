WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id
  FROM people p),
u AS MATERIALIZED (
  SELECT r.employee_id AS id, count(*) FILTER (WHERE r.counts) AS n,
    count(r.total) FILTER (WHERE r.counts) AS known, sum(r.total) FILTER (WHERE r.counts) AS added
  FROM below r JOIN p ON p.id = r.employee_id WHERE r.month BETWEEN %(F)s AND %(M)s
  GROUP BY r.employee_id),
h AS MATERIALIZED (
  SELECT r.employee_id AS id,
    bit_or(r.bit) FILTER (WHERE r.counts AND (r.grade = 'fail') IS NULL) AS h0,
    bit_or(r.bit) FILTER (WHERE r.counts AND r.grade = 'fail') AS h1
  FROM (SELECT r.*, 1 << ((%(M)s - r.month) / 12) AS bit FROM results r WHERE r.month BETWEEN %(M)s - 12 AND %(M)s - 12) r JOIN p ON p.id = r.employee_id
  GROUP BY r.employee_id),
x AS (
  SELECT p.id,
    p.department_id,
    (u.n > 0) AS counts,
    CASE WHEN u.n > 0 AND u.n = u.known THEN round(u.added / u.n, 2) END AS total,
    NULL::integer AS stars,
    coalesce(h.h0, 0) AS x0,
    coalesce(h.h1, 0) AS x1
  FROM p JOIN u ON u.id = p.id LEFT JOIN h ON h.id = p.id
  OFFSET 0),
r AS (
  SELECT v.*, CASE WHEN v.total IS NOT NULL THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END AS rank
  FROM x v
  OFFSET 0),
g AS (
  SELECT v.*, (CASE WHEN v.total IS NOT NULL THEN CASE WHEN (v.total >= 3.5) IS NULL THEN NULL WHEN v.total >= 3.5 THEN 'excellent' WHEN (v.total >= 2.5) IS NULL THEN NULL WHEN v.total >= 2.5 THEN 'good' WHEN (v.total >= 1.5) IS NULL THEN NULL WHEN v.total >= 1.5 THEN 'pass' ELSE 'fail' END END)::text AS grade
  FROM r v
  OFFSET 0),
b AS (
  SELECT v.*, ((v.x0 | (CASE WHEN v.counts AND (v.grade = 'fail') IS NULL THEN 1 ELSE 0 END)) & (3)) AS b0, ((v.x1 | (CASE WHEN v.counts AND v.grade = 'fail' THEN 1 ELSE 0 END)) & (3)) AS b1
  FROM g v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, '{}'::jsonb AS items, v.total, v.rank, v.grade, v.stars,
  array_remove(ARRAY[CASE WHEN v.counts AND (((v.grade = 'excellent') IS TRUE)) THEN 'bonus' END, CASE WHEN v.counts AND (((v.grade = 'excellent') IS TRUE)) THEN 'certificate' END, CASE WHEN v.counts AND (((v.grade = 'fail') IS TRUE)) THEN 'training' END, CASE WHEN v.counts AND ((((CASE WHEN v.b1 = 3 OR (v.b1 | v.b0) <> 3 THEN (bit_count((((~v.b1 | (1 << 2)) & (- (~v.b1 | (1 << 2)))) - 1)::bit(32))::int * 12) END) >= 24) IS TRUE)) THEN 'dismissal' END], NULL) AS cases, '{}'::text[] AS missing
FROM b v
