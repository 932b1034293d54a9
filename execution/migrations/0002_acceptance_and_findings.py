import core.clock
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0006_exclude_materials'),
        ('core', '0102_uploads_say_what_they_are_for'),
        ('execution', '0001_first_tables'),
        ('projects', '0004_facts_of_execution'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SpecialAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('PLANNING', 'Planning approval of the completed works'), ('FIRE', 'Fire protection acceptance'), ('ENVIRONMENT', 'Environmental acceptance'), ('QUALITY', 'Opinion of the quality supervision'), ('ARCHIVES', 'Acceptance of the construction archives'), ('WARRANTY', 'Warranty of quality')], max_length=12)),
                ('authority', models.CharField(blank=True, max_length=200, verbose_name='issued by')),
                ('document_no', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('issued_on', models.DateField(blank=True, null=True, verbose_name='issued on')),
                ('not_needed', models.CharField(blank=True, max_length=300, verbose_name='why it is not needed')),
                ('recorded_at', models.DateTimeField(default=core.clock.now)),
            ],
            options={
                'ordering': ['project', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='acceptancedefect',
            name='fixed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='acceptancedefect',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='acceptancedefect',
            name='returned_note',
            field=models.TextField(blank=True, verbose_name='why the mending was not accepted'),
        ),
        migrations.AddField(
            model_name='acceptanceround',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='acceptanceround',
            name='created_at',
            field=models.DateTimeField(default=core.clock.now),
        ),
        migrations.AddField(
            model_name='acceptanceround',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='confirmed_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='found_on',
            field=models.DateField(default=core.clock.today, verbose_name='found on'),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='mode',
            field=models.CharField(choices=[('GOV_AUDIT', 'Government audit'), ('COMMISSIONED', 'Commissioned audit'), ('INTERNAL', 'Internal audit'), ('EXEMPT', 'Exempt from audit')], default='GOV_AUDIT', max_length=12, verbose_name='audit mode'),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='note',
            field=models.TextField(blank=True, verbose_name='what was done'),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='recorded_at',
            field=models.DateTimeField(default=core.clock.now),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='rectified_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='returned_note',
            field=models.TextField(blank=True, verbose_name='why the rectification was not confirmed'),
        ),
        migrations.AddField(
            model_name='auditfinding',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='settlement',
            name='version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='auditfinding',
            name='state',
            field=django_fsm.FSMField(choices=[('OPEN', 'Finding open'), ('SCHEDULED', 'Rectification scheduled'), ('RECTIFIED', 'Rectified'), ('CONFIRMED', 'Rectification confirmed')], default='OPEN', editable=False, max_length=50, protected=True),
        ),
        migrations.AddIndex(
            model_name='acceptancedefect',
            index=models.Index(condition=models.Q(('checked_on__isnull', True)), fields=['due_on'], name='defect_open_due'),
        ),
        migrations.AddIndex(
            model_name='auditfinding',
            index=models.Index(condition=models.Q(('state', 'CONFIRMED'), _negated=True), fields=['due_on'], name='finding_unconfirmed_due'),
        ),
        migrations.AddConstraint(
            model_name='acceptancedefect',
            constraint=models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('fixed_by')), _negated=True), _connector='OR'), name='defect_checked_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='acceptanceround',
            constraint=models.UniqueConstraint(condition=models.Q(('passed__isnull', True)), fields=('project',), name='acceptance_round_open_once'),
        ),
        migrations.AddConstraint(
            model_name='acceptanceround',
            constraint=models.UniqueConstraint(condition=models.Q(('passed', True)), fields=('project',), name='acceptance_passed_once'),
        ),
        migrations.AddConstraint(
            model_name='acceptanceround',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('passed__isnull', True)), models.Q(('closed_at__isnull', False), ('passed__isnull', False)), _connector='OR'), name='acceptance_round_closed_with_a_result'),
        ),
        migrations.AddConstraint(
            model_name='auditfinding',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('rectified_by')), _negated=True), _connector='OR'), name='finding_confirmed_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('submitted__gt', 0)), name='settlement_submitted_positive'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed__isnull', True), models.Q(('item__isnull', False), ('reviewed__gte', 0)), _connector='OR'), name='settlement_reviewed_by_an_item'),
        ),
        migrations.AddField(
            model_name='specialacceptance',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile'),
        ),
        migrations.AddField(
            model_name='specialacceptance',
            name='project',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='special_acceptances', to='projects.project'),
        ),
        migrations.AddField(
            model_name='specialacceptance',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='specialacceptance',
            constraint=models.UniqueConstraint(fields=('project', 'kind'), name='special_acceptance_once'),
        ),
        migrations.AddConstraint(
            model_name='specialacceptance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_on__isnull', False), ('not_needed', '')), models.Q(models.Q(('not_needed', ''), _negated=True), ('issued_on__isnull', True)), _connector='OR'), name='special_acceptance_issued_or_not_needed'),
        ),
    ]
