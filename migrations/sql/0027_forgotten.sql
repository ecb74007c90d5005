-- What is left of a record a year after its body: what may go, and taking it away. For one authority at a time.

-- What a release made now counts, the four quarters before this one, and so the first record of each kind after this
-- one, whose fact says what stood before it. A correction of that one would find nothing there any more.
CREATE FUNCTION casework.remains_of(_newest uuid) RETURNS TABLE (newest uuid, versions uuid[], shredded_at timestamptz,
    has_body boolean, open boolean, held boolean, ordered boolean, review_open boolean, legal_hold boolean,
    counted boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  WITH RECURSIVE head AS (
    SELECT s.* FROM casework.submission AS s
     WHERE s.authority = current_setting('wise.authority', true) AND s.id = _newest AND s.superseded_by IS NULL
  ), version (id, supersedes) AS (
    SELECT h.id, h.supersedes FROM head AS h
    UNION SELECT e.id, e.supersedes FROM version AS v, head AS h, casework.submission AS e
     WHERE e.authority = h.authority AND e.id = v.supersedes
  ), task AS (
    SELECT d.id, d.state FROM casework.delivery AS d, head AS h, version AS v
     WHERE d.authority = h.authority AND d.submission_id = v.id
  ), following AS (
    SELECT DISTINCT ON (n.record_type) n.fact ->> 'quarter' AS quarter FROM casework.submission AS n, head AS h
     WHERE n.authority = h.authority AND n.child_key = h.child_key AND n.id <> h.id
       AND n.completed_on >= h.completed_on AND n.superseded_by IS NULL AND n.withdrawn_by IS NULL
       AND jsonb_typeof(n.fact) = 'object'
     ORDER BY n.record_type, n.completed_on, n.id
  )
  SELECT h.id, (SELECT array_agg(v.id) FROM version AS v),
    (SELECT max(x.at) FROM casework.shredded AS x, version AS v WHERE x.authority = h.authority AND x.submission_id = v.id),
    EXISTS (SELECT FROM version AS v
      WHERE NOT EXISTS (SELECT FROM casework.shredded AS x WHERE x.authority = h.authority AND x.submission_id = v.id)
         OR EXISTS (SELECT FROM casework.payload AS p WHERE p.authority = h.authority AND p.submission_id = v.id)),
    EXISTS (SELECT FROM task AS d WHERE d.state NOT IN ('delivered', 'superseded', 'cancelled')),
    EXISTS (SELECT FROM casework.hold AS k, version AS v
      WHERE k.authority = h.authority AND k.submission_id = v.id AND k.released_at IS NULL),
    EXISTS (SELECT FROM casework.officer_order AS o, task AS d
      WHERE o.authority = h.authority AND o.delivery_id = d.id AND o.done_at IS NULL),
    EXISTS (SELECT FROM casework.review AS r, version AS v
      WHERE r.authority = h.authority AND r.submission_id = v.id AND r.status IN ('open', 'paused')),
    EXISTS (SELECT FROM version AS v WHERE casework.legally_held(h.authority, v.id)),
    h.kind <> 'withdrawal' AND jsonb_typeof(h.fact) IS NOT DISTINCT FROM 'object' AND EXISTS (
      SELECT FROM (SELECT h.fact ->> 'quarter' AS quarter UNION ALL SELECT f.quarter FROM following AS f) AS each
       WHERE each.quarter >= to_char(timezone('Europe/London', now()) - interval '1 year', 'YYYY"Q"Q'))
    FROM head AS h
$$;

CREATE FUNCTION casework.remains(_after uuid, _batch integer) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
  SELECT s.id FROM casework.submission AS s
    JOIN casework.shredded AS x ON x.authority = s.authority AND x.submission_id = s.id
   WHERE s.authority = current_setting('wise.authority', true) AND s.superseded_by IS NULL AND s.id > _after
     AND x.at < now() - interval '12 months' + interval '1 day' AND casework.is_over(x.at, interval '12 months')
   ORDER BY s.id LIMIT _batch
$$;

CREATE FUNCTION casework.forget_what_is_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF casework.legally_held(NEW.authority, NEW.submission_id) OR casework.mode() <> 'usual'
     OR EXISTS (SELECT FROM casework.payload WHERE authority = NEW.authority AND submission_id = NEW.submission_id)
     OR EXISTS (SELECT FROM casework.delivery WHERE authority = NEW.authority AND submission_id = NEW.submission_id
       AND state NOT IN ('delivered', 'superseded', 'cancelled'))
     OR NOT EXISTS (SELECT FROM casework.shredded WHERE authority = NEW.authority
       AND submission_id = NEW.submission_id AND casework.is_over(at, interval '12 months')) THEN
    RAISE EXCEPTION 'a record is forgotten a year after its body, and not while anything of it is open or held'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION casework.forget_what_is_over() FROM PUBLIC;
CREATE TRIGGER forgotten_is_over BEFORE INSERT ON casework.forgotten
  FOR EACH ROW EXECUTE FUNCTION casework.forget_what_is_over();

CREATE FUNCTION casework.keep_what_is_not_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM casework.forgotten WHERE authority = OLD.authority AND subject_id = OLD.id::text) THEN
    RAISE EXCEPTION 'it goes only once that is noted' USING ERRCODE = '23514';
  END IF;
  RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION casework.keep_what_is_not_forgotten() FROM PUBLIC;
