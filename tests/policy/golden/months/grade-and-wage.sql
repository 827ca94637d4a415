WITH p AS MATERIALIZED (
  SELECT p.id, p.department_id, p.hired_on, p.left_on
  FROM people p),
a0 AS MATERIALIZED (
  SELECT q.id, sum(upper(q.r) - lower(q.r)) AS days
  FROM (SELECT p.id, unnest(range_agg(daterange(greatest(a.first_day, p.hired_on, %(d12)s), least(a.last_day, %(last_day)s) + 1))) AS r
        FROM p JOIN absences a ON a.employee_id = p.id AND greatest(a.first_day, p.hired_on, %(d12)s) <= least(a.last_day, %(last_day)s) GROUP BY p.id) q
  GROUP BY q.id),
h AS MATERIALIZED (
  SELECT r.employee_id AS id,
    bit_or(r.bit) FILTER (WHERE 'bonus' = ANY (r.cases)) AS h0,
    bit_or(r.bit) FILTER (WHERE r.counts AND (r.rank = 1) IS NULL) AS h1,
    bit_or(r.bit) FILTER (WHERE r.counts AND r.rank = 1) AS h2,
    bit_or(r.bit) FILTER (WHERE 'resignation_clause' = ANY (r.cases)) AS h3,
    bit_or(r.bit) FILTER (WHERE r.counts AND (r.grade = 'E') IS NULL) AS h4,
    bit_or(r.bit) FILTER (WHERE r.counts AND r.grade = 'E') AS h5
  FROM (SELECT r.*, 1 << (%(M)s - r.month) AS bit FROM results r WHERE r.month BETWEEN %(M)s - 2 AND %(M)s - 1) r JOIN p ON p.id = r.employee_id
  GROUP BY r.employee_id),
x AS (
  SELECT p.id,
    p.department_id,
    coalesce(f.counts, true) AS counts,
    (coalesce(f.counts, true) AND NOT ((f.s16 IS NULL) OR (f.s17 IS NULL) OR (f.s18 IS NULL) OR (f.s19 IS NULL))) AS complete,
    CASE WHEN coalesce(f.counts, true) AND ((f.s16 IS NULL) OR (f.s17 IS NULL) OR (f.s18 IS NULL) OR (f.s19 IS NULL)) THEN array_remove(ARRAY[CASE WHEN f.s16 IS NULL THEN 'sales_result' END, CASE WHEN f.s17 IS NULL THEN 'tasks' END, CASE WHEN f.s18 IS NULL THEN 'ability' END, CASE WHEN f.s19 IS NULL THEN 'attitude' END], NULL) ELSE '{}' END AS missing,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s16 IS NULL) THEN round(f.s16, 2) END END AS i0,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s17 IS NULL) THEN round(f.s17, 2) END END AS i1,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s18 IS NULL) THEN round(f.s18, 2) END END AS i2,
    CASE WHEN coalesce(f.counts, true) THEN CASE WHEN NOT (f.s19 IS NULL) THEN round(f.s19, 2) END END AS i3,
    coalesce(h.h0, 0) AS x0,
    coalesce(h.h1, 0) AS x1,
    coalesce(h.h2, 0) AS x2,
    coalesce(h.h3, 0) AS x3,
    coalesce(h.h4, 0) AS x4,
    coalesce(h.h5, 0) AS x5
  FROM p LEFT JOIN months f ON f.employee_id = p.id AND f.month = %(M)s LEFT JOIN a0 ON a0.id = p.id LEFT JOIN h ON h.id = p.id
  WHERE coalesce(coalesce(a0.days, 0) <= 60, false)
  OFFSET 0),
t AS (
  SELECT v.*, CASE WHEN v.complete THEN v.i0 + v.i1 + v.i2 + v.i3 END AS total
  FROM x v
  OFFSET 0),
r AS (
  SELECT v.*, CASE WHEN v.total IS NOT NULL THEN (rank() OVER (PARTITION BY v.department_id ORDER BY v.total DESC NULLS LAST))::integer END AS rank, (CASE WHEN v.complete THEN CASE WHEN v.total >= 90 THEN 'A' WHEN v.total >= 80 THEN 'B' WHEN v.total >= 70 THEN 'C' WHEN v.total >= 60 THEN 'D' ELSE 'E' END END)::text AS grade, NULL::integer AS stars
  FROM t v
  OFFSET 0),
b AS (
  SELECT v.*, ((v.x1 | (CASE WHEN v.counts AND (v.rank = 1) IS NULL THEN 1 ELSE 0 END)) & (7 & ((v.x0 & (- v.x0)) - 1))) AS b0, ((v.x2 | (CASE WHEN v.counts AND v.rank = 1 THEN 1 ELSE 0 END)) & (7 & ((v.x0 & (- v.x0)) - 1))) AS b1, ((v.x4 | (CASE WHEN v.counts AND (v.grade = 'E') IS NULL THEN 1 ELSE 0 END)) & (7 & ((v.x3 & (- v.x3)) - 1))) AS b2, ((v.x5 | (CASE WHEN v.counts AND v.grade = 'E' THEN 1 ELSE 0 END)) & (7 & ((v.x3 & (- v.x3)) - 1))) AS b3
  FROM r v
  OFFSET 0)
SELECT v.id, v.department_id, v.counts, jsonb_build_object('sales_result', trim_scale(v.i0), 'tasks', trim_scale(v.i1), 'ability', trim_scale(v.i2), 'attitude', trim_scale(v.i3)) AS items, v.total, v.rank, v.grade, v.stars,
  array_remove(ARRAY[CASE WHEN v.counts AND ((((CASE WHEN v.b1 = 7 OR (v.b1 | v.b0) <> 7 THEN bit_count((((~v.b1 | (1 << 3)) & (- (~v.b1 | (1 << 3)))) - 1)::bit(32))::int END) >= 3) IS TRUE)) THEN 'bonus' END, CASE WHEN v.counts AND ((((CASE WHEN v.b3 = 7 OR (v.b3 | v.b2) <> 7 THEN bit_count((((~v.b3 | (1 << 3)) & (- (~v.b3 | (1 << 3)))) - 1)::bit(32))::int END) >= 3) IS TRUE)) THEN 'resignation_clause' END], NULL) AS cases, v.missing
FROM b v
