"""A lot has one draw; those announced over it in older data count as given up."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Before, a new announcement silently took the place of the last one: who made it gave that up.
NUMBER = """
WITH held AS (SELECT lot_id, min(id::text)::uuid AS id FROM evaluation_expertdraw
              WHERE drawn_at IS NOT NULL GROUP BY lot_id),
     ordered AS (
    SELECT one.id, row_number() OVER told AS number, held.id AS held_id,
           lead(one.committed_at) OVER told AS next_at, lead(one.by_id) OVER told AS next_by
    FROM evaluation_expertdraw one LEFT JOIN held ON held.lot_id = one.lot_id
    WINDOW told AS (PARTITION BY one.lot_id ORDER BY one.committed_at, one.id))
UPDATE evaluation_expertdraw SET number = ordered.number,
       given_up_at = CASE WHEN over.ed THEN coalesce(next_at, committed_at) END,
       given_up_by_id = CASE WHEN over.ed THEN coalesce(next_by, by_id) END,
       given_up_reason = CASE WHEN over.ed THEN '另行公布了方案' ELSE '' END
FROM ordered CROSS JOIN LATERAL (
    SELECT CASE WHEN ordered.held_id IS NULL THEN ordered.next_at IS NOT NULL
                ELSE ordered.held_id <> ordered.id END AS ed) over
WHERE ordered.id = evaluation_expertdraw.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0003_rejection_page"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(name="expertdraw", options={"ordering": ["number"]}),
        migrations.AddField(
            model_name="expertdraw",
            name="given_up_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="expertdraw",
            name="given_up_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="expertdraw",
            name="given_up_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="expertdraw",
            name="number",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="representative",
            name="barred_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="expertdraw",
            constraint=models.UniqueConstraint(
                fields=("lot", "number"), name="expert_draw_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="expertdraw",
            constraint=models.UniqueConstraint(
                condition=models.Q(("given_up_at__isnull", True)),
                fields=("lot",),
                name="one_live_expert_draw",
            ),
        ),
        migrations.AddConstraint(
            model_name="expertdraw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_up_at__isnull", True), ("drawn_at__isnull", True), _connector="OR"
                ),
                name="held_draw_is_not_given_up",
            ),
        ),
    ]
