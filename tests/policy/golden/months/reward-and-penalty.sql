WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id, p.hired_on, p.left_on
  FROM people p),
e AS MATERIALIZED (
  SELECT p.id,
    count(*) FILTER (WHERE e.kind = 'violation' AND e.status IN ('', 'upheld') AND (e.subject = 'major') AND e.day >= %(d1)s) AS e0,
    count(*) FILTER (WHERE e.kind = 'violation' AND e.status IN ('', 'upheld') AND (e.subject = 'serious') AND e.day >= %(d1)s) AS e1,
    count(*) FILTER (WHERE e.kind = 'violation' AND e.status IN ('', 'upheld') AND e.day >= %(d1)s) AS e2
  FROM p JOIN events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s AND (p.left_on IS NULL OR e.day <= p.left_on) AND e.day >= %(d1)s AND e.kind IN ('violation')
  GROUP BY p.id),
h AS MATERIALIZED (
  SELECT r.employee_id AS id,
    bit_or(r.bit) FILTER (WHERE r.counts AND (r.grade = 'fail') IS NULL) AS h0,
    bit_or(r.bit) FILTER (WHERE r.counts AND r.grade = 'fail') AS h1
  FROM (SELECT r.*, 1 << (%(M)s - r.month) AS bit FROM results r WHERE r.month BETWEEN %(M)s - 2 AND %(M)s - 1) r JOIN p ON p.id = r.employee_id
  GROUP BY r.employee_id),
x AS (
  SELECT p.id,
    p.department_id,
    coalesce(f.counts, true) AS counts,
    (coalesce(f.counts, true) AND NOT ((f.s4 IS NULL) OR (f.s5 IS NULL) OR (f.s6 IS NULL) OR (f.s20 IS NULL) OR (f.s21 IS NULL))) AS complete,
    CASE WHEN coalesce(f.counts, true) AND ((f.s4 IS NULL) OR (f.s5 IS NULL) OR (f.s6 IS NULL) OR (f.s20 IS NULL) OR (f.s21 IS NULL)) THEN array_remove(ARRAY[CASE WHEN f.s4 IS NULL THEN 'satisfaction_rate' END, CASE WHEN f.s5 IS NULL THEN 'avg_response_minutes' END, CASE WHEN f.s6 IS NULL THEN 'resolution_rate' END, CASE WHEN f.s20 IS NULL THEN 'peer_review' END, CASE WHEN f.s21 IS NULL THEN 'leader_rating' END], NULL) ELSE '{}' END AS missing,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s4 IS NULL) THEN (CASE WHEN f.s4 >= 90 THEN 4 WHEN f.s4 >= 80 THEN 3 WHEN f.s4 >= 70 THEN 2 ELSE 1 END)::numeric END END AS i0,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s5 IS NULL) THEN (CASE WHEN f.s5 <= 5 THEN 4 WHEN f.s5 <= 10 THEN 3 WHEN f.s5 <= 15 THEN 2 ELSE 1 END)::numeric END END AS i1,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s6 IS NULL) THEN (CASE WHEN f.s6 >= 90 THEN 4 WHEN f.s6 >= 80 THEN 3 WHEN f.s6 >= 70 THEN 2 ELSE 1 END)::numeric END END AS i2,
    CASE WHEN coalesce(f.counts, true) THEN (CASE WHEN coalesce(e.e0, 0) >= 1 THEN 1 WHEN coalesce(e.e1, 0) >= 1 THEN 2 WHEN coalesce(e.e2, 0) >= 1 THEN 3 ELSE 4 END)::numeric END AS i3,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s20 IS NULL OR f.s21 IS NULL) THEN round(round((((f.s20 + f.s21) * 0.5))::numeric, 0), 2) END END AS i4,
    coalesce(h.h0, 0) AS x0,
    coalesce(h.h1, 0) AS x1
  FROM p LEFT JOIN months f ON f.employee_id = p.id AND f.month = %(M)s LEFT JOIN e ON e.id = p.id LEFT JOIN h ON h.id = p.id
  OFFSET 0),
t AS (
  SELECT v.*, CASE WHEN v.complete THEN round((v.i0 + v.i1 + v.i2 + v.i3 + v.i4) / 5, 2) END AS total
  FROM x v
  OFFSET 0),
r AS (
  SELECT v.*, CASE WHEN v.total IS NOT NULL THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END AS rank, (CASE WHEN v.complete THEN CASE WHEN v.total >= 3.5 THEN 'excellent' WHEN v.total >= 2.5 THEN 'good' WHEN v.total >= 1.5 THEN 'pass' ELSE 'fail' END END)::text AS grade, NULL::integer AS stars
  FROM t v
  OFFSET 0),
b AS (
  SELECT v.*, ((v.x0 | (CASE WHEN v.counts AND (v.grade = 'fail') IS NULL THEN 1 ELSE 0 END)) & (7)) AS b0, ((v.x1 | (CASE WHEN v.counts AND v.grade = 'fail' THEN 1 ELSE 0 END)) & (7)) AS b1
  FROM r v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, jsonb_build_object('satisfaction', trim_scale(v.i0), 'response', trim_scale(v.i1), 'resolution', trim_scale(v.i2), 'discipline', trim_scale(v.i3), 'teamwork', trim_scale(v.i4)) AS items, v.total, v.rank, v.grade, v.stars,
  array_remove(ARRAY[CASE WHEN v.counts AND (((v.grade = 'excellent') IS TRUE)) THEN 'bonus' END, CASE WHEN v.counts AND (((v.grade = 'excellent') IS TRUE)) THEN 'praise' END, CASE WHEN v.counts AND (((v.grade = 'fail') IS TRUE)) THEN 'training' END, CASE WHEN v.counts AND ((((CASE WHEN v.b1 = 7 OR (v.b1 | v.b0) <> 7 THEN bit_count((((~v.b1 | (1 << 3)) & (- (~v.b1 | (1 << 3)))) - 1)::bit(32))::int END) >= 3) IS TRUE)) THEN 'warning_or_dismissal' END], NULL) AS cases, v.missing
FROM b v
