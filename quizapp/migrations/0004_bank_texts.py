import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('quizapp', '0003_bank_and_editing'),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='position_before',
            field=models.PositiveIntegerField(blank=True, help_text='Its place in the topic that it was moved from.', null=True),
        ),
        migrations.CreateModel(
            name='QuestionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('changed_at', models.DateTimeField(null=True)),
                ('text', models.TextField()),
                ('question', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='written', to='quizapp.question')),
            ],
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(fields=['topic', 'position', 'kind', 'retired_at', 'version', 'source_digest'], name='bank_list'),
        ),
        migrations.AddIndex(
            model_name='questiontext',
            index=models.Index(fields=['question', 'digest', 'changed_at'], name='bank_changes'),
        ),
        migrations.AddIndex(
            model_name='itemstatistics',
            index=models.Index(fields=['question', 'version', 'attention', 'facility', 'discrimination', 'responses'], name='bank_figures'),
        ),
    ]
