WITH p AS MATERIALIZED (
  SELECT p.*, ((1 << greatest(least(%(A)s - coalesce(p.hired_m, %(A)s), 12), 0)) - 1) AS emask
  FROM (SELECT p.id, p.tier, p.hired_on, CASE p.tier WHEN 'p1' THEN 'p2' END AS target, (date_part('year', p.hired_on)::int * 12 + date_part('month', p.hired_on)::int - 1) AS hired_m
        FROM people p WHERE p.tier IN ('p1', 'p2') OFFSET 0) p),
m AS MATERIALIZED (
  SELECT p.id,
    bit_or(f.bit) FILTER (WHERE NOT f.counts) AS off,
    sum(f.s3) FILTER (WHERE f.counts AND f.k < 6) AS m0,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s3 IS NOT NULL) AS m1,
    sum(f.s4) FILTER (WHERE f.counts AND f.k < 6) AS m2,
    bit_or(f.bit) FILTER (WHERE f.counts AND f.s4 IS NOT NULL) AS m3,
    sum(coalesce(f.total, f.s8)) FILTER (WHERE f.counts) AS m4,
    bit_or(f.bit) FILTER (WHERE f.counts AND (coalesce(f.total, f.s8)) IS NOT NULL) AS m5,
    sum((f.s6 + f.s7)) FILTER (WHERE f.counts AND f.k < 3) AS m6,
    bit_or(f.bit) FILTER (WHERE f.counts AND ((f.s6 + f.s7)) IS NOT NULL) AS m7,
    min(((f.s6 * 100)::numeric / nullif(f.s5, 0))) FILTER (WHERE f.counts AND f.k < 3) AS m8,
    bit_or(f.bit) FILTER (WHERE f.counts AND (((f.s6 * 100)::numeric / nullif(f.s5, 0))) IS NOT NULL) AS m9,
    max((f.s9 - 10)) FILTER (WHERE f.counts AND f.k < 3) AS m10,
    bit_or(f.bit) FILTER (WHERE f.counts AND ((f.s9 - 10)) IS NOT NULL) AS m11,
    bit_or(f.bit) FILTER (WHERE f.counts AND (((f.s2 = 0) OR (f.s1 = 0))) IS NOT NULL) AS m12,
    bit_or(f.bit) FILTER (WHERE f.counts AND ((f.s2 = 0) OR (f.s1 = 0))) AS m13
  FROM p JOIN (SELECT f.*, %(M)s - f.month AS k, 1 << (%(M)s - f.month) AS bit FROM months f WHERE f.month BETWEEN %(M)s - 11 AND %(M)s) f ON f.employee_id = p.id AND f.month >= p.hired_m
  GROUP BY p.id),
e AS MATERIALIZED (
  SELECT p.id,
    count(*) FILTER (WHERE e.kind = 'exam' AND e.status <> 'withdrawn' AND (((((e.subject = p.target) AND (e.status = 'passed'))) AND (e.quantity >= 80))) AND e.day >= %(d12)s) AS e0,
    count(*) FILTER (WHERE e.kind = 'complaint' AND e.status IN ('', 'upheld') AND (e.subject = 'internal') AND e.day >= %(d6)s) AS e1,
    count(*) FILTER (WHERE e.kind = 'violation' AND e.status IN ('', 'upheld') AND e.day >= %(d6)s) AS e2,
    count(*) FILTER (WHERE e.kind = 'complaint' AND e.status IN ('', 'upheld') AND e.day >= %(d6)s) AS e3
  FROM p JOIN events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s AND e.day >= %(d12)s AND e.kind IN ('exam', 'complaint', 'violation')
  GROUP BY p.id),
a0 AS MATERIALIZED (
  SELECT q.id, sum(upper(q.r) - lower(q.r)) AS days
  FROM (SELECT p.id, unnest(range_agg(daterange(greatest(a.first_day, p.hired_on, %(d12)s), least(a.last_day, %(last_day)s) + 1))) AS r
        FROM p JOIN absences a ON a.employee_id = p.id AND greatest(a.first_day, p.hired_on, %(d12)s) <= least(a.last_day, %(last_day)s) GROUP BY p.id) q
  GROUP BY q.id),
