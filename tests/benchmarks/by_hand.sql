-- info-service written by hand for these very tables, as somebody would who knows them and the policy: no general rule,
-- every clause where it is needed. It must give the sweep's rows to the last value (evidence included: two bits a rule,
-- observed values, masks of missing months), which the benchmark checks. {cases} and {online} are the metrics' slots.
INSERT INTO bench_by_hand (run_id, employee_id, month, tier, outcome, target, bits, observed, missing, department_id, position,
    hired_on, regularised_on, post_since, left_on, birth_date, tier_since, demoted_on)
WITH person AS MATERIALIZED (
    SELECT e.id, d.department_id, e.position, e.hired_on, e.regularised_on, e.post_since, e.left_on, e.birth_date, t.tier,
           lower(t.period) AS tier_since, CASE WHEN t.kind = 'demotion' THEN lower(t.period) END AS demoted_on,
           CASE WHEN t.kind = 'demotion' THEN lower(t.period) ELSE e.hired_on END AS triggers_from,
           staff_month_number(e.hired_on) AS hired_month,
           (1 << least(%(month)s + 1 - staff_month_number(e.hired_on), 12)) - 1 AS employed,
           CASE t.tier WHEN 'regular' THEN 'star' WHEN 'star' THEN 'diamond' WHEN 'diamond' THEN 'crown' END AS next,
           %(month)s + 1 - staff_month_number(coalesce(e.post_since, e.hired_on))
               - (extract(day FROM coalesce(e.post_since, e.hired_on)) > 1)::int AS tenure
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(day)s::date
        AND d.department_id = ANY(%(departments)s)
    JOIN promotion_tierperiod t ON t.employee_id = e.id AND t.period @> %(day)s::date AND t.ladder = 'info-service'
    WHERE e.hired_on <= %(day)s AND (e.left_on IS NULL OR e.left_on > %(day)s)
        AND e.id > %(low)s AND e.id <= %(high)s AND d.employee_id > %(low)s AND d.employee_id <= %(high)s
        AND t.employee_id > %(low)s AND t.employee_id <= %(high)s
), monthly AS (
    SELECT p.id,
           bit_or(1 << (%(month)s - f.month)) FILTER (WHERE NOT f.counts) AS exempt,
           sum(f.{cases}) FILTER (WHERE f.counts AND f.month > %(month)s - 6) AS half_year_cases,
           bit_or(1 << (%(month)s - f.month)) FILTER (WHERE f.counts AND f.{cases} IS NOT NULL) AS cases_reported,
           bit_or(1 << (%(month)s - f.month)) FILTER (WHERE f.counts AND f.{cases} >= 1) AS with_a_case,
           bit_or(1 << (%(month)s - f.month)) FILTER (WHERE f.counts AND f.{online} IS NOT NULL) AS online_reported,
           bit_or(1 << (%(month)s - f.month)) FILTER (WHERE f.counts AND f.{online} = 0) AS dry_reported
    FROM person p JOIN assessment_employeemonth f ON f.employee_id = p.id AND f.month >= p.hired_month
    WHERE f.month > %(month)s - 12 AND f.month <= %(month)s AND f.employee_id > %(low)s AND f.employee_id <= %(high)s
    GROUP BY p.id
), happened AS (
    SELECT p.id,
           count(*) FILTER (WHERE e.kind = 'violation' AND e.status IN ('', 'upheld')) AS violations,
           count(*) FILTER (WHERE e.kind = 'major_misconduct' AND e.status IN ('', 'upheld')) AS ever_misconduct,
           count(*) FILTER (WHERE e.kind = 'major_misconduct' AND e.status IN ('', 'upheld')
                            AND e.day >= %(year_ago)s) AS misconduct,
           count(*) FILTER (WHERE e.kind = 'major_misconduct' AND e.status IN ('', 'upheld')
                            AND coalesce(e.decided_on, e.day) BETWEEN greatest(%(first_day)s::date, p.triggers_from) AND %(day)s
                           ) AS misconduct_now,
           count(*) FILTER (WHERE e.kind = 'complaint' AND e.status IN ('', 'upheld')
                            AND e.day >= %(year_ago)s) AS complaints,
           count(*) FILTER (WHERE e.kind = 'complaint' AND e.status IN ('', 'upheld')
                            AND e.day >= greatest(%(year_ago)s::date, p.triggers_from)) AS trigger_complaints,
           count(*) FILTER (WHERE e.kind = 'exam' AND e.status = 'passed' AND e.subject = p.next
                            AND e.day >= greatest(%(year_ago)s::date, p.tier_since)) AS exams
    FROM person p JOIN assessment_event e ON e.employee_id = p.id AND e.day BETWEEN p.hired_on AND %(day)s
    WHERE e.kind IN ('violation', 'major_misconduct', 'complaint', 'exam') AND e.employee_id > %(low)s AND e.employee_id <= %(high)s
    GROUP BY p.id
), customers AS (
    SELECT id, count(*) FILTER (WHERE last >= %(half_year_ago)s) AS half_year, count(*) FILTER (WHERE last >= %(year_ago)s) AS year
    FROM (SELECT p.id, max(e.day) AS last
          FROM person p JOIN assessment_event e ON e.employee_id = p.id AND e.day BETWEEN p.hired_on AND %(day)s
          WHERE e.kind = 'keyword_online' AND e.status <> 'withdrawn' AND e.quantity <= 3 AND e.subject <> ''
              AND e.employee_id > %(low)s AND e.employee_id <= %(high)s
          GROUP BY p.id, e.subject) latest
    GROUP BY id
), observed AS (
    SELECT p.*, counting, counting & (~coalesce(m.cases_reported, 0)) AS cases_missing,
           counting & coalesce(m.with_a_case, 0) AS case_months, coalesce(m.half_year_cases, 0) AS half_year_cases,
           CASE WHEN (dry & 7) = 7 THEN 3 WHEN (dry & 3) = 3 THEN 2 ELSE dry & 1 END AS dry_months, dry,
           streak_counting & (~coalesce(m.online_reported, 0)) AS online_missing,
           coalesce(h.violations, 0) AS violations, coalesce(h.ever_misconduct, 0) AS ever_misconduct,
           coalesce(h.misconduct, 0) AS misconduct, coalesce(h.misconduct_now, 0) AS misconduct_now,
           coalesce(h.complaints, 0) AS complaints, coalesce(h.trigger_complaints, 0) AS trigger_complaints,
           coalesce(h.exams, 0) AS exams, coalesce(c.half_year, 0) AS customers_6, coalesce(c.year, 0) AS customers_12
    FROM person p LEFT JOIN monthly m USING (id) LEFT JOIN happened h USING (id) LEFT JOIN customers c USING (id)
    CROSS JOIN LATERAL (SELECT p.employed & (~coalesce(m.exempt, 0)) AS counting OFFSET 0) a
    CROSS JOIN LATERAL (SELECT (counting & 7) & ((1 << least(%(month)s + 1 - staff_month_number(p.triggers_from), 3)) - 1)
                        AS streak_counting OFFSET 0) s
    CROSS JOIN LATERAL (SELECT streak_counting & coalesce(m.dry_reported, 0) AS dry OFFSET 0) d
    OFFSET 0
), judged AS (
    SELECT o.*,
           CASE WHEN dry = 7 THEN 1 WHEN (dry | online_missing) <> 7 THEN 0 ELSE 2 END AS is_dry,
           (trigger_complaints > 2)::int AS too_many, (misconduct_now >= 1)::int AS struck, (exams >= 1)::int AS examined,
           CASE WHEN half_year_cases >= 4 THEN 1 WHEN (cases_missing & 63) = 0 THEN 0 ELSE 2 END AS enough_cases,
           CASE WHEN counting = 0 THEN 2 WHEN (case_months | cases_missing) <> counting THEN 0
                WHEN cases_missing = 0 THEN 1 ELSE 2 END AS every_month
    FROM observed o
    OFFSET 0
), concluded AS (
    SELECT j.*, is_dry = 1 OR too_many = 1 OR struck = 1 AS fired,
           CASE tier
               WHEN 'regular' THEN coalesce(regularised_on <= %(day)s, false) AND tenure >= 3 AND violations = 0
                   AND ever_misconduct = 0 AND examined = 1
               WHEN 'star' THEN tenure >= 12 AND enough_cases > 0 AND customers_6 >= 5 AND complaints <= 1 AND misconduct = 0
                   AND examined = 1
               WHEN 'diamond' THEN tenure >= 24 AND complaints <= 1 AND misconduct = 0 AND every_month > 0
                   AND customers_12 >= 10 AND examined = 1
           END AS possible,
           CASE tier WHEN 'star' THEN enough_cases = 2 WHEN 'diamond' THEN every_month = 2 ELSE false END AS waits
    FROM judged j
    OFFSET 0
)
SELECT %(run)s, id, %(month)s, tier,
    CASE WHEN fired THEN CASE tier WHEN 'regular' THEN 5 ELSE 4 END WHEN tier = 'crown' THEN 6 WHEN NOT possible THEN 2
         WHEN waits THEN 3 ELSE 1 END,
    CASE WHEN fired AND tier <> 'regular'
         THEN CASE tier WHEN 'star' THEN 'regular' WHEN 'diamond' THEN 'star' ELSE 'diamond' END ELSE next END,
    CASE tier
        WHEN 'regular' THEN coalesce(regularised_on <= %(day)s, false)::int + (tenure >= 3)::int * 4 + (violations = 0)::int * 16
            + (ever_misconduct = 0)::int * 64 + examined * 256 + is_dry * 1024 + too_many * 4096 + struck * 16384
        WHEN 'star' THEN (tenure >= 12)::int + enough_cases * 4 + (customers_6 >= 5)::int * 16 + (complaints <= 1)::int * 64
            + (misconduct = 0)::int * 256 + examined * 1024 + is_dry * 4096 + too_many * 16384 + struck * 65536
        WHEN 'diamond' THEN (tenure >= 24)::int + (complaints <= 1)::int * 4 + (misconduct = 0)::int * 16 + every_month * 64
            + (customers_12 >= 10)::int * 256 + examined * 1024 + is_dry * 4096 + too_many * 16384 + struck * 65536
        ELSE is_dry + too_many * 4 + struck * 16
    END,
    CASE tier
        WHEN 'regular' THEN ARRAY[regularised_on - DATE '1970-01-01', greatest(tenure, 0), violations, ever_misconduct, exams,
            dry_months, trigger_complaints, misconduct_now]::bigint[]
        WHEN 'star' THEN ARRAY[greatest(tenure, 0), half_year_cases, customers_6, complaints, misconduct, exams, dry_months,
            trigger_complaints, misconduct_now]::bigint[]
        WHEN 'diamond' THEN ARRAY[greatest(tenure, 0), complaints, misconduct,
            bit_count(case_months::bit(32)) * 256 + bit_count(counting::bit(32)), customers_12, exams, dry_months,
            trigger_complaints, misconduct_now]::bigint[]
        ELSE ARRAY[dry_months, trigger_complaints, misconduct_now]::bigint[]
    END,
    CASE tier
        WHEN 'regular' THEN CASE WHEN online_missing <> 0 THEN ARRAY[0, 0, 0, 0, 0, online_missing, 0, 0] END
        WHEN 'star' THEN CASE WHEN ((cases_missing & 63) | online_missing) <> 0
            THEN ARRAY[0, cases_missing & 63, 0, 0, 0, 0, online_missing, 0, 0] END
        WHEN 'diamond' THEN CASE WHEN (cases_missing | online_missing) <> 0
            THEN ARRAY[0, 0, 0, cases_missing, 0, 0, online_missing, 0, 0] END
        WHEN 'crown' THEN CASE WHEN online_missing <> 0 THEN ARRAY[online_missing, 0, 0] END
    END::bigint[],
    department_id, position, hired_on, regularised_on, post_since, left_on, birth_date, tier_since, demoted_on
FROM concluded
