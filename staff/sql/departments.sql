-- The tree of departments: every pair (ancestor, descendant), and no cycle.
CREATE VIEW staff_departmentclosure AS
WITH RECURSIVE closure(ancestor_id, descendant_id, depth) AS (
    SELECT id, id, 0 FROM staff_department
    UNION ALL
    SELECT c.ancestor_id, d.id, c.depth + 1 FROM closure c JOIN staff_department d ON d.parent_id = c.descendant_id
    WHERE c.depth < 50
)
SELECT ancestor_id, descendant_id, depth FROM closure;

CREATE FUNCTION staff_department_no_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        WITH RECURSIVE up(id, depth) AS (
            SELECT NEW.parent_id, 1
            UNION ALL
            SELECT d.parent_id, up.depth + 1 FROM up JOIN staff_department d ON d.id = up.id
            WHERE d.parent_id IS NOT NULL AND up.depth < 50
        )
        SELECT 1 FROM up WHERE id = NEW.id OR depth >= 50
    ) THEN
        RAISE EXCEPTION 'department % would lie below itself', NEW.name USING ERRCODE = 'check_violation',
            CONSTRAINT = 'department_tree_has_no_cycle';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER department_tree_has_no_cycle AFTER INSERT OR UPDATE OF parent_id ON staff_department
DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION staff_department_no_cycle();
