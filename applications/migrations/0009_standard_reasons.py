from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_names_of_old_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='language',
            field=models.CharField(default='ja', editable=False, max_length=10, verbose_name='メールの言語'),
        ),
        migrations.AddField(
            model_name='historyentry',
            name='standard_reason',
            field=models.CharField(blank=True, editable=False, max_length=24, verbose_name='定型の理由'),
        ),
        migrations.AddField(
            model_name='notice',
            name='standard_reason',
            field=models.CharField(blank=True, editable=False, max_length=24, verbose_name='定型の理由'),
        ),
    ]
