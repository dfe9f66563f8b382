# 文字の大きさとふりがな（やさしい日本語）

look-text = {字|じ}の {大|おお}きさ
look-text-125 = 少し 大きい
look-text-150 = 大きい
look-text-200 = とても 大きい
