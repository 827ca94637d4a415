-- What a change of a pay table says stays once it has been submitted: whoever decides has read it.
CREATE FUNCTION payroll_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (OLD.ladder, OLD.starts_on, OLD.reason, OLD.consultation, OLD.requested_by_id)
       IS DISTINCT FROM (NEW.ladder, NEW.starts_on, NEW.reason, NEW.consultation, NEW.requested_by_id)
       OR OLD.state NOT IN ('draft', 'submitted') THEN
        RAISE EXCEPTION 'a submitted change of a pay table stays' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'submitted_change_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submitted_change_stays BEFORE UPDATE ON payroll_paytablechange
FOR EACH ROW EXECUTE FUNCTION payroll_change_stays();

-- Its lines likewise. The change is locked, so that it is not submitted meanwhile.
CREATE FUNCTION payroll_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.change_id ELSE NEW.change_id END;
BEGIN
    PERFORM 1 FROM payroll_paytablechange WHERE id = of AND state = 'draft' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a submitted change of a pay table stays' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'submitted_change_stays';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER submitted_lines_stay BEFORE INSERT OR UPDATE OR DELETE ON payroll_paytableline
FOR EACH ROW EXECUTE FUNCTION payroll_lines_stay();
