WITH p AS MATERIALIZED (
  SELECT p.*, ((1 << greatest(least(%(A)s - coalesce(p.hired_m, %(A)s), 12), 0)) - 1) AS emask, ((1 << greatest(least(%(A)s - coalesce((date_part('year', coalesce(p.demoted_on, p.hired_on))::int * 12 + date_part('month', coalesce(p.demoted_on, p.hired_on))::int - 1), %(A)s), 12), 0)) - 1) AS s0
  FROM (SELECT p.id, p.tier, p.hired_on, p.regularised_on, p.post_since, p.tier_since, p.demoted_on, CASE p.tier WHEN 'regular' THEN 'star' WHEN 'star' THEN 'diamond' WHEN 'diamond' THEN 'crown' END AS target, (date_part('year', p.hired_on)::int * 12 + date_part('month', p.hired_on)::int - 1) AS hired_m
        FROM people p WHERE p.tier IN ('regular', 'star', 'diamond', 'crown') OFFSET 0) p),
m AS MATERIALIZED (
  SELECT p.id,
    bit_or(f.bit) FILTER (WHERE NOT f.counts) AS off,
    sum(f.s1) FILTER (WHERE f.counts AND f.k < 6) AS m0,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s1 IS NOT NULL) AS m1,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s1 >= 1) AS m2,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s2 IS NOT NULL) AS m3,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s2 = 0) AS m4
  FROM p JOIN (SELECT f.*, %(M)s - f.month AS k, 1 << (%(M)s - f.month) AS bit FROM months f WHERE f.month BETWEEN %(M)s - 11 AND %(M)s) f ON f.employee_id = p.id AND f.month >= p.hired_m
  GROUP BY p.id),
e AS MATERIALIZED (
  SELECT p.id,
    count(*) FILTER (WHERE e.kind = 'violation' AND e.status IN ('', 'upheld')) AS e0,
    count(*) FILTER (WHERE e.kind = 'major_misconduct' AND e.status IN ('', 'upheld')) AS e1,
    count(*) FILTER (WHERE e.kind = 'exam' AND e.status <> 'withdrawn' AND (((e.subject = p.target) AND (e.status = 'passed'))) AND e.day >= p.tier_since AND e.day >= %(d12)s) AS e2,
    count(*) FILTER (WHERE e.kind = 'complaint' AND e.status IN ('', 'upheld') AND e.day >= %(d12)s) AS e3,
    count(*) FILTER (WHERE e.kind = 'major_misconduct' AND e.status IN ('', 'upheld') AND e.day >= %(d12)s) AS e4,
    count(*) FILTER (WHERE e.kind = 'complaint' AND e.status IN ('', 'upheld') AND e.day >= coalesce(p.demoted_on, p.hired_on) AND e.day >= %(d12)s) AS e5,
    count(*) FILTER (WHERE e.kind = 'major_misconduct' AND e.status IN ('', 'upheld') AND coalesce(e.decided_on, e.day) >= coalesce(p.demoted_on, p.hired_on) AND coalesce(e.decided_on, e.day) >= %(d1)s AND coalesce(e.decided_on, e.day) < %(A_day)s) AS e6
  FROM p JOIN events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s AND e.kind IN ('violation', 'major_misconduct', 'exam', 'complaint')
  GROUP BY p.id),
d0 AS MATERIALIZED (
  SELECT q.id, count(*) FILTER (WHERE last >= %(d6)s) AS n0, count(*) FILTER (WHERE last >= %(d12)s) AS n1
  FROM (SELECT e.employee_id AS id, max(e.day) AS last FROM p JOIN events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s
        WHERE e.kind = 'keyword_online' AND e.status <> 'withdrawn' AND (e.quantity <= 3) AND e.subject <> ''
        GROUP BY e.employee_id, e.subject) q
  GROUP BY q.id),
