from django.db import migrations

REASONS = {
    "納付期限日までに検査手数料・技術情報管理手数料の納付を確認できませんでした。": "fees_lapsed",
    "まとめ納付の単位で取り下げられました。": "batch_withdrawn",
    "申請の取り下げを受け付けました。軽自動車検査協会の確認後に完了します。": "withdrawal_accepted",
    "申請の取り下げが完了しました。": "withdrawal_confirmed",
    "補正期限日までに補正が行われなかったため、期限切れ却下となりました。": "correction_lapsed",
    "窓口で二次元コードを確認し、交付物を渡しました。": "handed_over",
}


def keep_codes(apps, schema_editor):
    """The sentences that the program wrote become codes; what staff typed stays."""
    for name in ("HistoryEntry", "Notice"):
        rows = apps.get_model("applications", name).objects
        for sentence, code in REASONS.items():
            rows.filter(reason=sentence).update(standard_reason=code, reason="")


class Migration(migrations.Migration):
    dependencies = [("applications", "0009_standard_reasons")]

    operations = [migrations.RunPython(keep_codes, migrations.RunPython.noop)]
