-- What was said on an application stays as it was said; a text can be blanked out, and nothing else of the row changes.
CREATE FUNCTION promotion_said_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) ->> TG_ARGV[0] = '***' AND to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER said_once BEFORE UPDATE OR DELETE ON promotion_applicationevent
FOR EACH ROW EXECUTE FUNCTION promotion_said_once('words');
CREATE TRIGGER said_once BEFORE UPDATE OR DELETE ON promotion_attestation
FOR EACH ROW EXECUTE FUNCTION promotion_said_once('reason');

-- A score: only while its round is open, of a judge who sits on it and is not recused for the candidate; once handed in, never
-- again. The round's row is locked, so that nothing slips in while it is being closed.
CREATE FUNCTION promotion_score_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.submitted_at IS NOT NULL THEN
        RAISE EXCEPTION 'a score that was handed in does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'score_is_final';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT r.state INTO found FROM promotion_round r JOIN promotion_judge j ON j.round_id = r.id
    JOIN promotion_candidate c ON c.round_id = r.id
    WHERE j.id = NEW.judge_id AND c.id = NEW.candidate_id AND j.replaced_at IS NULL FOR SHARE OF r, j;
    IF found IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'the round is not open to this judge'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'score_in_an_open_round';
    END IF;
    IF EXISTS (SELECT FROM promotion_recusal x WHERE x.judge_id = NEW.judge_id AND x.candidate_id = NEW.candidate_id
               AND x.upheld IS NOT FALSE) THEN
        RAISE EXCEPTION 'the judge is recused for this candidate'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'score_of_no_recused_judge';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER score_is_final BEFORE INSERT OR UPDATE OR DELETE ON promotion_scoresheet
FOR EACH ROW EXECUTE FUNCTION promotion_score_fixed();

-- What is posted stays as it was posted; an entry may be taken back.
CREATE FUNCTION promotion_posted_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'taken_back_on' = to_jsonb(OLD) - 'taken_back_on' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what is posted stays as it was posted' USING ERRCODE = 'check_violation', CONSTRAINT = 'posted_once';
END $$;
CREATE TRIGGER posted_once BEFORE UPDATE OR DELETE ON promotion_noticeentry
FOR EACH ROW EXECUTE FUNCTION promotion_posted_once();
