WITH p AS MATERIALIZED (
  SELECT p.*, ((1 << greatest(least(%(A)s - coalesce(p.hired_m, %(A)s), 12), 0)) - 1) AS emask
  FROM (SELECT p.id, p.tier, p.hired_on, CASE p.tier WHEN 'junior' THEN 'intermediate' WHEN 'intermediate' THEN 'senior' WHEN 'senior' THEN 'expert' END AS target, (date_part('year', p.hired_on)::int * 12 + date_part('month', p.hired_on)::int - 1) AS hired_m
        FROM people p WHERE p.tier IN ('junior', 'intermediate', 'senior', 'expert') OFFSET 0) p),
m AS MATERIALIZED (
  SELECT p.id,
    bit_or(f.bit) FILTER (WHERE NOT f.counts) AS off,
    sum(CASE WHEN coalesce(f.total, f.s8) IS NULL THEN NULL ELSE least(coalesce(f.total, f.s8), 100) END) FILTER (WHERE f.counts) AS m0,
    bit_or(f.bit) FILTER (WHERE f.counts AND (CASE WHEN coalesce(f.total, f.s8) IS NULL THEN NULL ELSE least(coalesce(f.total, f.s8), 100) END) IS NOT NULL) AS m1
  FROM p JOIN (SELECT f.*, %(M)s - f.month AS k, 1 << (%(M)s - f.month) AS bit FROM months f WHERE f.month BETWEEN %(M)s - 11 AND %(M)s) f ON f.employee_id = p.id AND f.month >= p.hired_m
  GROUP BY p.id),
e AS MATERIALIZED (
  SELECT p.id,
    count(*) FILTER (WHERE e.kind = 'major_misconduct' AND e.status IN ('', 'upheld') AND e.day >= %(d12)s) AS e0
  FROM p JOIN events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s AND e.day >= %(d12)s AND e.kind IN ('major_misconduct')
  GROUP BY p.id),
x AS (
  SELECT p.id,
    p.tier,
    p.target,
    coalesce(e.e0, 0) AS x0,
    ((p.emask & ~coalesce(m.off, 0)) & ~(coalesce(m.m1, 0))) AS x1,
    coalesce(m.m0, 0) AS x2,
    bit_count(((p.emask & ~coalesce(m.off, 0)))::bit(32))::int AS x3
  FROM p LEFT JOIN m ON m.id = p.id LEFT JOIN e ON e.id = p.id
  OFFSET 0),
y AS (
  SELECT x.*,
    coalesce(x0 = 0, false) AS v0,
    CASE WHEN NOT (x3 > 0) THEN NULL WHEN x2 >= 80 * x3 THEN true WHEN (x2 + bit_count((x1)::bit(32))::int * 100) < 80 * x3 THEN false END AS v1
  FROM x
  OFFSET 0),
z AS (
  SELECT y.*, false AS fired, CASE y.tier WHEN 'junior' THEN v0 AND v1 WHEN 'intermediate' THEN v0 AND v1 WHEN 'senior' THEN v0 AND v1 END AS ok
  FROM y
  OFFSET 0)
SELECT id, tier, (CASE WHEN fired AND tier = 'junior' THEN 5 WHEN fired THEN 4 WHEN tier = 'expert' THEN 6 WHEN ok THEN 1 WHEN NOT ok THEN 2 ELSE 3 END)::smallint AS outcome, CASE WHEN fired AND tier <> 'junior' THEN CASE tier WHEN 'intermediate' THEN 'junior' WHEN 'senior' THEN 'intermediate' WHEN 'expert' THEN 'senior' END ELSE target END AS target,
  CASE tier WHEN 'junior' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2)) WHEN 'intermediate' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2)) WHEN 'senior' THEN ((coalesce(v0::int, 2)::bigint << 0) | (coalesce(v1::int, 2)::bigint << 2)) WHEN 'expert' THEN 0 END::bigint AS bits,
  CASE tier WHEN 'junior' THEN ARRAY[x0::bigint, round((x2 / nullif(x3 - bit_count((x1)::bit(32))::int, 0)) * 10000)::bigint]::bigint[] WHEN 'intermediate' THEN ARRAY[x0::bigint, round((x2 / nullif(x3 - bit_count((x1)::bit(32))::int, 0)) * 10000)::bigint]::bigint[] WHEN 'senior' THEN ARRAY[x0::bigint, round((x2 / nullif(x3 - bit_count((x1)::bit(32))::int, 0)) * 10000)::bigint]::bigint[] WHEN 'expert' THEN ARRAY[]::bigint[] END::bigint[] AS observed,
  CASE tier WHEN 'junior' THEN CASE WHEN (x1) <> 0 THEN ARRAY[0, x1]::bigint[] END WHEN 'intermediate' THEN CASE WHEN (x1) <> 0 THEN ARRAY[0, x1]::bigint[] END WHEN 'senior' THEN CASE WHEN (x1) <> 0 THEN ARRAY[0, x1]::bigint[] END WHEN 'expert' THEN NULL END::bigint[] AS missing
FROM z
