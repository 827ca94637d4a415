-- The months of four policies written by hand for these very tables, as somebody would who knows them and each policy: no general
-- rule, every clause where it is needed. They must give the product's rows to the last value, which the benchmark checks.
-- {s_key} is the slot of a metric; each statement follows the line with its policy's key.
-- == grade-and-wage
INSERT INTO bench_results (level, policy, month, employee_id, version_id, values_digest, full_marks, department_id, counts, items,
    total, rank, grade, stars, cases, missing)
WITH away AS MATERIALIZED (
    SELECT id, sum(upper(span) - lower(span)) AS days
    FROM (SELECT a.employee_id AS id, unnest(range_agg(daterange(greatest(a.first_day, e.hired_on, %(year_ago)s),
                                                                 least(a.last_day, %(day)s) + 1))) AS span
          FROM staff_absence a JOIN staff_employee e ON e.id = a.employee_id
          WHERE a.first_day <= %(day)s AND a.last_day >= greatest(e.hired_on, %(year_ago)s) GROUP BY a.employee_id) spans
    GROUP BY id
), person AS MATERIALIZED (
    SELECT e.id, d.department_id, coalesce(f.counts, true) AS counts, round(f.{s_sales_result}, 2) AS sales,
           round(f.{s_tasks}, 2) AS tasks, round(f.{s_ability}, 2) AS ability, round(f.{s_attitude}, 2) AS attitude
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(day)s::date AND d.department_id = ANY(%(departments)s)
    LEFT JOIN away ON away.id = e.id
    LEFT JOIN assessment_employeemonth f ON f.employee_id = e.id AND f.month = %(month)s
    WHERE e.hired_on <= %(day)s AND (e.left_on IS NULL OR e.left_on >= %(first_day)s) AND coalesce(away.days, 0) <= 60
), before AS MATERIALIZED (
    SELECT employee_id AS id, count(*) FILTER (WHERE counts AND rank = 1 AND NOT 'bonus' = ANY (cases)) AS first,
           count(*) FILTER (WHERE counts AND grade = 'E' AND NOT 'resignation_clause' = ANY (cases)) AS last
    FROM assessment_result
    WHERE policy = 'grade-and-wage' AND level = 'month' AND employee_id IS NOT NULL
        AND month BETWEEN %(month)s - 2 AND %(month)s - 1
    GROUP BY employee_id
), scored AS (
    SELECT p.*, CASE WHEN counts THEN sales + tasks + ability + attitude END AS total FROM person p
), ranked AS (
    SELECT s.*, CASE WHEN total IS NOT NULL THEN rank() OVER (PARTITION BY department_id ORDER BY total DESC NULLS LAST) END AS rank,
           CASE WHEN total >= 90 THEN 'A' WHEN total >= 80 THEN 'B' WHEN total >= 70 THEN 'C' WHEN total >= 60 THEN 'D'
                WHEN total < 60 THEN 'E' END AS grade
    FROM scored s
)
SELECT 'month', 'grade-and-wage', %(month)s, r.id, %(version)s, %(values)s, 100, department_id, counts,
    CASE WHEN counts THEN jsonb_build_object('sales_result', trim_scale(sales), 'tasks', trim_scale(tasks),
        'ability', trim_scale(ability), 'attitude', trim_scale(attitude))
    ELSE '{"sales_result": null, "tasks": null, "ability": null, "attitude": null}' END,
    total, rank, grade, NULL,
    CASE WHEN rank = 1 AND before.first = 2 THEN CASE WHEN grade = 'E' AND before.last = 2 THEN '{bonus,resignation_clause}'
                                                      ELSE '{bonus}' END
         WHEN grade = 'E' AND before.last = 2 THEN '{resignation_clause}' ELSE '{}' END::text[],
    CASE WHEN counts AND total IS NULL THEN array_remove(ARRAY[CASE WHEN sales IS NULL THEN 'sales_result' END,
        CASE WHEN tasks IS NULL THEN 'tasks' END, CASE WHEN ability IS NULL THEN 'ability' END,
        CASE WHEN attitude IS NULL THEN 'attitude' END], NULL) ELSE '{}' END
