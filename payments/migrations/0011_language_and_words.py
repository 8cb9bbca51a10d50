from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0010_names_of_old_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='paymentuser',
            name='language',
            field=models.CharField(default='ja', editable=False, max_length=10, verbose_name='メールの言語'),
        ),
        migrations.AlterModelOptions(
            name='debitorder',
            options={'ordering': ['-pk'], 'verbose_name': 'ダイレクト納付の引き落とし', 'verbose_name_plural': 'ダイレクト納付の引き落とし'},
        ),
        migrations.AlterField(
            model_name='debitorder',
            name='debit_on',
            field=models.DateField(editable=False, verbose_name='引き落とし日'),
        ),
        migrations.AlterField(
            model_name='debitorder',
            name='failure',
            field=models.CharField(blank=True, editable=False, max_length=40, verbose_name='引き落とし不能の理由'),
        ),
        migrations.AlterField(
            model_name='debitorder',
            name='state',
            field=models.CharField(default='scheduled', editable=False, max_length=10, verbose_name='引き落とし状況'),
        ),
    ]
