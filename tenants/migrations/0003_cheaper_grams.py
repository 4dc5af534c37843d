"""The same grams at a quarter of the cost: one walk over the characters, which are folded on the way."""

import tenants.migration

from django.db import migrations

# Katakana stand 96 code points behind hiragana; asking for that is far cheaper than translate() with its 86 pairs.
# It leans on no other function of ours, as 0002 asks for the sake of a restore.
FORWARD = r"""
CREATE OR REPLACE FUNCTION search_grams(value text) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
DECLARE
  char text;
  previous text := '';
  grams text[] := '{}';
BEGIN
  FOREACH char IN ARRAY string_to_array(translate(lower(normalize(value, NFKC)), E' \t', ''), NULL) LOOP
    IF char COLLATE "C" BETWEEN 'ァ' AND 'ヶ' THEN
      char := chr(ascii(char) - 96);
    END IF;
    IF char = E'\n' THEN
      previous := '';
    ELSE
      grams := grams || char;
      IF previous <> '' THEN
        grams := grams || (previous || char);
      END IF;
      previous := char;
    END IF;
  END LOOP;
  RETURN grams;
END $$;
"""
BACKWARD = r"""
CREATE OR REPLACE FUNCTION search_grams(value text) RETURNS text[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}')
  FROM (SELECT char, lead(char) OVER (ORDER BY i) AS next
        FROM string_to_table(translate(public.search_normal(value), E' \t', ''), NULL) WITH ORDINALITY AS t(char, i)) AS p,
       LATERAL (VALUES (char), (CASE WHEN next <> E'\n' THEN char || next ELSE char END)) AS g(gram)
  WHERE char <> E'\n'
$$;
"""


class Migration(tenants.migration.Migration):
    dependencies = [("tenants", "0002_grams_name_their_schema")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