FROM ranked r LEFT JOIN before USING (id)
-- == reward-and-penalty
INSERT INTO bench_results (level, policy, month, employee_id, version_id, values_digest, full_marks, department_id, counts, items,
    total, rank, grade, stars, cases, missing)
WITH found AS MATERIALIZED (
    SELECT v.employee_id AS id, max(CASE v.subject WHEN 'major' THEN 3 WHEN 'serious' THEN 2 ELSE 1 END) AS worst
    FROM assessment_event v JOIN staff_employee e ON e.id = v.employee_id
    WHERE v.kind = 'violation' AND v.status IN ('', 'upheld') AND v.day BETWEEN %(first_day)s AND %(day)s
        AND v.day >= e.hired_on AND (e.left_on IS NULL OR v.day <= e.left_on)
    GROUP BY v.employee_id
), person AS MATERIALIZED (
    SELECT e.id, d.department_id, coalesce(f.counts, true) AS counts,
           CASE WHEN f.{s_satisfaction_rate} >= 90 THEN 4 WHEN f.{s_satisfaction_rate} >= 80 THEN 3
                WHEN f.{s_satisfaction_rate} >= 70 THEN 2 WHEN f.{s_satisfaction_rate} < 70 THEN 1 END AS satisfaction,
           CASE WHEN f.{s_avg_response_minutes} <= 5 THEN 4 WHEN f.{s_avg_response_minutes} <= 10 THEN 3
                WHEN f.{s_avg_response_minutes} <= 15 THEN 2 WHEN f.{s_avg_response_minutes} > 15 THEN 1 END AS response,
           CASE WHEN f.{s_resolution_rate} >= 90 THEN 4 WHEN f.{s_resolution_rate} >= 80 THEN 3
                WHEN f.{s_resolution_rate} >= 70 THEN 2 WHEN f.{s_resolution_rate} < 70 THEN 1 END AS resolution,
           4 - coalesce(found.worst, 0) AS discipline,
           round((f.{s_peer_review} + f.{s_leader_rating}) / 2) AS teamwork, f.{s_peer_review} AS peers, f.{s_leader_rating} AS leader
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(day)s::date AND d.department_id = ANY(%(departments)s)
    LEFT JOIN found ON found.id = e.id
    LEFT JOIN assessment_employeemonth f ON f.employee_id = e.id AND f.month = %(month)s
    WHERE e.hired_on <= %(day)s AND (e.left_on IS NULL OR e.left_on >= %(first_day)s)
), before AS MATERIALIZED (
    SELECT employee_id AS id, count(*) FILTER (WHERE counts AND grade = 'fail') AS failed
    FROM assessment_result
    WHERE policy = 'reward-and-penalty' AND level = 'month' AND employee_id IS NOT NULL
        AND month BETWEEN %(month)s - 2 AND %(month)s - 1
    GROUP BY employee_id
), scored AS (
    SELECT p.*, CASE WHEN counts THEN round((satisfaction + response + resolution + discipline + teamwork) / 5, 2) END AS total
    FROM person p
), ranked AS (
    SELECT s.*, CASE WHEN total IS NOT NULL THEN rank() OVER (PARTITION BY department_id ORDER BY total DESC NULLS LAST) END AS rank,
           CASE WHEN total >= 3.5 THEN 'excellent' WHEN total >= 2.5 THEN 'good' WHEN total >= 1.5 THEN 'pass'
                WHEN total < 1.5 THEN 'fail' END AS grade
    FROM scored s
)
SELECT 'month', 'reward-and-penalty', %(month)s, r.id, %(version)s, %(values)s, NULL, department_id, counts,
    CASE WHEN counts THEN jsonb_build_object('satisfaction', satisfaction, 'response', response, 'resolution', resolution,
        'discipline', discipline, 'teamwork', trim_scale(teamwork))
    ELSE '{"satisfaction": null, "response": null, "resolution": null, "discipline": null, "teamwork": null}' END,
    total, rank, grade, NULL,
    CASE grade WHEN 'excellent' THEN '{bonus,praise}'
        WHEN 'fail' THEN CASE WHEN before.failed = 2 THEN '{training,warning_or_dismissal}' ELSE '{training}' END
        ELSE '{}' END::text[],
    CASE WHEN counts AND total IS NULL THEN array_remove(ARRAY[CASE WHEN satisfaction IS NULL THEN 'satisfaction_rate' END,
        CASE WHEN response IS NULL THEN 'avg_response_minutes' END, CASE WHEN resolution IS NULL THEN 'resolution_rate' END,
        CASE WHEN peers IS NULL THEN 'peer_review' END, CASE WHEN leader IS NULL THEN 'leader_rating' END], NULL) ELSE '{}' END
