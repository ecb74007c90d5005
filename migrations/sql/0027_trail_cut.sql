-- The trail's beginning is cut off at a checkpoint of six years ago. For one authority at a time.

-- The newest checkpoint stays with its link: the keeper compares it with the chain before it signs the next.
CREATE FUNCTION casework.cut_at_a_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF casework.held_anywhere(NEW.authority) OR NOT EXISTS (
      SELECT FROM casework.audit_checkpoint AS p JOIN casework.audit_link AS l USING (authority, position, digest)
       WHERE p.authority = NEW.authority AND p.position = NEW.position AND p.digest = NEW.digest
         AND casework.is_over(p.at, interval '6 years')
         AND EXISTS (SELECT FROM casework.audit_checkpoint AS later
           WHERE later.authority = NEW.authority AND later.position > NEW.position)
         AND EXISTS (SELECT FROM casework.checkpoint_sending AS s
           WHERE s.authority = NEW.authority AND s.way <> 'chain' AND s.position >= NEW.position)) THEN
    RAISE EXCEPTION 'the trail is cut at a checkpoint of six years ago that is outside, and under no legal hold'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION casework.cut_at_a_checkpoint() FROM PUBLIC;
CREATE TRIGGER audit_cut_is_at_a_checkpoint BEFORE INSERT ON casework.audit_cut
  FOR EACH ROW EXECUTE FUNCTION casework.cut_at_a_checkpoint();

CREATE FUNCTION casework.keep_what_is_not_cut() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
  of_entry boolean := TG_TABLE_NAME = 'audit';
  entry bigint := CASE WHEN of_entry THEN to_jsonb(OLD) ->> 'id' ELSE to_jsonb(OLD) ->> 'audit_id' END;
BEGIN
  SELECT l.position INTO place FROM casework.audit_link AS l WHERE l.authority = OLD.authority AND l.audit_id = entry;
  IF place IS NULL OR NOT EXISTS (
      SELECT FROM casework.audit_cut AS c WHERE c.authority = OLD.authority AND c.position >= place)
    OR (of_entry AND NOT casework.is_over((to_jsonb(OLD) ->> 'at')::timestamptz, interval '6 years'))
    OR (NOT of_entry AND EXISTS (SELECT FROM casework.audit WHERE id = entry AND authority = OLD.authority)) THEN
    RAISE EXCEPTION 'the audit trail is only ever added to';
  END IF;
  RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION casework.keep_what_is_not_cut() FROM PUBLIC;

CREATE FUNCTION casework.trail_end() RETURNS TABLE ("position" bigint, entries bigint, waiting bigint, why text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH mine AS MATERIALIZED (SELECT current_setting('wise.authority', true) AS authority),
  cut AS MATERIALIZED (
    SELECT coalesce(max(c.position), 0) AS position FROM casework.audit_cut AS c JOIN mine USING (authority)
  ), over AS MATERIALIZED (
    SELECT p.position, p.at FROM casework.audit_checkpoint AS p JOIN mine USING (authority), cut
     WHERE p.position > cut.position
       AND p.at < now() - interval '6 years' + interval '1 day' AND casework.is_over(p.at, interval '6 years')
       AND p.position < (SELECT max(n.position) FROM casework.audit_checkpoint AS n JOIN mine USING (authority))
       AND p.position <= (SELECT max(s.position) FROM casework.checkpoint_sending AS s JOIN mine USING (authority)
         WHERE s.way <> 'chain')
  ), here AS (
    SELECT min(l.position) AS position FROM casework.submission AS s JOIN mine USING (authority)
      JOIN casework.audit AS a ON a.authority = s.authority AND a.subject_id = s.id::text
      JOIN casework.audit_link AS l ON l.authority = s.authority AND l.audit_id = a.id
     WHERE s.received_at <= (SELECT max(o.at) FROM over AS o)
  ), may AS (
    SELECT max(o.position) AS position FROM over AS o, here, mine
     WHERE o.position < coalesce(here.position, 9223372036854775807) AND NOT casework.held_anywhere(mine.authority)
  ), most AS (SELECT max(o.position) AS position FROM over AS o)
  SELECT may.position, coalesce(may.position - cut.position, 0),
         coalesce(most.position - coalesce(may.position, cut.position), 0),
         CASE WHEN most.position IS NOT DISTINCT FROM may.position THEN NULL
              WHEN casework.held_anywhere(mine.authority) THEN 'legal_hold' ELSE 'record_here' END
    FROM may, most, cut, mine
$$;

CREATE FUNCTION casework.cut_trail() RETURNS TABLE ("position" bigint, entries bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  mine text := current_setting('wise.authority');
  most CONSTANT bigint := 20000;
  found record;
  cut bigint;
  here bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold ' || mine, 0));
  PERFORM pg_advisory_xact_lock(hashtextextended('wise-bridge cuts ' || mine, 0));
  SELECT * INTO found FROM casework.trail_end();
  IF found.position IS NULL OR casework.mode() <> 'usual' THEN
    RETURN;
  END IF;
  -- A step at a time, however much there is: no transaction lasts for long.
  cut := found.position - found.entries;
  SELECT coalesce(max(p.position) FILTER (WHERE p.position <= cut + most), min(p.position)) INTO here
    FROM casework.audit_checkpoint AS p
   WHERE p.authority = mine AND p.position > cut AND p.position <= found.position;
  INSERT INTO casework.audit_cut (authority, position, digest, entries)
    SELECT mine, p.position, p.digest, here - cut FROM casework.audit_checkpoint AS p
     WHERE p.authority = mine AND p.position = here;
  DELETE FROM casework.audit AS a USING casework.audit_link AS l
   WHERE a.authority = mine AND l.authority = mine AND l.audit_id = a.id AND l.position <= here;
  DELETE FROM casework.audit_link AS l WHERE l.authority = mine AND l.position <= here;
  RETURN QUERY SELECT here, here - cut;
END $$;
