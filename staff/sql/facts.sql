-- What every table of facts shares: the gate, the touch, the history. Statement-level, so that a load of a million rows
-- pays once.

-- Shared until the writer's transaction ends; see staff/kernel/gate.py, which takes 7301 alone.
CREATE FUNCTION staff_fact_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7301);
    RETURN NULL;
END $$;

-- TG_ARGV[0]: source; TG_ARGV[1]: expression of the first month touched over the row `t` (NULL: all months).
-- The transition table is called `rows` in every trigger that calls this.
CREATE FUNCTION staff_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO staff_touch (employee_id, first_month, source) '
        'SELECT t.%I, min(%s), %L FROM rows t GROUP BY t.%I ORDER BY t.%I',
        coalesce(TG_ARGV[2], 'employee_id'), TG_ARGV[1], TG_ARGV[0],
        coalesce(TG_ARGV[2], 'employee_id'), coalesce(TG_ARGV[2], 'employee_id'));
    RETURN NULL;
END $$;

-- Everybody may be touched: the tree, an adoption.
CREATE FUNCTION staff_touch_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO staff_touch (source) VALUES (TG_ARGV[0]);
    RETURN NULL;
END $$;

CREATE FUNCTION staff_month_number(day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (extract(year FROM day) * 12 + extract(month FROM day) - 1)::integer
$$;

-- recorded_at is the moment the row became what it is. clock_timestamp(), after the gate: an instant fixed under the
-- closed gate then parts what was known from what was not.
CREATE FUNCTION staff_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;

-- The old row goes to <table>_history with the moment it ceased to hold.
CREATE FUNCTION staff_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %I SELECT rows.*, clock_timestamp() FROM rows', TG_TABLE_NAME || '_history');
    RETURN NULL;
END $$;

-- One call makes a table a table of facts.
CREATE FUNCTION staff_make_facts(
    facts regclass, source text, month_of text, subject text DEFAULT 'employee_id', history boolean DEFAULT true
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := (SELECT relname FROM pg_class WHERE oid = facts);
BEGIN
    EXECUTE format('CREATE TRIGGER a_gate BEFORE INSERT OR UPDATE OR DELETE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION staff_fact_gate()', facts);
    EXECUTE format('CREATE TRIGGER t_touch_new AFTER INSERT ON %s REFERENCING NEW TABLE AS rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION staff_touch(%L, %L, %L)', facts, source, month_of, subject);
    EXECUTE format('CREATE TRIGGER t_touch_changed AFTER UPDATE ON %s REFERENCING NEW TABLE AS rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION staff_touch(%L, %L, %L)', facts, source, month_of, subject);
    -- an old day may lie in an earlier month than the new one
    EXECUTE format('CREATE TRIGGER t_touch_before AFTER UPDATE ON %s REFERENCING OLD TABLE AS rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION staff_touch(%L, %L, %L)', facts, source, month_of, subject);
    EXECUTE format('CREATE TRIGGER t_touch_gone AFTER DELETE ON %s REFERENCING OLD TABLE AS rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION staff_touch(%L, %L, %L)', facts, source, month_of, subject);
    IF history THEN
        EXECUTE format('CREATE TABLE %I (LIKE %s, superseded_at timestamptz NOT NULL)', name || '_history', facts);
        EXECUTE format('CREATE INDEX ON %I (employee_id, superseded_at)', name || '_history');
        EXECUTE format('CREATE TRIGGER b_stamp BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION staff_stamp()', facts);
        EXECUTE format('CREATE TRIGGER h_history AFTER UPDATE ON %s REFERENCING OLD TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION staff_keep_history()', facts);
        EXECUTE format('CREATE TRIGGER h_history_gone AFTER DELETE ON %s REFERENCING OLD TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION staff_keep_history()', facts);
        EXECUTE format('ALTER TABLE %s ALTER COLUMN recorded_at SET DEFAULT clock_timestamp()', facts);
    END IF;
END $$;

SELECT staff_make_facts('staff_employee', 'person', 'NULL::integer', 'id', false);
SELECT staff_make_facts('staff_departmentperiod', 'department', 'staff_month_number(lower(t.period))', 'employee_id', false);
SELECT staff_make_facts('staff_absence', 'absence', 'staff_month_number(t.first_day)');
-- a department that moves takes its people under other adoptions
CREATE TRIGGER t_touch_tree AFTER UPDATE OF parent_id ON staff_department
FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION staff_touch_all('departments');