x AS (
  SELECT p.id,
    p.tier,
    p.target,
    greatest(%(A)s - (date_part('year', p.hired_on)::int * 12 + date_part('month', p.hired_on)::int - 1) - (date_part('day', p.hired_on) > 1)::int, 0) AS x0,
    ((p.emask & ~coalesce(m.off, 0) & 63) & ~(coalesce(m.m1, 0))) AS x1,
    coalesce(m.m0, 0) AS x2,
    bit_count(((p.emask & ~coalesce(m.off, 0) & 63))::bit(32))::int AS x3,
    ((p.emask & ~coalesce(m.off, 0) & 63) & ~(coalesce(m.m3, 0))) AS x4,
    coalesce(m.m2, 0) AS x5,
    ((p.emask & ~coalesce(m.off, 0)) & ~(coalesce(m.m5, 0))) AS x6,
    coalesce(m.m4, 0) AS x7,
    bit_count(((p.emask & ~coalesce(m.off, 0)))::bit(32))::int AS x8,
    coalesce(e.e0, 0) AS x9,
    coalesce(e.e1, 0) AS x10,
    coalesce(a0.days, 0) AS x11,
    ((p.emask & ~coalesce(m.off, 0) & 7) & ~(coalesce(m.m7, 0))) AS x12,
    coalesce(m.m6, 0) AS x13,
    ((p.emask & ~coalesce(m.off, 0) & 7) & ~(coalesce(m.m9, 0))) AS x14,
    m.m8 AS x15,
    bit_count(((p.emask & ~coalesce(m.off, 0) & 7))::bit(32))::int AS x16,
    ((p.emask & ~coalesce(m.off, 0) & 7) & ~(coalesce(m.m11, 0))) AS x17,
    m.m10 AS x18,
    ((p.emask & ~coalesce(m.off, 0) & 63) & ~(coalesce(m.m12, 0))) AS x19,
    bit_count(((p.emask & ~coalesce(m.off, 0) & 63) & coalesce(m.m13, 0))::bit(32))::int AS x20,
    (coalesce(e.e2, 0) + coalesce(e.e3, 0)) AS x21
  FROM p LEFT JOIN m ON m.id = p.id LEFT JOIN e ON e.id = p.id LEFT JOIN a0 ON a0.id = p.id
  OFFSET 0),
y AS (
  SELECT x.*,
    coalesce(x0 >= 24, false) AS v0,
    CASE WHEN NOT (x3 > 0) THEN NULL WHEN x2 >= 90 * x3 THEN true WHEN (x2 + bit_count((x1)::bit(32))::int * 100) < 90 * x3 THEN false END AS v1,
    CASE WHEN NOT (x3 > 0) THEN NULL WHEN (x4 = 0 AND x5 <= 5 * x3) THEN true WHEN x5 > 5 * x3 THEN false END AS v2,
    CASE WHEN NOT (x8 > 0) THEN NULL WHEN x7 >= 80 * x8 THEN true WHEN (x6 = 0 AND x7 < 80 * x8) THEN false END AS v3,
    coalesce(x9 >= 1, false) AS v4,
    coalesce(x10 = 0, false) AS v5,
    coalesce(x11 <= 60, false) AS v6,
    CASE WHEN x13 >= 100 THEN true WHEN (x12 = 0 AND x13 < 100) THEN false END AS v7,
    CASE WHEN NOT (x16 > 0) THEN NULL WHEN (x14 = 0 AND x15 >= 80) THEN true WHEN x15 < 80 THEN false END AS v8,
    CASE WHEN NOT (x16 > 0) THEN NULL WHEN coalesce(x18, (-10)) > 100 THEN true WHEN (x17 = 0 AND x18 <= 100) THEN false END AS v9,
    CASE WHEN x20 + bit_count((x19)::bit(32))::int < 2 THEN true WHEN x20 >= 2 THEN false END AS v10,
    coalesce(x21 <= 2, false) AS v11
  FROM x
  OFFSET 0),
z AS (
  SELECT y.*, false AS fired, CASE y.tier WHEN 'p1' THEN v0 AND v1 AND v2 AND v3 AND v4 AND v5 AND v6 AND v7 AND v8 AND v9 AND v10 AND v11 END AS ok
  FROM y
  OFFSET 0)
SELECT id, tier, (CASE WHEN fired AND tier = 'p1' THEN 5 WHEN fired THEN 4 WHEN tier = 'p2' THEN 6 WHEN ok THEN 1 WHEN NOT ok THEN 2 ELSE 3 END)::smallint AS outcome, CASE WHEN fired AND tier <> 'p1' THEN CASE tier WHEN 'p2' THEN 'p1' END ELSE target END AS target,
  CASE tier WHEN 'p1' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2) | (coalesce(v2::int, 2)::bigint << 4) | (coalesce(v3::int, 2)::bigint << 6) | (coalesce(v4::int, 2)::bigint << 8) | (coalesce(v5::int, 2)::bigint << 10) | (coalesce(v6::int, 2)::bigint << 12) | (coalesce(v7::int, 2)::bigint << 14) | (coalesce(v8::int, 2)::bigint << 16) | (coalesce(v9::int, 2)::bigint << 18) | (coalesce(v10::int, 2)::bigint << 20) | (coalesce(v11::int, 2)::bigint << 22)) WHEN 'p2' THEN 0 END::bigint AS bits,
  CASE tier WHEN 'p1' THEN ARRAY[x0::bigint, round((x2 / nullif(x3 - bit_count((x1)::bit(32))::int, 0)) * 10000)::bigint, round((x5 / nullif(x3 - bit_count((x4)::bit(32))::int, 0)) * 10000)::bigint, round((x7 / nullif(x8 - bit_count((x6)::bit(32))::int, 0)) * 10000)::bigint, x9::bigint, x10::bigint, x11::bigint, x13::bigint, round(x15 * 10000)::bigint, round(x18 * 10000)::bigint, x20, x21::bigint]::bigint[] WHEN 'p2' THEN ARRAY[]::bigint[] END::bigint[] AS observed,
  CASE tier WHEN 'p1' THEN CASE WHEN (x1 | x4 | x6 | x12 | x14 | x17 | x19) <> 0 THEN ARRAY[0, x1, x4, x6, 0, 0, 0, x12, x14, x17, x19, 0]::bigint[] END WHEN 'p2' THEN NULL END::bigint[] AS missing
FROM z
