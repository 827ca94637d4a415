-- Days away in a sealed month change by a correction of that person and month alone, while it is being carried out.
CREATE OR REPLACE FUNCTION assessment_refuse_sealed_days() RETURNS trigger LANGUAGE plpgsql AS $$
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
            (TABLE before EXCEPT ALL TABLE after) UNION ALL (TABLE after EXCEPT ALL TABLE before)) q
        WHERE NOT assessment_corrects(q.person, q.month);
    ELSE
        SELECT min(d.month) INTO found
        FROM rows t, assessment_days_of_sealed(t.employee_id, t.first_day, t.last_day) d
        WHERE NOT assessment_corrects(d.person, d.month);
    END IF;
    IF found IS NOT NULL THEN
        said := format('%s-%s', found / 12, lpad((found % 12 + 1)::text, 2, '0'));
        RAISE EXCEPTION 'month % is sealed', said
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_month_is_closed',
                DETAIL = jsonb_build_object('month', said);
    END IF;
    RETURN NULL;
END $$;
