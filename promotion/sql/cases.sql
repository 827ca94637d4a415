-- Every adverse case of a person has its course. A warning of the bottom tier has none: it is recorded, and nothing follows.
CREATE FUNCTION promotion_open_proceeding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO promotion_proceeding (case_id, track, state, outcome, checks, decision, basis)
    SELECT c.id, CASE c.kind WHEN 'demotion' THEN 'demotion' ELSE 'dismissal' END, 'proposed', '', 0, '', ''
    FROM new_rows c
    WHERE c.state = 'open' AND c.employee_id IS NOT NULL
        AND c.kind IN ('demotion', 'warning_or_dismissal', 'dismissal', 'resignation_clause')
        AND c.evidence ->> 'outcome' IS DISTINCT FROM 'warning'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER open_proceeding AFTER INSERT ON assessment_case
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION promotion_open_proceeding();
INSERT INTO promotion_proceeding (case_id, track, state, outcome, checks, decision, basis)
SELECT c.id, CASE c.kind WHEN 'demotion' THEN 'demotion' ELSE 'dismissal' END, 'proposed', '', 0, '', ''
FROM assessment_case c
WHERE c.state = 'open' AND c.employee_id IS NOT NULL
    AND c.kind IN ('demotion', 'warning_or_dismissal', 'dismissal', 'resignation_clause')
    AND c.evidence ->> 'outcome' IS DISTINCT FROM 'warning';

-- A correction that takes the facts away closes the course; what had taken effect is to be restored. Whoever acts at the same
-- instant waits for the row, and finds it closed.
CREATE FUNCTION promotion_withdraw_proceeding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE promotion_proceeding p
    SET state = CASE p.state WHEN 'effective' THEN 'restoring' ELSE 'closed' END,
        outcome = CASE p.state WHEN 'effective' THEN '' ELSE 'withdrawn' END,
        since = clock_timestamp(), due_on = NULL
    WHERE p.case_id = NEW.id AND p.state <> 'closed' AND p.state <> 'restoring';
    RETURN NULL;
END $$;
CREATE TRIGGER withdraw_proceeding AFTER UPDATE OF state ON assessment_case
FOR EACH ROW WHEN (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn') EXECUTE FUNCTION promotion_withdraw_proceeding();

-- A case with a course ends by it alone.
CREATE FUNCTION promotion_case_ends_by_proceeding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM promotion_proceeding p WHERE p.case_id = NEW.id AND p.state NOT IN ('closed', 'effective')) THEN
        RAISE EXCEPTION 'the case goes its own way, and ends with it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'case_ends_by_its_proceeding';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ends_by_proceeding BEFORE UPDATE OF state ON assessment_case
FOR EACH ROW WHEN (NEW.state = 'done' AND OLD.state <> 'done') EXECUTE FUNCTION promotion_case_ends_by_proceeding();

-- What was said and written in a case stays so; its words can be blanked out together, and nothing else of the row changes.
CREATE FUNCTION promotion_case_said_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV AND (
        SELECT bool_and(to_jsonb(NEW) -> c IN ('"***"'::jsonb, '{}'::jsonb)) FROM unnest(TG_ARGV) AS c) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER said_once BEFORE UPDATE OR DELETE ON promotion_proceedingact
FOR EACH ROW EXECUTE FUNCTION promotion_case_said_once('words', 'data');
CREATE TRIGGER said_once BEFORE UPDATE OR DELETE ON promotion_protectionanswer
FOR EACH ROW EXECUTE FUNCTION promotion_case_said_once('evidence');
