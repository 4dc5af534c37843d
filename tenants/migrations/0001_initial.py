import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import tenants.constraints
import tenants.fields
import tenants.migrating
import tenants.models.tenant
import tenants.scope
import tenants.migration
from django.conf import settings
from django.db import migrations, models


# The functions that every policy and trigger stands on.
BINDING = r"""
CREATE FUNCTION bind_tenant(tenant uuid, actor text, request text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- SET, not set_config: only what is set by SET LOCAL reaches the shards of a distributed PostgreSQL.
  EXECUTE format('SET LOCAL app.tenant_id = %L', coalesce(tenant::text, ''));
  EXECUTE format('SET LOCAL app.actor = %L', coalesce(actor, ''));
  EXECUTE format('SET LOCAL app.request = %L', coalesce(request, ''));
  -- The trigger library reads this, and pays a subtransaction per row while nobody has set it.
  SET LOCAL pgtrigger.ignore = '{}';
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

-- Cutting the text into characters once is five times cheaper than asking for each by its position.
CREATE FUNCTION search_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}')
  FROM (SELECT char, lead(char) OVER (ORDER BY i) AS next
        FROM string_to_table(translate(search_normal(value), E' \t', ''), NULL) WITH ORDINALITY AS t(char, i)) AS p,
       LATERAL (VALUES (char), (CASE WHEN next <> E'\n' THEN char || next ELSE char END)) AS g(gram)
  WHERE char <> E'\n'
$$;
"""

UNBINDING = r"""
DROP FUNCTION search_grams(text); DROP FUNCTION search_normal(text);
DROP FUNCTION app_tenant_id(); DROP FUNCTION bind_tenant(uuid, text, text);
"""


