"""The banks that are played here, and their branches."""

BANKS = {"0101": "東京三葉銀行", "0102": "訓練信用金庫", "0103": "訓練労働金庫"}
BRANCHES = {"001": "本店", "002": "中央支店"}
ACCOUNT_TYPES = {"ordinary": "普通", "current": "当座"}
