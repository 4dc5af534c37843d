"""The search function: it belongs to a role that may read a few columns of every tenant and nothing else."""

import tenants.migration

from django.db import migrations

ROLE = "masume_searcher"
FORWARD = f"""
GRANT SELECT (id, tenant_id, grams, name, kana, former_names, industry, corporate_number, edinet_code)
  ON accounts_account TO {ROLE};
GRANT SELECT (id, tenant_id, account_id, grams, name, kana, department, deleted_at) ON accounts_keyperson TO {ROLE};
CREATE POLICY accounts_account_search ON accounts_account FOR SELECT TO {ROLE} USING (true);
CREATE POLICY accounts_keyperson_search ON accounts_keyperson FOR SELECT TO {ROLE} USING (true);

CREATE FUNCTION search_accounts(query text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE
  words text[] := array_remove(regexp_split_to_array(search_normal(query), '\\s+'), '');
  wanted text[] := (
    SELECT coalesce(array_agg(DISTINCT CASE WHEN length(word) = 1 THEN word ELSE substr(word, i, 2) END), '{{}}')
    FROM unnest(words) AS word, generate_series(1, greatest(length(word) - 1, 1)) AS i);
BEGIN
  IF wanted = '{{}}' THEN RETURN; END IF;
  RETURN QUERY
    SELECT a.id FROM accounts_account a
    WHERE a.tenant_id = app_tenant_id() AND a.grams @> wanted AND (
      SELECT bool_and(strpos(translate(search_normal(concat_ws(E'\\n', a.name, a.kana, a.former_names, a.industry,
        a.corporate_number, a.edinet_code)), E' \\t', ''), word) > 0) FROM unnest(words) AS word)
    UNION
    SELECT p.account_id FROM accounts_keyperson p
    WHERE p.tenant_id = app_tenant_id() AND p.deleted_at IS NULL AND p.grams @> wanted AND (
      SELECT bool_and(strpos(translate(search_normal(concat_ws(E'\\n', p.name, p.kana, p.department)), E' \\t', ''),
        word) > 0) FROM unnest(words) AS word);
END $$;
GRANT CREATE ON SCHEMA public TO {ROLE};
ALTER FUNCTION search_accounts(text) OWNER TO {ROLE};
REVOKE CREATE ON SCHEMA public FROM {ROLE};
"""
BACKWARD = f"""
DROP FUNCTION search_accounts(text);
DROP POLICY accounts_account_search ON accounts_account;
DROP POLICY accounts_keyperson_search ON accounts_keyperson;
REVOKE ALL ON accounts_account, accounts_keyperson FROM {ROLE};
"""


class Migration(tenants.migration.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
