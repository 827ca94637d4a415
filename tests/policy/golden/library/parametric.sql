WITH p AS MATERIALIZED (
  SELECT p.*, ((1 << greatest(least(%(A)s - coalesce(p.hired_m, %(A)s), 6), 0)) - 1) AS emask
  FROM (SELECT p.id, p.tier, p.hired_on, p.post_since, p.tier_since, CASE p.tier WHEN 'p1' THEN 'p2' WHEN 'p2' THEN 'p3' WHEN 'p3' THEN 'p4' END AS target, (date_part('year', p.hired_on)::int * 12 + date_part('month', p.hired_on)::int - 1) AS hired_m
        FROM people p WHERE p.tier IN ('p1', 'p2', 'p3', 'p4') OFFSET 0) p),
m AS MATERIALIZED (
  SELECT p.id,
    bit_or(f.bit) FILTER (WHERE NOT f.counts) AS off,
    sum(f.s3) FILTER (WHERE f.counts) AS m0,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s3 IS NOT NULL) AS m1,
    sum(f.s14) FILTER (WHERE f.counts) AS m2,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s14 IS NOT NULL) AS m3,
    sum(f.s4) FILTER (WHERE f.counts) AS m4,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s4 IS NOT NULL) AS m5
  FROM p JOIN (SELECT f.*, %(M)s - f.month AS k, 1 << (%(M)s - f.month) AS bit FROM months f WHERE f.month BETWEEN %(M)s - 5 AND %(M)s) f ON f.employee_id = p.id AND f.month >= p.hired_m
  GROUP BY p.id),
e AS MATERIALIZED (
  SELECT p.id,
    count(*) FILTER (WHERE e.kind = 'exam' AND e.status <> 'withdrawn' AND (((((e.subject = p.target) AND (e.status = 'passed'))) AND (e.quantity >= 80))) AND e.day >= p.tier_since AND e.day >= %(d12)s) AS e0,
    count(*) FILTER (WHERE e.kind = 'complaint' AND e.status IN ('', 'upheld') AND (e.subject = 'internal') AND e.day >= %(d6)s) AS e1
  FROM p JOIN events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s AND e.day >= %(d12)s AND e.kind IN ('exam', 'complaint')
  GROUP BY p.id),
x AS (
  SELECT p.id,
    p.tier,
    p.target,
    greatest(%(A)s - (date_part('year', coalesce(p.post_since, p.hired_on))::int * 12 + date_part('month', coalesce(p.post_since, p.hired_on))::int - 1) - (date_part('day', coalesce(p.post_since, p.hired_on)) > 1)::int, 0) AS x0,
    ((p.emask & ~coalesce(m.off, 0)) & ~(coalesce(m.m1, 0))) AS x1,
    coalesce(m.m0, 0) AS x2,
    bit_count(((p.emask & ~coalesce(m.off, 0)))::bit(32))::int AS x3,
    ((p.emask & ~coalesce(m.off, 0)) & ~(coalesce(m.m3, 0))) AS x4,
    coalesce(m.m2, 0) AS x5,
    ((p.emask & ~coalesce(m.off, 0)) & ~(coalesce(m.m5, 0))) AS x6,
    coalesce(m.m4, 0) AS x7,
    coalesce(e.e0, 0) AS x8,
    coalesce(e.e1, 0) AS x9
  FROM p LEFT JOIN m ON m.id = p.id LEFT JOIN e ON e.id = p.id
  OFFSET 0),
y AS (
  SELECT x.*,
    coalesce(x0 >= 24, false) AS v0,
    CASE WHEN NOT (x3 > 0) THEN NULL WHEN x2 >= 90 * x3 THEN true WHEN (x2 + bit_count((x1)::bit(32))::int * 100) < 90 * x3 THEN false END AS v1,
    CASE WHEN NOT (x3 > 0) THEN NULL WHEN x5 >= 95 * x3 THEN true WHEN (x5 + bit_count((x4)::bit(32))::int * 100) < 95 * x3 THEN false END AS v2,
    CASE WHEN NOT (x3 > 0) THEN NULL WHEN (x6 = 0 AND x7 <= 10 * x3) THEN true WHEN x7 > 10 * x3 THEN false END AS v3,
    coalesce(x8 >= 1, false) AS v4,
    coalesce(x9 = 0, false) AS v5
  FROM x
  OFFSET 0),