CREATE TRIGGER submission_is_forgotten BEFORE DELETE ON casework.submission
  FOR EACH ROW EXECUTE FUNCTION casework.keep_what_is_not_forgotten();
CREATE TRIGGER delivery_is_forgotten BEFORE DELETE ON casework.delivery
  FOR EACH ROW EXECUTE FUNCTION casework.keep_what_is_not_forgotten();

CREATE FUNCTION casework.forget_record(_newest uuid) RETURNS uuid[]
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  mine text := current_setting('wise.authority');
  found record;
  tasks uuid[];
BEGIN
  SELECT * INTO found FROM casework.remains_of(_newest);
  IF found.newest IS NULL OR found.has_body OR found.open OR found.held OR found.ordered OR found.review_open
     OR found.legal_hold OR found.counted OR casework.mode() <> 'usual'
     OR NOT casework.is_over(found.shredded_at, interval '12 months') THEN
    RETURN NULL;
  END IF;
  SELECT array_agg(id) INTO tasks FROM casework.delivery WHERE authority = mine AND submission_id = ANY (found.versions);
  INSERT INTO casework.forgotten (authority, subject_id, submission_id, kind)
    SELECT mine, id::text, id, 'submission' FROM unnest(found.versions) AS id
    UNION ALL SELECT mine, id::text, submission_id, 'delivery' FROM casework.delivery
      WHERE authority = mine AND id = ANY (tasks)
    UNION ALL SELECT mine, id::text, submission_id, 'review' FROM casework.review
      WHERE authority = mine AND submission_id = ANY (found.versions)
    UNION ALL SELECT mine, id::text, submission_id, 'hold' FROM casework.hold
      WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.attempt WHERE authority = mine AND delivery_id = ANY (tasks);
  DELETE FROM casework.webhook_message WHERE authority = mine AND delivery_id = ANY (tasks);
  DELETE FROM casework.officer_order WHERE authority = mine AND delivery_id = ANY (tasks);
  DELETE FROM casework.manual_pack WHERE authority = mine AND reference IN (
    SELECT reference FROM casework.delivery WHERE authority = mine AND id = ANY (tasks));
  DELETE FROM casework.delivery WHERE authority = mine AND id = ANY (tasks);
  DELETE FROM casework.review WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.hold WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.sketch WHERE authority = mine AND submission_id = ANY (found.versions);
  DELETE FROM casework.submission WHERE authority = mine AND id = ANY (found.versions);
  RETURN found.versions;
END $$;

CREATE FUNCTION casework.keep_order_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM casework.forgotten
      WHERE authority = OLD.authority AND subject_id = OLD.delivery_id::text AND kind = 'delivery') THEN
    RAISE EXCEPTION 'an order is kept' USING ERRCODE = '23514';
  END IF;
  RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION casework.keep_order_of_record() FROM PUBLIC;
DROP TRIGGER officer_order_is_kept ON casework.officer_order;
CREATE TRIGGER officer_order_is_kept BEFORE INSERT OR UPDATE ON casework.officer_order
  FOR EACH ROW EXECUTE FUNCTION casework.keep_order();
CREATE TRIGGER officer_order_ends_with_its_record BEFORE DELETE ON casework.officer_order
  FOR EACH ROW EXECUTE FUNCTION casework.keep_order_of_record();
