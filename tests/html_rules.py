"""What the HTML standard says about the elements this portal uses, as tables."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Model:
    """What may stand directly in an element."""

    children: frozenset
    text: bool = True


def _words(text):
    return frozenset(text.split())


def _model(*names, text=False):
    return Model(frozenset(names), text)


PHRASING_ELEMENTS = _words(
    "a abbr b bdi bdo br button cite code data datalist del dfn em i img input ins kbd label mark "
    "meter noscript output progress q ruby s samp script select small span strong sub sup "
    "template textarea time u var video wbr"
)
FLOW_ELEMENTS = PHRASING_ELEMENTS | _words(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 "
    "h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul"
)
INTERACTIVE = _words("a button details label select textarea")
LABELABLE = _words("button input meter output progress select textarea")

NOTHING = _model()
TEXT = _model(text=True)
PHRASING = Model(PHRASING_ELEMENTS)
FLOW = Model(FLOW_ELEMENTS)
TRANSPARENT = Model(FLOW_ELEMENTS)  # as much as the element around it
HEADINGS = _words("h1 h2 h3 h4 h5 h6")
ROWS = _model("tr", "template")
GROUP = _model("dt", "dd", "template")  # a <div> in a <dl>
CELL = frozenset({"colspan", "headers", "rowspan"})

# What each element may contain, and its own attributes.
ELEMENTS = {
    "html": (_model("head", "body"), {}),
    "head": (_model("base", "link", "meta", "noscript", "style", "template", "title"), {}),
    "title": (TEXT, {}),
    "base": (NOTHING, {"href", "target"}),
    "link": (
        NOTHING,
        {"as", "color", "crossorigin", "href", "hreflang", "media", "rel", "sizes", "type"},
    ),
    "meta": (NOTHING, {"charset", "content", "http-equiv", "media", "name"}),
    "script": (TEXT, {"async", "crossorigin", "defer", "integrity", "src", "type"}),
    "noscript": (TRANSPARENT, {}),
    "template": (FLOW, {}),
    "body": (FLOW, {}),
    **{
        name: (FLOW, {})
        for name in _words(
            "address article aside dd div figcaption footer header main nav search section"
        )
    },
    **{name: (PHRASING, {}) for name in [*HEADINGS, "p", "pre"]},
    "blockquote": (FLOW, {"cite"}),
    "hgroup": (_model("p", *HEADINGS), {}),
    "hr": (NOTHING, {}),
    "dl": (_model("dt", "dd", "div", "template"), {}),
    "dt": (Model(FLOW_ELEMENTS - {"header", "footer", "article", "section", *HEADINGS}), {}),
    "ul": (_model("li", "template"), {}),
    "ol": (_model("li", "template"), {"reversed", "start", "type"}),
    "menu": (_model("li", "template"), {}),
    "li": (FLOW, {"value"}),
    "figure": (Model(FLOW_ELEMENTS | {"figcaption"}), {}),
    "details": (Model(FLOW_ELEMENTS | {"summary"}), {"name", "open"}),
    "summary": (Model(PHRASING_ELEMENTS | HEADINGS), {}),
    "dialog": (FLOW, {"open"}),
    "a": (TRANSPARENT, {"download", "href", "hreflang", "rel", "target", "type"}),
    "del": (TRANSPARENT, {"cite", "datetime"}),
    "ins": (TRANSPARENT, {"cite", "datetime"}),
    **{
        name: (PHRASING, {})
        for name in _words(
            "abbr b bdi cite code dfn em i kbd mark s samp small span strong sub sup u var"
        )
    },
    "bdo": (PHRASING, {}),
    "q": (PHRASING, {"cite"}),
    "data": (PHRASING, {"value"}),
    "time": (PHRASING, {"datetime"}),
    "ruby": (Model(PHRASING_ELEMENTS | {"rp", "rt"}), {}),
    "rt": (PHRASING, {}),
    "rp": (TEXT, {}),
    "br": (NOTHING, {}),
    "wbr": (NOTHING, {}),
    "img": (
        NOTHING,
        {"alt", "decoding", "height", "loading", "sizes", "src", "srcset", "width"},
    ),
    "video": (
        TRANSPARENT,
        _words("autoplay controls height loop muted playsinline poster preload src width"),
    ),
    "table": (_model("caption", "colgroup", "thead", "tbody", "tfoot", "tr", "template"), {}),
    "caption": (Model(FLOW_ELEMENTS - {"table"}), {}),
    "colgroup": (_model("col", "template"), {"span"}),
    "col": (NOTHING, {"span"}),
    "thead": (ROWS, {}),
    "tbody": (ROWS, {}),
    "tfoot": (ROWS, {}),
    "tr": (_model("td", "th", "template"), {}),
    "td": (FLOW, CELL),
    "th": (
        Model(FLOW_ELEMENTS - {"header", "footer", "article", "section", *HEADINGS}),
        CELL | {"abbr", "scope"},
    ),
    "form": (
        FLOW,
        {"accept-charset", "action", "autocomplete", "enctype", "method", "name", "novalidate"},
    ),
    "fieldset": (Model(FLOW_ELEMENTS | {"legend"}), {"disabled", "form", "name"}),
    "legend": (Model(PHRASING_ELEMENTS | HEADINGS), {}),
    "label": (PHRASING, {"for"}),
    "input": (
        NOTHING,
        _words(
            "accept autocomplete capture checked dirname disabled form formaction formmethod "
            "formnovalidate list max maxlength min minlength multiple name pattern placeholder "
            "readonly required size step type value"
        ),
    ),
    "button": (
        PHRASING,
        _words(
            "disabled form formaction formenctype formmethod formnovalidate formtarget name "
            "popovertarget type value"
        ),
    ),
    "select": (
        _model("option", "optgroup", "hr", "template"),
        {"autocomplete", "disabled", "form", "multiple", "name", "required", "size"},
    ),
    "optgroup": (_model("option", "template"), {"disabled", "label"}),
    "option": (TEXT, {"disabled", "label", "selected", "value"}),
    "textarea": (
        TEXT,
        _words(
            "autocomplete cols dirname disabled form maxlength minlength name placeholder readonly "
            "required rows wrap"
        ),
    ),
    "output": (PHRASING, {"for", "form", "name"}),
    "progress": (PHRASING, {"max", "value"}),
    "meter": (PHRASING, {"high", "low", "max", "min", "optimum", "value"}),
}
# An SVG stands where phrasing does; html5lib gives it a namespace, so it is never looked up.

# No "style": the Content-Security-Policy would refuse it.
GLOBAL = _words(
    "accesskey autocapitalize autofocus class contenteditable dir enterkeyhint hidden id inert "
    "inputmode lang nonce popover role spellcheck tabindex title translate xmlns"
)
ARIA = frozenset(
    f"aria-{name}"
    for name in _words(
        "activedescendant atomic autocomplete busy checked colcount colindex colspan "
        "controls current describedby description details disabled errormessage expanded flowto "
        "haspopup hidden invalid keyshortcuts label labelledby level live modal multiline "
        "multiselectable orientation owns placeholder posinset pressed readonly relevant required "
        "roledescription rowcount rowindex rowspan selected setsize sort valuemax valuemin "
        "valuenow valuetext"
    )
)
# Without a role these have no name of their own to give.
NAMELESS = _words(
    "b bdi cite code data del div em i ins kbd label mark p pre q s samp small span strong sub sup "
    "u var"
)
# These, and no others, an element may have whatever its role.
ARIA_FOR_ALL = frozenset(
    f"aria-{name}"
    for name in _words(
        "atomic busy controls current describedby description details disabled errormessage flowto "
        "haspopup hidden invalid keyshortcuts label labelledby live owns relevant roledescription"
    )
)

BOOLEAN = _words(
    "async autofocus checked defer disabled formnovalidate inert multiple muted novalidate open "
    "playsinline readonly "
    "required reversed selected"
)
REQUIRED = {
    "img": ("alt", "src"),
    "optgroup": ("label",),
    "data": ("value",),
    "meter": ("value",),
    "link": ("rel", "href"),
}
NEVER_INSIDE = {
    "a": {"a"},
    "label": {"label"},
    "form": {"form"},
    "address": {"address", "header", "footer", "article", "aside", "nav", "section", *HEADINGS},
    "header": {"main"},
    "footer": {"main"},
    "nav": {"main"},
    "aside": {"main"},
    "article": {"main"},
    "dfn": {"dfn"},
    "progress": {"progress"},
    "meter": {"meter"},
    "caption": {"table"},
}

_NUMBER = r"-?\d+"
_COUNT = r"\d+"
_ID = r"\S+"
_IDS = r"\s*\S+(\s+\S+)*\s*"
_URL = r"[^\s<>\"`{|}\\^]*"
_TRUTH = "true|false"
_METHOD = "get|post|dialog"
_AUTOFILL = (
    r"(section-\S+ )?((shipping|billing) )?((home|work|mobile|fax|pager) )?(name|honorific-prefix"
    r"|given-name|additional-name|family-name|honorific-suffix|nickname|username|new-password"
    r"|current-password|one-time-code|organization-title|organization|street-address"
    r"|address-line[123]|address-level[1234]|country|country-name|postal-code|cc-\S+"
    r"|transaction-currency|transaction-amount|language|bday(-day|-month|-year)?|sex|url|photo|tel"
    r"(-country-code|-national|-area-code|-local(-prefix|-suffix)?|-extension)?|email|impp)"
    r"( webauthn)?|on|off"
)
# Regular expressions for values, by attribute or by element and attribute.
VALUES = {
    "id": _ID,
    "for": _ID,
    ("output", "for"): _IDS,
    "form": _ID,
    "list": _ID,
    "lang": r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*",
    "dir": "ltr|rtl|auto",
    "hidden": "|hidden|until-found",
    "tabindex": _NUMBER,
    "spellcheck": "|true|false",
    "translate": "|yes|no",
    "name": ".+",
    "inputmode": "none|text|tel|url|email|numeric|decimal|search",
    "enterkeyhint": "enter|done|go|next|previous|search|send",
    "autocapitalize": "off|none|on|sentences|words|characters",
    "role": "alert|alertdialog|application|article|banner|button|cell|checkbox|columnheader"
    "|combobox|complementary|contentinfo|definition|dialog|document|feed|figure|form|grid"
    "|gridcell|group|heading|img|link|list|listbox|listitem|log|main|marquee|math|menu|menubar"
    "|menuitem|meter|navigation|none|note|option|presentation|progressbar|radio|radiogroup|region"
    "|row|rowgroup|rowheader|scrollbar|search|searchbox|separator|slider|spinbutton|status|switch"
    "|tab|table|tablist|tabpanel|term|textbox|timer|toolbar|tooltip|tree|treegrid|treeitem",
    "href": _URL,
    "src": _URL,
    "action": _URL,
    "formaction": _URL,
    ("form", "action"): _URL[:-1] + "+",  # an empty action is not one
    "method": _METHOD,
    "formmethod": _METHOD,
    "enctype": "application/x-www-form-urlencoded|multipart/form-data|text/plain",
    "target": "_blank|_self|_parent|_top",
    "autocomplete": _AUTOFILL,
    ("form", "autocomplete"): "on|off",
    ("button", "type"): "submit|reset|button",
    ("input", "type"): "hidden|text|search|tel|url|email|password|date|month|week|time"
    "|datetime-local|number|range|color|checkbox|radio|file|submit|image|reset|button",
    ("ol", "type"): "[1aAiI]",
    ("th", "scope"): "row|col|rowgroup|colgroup",
    "colspan": "[1-9][0-9]*",
    "rowspan": _COUNT,
    "maxlength": _COUNT,
    "minlength": _COUNT,
    "size": "[1-9][0-9]*",
    "rows": "[1-9][0-9]*",
    "cols": "[1-9][0-9]*",
    "width": _COUNT,
    "height": _COUNT,
    "start": _NUMBER,
    ("meta", "charset"): "(?i:utf-8)",
    "aria-atomic": _TRUTH,
    "aria-busy": _TRUTH,
    "aria-checked": _TRUTH + "|mixed",
    "aria-current": "page|step|location|date|time|true|false",
    "aria-disabled": _TRUTH,
    "aria-expanded": _TRUTH + "|undefined",
    "aria-haspopup": _TRUTH + "|menu|listbox|tree|grid|dialog",
    "aria-hidden": _TRUTH,
    "aria-invalid": _TRUTH + "|grammar|spelling",
    "aria-level": "[1-9][0-9]*",
    "aria-live": "off|polite|assertive",
    "aria-modal": _TRUTH,
    "aria-pressed": _TRUTH + "|mixed",
    "aria-readonly": _TRUTH,
    "aria-required": _TRUTH,
    "aria-selected": _TRUTH,
    "aria-sort": "ascending|descending|none|other",
}
_TYPED = _words("email password search tel text url")
_DATED = _words("date datetime-local month time week")
# Attributes of <input> that only some of its types have.
INPUT_ONLY = {
    "accept": {"file"},
    "capture": {"file"},
    "alt": {"image"},
    "src": {"image"},
    "checked": {"checkbox", "radio"},
    "list": _TYPED - {"password"} | _DATED | {"number", "range", "color"},
    "max": _DATED | {"number", "range"},
    "min": _DATED | {"number", "range"},
    "step": _DATED | {"number", "range"},
    "maxlength": _TYPED,
    "minlength": _TYPED,
    "pattern": _TYPED,
    "placeholder": _TYPED | {"number"},
    "size": _TYPED,
    "multiple": {"email", "file"},
    "readonly": _TYPED | _DATED | {"number"},
    "required": _TYPED | _DATED | {"number", "checkbox", "radio", "file"},
    "autocomplete": _TYPED | _DATED | {"number", "range", "color", "hidden"},
}