z AS (
  SELECT y.*, false AS fired, CASE y.tier WHEN 'p1' THEN v0 AND v1 AND v2 AND v3 AND v4 AND v5 WHEN 'p2' THEN v0 AND v1 AND v2 AND v3 AND v4 AND v5 WHEN 'p3' THEN v0 AND v1 AND v2 AND v3 AND v4 AND v5 END AS ok
  FROM y
  OFFSET 0)
SELECT id, tier, (CASE WHEN fired AND tier = 'p1' THEN 5 WHEN fired THEN 4 WHEN tier = 'p4' THEN 6 WHEN ok THEN 1 WHEN NOT ok THEN 2 ELSE 3 END)::smallint AS outcome, CASE WHEN fired AND tier <> 'p1' THEN CASE tier WHEN 'p2' THEN 'p1' WHEN 'p3' THEN 'p2' WHEN 'p4' THEN 'p3' END ELSE target END AS target,
  CASE tier WHEN 'p1' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2) | (coalesce(v2::int, 2)::bigint << 4) | (coalesce(v3::int, 2)::bigint << 6) | (coalesce(v4::int, 2)::bigint << 8) | (coalesce(v5::int, 2)::bigint << 10)) WHEN 'p2' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2) | (coalesce(v2::int, 2)::bigint << 4) | (coalesce(v3::int, 2)::bigint << 6) | (coalesce(v4::int, 2)::bigint << 8) | (coalesce(v5::int, 2)::bigint << 10)) WHEN 'p3' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2) | (coalesce(v2::int, 2)::bigint << 4) | (coalesce(v3::int, 2)::bigint << 6) | (coalesce(v4::int, 2)::bigint << 8) | (coalesce(v5::int, 2)::bigint << 10)) WHEN 'p4' THEN 0 END::bigint AS bits,
  CASE tier WHEN 'p1' THEN ARRAY[x0::bigint, round((x2 / nullif(x3 - bit_count((x1)::bit(32))::int, 0)) * 10000)::bigint, round((x5 / nullif(x3 - bit_count((x4)::bit(32))::int, 0)) * 10000)::bigint, round((x7 / nullif(x3 - bit_count((x6)::bit(32))::int, 0)) * 10000)::bigint, x8::bigint, x9::bigint]::bigint[] WHEN 'p2' THEN ARRAY[x0::bigint, round((x2 / nullif(x3 - bit_count((x1)::bit(32))::int, 0)) * 10000)::bigint, round((x5 / nullif(x3 - bit_count((x4)::bit(32))::int, 0)) * 10000)::bigint, round((x7 / nullif(x3 - bit_count((x6)::bit(32))::int, 0)) * 10000)::bigint, x8::bigint, x9::bigint]::bigint[] WHEN 'p3' THEN ARRAY[x0::bigint, round((x2 / nullif(x3 - bit_count((x1)::bit(32))::int, 0)) * 10000)::bigint, round((x5 / nullif(x3 - bit_count((x4)::bit(32))::int, 0)) * 10000)::bigint, round((x7 / nullif(x3 - bit_count((x6)::bit(32))::int, 0)) * 10000)::bigint, x8::bigint, x9::bigint]::bigint[] WHEN 'p4' THEN ARRAY[]::bigint[] END::bigint[] AS observed,
  CASE tier WHEN 'p1' THEN CASE WHEN (x1 | x4 | x6) <> 0 THEN ARRAY[0, x1, x4, x6, 0, 0]::bigint[] END WHEN 'p2' THEN CASE WHEN (x1 | x4 | x6) <> 0 THEN ARRAY[0, x1, x4, x6, 0, 0]::bigint[] END WHEN 'p3' THEN CASE WHEN (x1 | x4 | x6) <> 0 THEN ARRAY[0, x1, x4, x6, 0, 0]::bigint[] END WHEN 'p4' THEN NULL END::bigint[] AS missing
FROM z
