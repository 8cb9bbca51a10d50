"""Folding text for comparison, so that a name is found however it was typed.

Only for looking things up: what is kept and shown is never folded. Both sides of a comparison go
through the same function.
"""

import unicodedata

# Kanji that people use for one another in names: the first of each group stands for all. What
# Unicode itself calls the same (神 U+FA19, the half-width forms) is folded by NFKC.
_GROUPS = """
高髙 崎﨑嵜碕 斎齋齊斉 辺邊邉 沢澤 浜濱濵 島嶋嶌 広廣 国國圀 桜櫻 渋澁澀 栄榮 滝瀧 竜龍 真眞
富冨 峰峯 吉𠮷 恵惠 徳德 黒黑 関關 鉄鐵鐡 実實 学學 気氣 来來 万萬 与與 会會 円圓 塩鹽 応應 仏佛
仮假 価價 児兒 党黨 内內 処處 単單 厳嚴 参參 双雙 収收 団團 図圖 尭堯 壮壯 寿壽 将將 専專 尽盡
属屬 巌巖 巻卷 庁廳 弥彌 弾彈 強强 当當 従從 徴徵 悦悅 恒恆 戦戰 戸戶 払拂 拡擴 挙擧 教敎 旧舊
暁曉 条條 楽樂 槙槇 横橫 桧檜 歩步 歳歲 毎每 沖冲 涼凉 清淸 温溫 湾灣 満滿 瀬瀨 焼燒 猪豬 瑶瑤
発發 県縣 礼禮 祢禰 禄祿 穂穗 稲稻 穣穰 篭籠 粛肅 糸絲 経經 緑綠 縄繩 総總 聡聰 声聲 芦蘆 芸藝
荘莊 蔵藏 薫薰 薮藪 蛍螢 衛衞 覚覺 観觀 謡謠 豊豐 売賣 賛贊 転轉 軽輕 遥遙 郎郞 郷鄕鄉 鉱鑛 銭錢
鋭銳 鎮鎭 隠隱 静靜 頼賴 顔顏 駅驛 騨驒 験驗 髪髮 鯵鰺 鴎鷗 鶏鷄 麦麥 麹麴 黄黃 亀龜 弁辨瓣辯
曽曾 柳栁 館舘 昇曻 土圡 梅楳 松枩 船舩 兎兔 桑桒 卯夘 隣鄰 凛凜 寛寬 乗乘 伝傳 体體 余餘 剣劍劔
勲勳 勧勸 区區 医醫 台臺 嘱囑 増增 壱壹 宝寶寳 岳嶽 帯帶 帰歸 恋戀 択擇 担擔 拝拜 揺搖 撃擊 数數
断斷 晋晉 桟棧 検檢 権權 歴歷 残殘 浄淨 済濟 渓溪 灯燈 炉爐 点點 為爲 畳疊 硏研 称稱 竪豎 継繼
続續 絵繪 脳腦 舎舍 舗舖 蛮蠻 装裝 訳譯 証證 誉譽 読讀 変變 豫予 辞辭 逓遞 遅遲 鋳鑄 錬鍊 陥陷
険險 霊靈 青靑 餅餠 駆驅 麺麵 桝枡 祗祇 秋秌 箪簞 繋繫 莱萊 薗園 蕊蘂 諫諌 醤醬 蝋蠟 掴摑 焔焰
"""
_ONE_FOR_ALL = {ord(variant): group[0] for group in _GROUPS.split() for variant in group[1:]}
_KANA = {
    **{sign: sign + 0x60 for sign in range(ord("ぁ"), ord("ゖ") + 1)},
    **{ord(small): large for small, large in zip("ゕゖヵヶ", "カケカケ", strict=True)},
}


def fold(text):
    """``text`` without differences of width, case, kana, and variants of a kanji."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", plain).translate(_KANA).translate(_ONE_FOR_ALL)


def key(text):
    """``fold`` without spaces and signs: only letters and digits are left."""
    return "".join(sign for sign in fold(text) if unicodedata.category(sign)[0] in "LN")
