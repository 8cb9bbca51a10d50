"""Mails keep codes and facts, and no words; nights keep the codes of their steps."""

import re
from datetime import date

from django.db import migrations

PROCEDURES = {"継続検査": "continued_inspection", "新車": "new_vehicle"}
STATUSES = {
    "未受付": "not_accepted",
    "検査申請受付中": "received",
    "検査手数料等納付待ち": "fees_due",
    "検査手数料等まとめ払い中": "fees_in_batch",
    "検査申請審査中": "in_review",
    "検査申請補正待ち": "awaiting_correction",
    "検査申請取り下げ中": "withdrawing",
    "検査申請取り下げ": "withdrawn",
    "検査申請無効": "invalid",
    "検査申請却下": "rejected",
    "自動車重量税納付待ち": "weight_tax_due",
    "自動車重量税まとめ払い中": "weight_tax_in_batch",
    "軽自動車税申告審査中": "tax_in_review",
    "軽自動車税申告補正待ち": "awaiting_tax_correction",
    "軽自動車税納付待ち": "vehicle_tax_due",
    "軽自動車税まとめ払い中": "vehicle_tax_in_batch",
    "返付準備完了": "ready_to_return",
    "交付準備完了": "ready_to_issue",
    "返付済": "returned",
    "交付済": "issued",
}
LAPSES = {"fees_due": "invalid", "fees_in_batch": "invalid", "awaiting_correction": "rejected"}
REASONS = {
    "納付期限日までに検査手数料・技術情報管理手数料の納付を確認できませんでした。": "fees_lapsed",
    "まとめ納付の単位で取り下げられました。": "batch_withdrawn",
    "補正期限日までに補正が行われなかったため、期限切れ却下となりました。": "correction_lapsed",
}
KINDS = {
    "検査手数料・技術情報管理手数料": "fees",
    "自動車重量税": "weight_tax",
    "軽自動車税環境性能割": "vehicle_tax",
}
FAILURES = {
    "残高不足": "insufficient_funds",
    "1日の利用限度額超過": "daily_limit",
    "口座解約": "account_closed",
    "口座未登録": "unknown_account",
    "納付済み": "already_settled",
    "納付期限切れ": "past_due",
    "納付番号の重複": "duplicate_number",
    "二重の入金のため還付": "second",
    "取り下げ受付後の入金のため還付": "after_withdrawal",
    "期限後の入金のため還付": "after_due",
    "金額の異なる入金のため還付": "wrong_amount",
    "納付対象でない入金のため還付": "not_owed",
}
STEPS = {
    "まとめ納付の取り下げ": "void_withdrawn_batches",
    "期限切れの納付番号": "expire_numbers",
    "納付期限切れ": "let_fees_lapse",
    "取り下げたまとめ納付の終了": "end_withdrawn_batches",
    "期限切れ却下": "let_corrections_lapse",
    "期限間近のお知らせ": "remind_near",
    "期限超過のお知らせ": "remind_passed",
    "期日の来た口座引落の依頼": "order_debits",
    "期限切れの受取者用パスワードの消去": "forget_passwords",
    "期限切れの初期化リンクの削除": "forget_resets",
    "期限切れセッションの削除": "end_sessions",
    "処理記録の削除": "clear_tasks",
    "送信待ちメールの確認": "wake_mail",
    "金融機関への照会": "ask_the_bank",
    "閉じた画面の記録の削除": "forget_handles",
    "接続元の古い記録の削除": "forget_sources",
    "保存期間を過ぎた記録の削除": "forget_old_rows",
}
CHUNK = 1000


def codes_of(template, facts):
    """The facts of a mail with codes in place of the words that were known."""
    facts = dict(facts)
    if template == "payments/debit_failed":
        said = facts.pop("reason", "")
        facts["failure"] = FAILURES.get(said, said)
        facts["kind"] = KINDS.get(facts.get("kind"), facts.get("kind"))
        facts["amount"] = int(re.sub(r"\D", "", str(facts.get("amount", ""))) or 0)
        facts["due_on"] = iso(facts.get("due_on"))
    elif "status" in facts:
        facts["procedure"] = PROCEDURES.get(facts.get("procedure"), facts.get("procedure"))
        facts["status"] = STATUSES.get(facts["status"], facts["status"])
        facts["lapses_into"] = LAPSES.get(facts["status"], "")
        facts["deadline"] = iso(facts.get("deadline"))
        facts["standard_reason"] = REASONS.get(facts.get("reason"), "")
        if facts["standard_reason"]:
            facts["reason"] = ""
    return facts


def iso(day):
    """2026年4月7日 as 2026-04-07; what is no such day as it is."""
    written = re.fullmatch(r"(\d+)年(\d+)月(\d+)日", day or "")
    return date(*map(int, written.groups())).isoformat() if written else day or ""


def keep_codes(apps, schema_editor):
    mails = apps.get_model("koss", "OutgoingMail").objects
    mails.filter(template="users/reset").update(sealed=True)
    last = 0
    while rows := list(mails.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        for row in rows:
            row.facts = codes_of(row.template, row.facts)
        mails.bulk_update(rows, ["facts"])
        last = rows[-1].pk
    for night in apps.get_model("koss", "NightRun").objects.all():
        night.counts = {STEPS.get(title, title): count for title, count in night.counts.items()}
        night.save(update_fields=["counts"])


class Migration(migrations.Migration):
    dependencies = [("koss", "0008_language_of_mails")]

    operations = [migrations.RunPython(keep_codes, migrations.RunPython.noop)]
