-- Maker is not checker: none of those who wrote in a draft or sent it publishes it.
ALTER TABLE policy_policydraft ADD CONSTRAINT policy_draft_maker_is_not_checker
CHECK (decided_by_id IS NULL OR NOT (decided_by_id = ANY (editors)));

-- What was published or discarded stays as it was.
CREATE FUNCTION policy_draft_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a draft that was published or discarded is not written any more' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'policy_draft_is_settled_once';
END $$;
CREATE TRIGGER policy_draft_is_settled_once BEFORE UPDATE ON policy_policydraft
FOR EACH ROW WHEN (OLD.state IN ('approved', 'discarded')) EXECUTE FUNCTION policy_draft_stays();