class Migration(tenants.migration.Migration):

    initial = True

    dependencies = [
            ]

    operations = [
        migrations.RunSQL(BINDING, UNBINDING),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='メールアドレス')),
                ('name', models.CharField(max_length=80, verbose_name='お名前')),
                ('is_active', models.BooleanField(default=True)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Canary',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=50, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]*$', '半角の英小文字、数字、ハイフンで入力してください')])),
                ('name', models.CharField(max_length=120, verbose_name='会社名')),
                ('time_zone', models.CharField(default='Asia/Tokyo', max_length=50, validators=[tenants.models.tenant.a_time_zone], verbose_name='時間帯')),
                ('fiscal_start_month', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='自社の期首月')),
                ('sender_name', models.CharField(blank=True, default='', max_length=80, verbose_name='メールの差出人名')),
                ('reply_to', models.EmailField(blank=True, default='', max_length=254, verbose_name='返信先')),
                ('use_japanese_holidays', models.BooleanField(default=True, verbose_name='日本の祝日を休みにする')),
                ('is_suspended', models.BooleanField(default=False, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('admin', '管理者'), ('manager', 'マネージャー'), ('csm', 'CSM'), ('sales', '営業'), ('contributor', '協力'), ('viewer', '閲覧'), ('guest', '顧客')], max_length=20, verbose_name='役割')),
                ('title', models.CharField(blank=True, default='', max_length=80, verbose_name='部署・肩書')),
                ('leave_from', models.DateField(blank=True, null=True, verbose_name='休みの初日')),
                ('leave_until', models.DateField(blank=True, null=True, verbose_name='休みの最終日')),
                ('wants_morning_mail', models.BooleanField(default=True, verbose_name='朝のメールを受け取る')),
                ('last_seen_at', models.DateTimeField(editable=False, null=True)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('removed_at', models.DateTimeField(editable=False, null=True)),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tenants.membership', verbose_name='代理')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='tenants.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'role'], name='tenants_mem_tenant__eb953f_idx')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'user'), name='one_membership_per_person'), tenants.constraints.TenantKey(name='tenants_membership_tkey'), models.CheckConstraint(condition=models.Q(('leave_until__isnull', True), ('leave_from__isnull', True), ('leave_until__gte', models.F('leave_from')), _connector='OR'), name='leave_ends_after_it_begins', violation_error_message='休みの最終日は、初日より後にしてください')],
            },
        ),
        migrations.CreateModel(
            name='JobSlot',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('job', models.CharField(max_length=40)),
                ('slot_start', models.DateTimeField()),
                ('payload', models.JSONField(default=dict)),
                ('rank', models.PositiveSmallIntegerField(default=5)),
                ('state', models.CharField(choices=[('waiting', '待っている'), ('running', '実行中'), ('done', '済み'), ('dead', 'できなかった')], default='waiting', max_length=10)),
                ('due_at', models.DateTimeField()),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('worker', models.UUIDField(null=True)),
                ('lease_until', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('steps_done', models.PositiveIntegerField(default=0)),
                ('steps_total', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(default='')),
                ('requester', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tenants.membership')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.tenant')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['rank', 'due_at', 'id'], name='waiting_slots'), models.Index(condition=models.Q(('state', 'running')), fields=['lease_until'], name='running_slots')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'job', 'payload', 'slot_start'), name='one_slot_per_time'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('tenant', 'job', 'payload'), name='one_waiting_slot_per_payload')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='メールアドレス')),
                ('name', models.CharField(blank=True, default='', max_length=80, verbose_name='お名前')),
                ('role', models.CharField(choices=[('admin', '管理者'), ('manager', 'マネージャー'), ('csm', 'CSM'), ('sales', '営業'), ('contributor', '協力'), ('viewer', '閲覧'), ('guest', '顧客')], max_length=20, verbose_name='役割')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tenants.membership')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='tenants.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('tenant', 'email'), name='one_pending_invitation_per_address', violation_error_message='このアドレスには、もう招待を送っています')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('key', models.CharField(max_length=64)),
                ('body_hash', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('location', models.TextField(default='')),
                ('body', models.TextField(default='')),
                ('member', tenants.fields.TenantForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tenants.membership')),
                ('tenant', models.ForeignKey(db_index=False, default=tenants.scope.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'member', 'key'), name='one_answer_per_key'), tenants.constraints.TenantKey(name='tenants_idempotencykey_tkey'), tenants.constraints.SameTenant(field='member', name='tenants_idempotencykey_member_same'), tenants.constraints.RowLevelSecurity(name='tenants_idempotencykey_rls')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."body_hash" IS DISTINCT FROM (NEW."body_hash") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."location" IS DISTINCT FROM (NEW."location") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id"))', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='0d41b4015f5f64ab357e9d8e988450795af8a712', operation='UPDATE', pgid='pgtrigger_raise_version_92b8e', table='tenants_idempotencykey', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('on', models.DateField(verbose_name='日付')),
                ('name', models.CharField(max_length=60, verbose_name='名前')),
                ('is_workday', models.BooleanField(default=False, verbose_name='祝日だが営業する')),
                ('tenant', models.ForeignKey(db_index=False, default=tenants.scope.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'on'), name='one_holiday_per_day', violation_error_message='その日はもう入っています'), tenants.constraints.TenantKey(name='tenants_holiday_tkey'), tenants.constraints.RowLevelSecurity(name='tenants_holiday_rls')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_workday" IS DISTINCT FROM (NEW."is_workday") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."on" IS DISTINCT FROM (NEW."on") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id"))', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='1fb26993f0a2168bbcd59ea83e6972586ba0a083', operation='UPDATE', pgid='pgtrigger_raise_version_041e8', table='tenants_holiday', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='EditorMark',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('editor', models.CharField(max_length=64)),
                ('record', models.UUIDField()),
                ('field', models.CharField(max_length=60)),
                ('seq', models.BigIntegerField()),
                ('value', models.TextField()),
                ('tenant', models.ForeignKey(db_index=False, default=tenants.scope.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'editor', 'record', 'field'), name='one_mark_per_editor_and_field'), tenants.constraints.TenantKey(name='tenants_editormark_tkey'), tenants.constraints.RowLevelSecurity(name='tenants_editormark_rls')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."editor" IS DISTINCT FROM (NEW."editor") OR OLD."field" IS DISTINCT FROM (NEW."field") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."record" IS DISTINCT FROM (NEW."record") OR OLD."seq" IS DISTINCT FROM (NEW."seq") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id") OR OLD."value" IS DISTINCT FROM (NEW."value"))', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='f96dfb3009fee12b34b005c2aca1383c91609591', operation='UPDATE', pgid='pgtrigger_raise_version_36511', table='tenants_editormark', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='OutboxMail',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('version', models.BigIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('kind', models.CharField(max_length=30)),
                ('key', models.CharField(max_length=120)),
                ('to', models.EmailField(max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('pending', '未送信'), ('sending', '送信中'), ('sent', '送信済み'), ('dead', '送れなかった')], default='pending', max_length=10)),
                ('error', models.TextField(default='')),
                ('sent_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, default=tenants.scope.current_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'indexes': [models.Index(fields=['tenant', 'created_at'], name='tenants_out_tenant__ff2f73_idx'), models.Index(condition=models.Q(('state', 'sent'), _negated=True), fields=['tenant', 'state'], name='unsent_mail')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'kind', 'key'), name='one_mail_per_key'), tenants.constraints.TenantKey(name='tenants_outboxmail_tkey'), tenants.constraints.RowLevelSecurity(name='tenants_outboxmail_rls')],
                'triggers': [pgtrigger.compiler.Trigger(name='raise_version', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."error" IS DISTINCT FROM (NEW."error") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."sent_at" IS DISTINCT FROM (NEW."sent_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."tenant_id" IS DISTINCT FROM (NEW."tenant_id") OR OLD."to" IS DISTINCT FROM (NEW."to"))', func='NEW.version = OLD.version + 1; RETURN NEW;', hash='92b9c26b5414e08d32eb338a3b5f4e394939ac55', operation='UPDATE', pgid='pgtrigger_raise_version_8c5e7', table='tenants_outboxmail', when='BEFORE'))],
            },
        ),
        tenants.migrating.InstallTriggers(
        ),
    ]
