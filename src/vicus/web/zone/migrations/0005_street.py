import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('zone', '0004_organisation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Street',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('names', models.JSONField(blank=True, default=dict, verbose_name='names')),
                ('geometry', models.BinaryField(verbose_name='lines (WKB)')),
                ('xmin', models.FloatField(db_column='x_min')),
                ('ymin', models.FloatField()),
                ('xmax', models.FloatField(db_column='x_max')),
                ('ymax', models.FloatField()),
                ('length_m', models.FloatField(verbose_name='length in metres')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='streets', to='zone.zone')),
            ],
            options={
                'verbose_name': 'street',
                'verbose_name_plural': 'streets',
                'ordering': ['pk'],
            },
        ),
    ]
