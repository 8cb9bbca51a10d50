"""用語集: the words of the portal by their reading, in our own sentences.

Screens link to a word with ``{% term "anchor" words %}``. Under a field whose label is a word, or
one of its ``labels``, the text opens in place (``{% explanation field %}``).
"""

from functools import cache
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.labels import Field as ApplicationField
from applications.labels import Party, Step
from applications.labels import Screen as ApplicationScreen
from applications.models import (
    Application,
    AttachmentKind,
    ChargeKind,
    Draft,
    NoticeKind,
    Particulars,
    PaymentMethod,
)
from koss.labels import Button
from payments.labels import Column as PaymentColumn
from payments.labels import Division
from payments.labels import Field as PaymentField
from payments.labels import Screen as PaymentScreen
from payments.models.settlement import Way
from qrcodes.labels import Row as CodeRow


class Term(NamedTuple):
    """``reading`` in hiragana. ``see``: anchors of other terms that it leads to.

    ``labels``: of fields that it explains beside those of its own name.
    """

    anchor: str
    reading: str
    name: str
    text: str
    see: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def links(self):
        """Pairs of anchor and name of the terms it leads to."""
        return [(anchor, NAMES[anchor]) for anchor in self.see]


_ROWS = "あいうえお かきくけこ さしすせそ たちつてと なにぬねの はひふへほ まみむめも やゆよ らりるれろ わをん"
# A sign with a mark stands under the one without.
_PLAIN = str.maketrans(
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽ",
    "かきくけこさしすせそたちつてとはひふへほはひふへほ",
)


def row_of(reading):
    """The first kana of the row under which ``reading`` stands: か for がめんしんせい."""
    first = reading[0].translate(_PLAIN)
    return next(row[0] for row in _ROWS.split() if first in row)


def _label(field, model=Application):
    return model._meta.get_field(field).verbose_name


