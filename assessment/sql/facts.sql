-- Monthly values and events are facts: gate, touch, history.
SELECT staff_make_facts('assessment_employeemonth', 'value', 't.month');
SELECT staff_make_facts('assessment_event', 'event', 'least(staff_month_number(t.day), staff_month_number(t.decided_on))');

-- A month is exempt when the union of the person's absences covers it. Absences stay the truth; `counts` follows them
-- through every door.
CREATE FUNCTION assessment_keep_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH covered AS (
        SELECT employee_id, range_agg(daterange(first_day, last_day + 1)) AS days FROM staff_absence
        WHERE employee_id IN (SELECT employee_id FROM rows) GROUP BY employee_id
    ), exempt AS (
        SELECT c.employee_id, staff_month_number(m::date) AS month FROM covered c
        CROSS JOIN LATERAL unnest(c.days) AS r
        CROSS JOIN LATERAL generate_series(date_trunc('month', lower(r)), upper(r), interval '1 month') AS m
        WHERE c.days @> daterange(m::date, (m + interval '1 month')::date)
    )
    INSERT INTO assessment_employeemonth AS f (employee_id, month, counts)
    SELECT DISTINCT employee_id, month, false FROM exempt
    ON CONFLICT (employee_id, month) DO UPDATE SET counts = false WHERE f.counts;

    UPDATE assessment_employeemonth f SET counts = true
    WHERE NOT f.counts AND f.employee_id IN (SELECT employee_id FROM rows) AND NOT coalesce((
        SELECT range_agg(daterange(a.first_day, a.last_day + 1)) @> daterange(
            make_date(f.month / 12, f.month % 12 + 1, 1),
            (make_date(f.month / 12, f.month % 12 + 1, 1) + interval '1 month')::date)
        FROM staff_absence a WHERE a.employee_id = f.employee_id), false);
    RETURN NULL;
END $$;

CREATE TRIGGER c_counts_new AFTER INSERT ON staff_absence REFERENCING NEW TABLE AS rows
FOR EACH STATEMENT EXECUTE FUNCTION assessment_keep_counts();
CREATE TRIGGER c_counts_changed AFTER UPDATE ON staff_absence REFERENCING NEW TABLE AS rows
FOR EACH STATEMENT EXECUTE FUNCTION assessment_keep_counts();
CREATE TRIGGER c_counts_gone AFTER DELETE ON staff_absence REFERENCING OLD TABLE AS rows
FOR EACH STATEMENT EXECUTE FUNCTION assessment_keep_counts();

-- A sealed month takes no more facts, through whichever door they come. A finding after the sealing carries the day of the
-- decision and belongs to that day's month.
CREATE FUNCTION assessment_refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found integer;
BEGIN
    EXECUTE format('SELECT min(s.month) FROM assessment_assessmentmonth s JOIN rows t ON s.month = %s '
                   'WHERE s.state = ''sealed''', TG_ARGV[0]) INTO found;
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'month %-% is sealed', found / 12, lpad((found % 12 + 1)::text, 2, '0')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_month_is_closed';
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    facts record;
BEGIN
    FOR facts IN SELECT * FROM (VALUES
        ('assessment_employeemonth', 't.month'),
        ('assessment_event', 'staff_month_number(greatest(t.day, t.decided_on))')) AS v(name, month)
    LOOP
        EXECUTE format('CREATE TRIGGER s_sealed_new AFTER INSERT ON %I REFERENCING NEW TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(%L)', facts.name, facts.month);
        EXECUTE format('CREATE TRIGGER s_sealed_changed AFTER UPDATE ON %I REFERENCING NEW TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(%L)', facts.name, facts.month);
        EXECUTE format('CREATE TRIGGER s_sealed_before AFTER UPDATE ON %I REFERENCING OLD TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(%L)', facts.name, facts.month);
        EXECUTE format('CREATE TRIGGER s_sealed_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(%L)', facts.name, facts.month);
    END LOOP;
END $$;

-- Sealing is final; what comes later is a correction.
CREATE FUNCTION assessment_sealed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'month % is sealed and stays so', OLD.month USING ERRCODE = 'check_violation',
        CONSTRAINT = 'sealed_month_stays_sealed';
END $$;
CREATE TRIGGER sealed_month_stays_sealed BEFORE UPDATE OR DELETE ON assessment_assessmentmonth
FOR EACH ROW WHEN (OLD.state = 'sealed') EXECUTE FUNCTION assessment_sealed_stays();

-- Nothing reaches into a sealed month: not an adoption either, nor the end of one.
CREATE FUNCTION assessment_adoption_keeps_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes_from date := CASE WHEN TG_OP = 'INSERT' THEN lower(NEW.period)
        ELSE least(upper(OLD.period), upper(NEW.period)) END;
BEGIN
    IF EXISTS (SELECT 1 FROM assessment_assessmentmonth
               WHERE state = 'sealed' AND month >= staff_month_number(changes_from)) THEN
        RAISE EXCEPTION 'an adoption from % reaches into a sealed month', changes_from USING ERRCODE = 'check_violation',
            CONSTRAINT = 'adoption_keeps_sealed_months';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER adoption_keeps_sealed_months AFTER INSERT OR UPDATE OF period ON policy_adoption
FOR EACH ROW EXECUTE FUNCTION assessment_adoption_keeps_sealed();
