from django.db import migrations

PAPERS = {
    "完成検査終了証兼譲渡証明書": "completion_certificate",
    "自動車損害賠償責任保険（共済）証明書": "liability_insurance",
    "保安基準適合証": "safety_certificate",
    "希望番号予約済証": "plate_reservation",
    "軽自動車税種別割の納付がわかる書面": "annual_tax",
}


def keep_codes(apps, schema_editor):
    """The papers that a clerk was shown are kept by their codes."""
    pickups = apps.get_model("qrcodes", "Pickup").objects
    for pickup in pickups.exclude(papers_seen="").iterator():
        papers = [PAPERS.get(line, line) for line in pickup.papers_seen.splitlines()]
        pickups.filter(pk=pickup.pk).update(papers_seen="\n".join(papers))


class Migration(migrations.Migration):
    dependencies = [("qrcodes", "0003_names_of_old_rows")]

    operations = [migrations.RunPython(keep_codes, migrations.RunPython.noop)]
