-- Values from the staging table `by_hand` into the months: every check that a file of values must pass, then one upsert
-- through the same triggers. The last statement gives the number of faults.
ANALYZE by_hand;
CREATE TEMP TABLE by_hand_checked ON COMMIT DROP AS
SELECT r.line, e.id AS employee_id,
       CASE WHEN r.month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'
            THEN substr(r.month, 1, 4)::int * 12 + substr(r.month, 6, 2)::int - 1 END AS month,
       m.key, m.lowest, m.highest, m.decimals,
       CASE WHEN r.value ~ '^-?[0-9]{1,16}(\.[0-9]{1,4})?$' THEN r.value::numeric END AS value
FROM by_hand r LEFT JOIN staff_employee e ON e.employee_no = r.employee_no
LEFT JOIN assessment_metric m ON m.kind = 'value' AND (m.key = r.metric OR m.zh = r.metric);
ANALYZE by_hand_checked;
CREATE TEMP TABLE by_hand_faults ON COMMIT DROP AS
SELECT line FROM by_hand_checked
WHERE employee_id IS NULL OR month IS NULL OR key IS NULL OR value IS NULL OR value < lowest OR value > highest
   OR min_scale(value) > decimals OR month IN (SELECT month FROM assessment_assessmentmonth WHERE state = 'sealed')
UNION ALL
SELECT min(line) FROM by_hand_checked GROUP BY employee_id, month, key HAVING count(DISTINCT value) > 1;
INSERT INTO assessment_employeemonth AS f (employee_id, month, {cases}, {online})
SELECT employee_id, month, max(value) FILTER (WHERE key = 'excellent_cases'), max(value) FILTER (WHERE key = 'keywords_online')
FROM by_hand_checked WHERE NOT EXISTS (SELECT 1 FROM by_hand_faults)
GROUP BY employee_id, month ORDER BY employee_id, month
ON CONFLICT (employee_id, month) DO UPDATE
SET {cases} = coalesce(excluded.{cases}, f.{cases}), {online} = coalesce(excluded.{online}, f.{online})
WHERE (excluded.{cases} IS NOT NULL AND excluded.{cases} IS DISTINCT FROM f.{cases})
   OR (excluded.{online} IS NOT NULL AND excluded.{online} IS DISTINCT FROM f.{online});
SELECT count(*) FROM by_hand_faults
