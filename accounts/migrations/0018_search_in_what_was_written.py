"""Looking for words in records, in notes about people and in facts: newest first, as many as somebody asked for.

As ``search_accounts``, these belong to the searcher, who reads a few columns of every tenant; the tenant is read from
the transaction. Each call is planned for its own words: PostgreSQL walks along the newest records for frequent ones, and
asks the index of grams for rare ones.
"""

import tenants.migration

from django.db import migrations

ROLE = "masume_searcher"
HEAD = r"""
DECLARE
  own uuid := app_tenant_id();
  words text[] := search_words(query);
  typed text[] := search_typed(query);
  wanted text[] := search_wanted(words);
  decided boolean := 2 >= ALL (SELECT length(word) FROM unnest(words) AS word);
"""
HOW = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan"
ACTIVITY = """a.grams @> wanted
       AND (decided OR search_holds(words, typed, concat_ws(E'\\n', a.title, a.body, a.insight, a.next_step)))"""
FORWARD = rf"""
GRANT SELECT (id, tenant_id, account_id, "on", grams, title, body, insight, next_step, deleted_at)
  ON accounts_activity TO {ROLE};
GRANT SELECT (note, note_grams) ON accounts_keyperson TO {ROLE};
GRANT SELECT (id, tenant_id, account_id, grams, value, noted_at) ON accounts_fact TO {ROLE};
CREATE POLICY accounts_activity_search ON accounts_activity FOR SELECT TO {ROLE} USING (true);
CREATE POLICY accounts_fact_search ON accounts_fact FOR SELECT TO {ROLE} USING (true);

CREATE FUNCTION search_activities(query text, at_most integer, one uuid DEFAULT NULL, visible uuid[] DEFAULT NULL,
  before_on date DEFAULT NULL, before_id uuid DEFAULT NULL) RETURNS SETOF uuid {HOW} AS $$
{HEAD}
BEGIN
  IF wanted = '{{}}' THEN RETURN; END IF;
  RETURN QUERY
    SELECT a.id FROM accounts_activity a
    WHERE a.tenant_id = own AND a.deleted_at IS NULL AND {ACTIVITY}
      AND (one IS NULL OR a.account_id = one) AND (visible IS NULL OR a.account_id = ANY (visible))
      AND (before_on IS NULL OR (a."on", a.id) < (before_on, before_id))
    ORDER BY a."on" DESC, a.id DESC LIMIT at_most;
END $$;

CREATE FUNCTION search_person_notes(query text, at_most integer, one uuid DEFAULT NULL, visible uuid[] DEFAULT NULL)
  RETURNS SETOF uuid {HOW} AS $$
{HEAD}
BEGIN
  IF wanted = '{{}}' THEN RETURN; END IF;
  RETURN QUERY
    SELECT p.id FROM accounts_keyperson p
    WHERE p.tenant_id = own AND p.deleted_at IS NULL AND p.note_grams @> wanted
      AND (decided OR search_holds(words, typed, p.note)) AND (one IS NULL OR p.account_id = one)
      AND (visible IS NULL OR p.account_id = ANY (visible)) LIMIT at_most;
END $$;

CREATE FUNCTION search_facts(query text, at_most integer, one uuid DEFAULT NULL, visible uuid[] DEFAULT NULL)
  RETURNS SETOF uuid {HOW} AS $$
{HEAD}
BEGIN
  IF wanted = '{{}}' THEN RETURN; END IF;
  RETURN QUERY
    SELECT f.id FROM accounts_fact f
    WHERE f.tenant_id = own AND f.grams @> wanted AND (decided OR search_holds(words, typed, f.value))
      AND (one IS NULL OR f.account_id = one) AND (visible IS NULL OR f.account_id = ANY (visible)) LIMIT at_most;
END $$;

GRANT CREATE ON SCHEMA public TO {ROLE};
ALTER FUNCTION search_activities(text, integer, uuid, uuid[], date, uuid) OWNER TO {ROLE};
ALTER FUNCTION search_person_notes(text, integer, uuid, uuid[]) OWNER TO {ROLE};
ALTER FUNCTION search_facts(text, integer, uuid, uuid[]) OWNER TO {ROLE};
REVOKE CREATE ON SCHEMA public FROM {ROLE};
"""
BACKWARD = f"""
DROP FUNCTION search_activities(text, integer, uuid, uuid[], date, uuid);
DROP FUNCTION search_person_notes(text, integer, uuid, uuid[]);
DROP FUNCTION search_facts(text, integer, uuid, uuid[]);
DROP POLICY accounts_activity_search ON accounts_activity;
DROP POLICY accounts_fact_search ON accounts_fact;
REVOKE ALL ON accounts_activity, accounts_fact FROM {ROLE};
REVOKE SELECT (note, note_grams) ON accounts_keyperson FROM {ROLE};
"""


class Migration(tenants.migration.Migration):
    dependencies = [("accounts", "0017_timeline")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
