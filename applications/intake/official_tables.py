"""The official tables that a new installation starts with: rates and offices.

Rates in yen. Staff correct and extend both in the admin.
"""

from datetime import date

# (kind, procedures, weight class, first day, amount)
_BOTH = ("continued_inspection", "new_vehicle")
_LONG_AGO = date(2019, 5, 7)

RATES = (
    ("inspection_fee", _BOTH, "", _LONG_AGO, 1_100),
    ("inspection_fee", ("continued_inspection",), "", date(2023, 1, 1), 1_200),
    ("inspection_fee", ("new_vehicle",), "", date(2023, 1, 1), 1_300),
    ("technical_fee", _BOTH, "", _LONG_AGO, 0),
    ("technical_fee", _BOTH, "", date(2021, 10, 1), 400),
    ("weight_tax", ("continued_inspection",), "less_50", _LONG_AGO, 2_500),
    ("weight_tax", ("continued_inspection",), "less_25", _LONG_AGO, 3_700),
    ("weight_tax", ("continued_inspection",), "eco", _LONG_AGO, 5_000),
    ("weight_tax", ("continued_inspection",), "normal", _LONG_AGO, 6_600),
    ("weight_tax", ("continued_inspection",), "over_13_years", _LONG_AGO, 8_200),
    ("weight_tax", ("continued_inspection",), "over_18_years", _LONG_AGO, 8_800),
    ("weight_tax", ("new_vehicle",), "less_75", _LONG_AGO, 1_800),
    ("weight_tax", ("new_vehicle",), "less_50", _LONG_AGO, 3_700),
    ("weight_tax", ("new_vehicle",), "less_25", _LONG_AGO, 5_600),
    ("weight_tax", ("new_vehicle",), "eco", _LONG_AGO, 7_500),
    ("weight_tax", ("new_vehicle",), "normal", _LONG_AGO, 9_900),
)

# (prefecture, office names); the first of an area's offices is its 主管事務所 where there is one.
OFFICES = (
    ("北海道", "札幌主管事務所 函館事務所 旭川事務所 室蘭事務所 釧路事務所 帯広事務所 北見事務所"),
    ("青森県", "青森事務所 青森事務所八戸支所"),
    ("岩手県", "岩手事務所"),
    ("宮城県", "宮城主管事務所"),
    ("秋田県", "秋田事務所"),
    ("山形県", "山形事務所 山形事務所庄内支所"),
    ("福島県", "福島事務所 福島事務所いわき支所"),
    ("茨城県", "茨城事務所 茨城事務所土浦支所"),
    ("栃木県", "栃木事務所 栃木事務所佐野支所"),
    ("群馬県", "群馬事務所"),
    ("埼玉県", "埼玉事務所 埼玉事務所熊谷支所 埼玉事務所所沢支所 埼玉事務所春日部支所"),
    ("千葉県", "千葉事務所 千葉事務所袖ヶ浦支所 千葉事務所習志野支所 千葉事務所野田支所"),
    (
        "東京都",
        "東京主管事務所 東京主管事務所足立支所 東京主管事務所練馬支所 東京主管事務所多摩支所 "
        "東京主管事務所八王子支所",
    ),
    ("神奈川県", "神奈川事務所 神奈川事務所湘南支所 神奈川事務所相模支所"),
    ("山梨県", "山梨事務所"),
    ("新潟県", "新潟主管事務所 新潟主管事務所長岡支所"),
    ("富山県", "富山事務所"),
    ("石川県", "石川事務所"),
    ("長野県", "長野事務所 長野事務所松本支所"),
    ("福井県", "福井事務所"),
    ("岐阜県", "岐阜事務所 岐阜事務所飛騨支所"),
    ("静岡県", "静岡事務所 静岡事務所浜松支所 静岡事務所沼津支所"),
    (
        "愛知県",
        "愛知主管事務所 愛知主管事務所三河支所 愛知主管事務所小牧支所 愛知主管事務所豊橋支所",
    ),
    ("三重県", "三重事務所"),
    ("滋賀県", "滋賀事務所"),
    ("京都府", "京都事務所"),
    ("大阪府", "大阪主管事務所 大阪主管事務所高槻支所 大阪主管事務所和泉支所"),
    ("兵庫県", "兵庫事務所 兵庫事務所姫路支所"),
    ("奈良県", "奈良事務所"),
    ("和歌山県", "和歌山事務所"),
    ("鳥取県", "鳥取事務所"),
    ("島根県", "島根事務所"),
    ("岡山県", "岡山事務所"),
    ("広島県", "広島主管事務所 広島主管事務所福山支所"),
    ("山口県", "山口事務所"),
    ("徳島県", "徳島事務所"),
    ("香川県", "香川主管事務所"),
    ("愛媛県", "愛媛事務所"),
    ("高知県", "高知事務所"),
    (
        "福岡県",
        "福岡主管事務所 福岡主管事務所北九州支所 福岡主管事務所久留米支所 福岡主管事務所筑豊支所",
    ),
    ("佐賀県", "佐賀事務所"),
    ("長崎県", "長崎事務所 長崎事務所佐世保支所 長崎事務所厳原分室"),
    ("熊本県", "熊本事務所"),
    ("大分県", "大分事務所"),
    ("宮崎県", "宮崎事務所"),
    ("鹿児島県", "鹿児島事務所 鹿児島事務所奄美分室"),
    ("沖縄県", "沖縄事務所 沖縄事務所宮古支所 沖縄事務所八重山支所"),
)


def load(rate_model, office_model):
    """Add the lines that are not there yet. For the migration and for tests."""
    rate_model.objects.bulk_create(
        [
            rate_model(
                kind=kind,
                procedure=procedure,
                weight_class=weight_class,
                first_day=first_day,
                amount=amount,
            )
            for kind, procedures, weight_class, first_day, amount in RATES
            for procedure in procedures
        ],
        ignore_conflicts=True,
    )
    names = [(area, name) for area, together in OFFICES for name in together.split()]
    office_model.objects.bulk_create(
        [
            office_model(name=name, prefecture=area, order=place)
            for place, (area, name) in enumerate(names, start=1)
        ],
        ignore_conflicts=True,
    )
