
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('hotspots', '0002_fixed_perimeters'),
        ('zone', '0003_checked_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Fit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('data_version', models.PositiveIntegerField(verbose_name='version of the data')),
                ('figures', models.JSONField(default=dict, verbose_name='figures')),
                ('reasons', models.JSONField(blank=True, default=list, verbose_name='rules it does not meet')),
                ('best', models.BinaryField(null=True, verbose_name='best outline nearby (WKB)')),
                ('worked_out_at', models.DateTimeField(auto_now=True, verbose_name='worked out on')),
                ('hotspot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fits', to='hotspots.hotspot')),
                ('perimeter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='hotspots.perimeter')),
            ],
            options={
                'verbose_name': 'fit of a perimeter',
                'verbose_name_plural': 'fits of perimeters',
                'ordering': ['hotspot', 'month'],
                'constraints': [models.UniqueConstraint(fields=('hotspot', 'month'), name='one_fit_per_hotspot_and_month')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name of the new hotspot')),
                ('geometry', models.BinaryField(verbose_name='outline (WKB)')),
                ('area_m2', models.FloatField(verbose_name='area in square metres')),
                ('reason', models.TextField(max_length=2000, verbose_name='reason')),
                ('evidence', models.JSONField(default=dict, verbose_name='figures it rests on')),
                ('designation', models.CharField(choices=[('zonal', 'zonal'), ('municipal', 'municipal'), ('regional', 'regional'), ('federal', 'federal')], default='zonal', max_length=10, verbose_name='designation')),
                ('legal_basis', models.CharField(blank=True, max_length=300, verbose_name='legal basis')),
                ('order_reference', models.CharField(blank=True, max_length=200, verbose_name='order with legal force')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='ends on')),
                ('review_due', models.DateField(blank=True, null=True, verbose_name='review due')),
                ('buffer_m', models.PositiveSmallIntegerField(default=150, validators=[django.core.validators.MaxValueValidator(2000)], verbose_name='width of the surroundings in metres')),
                ('controls', models.JSONField(blank=True, default=list, verbose_name='control areas')),
                ('exit_criteria', models.TextField(blank=True, max_length=1000, verbose_name='exit criteria')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('proposed', 'waits for a decision'), ('accepted', 'accepted'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='draft', max_length=10, verbose_name='state')),
                ('comment', models.TextField(blank=True, max_length=1000, verbose_name='comment on the decision')),
                ('decision_reference', models.CharField(blank=True, max_length=200, verbose_name='decision')),
                ('proposed_on', models.DateField(blank=True, null=True, verbose_name='proposed on')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='decided on')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded on')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hotspot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='perimeter_proposals', to='hotspots.hotspot')),
                ('perimeter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hotspots.perimeter')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hotspots.perimeter')),
                ('zone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='perimeter_proposals', to='zone.zone')),
            ],
            options={
                'verbose_name': 'proposal of a perimeter',
                'verbose_name_plural': 'proposals of perimeters',
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('order_reference', ''), ('ends_on__isnull', False), _connector='OR'), name='a_proposed_order_carries_an_end_date'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'refused']), _negated=True), models.Q(('comment', ''), _negated=True), _connector='OR'), name='a_decided_proposal_says_why')],
            },
        ),
    ]
