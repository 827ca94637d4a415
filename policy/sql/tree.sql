-- A department that moves brings what is adopted in it and below under what is adopted above its new place: the rule of
-- adoptions_do_not_conflict (versions.sql), and its lock, asked from the tree's side. The error's detail is JSON: the id of
-- the department that moved, and of the adoption above and the one below the titles, the department's id, the first day.
CREATE FUNCTION policy_tree_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    met record;
BEGIN
    PERFORM pg_advisory_xact_lock(7302);
    SELECT NEW.id AS department_id,
           jsonb_build_object('title_zh', above.title_zh, 'title_en', above.title_en, 'department_id', a.department_id,
                              'since', lower(a.period)) AS above,
           jsonb_build_object('title_zh', below.title_zh, 'title_en', below.title_en, 'department_id', b.department_id,
                              'since', lower(b.period)) AS below INTO met
    FROM staff_departmentclosure up
    JOIN policy_adoption a ON a.department_id = up.ancestor_id
    JOIN policy_policyversion above ON above.id = a.version_id
    JOIN staff_departmentclosure down ON down.ancestor_id = NEW.id
    JOIN policy_adoption b ON b.department_id = down.descendant_id
    JOIN policy_policyversion below ON below.id = b.version_id
    WHERE up.descendant_id = NEW.id AND up.depth > 0 AND a.period && b.period AND above.parts && below.parts
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'two policies would govern the same people'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'tree_keeps_adoptions_apart', DETAIL = to_jsonb(met);
    END IF;
    RETURN NULL;
END $$;

-- At the statement's end, so that a load that moves many departments is asked about the tree as it becomes.
CREATE CONSTRAINT TRIGGER tree_keeps_adoptions_apart AFTER UPDATE OF parent_id ON staff_department
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id AND NEW.parent_id IS NOT NULL)
EXECUTE FUNCTION policy_tree_conflict();