_T = Term
# fmt: off
TERMS = (
    _T("partial_paper_review", "いちぶしょるいしんさ", _label("partial_review"),
       _("電子でそろわない書類を、代理人が軽自動車検査協会事務所等に持って行き、そこで受ける審査です。すべてが電子でそろう申請では行いません。"), ("hybrid_application", "all_electronic")),
    _T("bulk_application", "いっかつしんせい", Button.BULK_APPLICATIONS,
       _("一括利用者システムを使って、いくつもの申請をまとめて送る方法です。送ったあとの照会、補正、納付は、このポータルで行います。"), ("screen_application", "bulk_system")),
    _T("bulk_user_id", "いっかつりようしゃあいでぃー", PaymentField.BULK_ID,
       _("一括利用者システムから申請するための番号です。KIから始まる8文字です。"), ("payment_user_id",)),
    _T("bulk_system", "いっかつりようしゃしすてむ", _("一括利用者システム"),
       _("申請の内容を作って軽自動車OSSに送る、このポータルとは別のシステムです。整備工場や代理人などが使います。"), ("bulk_application",)),
    _T("general_charge", "いっぱんりょうきん", Division.GENERAL,
       _("民間や独立行政法人などに納めるお金の区分です。軽自動車OSSでは、検査手数料と技術情報管理手数料がこれにあたります。"), ("payment_division", "national_money")),
    _T("client", "いらいしゃ", _("依頼者"), _("申請を代理人に頼んだ方です。ふつうは車の使用者か所有者です。")),
    _T("receipt_number", "うけつけばんごう", _label("receipt_number"),
       _("申請が送られたときに発行される17桁の番号です。申請用パスワードと一緒に、状況の照会に使います。"), ("arrival_number", "application_password"), labels=(ApplicationField.RECEIPT_NUMBER,)),
    _T("receiver", "うけとりしゃ", _("受取者（証明書等管理業者）"),
       _("自動車検査証などを窓口で受け取る人として、軽自動車検査協会に登録した方です。二次元コードを示して、いくつもの車の分をまとめて受け取れます。"), ("two_dimensional_code", "lookup_key"), labels=(ApplicationField.RECEIVER_NAME,)),
    _T("all_electronic", "おーるでんししんせい", _("ALL電子申請"),
       _("必要な書類のすべてが電子でそろう申請です。窓口に書類を出しません。"), ("hybrid_application",)),
    _T("confirmation_number", "かくにんばんごう", PaymentColumn.CONFIRMATION_NUMBER,
       _("納付番号と一緒に、ATMなどで入力する6桁の番号です。"), ("payment_number", "agency_number")),
    _T("type_designation", "かたしきしていばんごう", _label("type_designation", Particulars),
       _("国が型式を指定したときに付けた番号です。自動車検査証や完成検査終了証に書かれています。"), ("category_number",)),
    _T("screen_application", "がめんしんせい", Button.SCREEN_APPLICATIONS,
       _("このポータルの画面で、申請を一件ずつ作って送る方法です。"), ("bulk_application",)),
    _T("completion_certificate", "かんせいけんさしゅうりょうしょう", _("完成検査終了証"),
       _("新しい車が基準に合うように作られたことを、車を作った会社が証明するものです。新車の手続で使います。"), labels=(_label("completion_number", Particulars),)),
    _T("technical_fee", "ぎじゅつじょうほうかんりてすうりょう", ChargeKind.TECHNICAL_FEE.label,
       _("電子の検査に必要な技術情報を管理するための手数料です。検査手数料と一つの納付番号で納めます。"), ("general_charge",)),
    _T("desired_number", "きぼうばんごう", _("希望番号"),
       _("車両番号の数字を自分で選べるしくみです。先に予約をとり、その予約番号を申請に入力します。"), ("vehicle_number",), labels=(_label("reservation_number", Particulars),)),
    _T("recording_agent", "きろくとうじむだいこうしゃ", Party.AGENT.label,
       _("軽自動車検査協会から委託を受けて、自動車検査証のICタグへの記録や検査標章の印刷を代わりに行う事業者です。継続検査だけで頼めます。"), ("recording_agent_number",)),
    _T("recording_agent_number", "きろくとうじむだいこうしゃいたくばんごう", _label("recording_agent_number"),
       _("記録等事務代行者を示す番号です。代行者に教えてもらい、申請のときに入力します。"), ("recording_agent",)),
    _T("environmental_tax", "けいじどうしゃぜいかんきょうせいのうわり", ChargeKind.VEHICLE_TAX.label,
       _("車を手に入れたときにかかった税です。環境への負担が小さい車ほど低くなります。2026年3月31日までに審査が完了した申請だけにかかります。"), ("annual_tax",)),
    _T("annual_tax", "けいじどうしゃぜいしゅべつわり", _("軽自動車税種別割"),
       _("軽自動車を持つ方に毎年かかる税です。軽自動車OSSでは納めませんが、滞納がないことを審査で確かめます。"), ("environmental_tax",)),
    _T("lookup_key", "けんさくきー", CodeRow.LOOKUP_KEY,
       _("二次元コードの下に書かれた番号です。コードを読み取れないとき、窓口で代わりに入力します。"), ("two_dimensional_code",)),
    _T("account_id", "こうざあいでぃー", PaymentColumn.ACCOUNT_ID,
       _("引き落としに使うために登録した口座を示す番号です。"), ("direct_payment",)),
    _T("high_level_characters", "こうすいじゅんもじ", _("高水準文字"),
       _("「﨑」のように、ふつうの文字の表にない漢字です。新車の手続だけで、氏名・名称に使えます。"), labels=(_label("user_name_full"), _label("owner_name_full"),)),
    _T("issue", "こうふ", Step.ISSUE, _("新しい自動車検査証などを渡すことです。新車の手続の最後の段階です。"), ("return",)),
    _T("national_money", "こっこきん", Division.NATIONAL, _("国に納めるお金です。軽自動車OSSでは、自動車重量税がこれにあたります。"), ("general_charge",)),
    _T("individual_payment", "こべつのうふ", PaymentMethod.INDIVIDUAL.label,
       _("申請を一件ずつ納める方法です。状況の照会の「納付情報」から納めます。利用者IDはいりません。"), ("batch_payment", "direct_payment")),
    _T("designated_maintenance", "していせいび", _("指定整備"),
       _("国の指定を受けた整備工場が行う点検、整備と検査です。検査に合うと、保安基準適合証が出されます。"), ("safety_certificate",)),
    _T("liability_insurance", "じばいせきしょうめいしょ", _("自賠責証明書"),
       _("自動車損害賠償責任保険（共済）証明書のことです。車を使うために必ず入る保険の証明で、新しい有効期間のすべてを含む必要があります。"), labels=(_label("insurance_number", Particulars),)),
    _T("chassis_number", "しゃだいばんごう", _label("chassis_number"),
       _("車の一台ごとに付けられ、車体に打ち込まれた番号です。自動車検査証にも書かれています。")),
    _T("vehicle_number", "しゃりょうばんごう", _label("plate"),
       _("ナンバープレートの番号です。地域名、分類番号、かな、4桁までの数字でできています。"), ("desired_number",)),
    _T("agency_number", "しゅうのうきかんばんごう", PaymentColumn.AGENCY_NUMBER,
       _("納める先を示す5桁の番号です。ATMなどでは、はじめに入力します。"), ("payment_number",)),
    _T("weight_class", "じゅうりょうぜいくぶん", _label("weight_class"),
       _("自動車重量税の額を決める区分です。車の環境への負担や、初めて検査を受けてからの年月で決まります。")),
    _T("information_link", "じょうほうりんくほうしき", Way.LINK.label,
       _("金融機関のサイトに、番号と金額を引き継いで納める方式です。番号を入力する必要がありません。"), ("payment_number",)),
    _T("address_file", "しようしゃのじゅうしょしょうめいふぁいる", ApplicationScreen.ADDRESS_FILE,
       _("新車の手続で、使用者の住所を証明するファイルです。使用者がこのポータルで作って署名し、申請する方に渡します。")),
    _T("base", "しようのほんきょのいち", _label("base_address", Particulars),
       _("車を使う拠点の場所です。使用者の住所と同じときは、入力を省けます。"), labels=(_("使用の本拠の住所"),)),
    _T("application_password", "しんせいようぱすわーど", ApplicationField.APPLICATION_PASSWORD,
       _("申請のときに決めるパスワードです。状況の照会に使います。忘れても再設定できず、かかったロックも解除できません。"), ("receipt_number",)),
    _T("direct_payment", "だいれくとのうふ", PaymentMethod.DIRECT.label,
       _("登録した口座から、納付期限の日かすぐに引き落として納める方法です。利用者IDと口座の登録が必要です。"), ("payment_user_id",)),
    _T("draft_number", "てつづきじゅんびばんごう", _label("number", Draft),
       _("送る前の申請を示す番号です。申請用パスワードと一緒に、入力の続きを開くのに使います。"), ("application_password",)),
    _T("electronic_certificate", "でんししょうめいしょ", _("電子証明書"),
       _("署名した人がだれかを証明する電子のデータです。発行した機関と有効期間が書かれています。"), ("signature",)),
    _T("signature", "でんししょめい", _("電子署名"),
       _("だれが申請したか、途中で変えられていないかを確かめられるしるしです。電子証明書を使って作ります。"), ("electronic_certificate",), labels=(_("署名ファイル"),)),
    _T("arrival_number", "とうたつばんごう", _("到達番号"), _("受付番号と同じ番号です。どちらの名前で案内されても、同じ欄に入力します。"), ("receipt_number",)),
    _T("two_dimensional_code", "にじげんこーど", _("二次元コード"),
       _("窓口で、だれがどの車の分を受け取るかを確かめるための四角い印です。個人の情報は入っていません。"), ("receiver", "lookup_key")),
    _T("payment_category", "のうふくぶん", PaymentColumn.PAYMENT_CATEGORY,
       _("納める先によって使う番号です。軽自動車OSSでは使わないため、「-」と表示されます。"), ("payment_division",)),
    _T("payment_division", "のうふくべつ", PaymentColumn.DIVISION,
       _("どのような性質のお金かを示す区別です。一般料金、国庫金、地方税などがあります。"), ("general_charge", "payment_category")),
    _T("payment_number", "のうふばんごう", PaymentColumn.PAYMENT_NUMBER,
       _("納めるお金を示す20桁の番号です。まとめ納付では、いくつもの申請に一つの番号を取得します。"), ("confirmation_number", "agency_number")),
    _T("payment_user_id", "のうふりようしゃあいでぃー", PaymentField.USER_ID,
       _("まとめ納付、ダイレクト納付、マイページに使う番号です。KNから始まる8文字です。"), ("batch_payment", "direct_payment")),
    _T("payment_user_password", "のうふりようしゃぱすわーど", PaymentField.USER_PASSWORD,
       _("納付利用者IDと一緒に、納付とマイページへのログインに使うパスワードです。使える期間が決まっています。"), ("payment_user_id",)),
    _T("hybrid_application", "はいぶりっどしんせい", _("ハイブリッド申請"),
       _("申請は電子で送り、住民票などの一部の書類を窓口に持って行く申請です。"), ("partial_paper_review", "all_electronic")),
    _T("return", "へんぷ", Step.RETURN, _("新しい有効期間が記録された自動車検査証を返すことです。継続検査の最後の段階です。"), ("issue",)),
    _T("safety_certificate", "ほあんきじゅんてきごうしょう", AttachmentKind.SAFETY_CERTIFICATE.label,
       _("指定整備工場が、車が安全の基準に合うことを証明する書類です。継続検査では、電子で出されたものを使います。"), ("designated_maintenance",), labels=(_label("certificate_number", Particulars),)),
    _T("correction", "ほせい", NoticeKind.CORRECTION.label,
       _("送った申請の小さな誤りや不足を、指示に従って直すことです。期限日までに送らないと、検査の申請は却下されます。")),
    _T("batch_payment", "まとめのうふ", PaymentMethod.BATCH.label,
       _("いくつもの申請の税・手数料を、一つの納付番号で納める方法です。利用者IDが必要です。"), ("payment_user_id", "batch_file")),
    _T("batch_file", "まとめのうふかんりふぁいる", PaymentScreen.BATCH_FILE,
       _("申請と納付利用者IDを結び付けるファイルです。マイページで受け取り、画面申請のときに添えます。"), ("batch_payment",)),
    _T("category_number", "るいべつくぶんばんごう", _label("category_number", Particulars),
       _("同じ型式の車を、装備や重さなどで分けた番号です。自動車検査証では、型式指定番号の隣に書かれています。"), ("type_designation",)),
)
# fmt: on
_BY_ANCHOR = {term.anchor: term for term in TERMS}
NAMES = {term.anchor: term.name for term in TERMS}


@cache
def _by_label(language):
    """Label as it is said in ``language`` → the term that explains it. Asked while it is spoken."""
    return {str(label): term for term in TERMS for label in (*term.labels, term.name)}


def of(anchor):
    return _BY_ANCHOR[anchor]


def explains(label):
    """The term that explains a field labelled ``label``, or None."""
    return _by_label(get_language()).get(str(label))


def rows():
    """Pairs of a row's first kana and its terms, both in the order of their readings."""
    ordered = sorted(TERMS, key=lambda term: term.reading.translate(_PLAIN))
    return [(kana, list(terms)) for kana, terms in groupby(ordered, lambda t: row_of(t.reading))]
