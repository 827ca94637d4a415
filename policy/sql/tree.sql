-- A department that moves brings what is adopted in it and below under what is adopted above its new place: the rule of
-- adoptions_do_not_conflict (versions.sql), and its lock, asked from the tree's side. The error's message names the two, its
-- detail is the department's id.
CREATE FUNCTION policy_tree_conflict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    met record;
BEGIN
    PERFORM pg_advisory_xact_lock(7302);
    SELECT above.title_zh AS above_title, d.name AS above_name, below.title_zh AS below_title, e.name AS below_name INTO met
    FROM staff_departmentclosure up
    JOIN policy_adoption a ON a.department_id = up.ancestor_id
    JOIN policy_policyversion above ON above.id = a.version_id
    JOIN staff_department d ON d.id = a.department_id
    JOIN staff_departmentclosure down ON down.ancestor_id = NEW.id
    JOIN policy_adoption b ON b.department_id = down.descendant_id
    JOIN policy_policyversion below ON below.id = b.version_id
    JOIN staff_department e ON e.id = b.department_id
    WHERE up.descendant_id = NEW.id AND up.depth > 0 AND a.period && b.period AND above.parts && below.parts
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% (%), % (%)', met.above_title, met.above_name, met.below_title, met.below_name
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'tree_keeps_adoptions_apart', DETAIL = NEW.id;
    END IF;
    RETURN NULL;
END $$;

-- At the statement's end, so that a load that moves many departments is asked about the tree as it becomes.
CREATE CONSTRAINT TRIGGER tree_keeps_adoptions_apart AFTER UPDATE OF parent_id ON staff_department
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id AND NEW.parent_id IS NOT NULL)
EXECUTE FUNCTION policy_tree_conflict();
