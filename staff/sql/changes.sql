-- Every write of a watched table leaves its rows in the trail, whichever door it came through. Who, and through what, stands in
-- the session's settings (staff/kernel/audit.py); where it does not, the door is `sql` and the role that signed in is kept.
-- Statement-level and without a loop over rows, so that a load of a million pays little.

-- The SQL of a JSON object of some columns of the row `alias`: absent stands for null and, where `other` is given, for what is
-- the same there. In pieces, as a function takes a hundred arguments at most. Columns that are JSON stand by themselves: nulls
-- inside them are theirs to keep. Of a secret it is kept that there is one.
CREATE FUNCTION staff_json_of(alias text, other text, columns text[], secret text[], json_columns text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    WITH valued AS (
        SELECT c, n, format('CASE WHEN %s THEN %s END',
            CASE WHEN other IS NULL THEN 'true' ELSE format('%1$s.%3$I IS DISTINCT FROM %2$s.%3$I', alias, other, c) END,
            CASE WHEN c = ANY (secret) THEN format('CASE WHEN %s.%I::text <> '''' THEN ''***'' END', alias, c)
                 ELSE format('%s.%I', alias, c) END) AS value
        FROM unnest(columns) WITH ORDINALITY AS p(c, n)
    )
    SELECT coalesce(string_agg(piece, ' || '), '''{}''::jsonb') FROM (
        SELECT format('jsonb_strip_nulls(jsonb_build_object(%s))', string_agg(format('%L, %s', c, value), ', ')) AS piece
        FROM valued WHERE c <> ALL (json_columns) GROUP BY n / 40
        UNION ALL
        SELECT format('CASE WHEN %2$s IS NULL THEN ''{}'' ELSE jsonb_build_object(%1$L, %2$s) END', c, value)
        FROM valued WHERE c = ANY (json_columns)
    ) pieces
$$;

-- TG_ARGV: the thing; the employee it is about and the row's key, as SQL over the row `t`; then lists of columns: personal (kept
-- in the table that can be erased), secret, left out (derived, or of no interest to anybody).
CREATE FUNCTION staff_keep_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    personal CONSTANT text[] := TG_ARGV[3];
    secret CONSTANT text[] := TG_ARGV[4];
    channel CONSTANT text := coalesce(nullif(current_setting('promotion.channel', true), ''), 'sql');
    sources text;
    differs text;
    columns text[];
    json_columns text[];
    plain text[];
    texts text[];
    found bigint;
    statement text;
BEGIN
    SELECT array_agg(attname::text ORDER BY attnum),
           coalesce(array_agg(attname::text) FILTER (WHERE atttypid = 'jsonb'::regtype), '{}')
    INTO columns, json_columns FROM pg_attribute
    WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND atttypid <> 'bytea'::regtype
      AND attname <> ALL (TG_ARGV[5]::text[]);
    IF TG_OP = 'UPDATE' THEN
        SELECT 'new_rows n FULL JOIN old_rows o ON ' || string_agg(format('n.%1$I = o.%1$I', attname), ' AND ') INTO sources
        FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
        WHERE indrelid = TG_RELID AND indisprimary;
        differs := 'bool_or(n.%1$I IS DISTINCT FROM o.%1$I)';
    ELSE
        sources := CASE TG_OP WHEN 'INSERT' THEN 'new_rows n' ELSE 'old_rows o' END;
        differs := CASE TG_OP WHEN 'INSERT' THEN 'count(n.%1$I) > 0' ELSE 'count(o.%1$I) > 0' END;
    END IF;

    -- Only columns that the statement fills or changes in any row are looked at further: of a month's 64 mostly one or two.
    SELECT format('SELECT count(*), array_remove(ARRAY[%s]::text[], NULL) FROM %s',
                  string_agg(format('CASE WHEN ' || differs || ' THEN %1$L END', c), ', '), sources)
    INTO statement FROM unnest(columns) AS c;
    EXECUTE statement INTO found, columns;
    IF found = 0 OR (TG_OP = 'UPDATE' AND columns = '{}') THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(array_agg(c) FILTER (WHERE c <> ALL (personal)), '{}'),
           coalesce(array_agg(c) FILTER (WHERE c = ANY (personal)), '{}')
    INTO plain, texts FROM unnest(columns) AS c;
    IF TG_OP = 'UPDATE' THEN
        SELECT sources || format(' WHERE (%s) IS DISTINCT FROM (%s)', string_agg(format('n.%I', c), ', '),
                                 string_agg(format('o.%I', c), ', ')) INTO sources FROM unnest(columns) AS c;
    END IF;

    -- of a row whose key itself changed there is only the one or the other side
    statement := format('SELECT %s AS key, %s AS employee_id, %s AS before, %s AS after, %s AS text_before, %s AS text_after FROM %s',
        staff_of_row(TG_ARGV[2], TG_OP), staff_of_row(TG_ARGV[1], TG_OP),
        CASE TG_OP WHEN 'INSERT' THEN 'NULL::jsonb' WHEN 'UPDATE' THEN staff_json_of('o', 'n', plain, secret, json_columns)
                   ELSE staff_json_of('o', NULL, plain, secret, json_columns) END,
        CASE TG_OP WHEN 'DELETE' THEN 'NULL::jsonb' WHEN 'UPDATE' THEN staff_json_of('n', 'o', plain, secret, json_columns)
                   ELSE staff_json_of('n', NULL, plain, secret, json_columns) END,
        CASE TG_OP WHEN 'INSERT' THEN 'NULL::jsonb' WHEN 'UPDATE' THEN staff_json_of('o', 'n', texts, secret, json_columns)
                   ELSE staff_json_of('o', NULL, texts, secret, json_columns) END,
        CASE TG_OP WHEN 'DELETE' THEN 'NULL::jsonb' WHEN 'UPDATE' THEN staff_json_of('n', 'o', texts, secret, json_columns)
                   ELSE staff_json_of('n', NULL, texts, secret, json_columns) END, sources);
    statement := format(
        CASE WHEN texts = '{}' THEN
            'INSERT INTO staff_rowchange (%1$s, key, employee_id, before, after) '
            'SELECT %2$s, key, employee_id, before, after FROM (%3$s) kept'
        ELSE
            'WITH kept AS MATERIALIZED (SELECT nextval(pg_get_serial_sequence(''staff_rowchange'', ''id'')) AS id, k.* FROM (%3$s) k), '
            'added AS (INSERT INTO staff_rowchange (id, %1$s, key, employee_id, before, after) '
            'SELECT id, %2$s, key, employee_id, before, after FROM kept) '
            'INSERT INTO staff_rowchangetext (change_id, before, after) '
            'SELECT id, text_before, text_after FROM kept WHERE text_before <> ''{}'' OR text_after <> ''{}''' END,
        'transaction, at, actor_id, channel, request_id, db_user, table_name, thing, operation',
        'pg_current_xact_id()::text::bigint, statement_timestamp(), $1, $2, $3, $4, $5, $6, $7', statement);
    EXECUTE statement USING
        nullif(current_setting('promotion.actor', true), '')::bigint, channel,
        coalesce(current_setting('promotion.request', true), ''), CASE channel WHEN 'sql' THEN session_user::text ELSE '' END,
        TG_TABLE_NAME::text, TG_ARGV[0], lower(TG_OP);
    RETURN NULL;
END $$;

-- SQL over the row `t` as SQL over what an operation has of it.
CREATE FUNCTION staff_of_row(expression text, operation text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE operation
        WHEN 'INSERT' THEN regexp_replace(expression, '\mt\.', 'n.', 'g')
        WHEN 'DELETE' THEN regexp_replace(expression, '\mt\.', 'o.', 'g')
        ELSE format('coalesce(%s, %s)', regexp_replace(expression, '\mt\.', 'n.', 'g'), regexp_replace(expression, '\mt\.', 'o.', 'g'))
    END
$$;

-- One call makes a table a watched one; again, it is watched as the last call says.
CREATE FUNCTION staff_audit(
    watched regclass, thing text, about text, key text, personal text[], secret text[], left_out text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    call text := format('EXECUTE FUNCTION staff_keep_change(%L, %L, %L, %L, %L, %L)', thing, about, key, personal, secret, left_out);
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER z_trail_new AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
                   'FOR EACH STATEMENT %s', watched, call);
    EXECUTE format('CREATE OR REPLACE TRIGGER z_trail_changed AFTER UPDATE ON %s REFERENCING NEW TABLE AS new_rows '
                   'OLD TABLE AS old_rows FOR EACH STATEMENT %s', watched, call);
    EXECUTE format('CREATE OR REPLACE TRIGGER z_trail_gone AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows '
                   'FOR EACH STATEMENT %s', watched, call);
END $$;

CREATE TRIGGER row_change_is_append_only BEFORE UPDATE OR DELETE ON staff_rowchange
FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
-- the texts can be erased, never written anew
CREATE TRIGGER row_change_text_stays BEFORE UPDATE ON staff_rowchangetext
FOR EACH STATEMENT EXECUTE FUNCTION staff_append_only();