FROM ranked r LEFT JOIN before USING (id)
-- == monthly-stars
INSERT INTO bench_results (level, policy, month, employee_id, version_id, values_digest, full_marks, department_id, counts, items,
    total, rank, grade, stars, cases, missing)
WITH complained AS MATERIALIZED (
    SELECT DISTINCT v.employee_id AS id
    FROM assessment_event v JOIN staff_employee e ON e.id = v.employee_id
    WHERE v.kind = 'complaint' AND v.status NOT IN ('dismissed', 'withdrawn') AND v.day BETWEEN %(first_day)s AND %(day)s
        AND v.day >= e.hired_on AND (e.left_on IS NULL OR v.day <= e.left_on)
), person AS MATERIALIZED (
    SELECT e.id, d.department_id, coalesce(f.counts, true) AS counts, complained.id IS NULL AS clean, f.{s_collection_rate} AS rate,
           f.{s_leader_tasks} AS tasks, f.{s_service_attitude} AS attitude, f.{s_discipline} AS rules, f.{s_proactive} AS proactive,
           f.{s_collection_rate} + f.{s_leader_tasks} + f.{s_service_attitude} + f.{s_discipline} + f.{s_proactive}
               IS NOT NULL AS complete
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(day)s::date AND d.department_id = ANY(%(departments)s)
    LEFT JOIN complained ON complained.id = e.id
    LEFT JOIN assessment_employeemonth f ON f.employee_id = e.id AND f.month = %(month)s
    WHERE e.hired_on <= %(day)s AND (e.left_on IS NULL OR e.left_on >= %(first_day)s) AND e.position <> '前台'
)
SELECT 'month', 'monthly-stars', %(month)s, id, %(version)s, %(values)s, NULL, department_id, counts, '{}', NULL, NULL, NULL,
    CASE WHEN counts AND complete THEN
        CASE WHEN rate >= 110 AND clean AND attitude = 1 AND rules = 1 THEN CASE WHEN tasks = 1 AND proactive = 1 THEN 5 ELSE 4 END
             WHEN rate >= 100 THEN 3 WHEN rate >= 85 THEN 2 ELSE 1 END
    END,
    '{}',
    CASE WHEN counts AND NOT complete THEN array_remove(ARRAY[CASE WHEN rate IS NULL THEN 'collection_rate' END,
        CASE WHEN tasks IS NULL THEN 'leader_tasks' END, CASE WHEN attitude IS NULL THEN 'service_attitude' END,
        CASE WHEN rules IS NULL THEN 'discipline' END, CASE WHEN proactive IS NULL THEN 'proactive' END], NULL) ELSE '{}' END
FROM person
-- == itemised-scorecard
INSERT INTO bench_results (level, policy, month, employee_id, version_id, values_digest, full_marks, department_id, counts, items,
    total, rank, grade, stars, cases, missing)
