-- A sealed month takes one more fact, and that one alone: of the person and month of the correction that is being carried out.
-- The session names it; it counts while it is approved and not yet carried out, which is within one transaction.
CREATE FUNCTION assessment_corrects(person bigint, of_month integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM assessment_correction c
        WHERE c.id = nullif(current_setting('promotion.correction', true), '')::bigint
          AND c.state = 'approved' AND c.applied_at IS NULL AND c.employee_id = person AND c.month = of_month
    )
$$;

CREATE OR REPLACE FUNCTION assessment_refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found integer;
    said text;
BEGIN
    EXECUTE format('SELECT min(s.month) FROM assessment_assessmentmonth s JOIN rows t ON s.month = %s '
                   'WHERE s.state = ''sealed'' AND NOT assessment_corrects(t.employee_id, s.month)', TG_ARGV[0]) INTO found;
    IF found IS NOT NULL THEN
        said := format('%s-%s', found / 12, lpad((found % 12 + 1)::text, 2, '0'));
        RAISE EXCEPTION 'month % is sealed', said
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_month_is_closed',
                DETAIL = jsonb_build_object('month', said);
    END IF;
    RETURN NULL;
END $$;

-- A correction that was decided stays as it was decided; its texts can be blanked out.
CREATE FUNCTION assessment_correction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'approved' AND OLD.applied_at IS NULL AND NEW.applied_at IS NOT NULL
       AND to_jsonb(NEW) - 'applied_at' = to_jsonb(OLD) - 'applied_at' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - ARRAY['reason', 'words'] = to_jsonb(OLD) - ARRAY['reason', 'words']
       AND NEW.reason IN (OLD.reason, '***') AND NEW.words IN (OLD.words, '***') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a correction that was decided stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_stays';
END $$;
CREATE TRIGGER correction_stays BEFORE UPDATE ON assessment_correction
FOR EACH ROW WHEN (OLD.state <> 'requested') EXECUTE FUNCTION assessment_correction_stays();
