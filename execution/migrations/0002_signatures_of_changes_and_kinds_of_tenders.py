
import core.money
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('execution', '0001_first_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='changeorder',
            name='document_no',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='changeorder',
            name='done_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='changeorder',
            name='rejection',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='changeorder',
            name='signatures',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='tender',
            name='kind',
            field=models.CharField(choices=[('WORKS', 'Works contract'), ('EQUIPMENT', 'Equipment purchase'), ('SURVEY', 'Survey contract'), ('DESIGN', 'Design contract'), ('SUPERVISION', 'Supervision contract'), ('CONSULTING', 'Consulting contract'), ('LAND', 'Land and resettlement'), ('OTHER', 'Other contract')], default='WORKS', max_length=12, verbose_name='kind of contract'),
        ),
        migrations.AlterField(
            model_name='supplement',
            name='amount',
            field=core.money.MoneyField(verbose_name='amount'),
        ),
        migrations.AlterField(
            model_name='supplement',
            name='cost_code',
            field=models.CharField(blank=True, max_length=30, verbose_name='cost line'),
        ),
        migrations.AlterField(
            model_name='supplement',
            name='no',
            field=models.CharField(max_length=60, verbose_name='supplement number'),
        ),
        migrations.AlterField(
            model_name='supplement',
            name='reason',
            field=models.CharField(max_length=300, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='supplement',
            name='signed_on',
            field=models.DateField(verbose_name='signed on'),
        ),
        migrations.AlterField(
            model_name='tenderobjection',
            name='objector',
            field=models.CharField(max_length=200, verbose_name='objector'),
        ),
        migrations.AlterField(
            model_name='tenderobjection',
            name='received_on',
            field=models.DateField(verbose_name='received on'),
        ),
        migrations.AlterField(
            model_name='tenderobjection',
            name='text',
            field=models.TextField(verbose_name='objection'),
        ),
    ]
