"""A restore runs without a search path, and computes generated columns: the functions they call name their schema."""

import tenants.migration

from django.db import migrations

GRAMS = """
CREATE OR REPLACE FUNCTION search_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURNS NULL ON NULL INPUT AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{{}}')
  FROM (SELECT char, lead(char) OVER (ORDER BY i) AS next
        FROM string_to_table(translate({normal}(value), E' \\t', ''), NULL) WITH ORDINALITY AS t(char, i)) AS p,
       LATERAL (VALUES (char), (CASE WHEN next <> E'\\n' THEN char || next ELSE char END)) AS g(gram)
  WHERE char <> E'\\n'
$$
"""


class Migration(tenants.migration.Migration):
    dependencies = [("tenants", "0001_initial")]
    operations = [
        migrations.RunSQL(GRAMS.format(normal="public.search_normal"), GRAMS.format(normal="search_normal"))
    ]
