-- A published version never changes.
CREATE FUNCTION policy_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published policy version is immutable' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'policy_version_is_immutable';
END $$;
CREATE TRIGGER policy_version_is_immutable BEFORE UPDATE OR DELETE ON policy_policyversion
FOR EACH STATEMENT EXECUTE FUNCTION policy_version_stays();

-- Two adoptions never give one person two ladders, two scorecards or one pay component twice on a day: their departments
-- are the same or one lies below the other, their periods meet, and they share a part. The error's detail is the other as
-- JSON: its titles, its department's id, its first day.
CREATE FUNCTION policy_adoption_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other record;
BEGIN
    PERFORM pg_advisory_xact_lock(7302);
    SELECT v.title_zh, v.title_en, a.department_id, lower(a.period) AS since INTO other
    FROM policy_adoption a
    JOIN policy_policyversion v ON v.id = a.version_id
    JOIN policy_policyversion mine ON mine.id = NEW.version_id
    WHERE a.id <> NEW.id AND a.period && NEW.period AND v.parts && mine.parts
      AND EXISTS (SELECT 1 FROM staff_departmentclosure c
                  WHERE (c.ancestor_id = a.department_id AND c.descendant_id = NEW.department_id)
                     OR (c.ancestor_id = NEW.department_id AND c.descendant_id = a.department_id))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'two policies would govern the same people'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'adoptions_do_not_conflict',
                DETAIL = to_jsonb(other);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER adoptions_do_not_conflict AFTER INSERT OR UPDATE ON policy_adoption
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION policy_adoption_conflict();

CREATE TRIGGER a_gate BEFORE INSERT OR UPDATE OR DELETE ON policy_adoption
FOR EACH STATEMENT EXECUTE FUNCTION staff_fact_gate();
CREATE TRIGGER t_touch AFTER INSERT OR UPDATE OR DELETE ON policy_adoption
FOR EACH ROW EXECUTE FUNCTION staff_touch_all('adoption');
