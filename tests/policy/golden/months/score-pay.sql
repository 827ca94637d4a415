WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id, p.hired_on, p.left_on
  FROM people p),
x AS (
  SELECT p.id,
    p.department_id,
    coalesce(f.counts, true) AS counts,
    (coalesce(f.counts, true) AND NOT ((f.s12 = 0 OR f.s12 IS NULL) OR (f.s13 IS NULL) OR (f.s14 IS NULL) OR (f.s32 IS NULL) OR (f.s37 IS NULL))) AS complete,
    CASE WHEN coalesce(f.counts, true) AND ((f.s12 = 0 OR f.s12 IS NULL) OR (f.s13 IS NULL) OR (f.s14 IS NULL) OR (f.s32 IS NULL) OR (f.s37 IS NULL)) THEN array_remove(ARRAY[CASE WHEN f.s12 = 0 OR f.s12 IS NULL THEN 'calls_answered' END, CASE WHEN f.s13 IS NULL THEN 'calls_satisfied' END, CASE WHEN f.s14 IS NULL THEN 'calls_unrated' END, CASE WHEN f.s32 IS NULL THEN 'attendance' END, CASE WHEN f.s37 IS NULL THEN 'daily' END], NULL) ELSE '{}' END AS missing,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s12 = 0 OR f.s13 IS NULL OR f.s14 IS NULL OR f.s12 IS NULL) THEN round((CASE WHEN (((f.s13 + f.s14) * 1.25)::numeric / nullif(f.s12, 0)) IS NULL THEN NULL ELSE least(1, (((f.s13 + f.s14) * 1.25)::numeric / nullif(f.s12, 0))) END * 20), 2) END END AS i0,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s32 IS NULL) THEN round((greatest(0, (1 - (f.s32 * 0.2))) * 20), 2) END END AS i1,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s37 IS NULL) THEN round(f.s37, 2) END END AS i2
  FROM p LEFT JOIN months f ON f.employee_id = p.id AND f.month = %(M)s
  OFFSET 0),
t AS (
  SELECT v.*, CASE WHEN v.complete THEN v.i0 + v.i1 + v.i2 END AS total
  FROM x v
  OFFSET 0),
r AS (
  SELECT v.*, CASE WHEN v.total IS NOT NULL THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END AS rank, NULL::text AS grade, NULL::integer AS stars
  FROM t v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, jsonb_build_object('satisfaction', trim_scale(v.i0), 'attendance', trim_scale(v.i1), 'daily', trim_scale(v.i2)) AS items, v.total, v.rank, v.grade, v.stars,
  '{}'::text[] AS cases, v.missing
FROM r v
