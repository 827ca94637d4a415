-- The trail only grows, whoever writes. Emptying it takes TRUNCATE, which the application's role does not have.
CREATE FUNCTION staff_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON staff_auditentry
FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
