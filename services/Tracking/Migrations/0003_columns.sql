-- Every replica keeps what the figures need of all requests in memory and follows the changes of facts.
-- Numbers are given in the order of the commits, as those of flag_changes are: the counter's row is taken at the end of a
-- transaction and held until its commit, so a number is visible only when all below it are, and no late commit is skipped.
-- A request also has a row number, from 0 and without gaps: its place in memory.
CREATE TABLE facts_changes (
  one_row    boolean PRIMARY KEY DEFAULT true CHECK (one_row),
  generation uuid    NOT NULL DEFAULT gen_random_uuid(), -- another one says: what was read before may be gone, read all again
  last_no    bigint  NOT NULL,
  rows       int     NOT NULL
);

ALTER TABLE facts
  ADD COLUMN row_no         int,    -- null until the end of the transaction that first writes it
  ADD COLUMN change_no      bigint, -- null until the end of the transaction that writes it
  ADD COLUMN course         bytea,  -- days, limits and codes in the form memory takes them in
  ADD COLUMN course_version int;    -- the version that form was made from; from another, the body is read instead

UPDATE facts SET row_no = n.nth - 1, change_no = n.nth
FROM (SELECT request_id, row_number() OVER (ORDER BY requesting_state, requested_state, transmitted_on, request_id) AS nth FROM facts) n
WHERE facts.request_id = n.request_id;
INSERT INTO facts_changes (last_no, rows) SELECT count(*), count(*) FROM facts;

CREATE UNIQUE INDEX facts_by_change ON facts (change_no);
CREATE INDEX facts_without_number ON facts (request_id) WHERE change_no IS NULL;

-- Last in a transaction that wrote facts. What has no number is what this transaction wrote: others' is not visible here.
CREATE FUNCTION number_facts_changes() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  changed int;
  added   int;
  head    facts_changes;
BEGIN
  SELECT count(*), count(*) FILTER (WHERE row_no IS NULL) INTO changed, added FROM facts WHERE change_no IS NULL;
  IF changed = 0 THEN
    RETURN;
  END IF;
  UPDATE facts_changes SET last_no = last_no + changed, rows = rows + added RETURNING * INTO head;
  UPDATE facts SET change_no = head.last_no - changed + n.nth, row_no = coalesce(facts.row_no, head.rows - added + n.nth_added - 1)
  FROM (
    SELECT request_id, row_number() OVER w AS nth, count(*) FILTER (WHERE row_no IS NULL) OVER w AS nth_added
    FROM facts WHERE change_no IS NULL
    WINDOW w AS (ORDER BY request_id)) n
  WHERE facts.request_id = n.request_id;
END $$;

-- After this every replica reads everything again. For a restore, after which numbers mean something else than before.
CREATE FUNCTION renew_facts_generation() RETURNS void LANGUAGE sql AS $$
  UPDATE facts_changes SET generation = gen_random_uuid()
$$;

-- A request that is gone has no change that tells of it.
CREATE FUNCTION facts_are_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM renew_facts_generation();
  RETURN NULL;
END $$;
CREATE TRIGGER facts_are_gone AFTER DELETE OR TRUNCATE ON facts FOR EACH STATEMENT EXECUTE FUNCTION facts_are_gone();

-- The version before this one writes neither form nor number: its rows lose the number they had, and get one at its commit.
CREATE FUNCTION take_facts_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.change_no := NULL;
  RETURN NEW;
END $$;
CREATE TRIGGER take_facts_number BEFORE UPDATE ON facts FOR EACH ROW
  WHEN (NEW.version <> OLD.version AND NEW.course_version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION take_facts_number();

CREATE FUNCTION give_facts_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM number_facts_changes();
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER give_facts_number AFTER INSERT OR UPDATE ON facts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.change_no IS NULL AND NEW.course_version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION give_facts_number();
