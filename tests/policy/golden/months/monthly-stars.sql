WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id, p.hired_on, p.left_on, p.position
  FROM people p),
e AS MATERIALIZED (
  SELECT p.id,
    count(*) FILTER (WHERE e.kind = 'complaint' AND e.status <> 'withdrawn' AND (e.status <> 'dismissed') AND e.day >= %(d1)s) AS e0
  FROM p JOIN events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s AND (p.left_on IS NULL OR e.day <= p.left_on) AND e.day >= %(d1)s AND e.kind IN ('complaint')
  GROUP BY p.id),
x AS (
  SELECT p.id,
    p.department_id,
    coalesce(f.counts, true) AS counts,
    (coalesce(f.counts, true) AND NOT ((f.s3 IS NULL) OR (f.s22 IS NULL) OR (f.s23 IS NULL) OR (f.s24 IS NULL) OR (f.s25 IS NULL))) AS complete,
    CASE WHEN coalesce(f.counts, true) AND ((f.s3 IS NULL) OR (f.s22 IS NULL) OR (f.s23 IS NULL) OR (f.s24 IS NULL) OR (f.s25 IS NULL)) THEN array_remove(ARRAY[CASE WHEN f.s3 IS NULL THEN 'collection_rate' END, CASE WHEN f.s22 IS NULL THEN 'leader_tasks' END, CASE WHEN f.s23 IS NULL THEN 'service_attitude' END, CASE WHEN f.s24 IS NULL THEN 'discipline' END, CASE WHEN f.s25 IS NULL THEN 'proactive' END], NULL) ELSE '{}' END AS missing,
    f.s3 AS x0,
    coalesce(e.e0, 0) AS x1,
    f.s22 AS x2,
    f.s23 AS x3,
    f.s24 AS x4,
    f.s25 AS x5
  FROM p LEFT JOIN months f ON f.employee_id = p.id AND f.month = %(M)s LEFT JOIN e ON e.id = p.id
  WHERE coalesce(p.position IS DISTINCT FROM '前台', false)
  OFFSET 0),
t AS (
  SELECT v.*, NULL::numeric AS total
  FROM x v
  OFFSET 0),
r AS (
  SELECT v.*, NULL::integer AS rank, NULL::text AS grade, (CASE WHEN v.complete THEN CASE WHEN ((((((((((v.x0 >= 110) AND (v.x1 = 0))) AND (v.x2 = 1))) AND (v.x3 = 1))) AND (v.x4 = 1))) AND (v.x5 = 1)) THEN 5 WHEN ((((((v.x0 >= 110) AND (v.x1 = 0))) AND (v.x3 = 1))) AND (v.x4 = 1)) THEN 4 WHEN v.x0 >= 100 THEN 3 WHEN v.x0 >= 85 THEN 2 ELSE 1 END END)::integer AS stars
  FROM t v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, jsonb_build_object() AS items, v.total, v.rank, v.grade, v.stars,
  '{}'::text[] AS cases, v.missing
FROM r v
