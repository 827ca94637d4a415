-- What sealing fixes beside values and events: who assessed an item, and which gaps were accepted. They pass the gate as
-- facts do, so that whoever closes it to seal a month knows them all.
CREATE OR REPLACE FUNCTION assessment_refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found integer;
    said text;
BEGIN
    EXECUTE format('SELECT min(s.month) FROM assessment_assessmentmonth s JOIN rows t ON s.month = %s '
                   'WHERE s.state = ''sealed''', TG_ARGV[0]) INTO found;
    IF found IS NOT NULL THEN
        said := format('%s-%s', found / 12, lpad((found % 12 + 1)::text, 2, '0'));
        RAISE EXCEPTION 'month % is sealed', said
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_month_is_closed',
                DETAIL = jsonb_build_object('month', said);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['assessment_itemassessor', 'assessment_acceptedgap'] LOOP
        EXECUTE format('CREATE TRIGGER a_gate BEFORE INSERT OR UPDATE OR DELETE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION staff_fact_gate()', name);
        EXECUTE format('CREATE TRIGGER s_sealed_new AFTER INSERT ON %I REFERENCING NEW TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(''t.month'')', name);
        EXECUTE format('CREATE TRIGGER s_sealed_changed AFTER UPDATE ON %I REFERENCING NEW TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(''t.month'')', name);
        EXECUTE format('CREATE TRIGGER s_sealed_before AFTER UPDATE ON %I REFERENCING OLD TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(''t.month'')', name);
        EXECUTE format('CREATE TRIGGER s_sealed_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION assessment_refuse_sealed(''t.month'')', name);
    END LOOP;
END $$;
