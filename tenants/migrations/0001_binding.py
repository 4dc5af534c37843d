"""The functions that every policy and trigger stands on, and the one that searches past leak-proofness."""

from django.db import migrations

BINDING = """
CREATE FUNCTION bind_tenant(tenant uuid, actor text, request text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- SET, not set_config: only what is set by SET LOCAL reaches the shards of a distributed PostgreSQL.
  EXECUTE format('SET LOCAL app.tenant_id = %L', coalesce(tenant::text, ''));
  EXECUTE format('SET LOCAL app.actor = %L', coalesce(actor, ''));
  EXECUTE format('SET LOCAL app.request = %L', coalesce(request, ''));
END $$;

CREATE FUNCTION app_tenant_id() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE bound text := nullif(current_setting('app.tenant_id', true), '');
BEGIN
  IF bound IS NULL THEN
    RAISE EXCEPTION 'no tenant is bound to this transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN bound::uuid;
END $$;

CREATE FUNCTION search_normal(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT translate(lower(normalize(value, NFKC)),
    'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ',
    'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ')
$$;

CREATE FUNCTION search_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}')
  FROM (SELECT regexp_replace(search_normal(value), '[ \t]+', '', 'g') AS text) AS n,
       generate_series(1, length(n.text)) AS i,
       LATERAL (VALUES (substr(n.text, i, 1)), (substr(n.text, i, 2))) AS g(gram)
  WHERE gram <> '' AND gram !~ '\n'
$$;
"""

UNBINDING = """
DROP FUNCTION search_grams(text); DROP FUNCTION search_normal(text);
DROP FUNCTION app_tenant_id(); DROP FUNCTION bind_tenant(uuid, text, text);
"""


class Migration(migrations.Migration):
    initial = True
    operations = [migrations.RunSQL(BINDING, UNBINDING)]
