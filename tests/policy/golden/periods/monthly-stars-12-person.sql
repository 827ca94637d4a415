WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id, p.adoption_id, p.left_on
  FROM people p),
u AS MATERIALIZED (
  SELECT r.employee_id AS id, count(*) FILTER (WHERE r.counts) AS n,
    count(r.total) FILTER (WHERE r.counts) AS known, sum(r.total) FILTER (WHERE r.counts) AS added
  FROM below r JOIN p ON p.id = r.employee_id WHERE r.month BETWEEN %(F)s AND %(M)s
  GROUP BY r.employee_id),
m AS MATERIALIZED (
  SELECT r.employee_id AS id,
    count(*) FILTER (WHERE r.counts AND r.month >= %(F)s AND r.stars = 5) AS m0,
    count(*) FILTER (WHERE r.counts AND r.month > %(M)s - 12 AND (r.stars = 5)) AS m1,
    count(*) FILTER (WHERE r.counts AND r.month > %(M)s - 12 AND (r.stars = 5) IS NULL) AS m2
  FROM months r JOIN p ON p.id = r.employee_id
  WHERE r.month BETWEEN least(%(F)s, %(M)s - 11) AND %(M)s
  GROUP BY r.employee_id),
x AS (
  SELECT p.id,
    p.department_id,
    (u.n > 0) AS counts,
    CASE WHEN u.n > 0 AND u.n = u.known THEN round(u.added / u.n, 2) END AS total,
    (CASE WHEN u.n > 0 THEN coalesce(m.m0, 0) END)::integer AS stars,
    p.adoption_id,
    (u.n > 0 AND (p.left_on IS NULL OR p.left_on >= %(last_day)s)) AS candidate,
    m.m1 AS x0,
    m.m2 AS x1
  FROM p JOIN u ON u.id = p.id LEFT JOIN m ON m.id = p.id
  OFFSET 0),
r AS (
  SELECT v.*, CASE WHEN v.total IS NOT NULL THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END AS rank
  FROM x v
  OFFSET 0),
g AS (
  SELECT v.*, NULL::text AS grade
  FROM r v
  OFFSET 0),
k AS (
  SELECT v.*, CASE WHEN v.candidate THEN (coalesce(v.x0, 0))::numeric END AS k0, CASE WHEN v.candidate THEN ((coalesce(v.x0, 0) + coalesce(v.x1, 0)))::numeric END AS k1
  FROM g v
  OFFSET 0),
kh AS (
  SELECT v.*, max(v.k1) OVER (PARTITION BY v.adoption_id) AS kh0
  FROM k v
  OFFSET 0),
ko AS (
  SELECT v.*, count(*) FILTER (WHERE v.k1 = v.kh0) OVER (PARTITION BY v.adoption_id) AS ko0, count(*) FILTER (WHERE v.k1 = v.kh0 AND v.k0 < v.k1) OVER (PARTITION BY v.adoption_id) AS ko1, max(v.k1) FILTER (WHERE v.k1 < v.kh0) OVER (PARTITION BY v.adoption_id) AS ko2
  FROM kh v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, '{}'::jsonb AS items, v.total, v.rank, v.grade, v.stars,
  array_remove(ARRAY[CASE WHEN v.counts AND (((v.k0 > 0 AND CASE WHEN v.ko0 = 1 THEN v.k1 = v.kh0 AND v.k0 > coalesce(v.ko2, 0) ELSE v.ko1 = 0 AND v.k0 = v.kh0 END) IS TRUE)) THEN 'annual_excellent' END, CASE WHEN v.counts AND (((v.k0 > 0 AND CASE WHEN v.ko0 = 1 THEN v.k1 = v.kh0 AND v.k0 > coalesce(v.ko2, 0) ELSE v.ko1 = 0 AND v.k0 = v.kh0 END) IS TRUE)) THEN 'raise_priority' END], NULL) AS cases, '{}'::text[] AS missing
FROM ko v
