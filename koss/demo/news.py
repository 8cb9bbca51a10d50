"""お知らせ of the demo world, in both languages."""

from datetime import timedelta

from koss.models import News

_NEWS = [
    {
        "days": 1,
        "title": "これはデモ用のポータルです",
        "body": (
            "表示される申請、申請者、車両はすべて架空のものです。"
            "実際の手続には使用できません。メールは外部に送信されません。"
        ),
        "title_en": "This portal is a demo",
        "body_en": (
            "All applications, applicants and vehicles shown are fictional. "
            "You cannot use it for real procedures. No email leaves this portal."
        ),
    },
    {
        "days": 9,
        "title": "検査手数料等まとめ払い中の申請の取り下げについて",
        "body": (
            "まとめ納付を選んだ申請は、納付番号を取得する前であれば、"
            "申請状況の画面から取り下げることができます。"
        ),
        "title_en": "Withdrawing an application that is paid in a batch",
        "body_en": (
            "You can withdraw an application with batch payment on its status screen "
            "until you get the payment number."
        ),
    },
    {
        "days": 30,
        "title": "補正の期限にご注意ください",
        "body": "補正の期限までに補正が行われない場合、その申請は却下となります。",
        "title_en": "Keep the deadline for corrections",
        "body_en": "An application that is not corrected by its deadline is rejected.",
    },
]


def make(now):
    News.objects.bulk_create(
        News(published_at=now - timedelta(days=days), **texts)
        for days, texts in ((each["days"], _texts(each)) for each in _NEWS)
    )


def _texts(news):
    return {name: text for name, text in news.items() if name != "days"}
