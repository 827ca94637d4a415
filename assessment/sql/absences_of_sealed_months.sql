-- Rules count days of absence over months back, so the days away in a sealed month are among what sealing fixes: each
-- absence's days inside sealed months stay. Its other days, and its kind, which may be found out later, can be put right.
CREATE FUNCTION assessment_days_of_sealed(employee_id bigint, first_day date, last_day date)
RETURNS TABLE (person bigint, month integer, first date, last date) LANGUAGE sql STABLE AS $$
    SELECT $1, s.month, greatest($2, m.first), least($3, (m.first + interval '1 month')::date - 1)
    FROM assessment_assessmentmonth s
    CROSS JOIN LATERAL (SELECT make_date(s.month / 12, s.month % 12 + 1, 1) AS first) m
    WHERE s.state = 'sealed' AND s.month BETWEEN staff_month_number($2) AND staff_month_number($3)
$$;

-- The rows of the statement alone are compared, which no other transaction can change meanwhile.
CREATE FUNCTION assessment_refuse_sealed_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found integer;
    said text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        WITH before AS (
            SELECT d.* FROM gone t, assessment_days_of_sealed(t.employee_id, t.first_day, t.last_day) d
        ), after AS (
            SELECT d.* FROM rows t, assessment_days_of_sealed(t.employee_id, t.first_day, t.last_day) d
        )
        SELECT min(q.month) INTO found FROM (
            (TABLE before EXCEPT ALL TABLE after) UNION ALL (TABLE after EXCEPT ALL TABLE before)) q;
    ELSE
        SELECT min(d.month) INTO found
        FROM rows t, assessment_days_of_sealed(t.employee_id, t.first_day, t.last_day) d;
    END IF;
    IF found IS NOT NULL THEN
        said := format('%s-%s', found / 12, lpad((found % 12 + 1)::text, 2, '0'));
        RAISE EXCEPTION 'month % is sealed', said
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_month_is_closed',
                DETAIL = jsonb_build_object('month', said);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER s_sealed_new AFTER INSERT ON staff_absence REFERENCING NEW TABLE AS rows
FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed_days();
CREATE TRIGGER s_sealed_changed AFTER UPDATE ON staff_absence REFERENCING OLD TABLE AS gone NEW TABLE AS rows
FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed_days();
CREATE TRIGGER s_sealed_gone AFTER DELETE ON staff_absence REFERENCING OLD TABLE AS rows
FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed_days();