x AS (
  SELECT p.id,
    p.tier,
    p.target,
    p.regularised_on AS x0,
    greatest(%(A)s - (date_part('year', coalesce(p.post_since, p.hired_on))::int * 12 + date_part('month', coalesce(p.post_since, p.hired_on))::int - 1) - (date_part('day', coalesce(p.post_since, p.hired_on)) > 1)::int, 0) AS x1,
    coalesce(e.e0, 0) AS x2,
    coalesce(e.e1, 0) AS x3,
    coalesce(e.e2, 0) AS x4,
    ((p.emask & ~coalesce(m.off, 0) & 63) & ~(coalesce(m.m1, 0))) AS x5,
    coalesce(m.m0, 0) AS x6,
    coalesce(d0.n0, 0) AS x7,
    coalesce(e.e3, 0) AS x8,
    coalesce(e.e4, 0) AS x9,
    ((p.emask & ~coalesce(m.off, 0)) & ~(coalesce(m.m1, 0))) AS x10,
    (p.emask & ~coalesce(m.off, 0)) AS x11,
    ((p.emask & ~coalesce(m.off, 0)) & coalesce(m.m2, 0)) AS x12,
    coalesce(d0.n1, 0) AS x13,
    ((p.emask & ~coalesce(m.off, 0) & p.s0 & 7) & ~(coalesce(m.m3, 0))) AS x14,
    ((p.emask & ~coalesce(m.off, 0) & p.s0 & 7) & coalesce(m.m4, 0)) AS x15,
    coalesce(e.e5, 0) AS x16,
    coalesce(e.e6, 0) AS x17
  FROM p LEFT JOIN m ON m.id = p.id LEFT JOIN e ON e.id = p.id LEFT JOIN d0 ON d0.id = p.id
  OFFSET 0),
y AS (
  SELECT x.*,
    coalesce(x0 <= %(last_day)s::date, false) AS v0,
    coalesce(x1 >= 3, false) AS v1,
    coalesce(x2 = 0, false) AS v2,
    coalesce(x3 = 0, false) AS v3,
    coalesce(x4 >= 1, false) AS v4,
    coalesce(x1 >= 12, false) AS v5,
    CASE WHEN x6 >= 4 THEN true WHEN (x5 = 0 AND x6 < 4) THEN false END AS v6,
    coalesce(x7 >= 5, false) AS v7,
    coalesce(x8 <= 1, false) AS v8,
    coalesce(x9 = 0, false) AS v9,
    coalesce(x1 >= 24, false) AS v10,
    CASE WHEN x11 = 0 THEN NULL WHEN (x12 | x10) <> x11 THEN false WHEN x10 = 0 THEN true END AS v11,
    coalesce(x13 >= 10, false) AS v12,
    CASE WHEN x15 = 7 THEN true WHEN (x15 | x14) <> 7 THEN false END AS v13,
    coalesce(x16 > 2, false) AS v14,
    coalesce(x17 >= 1, false) AS v15
  FROM x
  OFFSET 0),
z AS (
  SELECT y.*, (v13 OR v14 OR v15) IS TRUE AS fired, CASE y.tier WHEN 'regular' THEN v0 AND v1 AND v2 AND v3 AND v4 WHEN 'star' THEN v5 AND v6 AND v7 AND v8 AND v9 AND v4 WHEN 'diamond' THEN v10 AND v8 AND v9 AND v11 AND v12 AND v4 END AS ok
  FROM y
  OFFSET 0)