WITH person AS MATERIALIZED (
    SELECT e.id, d.department_id, coalesce(f.counts, true) AS counts,
           CASE WHEN f.{s_satisfaction} >= 90 THEN 10 WHEN f.{s_satisfaction} < 90 THEN 0 END AS satisfaction,
           CASE WHEN f.{s_speed} >= 2 THEN 0 WHEN f.{s_speed} >= 1 THEN 5 WHEN f.{s_speed} < 1 THEN 10 END AS speed,
           CASE WHEN f.{s_accuracy} IS NOT NULL THEN round(greatest(0, 10 - 5 * f.{s_accuracy}), 2) END AS accuracy,
           CASE WHEN f.{s_norms} IS NOT NULL THEN round(greatest(0, 10 - 5 * f.{s_norms}), 2) END AS norms,
           CASE WHEN f.{s_tasks} IS NOT NULL THEN round(greatest(0, 15 - 5 * f.{s_tasks}), 2) END AS tasks,
           CASE WHEN f.{s_knowledge} >= 90 THEN 10 WHEN f.{s_knowledge} < 90 THEN 5 END AS knowledge,
           CASE f.{s_overtime} WHEN 1 THEN 5 WHEN 0 THEN 0 END AS overtime,
           CASE f.{s_attendance} WHEN 1 THEN 5 WHEN 0 THEN 0 END AS attendance,
           CASE f.{s_initiative} WHEN 1 THEN 5 WHEN 0 THEN 0 END AS initiative,
           CASE f.{s_peers} WHEN 1 THEN 5 WHEN 0 THEN 0 END AS peers,
           CASE f.{s_collaboration} WHEN 1 THEN 5 WHEN 0 THEN 0 END AS collaboration,
           CASE f.{s_sharing} WHEN 1 THEN 5 WHEN 0 THEN 0 END AS sharing
    FROM staff_employee e
    JOIN staff_departmentperiod d ON d.employee_id = e.id AND d.period @> %(day)s::date AND d.department_id = ANY(%(departments)s)
    LEFT JOIN assessment_employeemonth f ON f.employee_id = e.id AND f.month = %(month)s
    WHERE e.hired_on <= %(day)s AND (e.left_on IS NULL OR e.left_on >= %(first_day)s) AND e.regularised_on <= %(day)s
), scored AS (
    SELECT p.*, CASE WHEN counts THEN satisfaction + speed + accuracy + norms + tasks + knowledge + overtime + attendance + initiative
        + peers + collaboration + sharing END AS total
    FROM person p
)
SELECT 'month', 'itemised-scorecard', %(month)s, id, %(version)s, %(values)s, 95, department_id, counts,
    CASE WHEN counts THEN jsonb_build_object('satisfaction', satisfaction, 'speed', speed, 'accuracy', trim_scale(accuracy),
        'norms', trim_scale(norms), 'tasks', trim_scale(tasks), 'knowledge', knowledge, 'overtime', overtime,
        'attendance', attendance, 'initiative', initiative, 'peers', peers, 'collaboration', collaboration, 'sharing', sharing)
    ELSE '{"satisfaction": null, "speed": null, "accuracy": null, "norms": null, "tasks": null, "knowledge": null, "overtime": null,
        "attendance": null, "initiative": null, "peers": null, "collaboration": null, "sharing": null}' END,
    total, CASE WHEN total IS NOT NULL THEN rank() OVER (PARTITION BY department_id ORDER BY total DESC NULLS LAST) END, NULL, NULL,
    '{}',
    CASE WHEN counts AND total IS NULL THEN array_remove(ARRAY[CASE WHEN satisfaction IS NULL THEN 'satisfaction' END,
        CASE WHEN speed IS NULL THEN 'speed' END, CASE WHEN accuracy IS NULL THEN 'accuracy' END,
        CASE WHEN norms IS NULL THEN 'norms' END, CASE WHEN tasks IS NULL THEN 'tasks' END,
        CASE WHEN knowledge IS NULL THEN 'knowledge' END, CASE WHEN overtime IS NULL THEN 'overtime' END,
        CASE WHEN attendance IS NULL THEN 'attendance' END, CASE WHEN initiative IS NULL THEN 'initiative' END,
        CASE WHEN peers IS NULL THEN 'peers' END, CASE WHEN collaboration IS NULL THEN 'collaboration' END,
        CASE WHEN sharing IS NULL THEN 'sharing' END], NULL) ELSE '{}' END
FROM scored
