import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import tenants.constraints
import tenants.fields
import tenants.scope
import tenants.migration
from django.conf import settings
from django.db import migrations, models


class Migration(tenants.migration.Migration):

    dependencies = [
        ('tenants', '0007_job_slots_take_turns'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('actor', models.TextField(db_default=tenants.fields.Setting('actor'))),
                ('request', models.TextField(db_default=tenants.fields.Setting('request'))),
                ('subject', models.UUIDField()),
                ('counts', models.JSONField(default=dict)),
                ('tenant', models.ForeignKey(db_index=False, default=tenants.scope.current_tenant_id, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='InvitationEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_actor', models.TextField(db_default=tenants.fields.Setting('actor'))),
                ('pgh_request', models.TextField(db_default=tenants.fields.Setting('request'))),
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, serialize=False)),
                ('email', models.EmailField(max_length=254, verbose_name='メールアドレス')),
                ('role', models.CharField(choices=[('admin', '管理者'), ('manager', 'マネージャー'), ('csm', 'CSM'), ('sales', '営業'), ('contributor', '協力'), ('viewer', '閲覧'), ('guest', '顧客')], max_length=20, verbose_name='役割')),
                ('accepted_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('invited_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenants.membership')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tenants.invitation')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenants.tenant')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, primary_key=True, serialize=False)),
                ('pgh_actor', models.TextField(db_default=tenants.fields.Setting('actor'))),
                ('pgh_request', models.TextField(db_default=tenants.fields.Setting('request'))),
                ('id', models.UUIDField(db_default=tenants.fields.UUIDv7(), editable=False, serialize=False)),
                ('role', models.CharField(choices=[('admin', '管理者'), ('manager', 'マネージャー'), ('csm', 'CSM'), ('sales', '営業'), ('contributor', '協力'), ('viewer', '閲覧'), ('guest', '顧客')], max_length=20, verbose_name='役割')),
                ('removed_at', models.DateTimeField(editable=False, null=True)),
                ('pgh_obj', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='tenants.membership')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='tenants.tenant')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tenants_invitationevent" ("accepted_at", "email", "id", "invited_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "tenant_id", "withdrawn_at") SELECT new_values."accepted_at", new_values."email", new_values."id", new_values."invited_by_id", NOW(), \'insert\', new_values."id", new_values."role", new_values."tenant_id", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0bb65f4bb4b3ef772f3f05efb9dc4eec26972b31', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4fe5c', referencing='REFERENCING NEW TABLE AS new_values ', table='tenants_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tenants_invitationevent" ("accepted_at", "email", "id", "invited_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "tenant_id", "withdrawn_at") SELECT new_values."accepted_at", new_values."email", new_values."id", new_values."invited_by_id", NOW(), \'update\', new_values."id", new_values."role", new_values."tenant_id", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."accepted_at" IS DISTINCT FROM (new_values."accepted_at") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."invited_by_id" IS DISTINCT FROM (new_values."invited_by_id") OR old_values."role" IS DISTINCT FROM (new_values."role") OR old_values."tenant_id" IS DISTINCT FROM (new_values."tenant_id") OR old_values."withdrawn_at" IS DISTINCT FROM (new_values."withdrawn_at")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4df46a39a03b86a55db983c689bb94ab6ca49ccd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e0403', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tenants_invitation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tenants_membershipevent" ("id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "role", "tenant_id", "user_id") SELECT new_values."id", NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."role", new_values."tenant_id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fdc75f19dcce125a26042825152732b13896cace', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_65f0e', referencing='REFERENCING NEW TABLE AS new_values ', table='tenants_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "tenants_membershipevent" ("id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "role", "tenant_id", "user_id") SELECT new_values."id", NOW(), \'update\', new_values."id", new_values."removed_at", new_values."role", new_values."tenant_id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."removed_at" IS DISTINCT FROM (new_values."removed_at") OR old_values."role" IS DISTINCT FROM (new_values."role") OR old_values."tenant_id" IS DISTINCT FROM (new_values."tenant_id") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ff9c577891d08b1d3baa23834b29905beebd42c6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_38ec7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='tenants_membership', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='erasure',
            index=models.Index(fields=['tenant', '-id'], name='tenants_era_tenant__d0c9a9_idx'),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=tenants.constraints.RowLevelSecurity(name='tenants_erasure_rls'),
        ),
        migrations.AddIndex(
            model_name='invitationevent',
            index=models.Index(fields=['tenant', '-pgh_id'], name='tenants_inv_tenant__1d0a51_idx'),
        ),
        migrations.AddConstraint(
            model_name='invitationevent',
            constraint=tenants.constraints.ReadInTenant(name='tenants_invitationevent_read'),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(fields=['tenant', '-pgh_id'], name='tenants_mem_tenant__991ba4_idx'),
        ),
        migrations.AddConstraint(
            model_name='membershipevent',
            constraint=tenants.constraints.ReadInTenant(name='tenants_membershipevent_read'),
        ),
    ]
