WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id, p.hired_on, p.left_on, p.regularised_on
  FROM people p),
x AS (
  SELECT p.id,
    p.department_id,
    coalesce(f.counts, true) AS counts,
    (coalesce(f.counts, true) AND NOT ((f.s26 IS NULL) OR (f.s27 IS NULL) OR (f.s28 IS NULL) OR (f.s29 IS NULL) OR (f.s17 IS NULL) OR (f.s30 IS NULL) OR (f.s31 IS NULL) OR (f.s32 IS NULL) OR (f.s33 IS NULL) OR (f.s34 IS NULL) OR (f.s35 IS NULL) OR (f.s36 IS NULL))) AS complete,
    CASE WHEN coalesce(f.counts, true) AND ((f.s26 IS NULL) OR (f.s27 IS NULL) OR (f.s28 IS NULL) OR (f.s29 IS NULL) OR (f.s17 IS NULL) OR (f.s30 IS NULL) OR (f.s31 IS NULL) OR (f.s32 IS NULL) OR (f.s33 IS NULL) OR (f.s34 IS NULL) OR (f.s35 IS NULL) OR (f.s36 IS NULL)) THEN array_remove(ARRAY[CASE WHEN f.s26 IS NULL THEN 'satisfaction' END, CASE WHEN f.s27 IS NULL THEN 'speed' END, CASE WHEN f.s28 IS NULL THEN 'accuracy' END, CASE WHEN f.s29 IS NULL THEN 'norms' END, CASE WHEN f.s17 IS NULL THEN 'tasks' END, CASE WHEN f.s30 IS NULL THEN 'knowledge' END, CASE WHEN f.s31 IS NULL THEN 'overtime' END, CASE WHEN f.s32 IS NULL THEN 'attendance' END, CASE WHEN f.s33 IS NULL THEN 'initiative' END, CASE WHEN f.s34 IS NULL THEN 'peers' END, CASE WHEN f.s35 IS NULL THEN 'collaboration' END, CASE WHEN f.s36 IS NULL THEN 'sharing' END], NULL) ELSE '{}' END AS missing,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s26 IS NULL) THEN (CASE WHEN f.s26 >= 90 THEN 10 ELSE 0 END)::numeric END END AS i0,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s27 IS NULL) THEN round(greatest(0, (10 - (floor(((f.s27))::numeric) * 5))), 2) END END AS i1,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s28 IS NULL) THEN round(greatest(0, (10 - (f.s28 * 5))), 2) END END AS i2,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s29 IS NULL) THEN round(greatest(0, (10 - (f.s29 * 5))), 2) END END AS i3,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s17 IS NULL) THEN round(greatest(0, (15 - (f.s17 * 5))), 2) END END AS i4,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s30 IS NULL) THEN (CASE WHEN f.s30 >= 90 THEN 10 ELSE 5 END)::numeric END END AS i5,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s31 IS NULL) THEN (CASE WHEN f.s31 = 1 THEN 5 ELSE 0 END)::numeric END END AS i6,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s32 IS NULL) THEN (CASE WHEN f.s32 = 1 THEN 5 ELSE 0 END)::numeric END END AS i7,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s33 IS NULL) THEN (CASE WHEN f.s33 = 1 THEN 5 ELSE 0 END)::numeric END END AS i8,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s34 IS NULL) THEN (CASE WHEN f.s34 = 1 THEN 5 ELSE 0 END)::numeric END END AS i9,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s35 IS NULL) THEN (CASE WHEN f.s35 = 1 THEN 5 ELSE 0 END)::numeric END END AS i10,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s36 IS NULL) THEN (CASE WHEN f.s36 = 1 THEN 5 ELSE 0 END)::numeric END END AS i11
  FROM p LEFT JOIN months f ON f.employee_id = p.id AND f.month = %(M)s
  WHERE coalesce(p.regularised_on <= %(last_day)s::date, false)
  OFFSET 0),
t AS (
  SELECT v.*, CASE WHEN v.complete THEN v.i0 + v.i1 + v.i2 + v.i3 + v.i4 + v.i5 + v.i6 + v.i7 + v.i8 + v.i9 + v.i10 + v.i11 END AS total
  FROM x v
  OFFSET 0),
r AS (
  SELECT v.*, CASE WHEN v.total IS NOT NULL THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END AS rank, NULL::text AS grade, NULL::integer AS stars
  FROM t v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, jsonb_build_object('satisfaction', trim_scale(v.i0), 'speed', trim_scale(v.i1), 'accuracy', trim_scale(v.i2), 'norms', trim_scale(v.i3), 'tasks', trim_scale(v.i4), 'knowledge', trim_scale(v.i5), 'overtime', trim_scale(v.i6), 'attendance', trim_scale(v.i7), 'initiative', trim_scale(v.i8), 'peers', trim_scale(v.i9), 'collaboration', trim_scale(v.i10), 'sharing', trim_scale(v.i11)) AS items, v.total, v.rank, v.grade, v.stars,
  '{}'::text[] AS cases, v.missing
FROM r v
