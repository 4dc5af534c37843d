"""A search looks into texts only where grams cannot decide, and stops at as many accounts as somebody asked for.

Folding a text costs fifty times what comparing its grams does. Grams of two characters decide words of one or two by
themselves; longer words are looked for as they were written first.
"""

import tenants.migration

from django.db import migrations

ROLE = "masume_searcher"
FORWARD = rf"""
CREATE FUNCTION search_words(query text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_remove(regexp_split_to_array(public.search_normal(query), '\s+'), '')
$$;

-- The same words before they are folded; the folded ones where folding changes how many there are.
CREATE FUNCTION search_typed(query text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN cardinality(typed) = cardinality(words) THEN typed ELSE words END
  FROM (SELECT array_remove(regexp_split_to_array(query, '\s+'), '') AS typed, public.search_words(query) AS words) AS w
$$;

CREATE FUNCTION search_wanted(words text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT CASE WHEN length(word) = 1 THEN word ELSE substr(word, i, 2) END), '{{}}')
  FROM unnest(words) AS word, generate_series(1, greatest(length(word) - 1, 1)) AS i
$$;

-- Whether a text whose grams are all there holds every word: as somebody typed it (most do), or else folded.
CREATE FUNCTION search_holds(words text[], typed text[], written text) RETURNS boolean
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  folded text;
BEGIN
  FOR i IN 1 .. cardinality(words) LOOP
    CONTINUE WHEN length(words[i]) <= 2 OR strpos(written, typed[i]) > 0;
    folded := coalesce(folded, translate(public.search_normal(written), E' \t', ''));
    IF strpos(folded, words[i]) = 0 THEN RETURN false; END IF;
  END LOOP;
  RETURN true;
END $$;

DROP FUNCTION search_accounts(text);
CREATE FUNCTION search_accounts(query text, at_most integer DEFAULT NULL) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  own uuid := app_tenant_id();
  words text[] := search_words(query);
  typed text[] := search_typed(query);
  wanted text[] := search_wanted(words);
  decided boolean := 2 >= ALL (SELECT length(word) FROM unnest(words) AS word);
BEGIN
  IF wanted = '{{}}' THEN RETURN; END IF;
  RETURN QUERY
    (SELECT a.id FROM accounts_account a
     WHERE a.tenant_id = own AND a.grams @> wanted AND (decided OR search_holds(words, typed,
       concat_ws(E'\n', a.name, a.kana, a.former_names, a.industry, a.corporate_number, a.edinet_code))) LIMIT at_most)
    UNION
    (SELECT p.account_id FROM accounts_keyperson p
     WHERE p.tenant_id = own AND p.deleted_at IS NULL AND p.grams @> wanted
       AND (decided OR search_holds(words, typed, concat_ws(E'\n', p.name, p.kana, p.department))) LIMIT at_most)
    LIMIT at_most;
END $$;
GRANT CREATE ON SCHEMA public TO {ROLE};
ALTER FUNCTION search_accounts(text, integer) OWNER TO {ROLE};
REVOKE CREATE ON SCHEMA public FROM {ROLE};
"""
BACKWARD = rf"""
DROP FUNCTION search_accounts(text, integer);
DROP FUNCTION search_holds(text[], text[], text); DROP FUNCTION search_wanted(text[]); DROP FUNCTION search_typed(text);
 DROP FUNCTION search_words(text);
CREATE FUNCTION search_accounts(query text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  words text[] := array_remove(regexp_split_to_array(search_normal(query), '\s+'), '');
  wanted text[] := (
    SELECT coalesce(array_agg(DISTINCT CASE WHEN length(word) = 1 THEN word ELSE substr(word, i, 2) END), '{{}}')
    FROM unnest(words) AS word, generate_series(1, greatest(length(word) - 1, 1)) AS i);
BEGIN
  IF wanted = '{{}}' THEN RETURN; END IF;
  RETURN QUERY
    SELECT a.id FROM accounts_account a
    WHERE a.tenant_id = app_tenant_id() AND a.grams @> wanted AND (
      SELECT bool_and(strpos(translate(search_normal(concat_ws(E'\n', a.name, a.kana, a.former_names, a.industry,
        a.corporate_number, a.edinet_code)), E' \t', ''), word) > 0) FROM unnest(words) AS word)
    UNION
    SELECT p.account_id FROM accounts_keyperson p
    WHERE p.tenant_id = app_tenant_id() AND p.deleted_at IS NULL AND p.grams @> wanted AND (
      SELECT bool_and(strpos(translate(search_normal(concat_ws(E'\n', p.name, p.kana, p.department)), E' \t', ''),
        word) > 0) FROM unnest(words) AS word);
END $$;
GRANT CREATE ON SCHEMA public TO {ROLE};
ALTER FUNCTION search_accounts(text) OWNER TO {ROLE};
REVOKE CREATE ON SCHEMA public FROM {ROLE};
"""


class Migration(tenants.migration.Migration):
    dependencies = [("accounts", "0008_activities_known_elsewhere")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
