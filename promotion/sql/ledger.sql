-- The chain: seq and hashes are given here, under the locked head row, in one pass a statement. Transaction-local settings
-- carry the head from row to row, so that a load of a million people updates the head once.
INSERT INTO promotion_ledgerhead (id, seq, hash) VALUES (1, 0, repeat('0', 64));

CREATE FUNCTION promotion_ledger_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head promotion_ledgerhead;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7301);
    SELECT * INTO STRICT head FROM promotion_ledgerhead WHERE id = 1 FOR UPDATE;
    PERFORM set_config('promotion.ledger_seq', head.seq::text, true), set_config('promotion.ledger_hash', head.hash, true);
    RETURN NULL;
END $$;

-- What a line commits to, each part with its length, so that no two lines read alike.
CREATE FUNCTION promotion_ledger_hash(line promotion_ledgerline) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(string_agg(length(part) || ':' || part, '|' ORDER BY ord), 'UTF8')), 'hex')
    FROM unnest(ARRAY[
        line.prev_hash, line.seq::text, line.employee_id::text, line.kind, line.ladder, line.from_tier, line.to_tier,
        to_char(line.effective_on, 'YYYY-MM-DD'), coalesce(line.replaces_id::text, ''), coalesce(line.policy_version_id::text, ''),
        coalesce(line.standing_month::text, ''), coalesce(line.author_id::text, ''), line.channel, line.reason_digest,
        to_char(line.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')
    ]) WITH ORDINALITY AS p(part, ord)
$$;

CREATE FUNCTION promotion_ledger_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.seq := current_setting('promotion.ledger_seq')::bigint + 1;
    NEW.prev_hash := current_setting('promotion.ledger_hash');
    NEW.recorded_at := clock_timestamp();
    NEW.hash := promotion_ledger_hash(NEW);
    PERFORM set_config('promotion.ledger_seq', NEW.seq::text, true), set_config('promotion.ledger_hash', NEW.hash, true);
    RETURN NEW;
END $$;

-- What a line does to a tier: a correction that leaves the tier as it was is what it corrects.
CREATE FUNCTION promotion_ledger_kind(line bigint) RETURNS text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE back(kind, to_tier, replaces_id, depth) AS (
        SELECT kind, to_tier, replaces_id, 0 FROM promotion_ledgerline WHERE seq = line
        UNION ALL
        SELECT r.kind, r.to_tier, r.replaces_id, back.depth + 1
        FROM back JOIN promotion_ledgerline r ON r.seq = back.replaces_id
        WHERE back.kind = 'correction' AND r.to_tier = back.to_tier
    )
    SELECT kind FROM back ORDER BY depth DESC LIMIT 1
$$;

-- The fold: of the lines that no correction replaced, each holds from its day until the next one's; of two on one day the
-- later recorded holds. An empty tier is no period. A correction to another tier from a later day on says nothing against the
-- days before it: there the line that it replaces still holds.
CREATE VIEW promotion_ledgerfold AS
SELECT employee_id, ladder, to_tier AS tier, effective_on AS since,
       CASE WHEN kind = 'correction' THEN promotion_ledger_kind(seq) ELSE kind END AS kind, seq,
       lead(effective_on) OVER w AS until
FROM (
    SELECT DISTINCT ON (l.employee_id, l.effective_on) l.*
    FROM promotion_ledgerline l
    WHERE NOT EXISTS (SELECT 1 FROM promotion_ledgerline c WHERE c.replaces_id = l.seq
                      AND (c.to_tier = l.to_tier OR c.effective_on <= l.effective_on))
    ORDER BY l.employee_id, l.effective_on, l.seq DESC
) AS standing_lines
WINDOW w AS (PARTITION BY employee_id ORDER BY effective_on);

CREATE FUNCTION promotion_ledger_close() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head promotion_ledgerhead;
    first_line record;
    last_line record;
BEGIN
    SELECT min(seq) AS seq, count(*) AS n INTO first_line FROM rows;
    IF first_line.n = 0 THEN
        RETURN NULL;
    END IF;
    SELECT * INTO STRICT head FROM promotion_ledgerhead WHERE id = 1;
    SELECT seq, hash INTO last_line FROM rows ORDER BY seq DESC LIMIT 1;
    -- the settings are the session's; the chain is checked against the head, which is not
    IF first_line.seq <> head.seq + 1 OR last_line.seq <> head.seq + first_line.n
       OR (SELECT prev_hash FROM rows WHERE seq = first_line.seq) <> head.hash THEN
        RAISE EXCEPTION 'the ledger would fork' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_is_one_chain';
    END IF;
    UPDATE promotion_ledgerhead SET seq = last_line.seq, hash = last_line.hash WHERE id = 1;

    DELETE FROM promotion_tierperiod WHERE employee_id IN (SELECT employee_id FROM rows);
    INSERT INTO promotion_tierperiod (employee_id, ladder, tier, period, kind, line_id)
    SELECT f.employee_id, f.ladder, f.tier, daterange(f.since, f.until), f.kind, f.seq
    FROM promotion_ledgerfold f WHERE f.employee_id IN (SELECT employee_id FROM rows) AND f.tier <> '';

    INSERT INTO staff_touch (employee_id, first_month, source)
    SELECT employee_id, NULL, 'tier' FROM rows GROUP BY employee_id ORDER BY employee_id;
    RETURN NULL;
END $$;

CREATE TRIGGER a_open BEFORE INSERT ON promotion_ledgerline FOR EACH STATEMENT EXECUTE FUNCTION promotion_ledger_open();
CREATE TRIGGER b_chain BEFORE INSERT ON promotion_ledgerline FOR EACH ROW EXECUTE FUNCTION promotion_ledger_chain();
CREATE TRIGGER c_close AFTER INSERT ON promotion_ledgerline REFERENCING NEW TABLE AS rows
FOR EACH STATEMENT EXECUTE FUNCTION promotion_ledger_close();
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON promotion_ledgerline
FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
