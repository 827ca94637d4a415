WITH p AS MATERIALIZED (
  SELECT p.*, ((1 << greatest(least(%(A)s - coalesce(p.hired_m, %(A)s), 1), 0)) - 1) AS emask
  FROM (SELECT p.id, p.tier, p.hired_on, p.post_since, CASE p.tier WHEN 'level1' THEN 'level2' WHEN 'level2' THEN 'level3' WHEN 'level3' THEN 'senior' END AS target, (date_part('year', p.hired_on)::int * 12 + date_part('month', p.hired_on)::int - 1) AS hired_m
        FROM test_people p WHERE p.tier IN ('level1', 'level2', 'level3', 'senior') OFFSET 0) p),
e AS MATERIALIZED (
  SELECT p.id,
    count(*) FILTER (WHERE e.kind = 'certificate' AND e.status <> 'withdrawn' AND (e.subject IN ('level2', 'level3', 'senior'))) AS e0
  FROM p JOIN test_events e ON e.employee_id = p.id AND e.day >= p.hired_on AND e.day < %(A_day)s AND e.kind IN ('certificate')
  GROUP BY p.id),
x AS (
  SELECT p.id,
    p.tier,
    p.target,
    greatest(%(A)s - (date_part('year', coalesce(p.post_since, p.hired_on))::int * 12 + date_part('month', coalesce(p.post_since, p.hired_on))::int - 1) - (date_part('day', coalesce(p.post_since, p.hired_on)) > 1)::int, 0) AS x0,
    %(process_competition_won)s::numeric AS x1,
    %(process_review_total)s::numeric AS x2,
    coalesce(e.e0, 0) AS x3
  FROM p LEFT JOIN e ON e.id = p.id
  OFFSET 0),
y AS (
  SELECT x.*,
    coalesce(x0 >= 6, false) AS v0,
    (x1 = 1) AS v1,
    (x2 >= 80) AS v2,
    coalesce(x3 >= 1, false) AS v3,
    (x2 >= 85) AS v4
  FROM x
  OFFSET 0),
z AS (
  SELECT y.*, false AS fired, CASE y.tier WHEN 'level1' THEN v0 WHEN 'level2' THEN true WHEN 'level3' THEN v3 END AS ok
  FROM y
  OFFSET 0)
SELECT id, tier, (CASE WHEN fired AND tier = 'level1' THEN 5 WHEN fired THEN 4 WHEN tier = 'senior' THEN 6 WHEN ok THEN 1 WHEN NOT ok THEN 2 ELSE 3 END)::smallint AS outcome, CASE WHEN fired AND tier <> 'level1' THEN CASE tier WHEN 'level2' THEN 'level1' WHEN 'level3' THEN 'level2' WHEN 'senior' THEN 'level3' END ELSE target END AS target,
  CASE tier WHEN 'level1' THEN ((coalesce(v0::int, 2)::bigint << 0)) WHEN 'level2' THEN ((coalesce(v1::int, 2)::bigint << 0) | (coalesce(v2::int, 2)::bigint << 2)) WHEN 'level3' THEN ((coalesce(v1::int, 2)::bigint << 0) | (coalesce(v3::int, 2)::bigint << 2) | (coalesce(v4::int, 2)::bigint << 4)) WHEN 'senior' THEN 0 END::bigint AS bits,
  CASE tier WHEN 'level1' THEN ARRAY[x0::bigint]::bigint[] WHEN 'level2' THEN ARRAY[round(x1 * 100)::bigint, round(x2 * 100)::bigint]::bigint[] WHEN 'level3' THEN ARRAY[round(x1 * 100)::bigint, x3::bigint, round(x2 * 100)::bigint]::bigint[] WHEN 'senior' THEN ARRAY[]::bigint[] END::bigint[] AS observed,
  CASE tier WHEN 'level1' THEN NULL WHEN 'level2' THEN NULL WHEN 'level3' THEN NULL WHEN 'senior' THEN NULL END::bigint[] AS missing
FROM z