SELECT id, tier, (CASE WHEN fired AND tier = 'regular' THEN 5 WHEN fired THEN 4 WHEN tier = 'crown' THEN 6 WHEN ok THEN 1 WHEN NOT ok THEN 2 ELSE 3 END)::smallint AS outcome, CASE WHEN fired AND tier <> 'regular' THEN CASE tier WHEN 'star' THEN 'regular' WHEN 'diamond' THEN 'star' WHEN 'crown' THEN 'diamond' END ELSE target END AS target,
  CASE tier WHEN 'regular' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2) | (coalesce(v2::int, 2)::bigint << 4) | (coalesce(v3::int, 2)::bigint << 6) | (coalesce(v4::int, 2)::bigint << 8) | (coalesce(v13::int, 2)::bigint << 10) | (coalesce(v14::int, 2)::bigint << 12) | (coalesce(v15::int, 2)::bigint << 14)) WHEN 'star' THEN ((coalesce(v5::int, 2)::bigint << 0) | (coalesce(v6::int, 2)::bigint << 2) | (coalesce(v7::int, 2)::bigint << 4) | (coalesce(v8::int, 2)::bigint << 6) | (coalesce(v9::int, 2)::bigint << 8) | (coalesce(v4::int, 2)::bigint << 10) | (coalesce(v13::int, 2)::bigint << 12) | (coalesce(v14::int, 2)::bigint << 14) | (coalesce(v15::int, 2)::bigint << 16)) WHEN 'diamond' THEN ((coalesce(v10::int, 2)::bigint << 0) | (coalesce(v8::int, 2)::bigint << 2) | (coalesce(v9::int, 2)::bigint << 4) | (coalesce(v11::int, 2)::bigint << 6) | (coalesce(v12::int, 2)::bigint << 8) | (coalesce(v4::int, 2)::bigint << 10) | (coalesce(v13::int, 2)::bigint << 12) | (coalesce(v14::int, 2)::bigint << 14) | (coalesce(v15::int, 2)::bigint << 16)) WHEN 'crown' THEN ((coalesce(v13::int, 2)::bigint << 0) | (coalesce(v14::int, 2)::bigint << 2) | (coalesce(v15::int, 2)::bigint << 4)) END::bigint AS bits,
  CASE tier WHEN 'regular' THEN ARRAY[(x0 - DATE '1970-01-01'), x1::bigint, x2::bigint, x3::bigint, x4::bigint, bit_count((((~x15 | (1 << 3)) & (- (~x15 | (1 << 3)))) - 1)::bit(32))::int, x16::bigint, x17::bigint]::bigint[] WHEN 'star' THEN ARRAY[x1::bigint, x6::bigint, x7::bigint, x8::bigint, x9::bigint, x4::bigint, bit_count((((~x15 | (1 << 3)) & (- (~x15 | (1 << 3)))) - 1)::bit(32))::int, x16::bigint, x17::bigint]::bigint[] WHEN 'diamond' THEN ARRAY[x1::bigint, x8::bigint, x9::bigint, (bit_count((x12)::bit(32))::int * 256 + bit_count((x11)::bit(32))::int), x13::bigint, x4::bigint, bit_count((((~x15 | (1 << 3)) & (- (~x15 | (1 << 3)))) - 1)::bit(32))::int, x16::bigint, x17::bigint]::bigint[] WHEN 'crown' THEN ARRAY[bit_count((((~x15 | (1 << 3)) & (- (~x15 | (1 << 3)))) - 1)::bit(32))::int, x16::bigint, x17::bigint]::bigint[] END::bigint[] AS observed,
  CASE tier WHEN 'regular' THEN CASE WHEN (x14) <> 0 THEN ARRAY[0, 0, 0, 0, 0, x14, 0, 0]::bigint[] END WHEN 'star' THEN CASE WHEN (x5 | x14) <> 0 THEN ARRAY[0, x5, 0, 0, 0, 0, x14, 0, 0]::bigint[] END WHEN 'diamond' THEN CASE WHEN (x10 | x14) <> 0 THEN ARRAY[0, 0, 0, x10, 0, 0, x14, 0, 0]::bigint[] END WHEN 'crown' THEN CASE WHEN (x14) <> 0 THEN ARRAY[x14, 0, 0]::bigint[] END END::bigint[] AS missing
FROM z
WITH p AS MATERIALIZED (
  SELECT p.id, p.hired_on, p.tier
  FROM people p)
SELECT p.id, c.component, round(c.amount, 2) AS amount,
  CASE WHEN c.amount IS NULL THEN array_remove(c.missing, NULL) ELSE '{}' END AS missing
FROM p
CROSS JOIN LATERAL (VALUES
  ('level_pay', (CASE WHEN (p.tier IS NOT DISTINCT FROM 'star') IS NULL THEN NULL WHEN p.tier IS NOT DISTINCT FROM 'star' THEN 1000 WHEN (p.tier IS NOT DISTINCT FROM 'diamond') IS NULL THEN NULL WHEN p.tier IS NOT DISTINCT FROM 'diamond' THEN 1200 WHEN (p.tier IS NOT DISTINCT FROM 'crown') IS NULL THEN NULL WHEN p.tier IS NOT DISTINCT FROM 'crown' THEN 1300 ELSE NULL END)::numeric, (CASE WHEN (p.tier IS NOT DISTINCT FROM 'star') IS NULL THEN NULL WHEN p.tier IS NOT DISTINCT FROM 'star' THEN true WHEN (p.tier IS NOT DISTINCT FROM 'diamond') IS NULL THEN NULL WHEN p.tier IS NOT DISTINCT FROM 'diamond' THEN true WHEN (p.tier IS NOT DISTINCT FROM 'crown') IS NULL THEN NULL WHEN p.tier IS NOT DISTINCT FROM 'crown' THEN true ELSE false END)::boolean, ARRAY[CASE WHEN p.tier IS NULL THEN 'tier' END]::text[])
) AS c(component, amount, yields, missing)
WHERE c.yields IS NOT FALSE
