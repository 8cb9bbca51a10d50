"""サイト内検索: over the portal's own pages, 用語集, よくあるご質問, the menus, offices and news.

What the pages say is cut into sections once for each language (``sections``, ``entries``,
``index``); what was typed is read into words (``asked``, with ``trade_words.txt``); and the two
are brought together (``ranking``). docs/adr/0033 says why no database is asked for this.
"""
