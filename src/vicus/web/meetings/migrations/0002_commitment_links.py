import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0001_initial'),
        ('zone', '0004_organisation'),
    ]

    operations = [
        migrations.AddField(
            model_name='commitment',
            name='first_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='first due on'),
        ),
        migrations.CreateModel(
            name='CommitmentLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('made_on', models.DateField(verbose_name='made on')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('revoked_on', models.DateField(blank=True, null=True, verbose_name='revoked on')),
                ('last_used', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='zone.organisation')),
            ],
            options={
                'verbose_name': 'link of an organisation',
                'verbose_name_plural': 'links of organisations',
                'ordering': ['organisation', '-made_on', '-pk'],
            },
        ),
    ]
