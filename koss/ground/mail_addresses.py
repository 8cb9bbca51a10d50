"""Mail addresses: reading what people type, and writing what a mail server takes.

What is accepted can be sent to: the part before the @ is ASCII, and the domain has an ASCII form
(IDNA). Old addresses of phone carriers, with dots in a row or before the @, are taken although
RFC 5321 wants them quoted; ``sendable`` quotes them.
"""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from koss.ground.text import Unreadable, is_invisible, refuse

_LONGEST = 254
_LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]")
_DOT_ATOM = re.compile(r"[^.]+(\.[^.]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")

# What was meant ← what is typed instead. Only domains that hold no mail of anybody in Japan.
_SLIPS = {
    "gmail.com": "gmial.com gmal.com gmai.com gamil.com gnail.com gmaill.com gimail.com gmeil.com"
    " gmail.co gmail.co.jp gmail.ne.jp",
    "yahoo.co.jp": "yaho.co.jp yahho.co.jp yhoo.co.jp yahoo.cojp yahoo.ne.jp",
    "docomo.ne.jp": "docomo.ne docom.ne.jp docmo.ne.jp",
    "ezweb.ne.jp": "ezweb.ne ezwev.ne.jp ezeb.ne.jp",
    "softbank.ne.jp": "softbank.ne sofbank.ne.jp softbnk.ne.jp",
    "icloud.com": "icloud.co.jp iclod.com icould.com",
    "outlook.com": "outlok.com outllook.com",
    "hotmail.com": "hotmial.com hotmai.com hotmal.com",
}
_MEANT = {slip: meant for meant, slips in _SLIPS.items() for slip in slips.split()}
_MEANT_TOP_LEVEL = {
    **dict.fromkeys(["con", "cmo", "ocm", "comm", "vom", "xom", "cim"], "com"),
    **dict.fromkeys(["jpp", "jo", "jpn"], "jp"),
    **dict.fromkeys(["nte", "ent", "nett"], "net"),
}
_LOOKALIKES = {"。": ".", "、": ".", ",": ".", ";": None, ":": None}


def read_mail(typed):
    """A mail address as it is kept: half-width, with a domain in small letters. Or Unreadable."""
    address = unicodedata.normalize("NFKC", typed).strip()
    for sign in address:
        if is_invisible(sign):
            raise refuse(sign)
    _refuse_slips_of_signs(address)
    local, at, domain = address.rpartition("@")
    if not at:
        raise Unreadable(_("%(label)sに「@」がありません。「@」の前後を続けて入力してください。"))
    local, domain = _unquoted(local), domain.lower()
    if "@" in local:
        raise Unreadable(_("%(label)sには「@」を一つだけ入れてください。"))
    if not local or not domain:
        raise Unreadable(_("%(label)sは「@」の前と後の両方を入力してください。"))
    for sign in local:
        if not _LOCAL.match(sign):
            raise refuse(sign)
    if len(local) > _LONGEST_LOCAL:
        raise Unreadable(
            _("%(label)sの「@」より前は%(limit)s文字以内で入力してください。"), limit=_LONGEST_LOCAL
        )
    _check_domain(domain)
    return f"{local}@{domain}"


def sendable(address):
    """``address`` as mail servers take it: quoted where it must be, the domain in ASCII."""
    local, _at, domain = address.rpartition("@")
    if not _DOT_ATOM.fullmatch(local):
        local = f'"{local}"'
    return f"{local}@{_ascii(domain)}"


def _refuse_slips_of_signs(address):
    if any(sign.isspace() for sign in address):
        raise Unreadable(_("%(label)sの途中に空白が入っています。空白を取り除いてください。"))
    for sign, meant in _LOOKALIKES.items():
        if sign in address and meant:
            raise Unreadable(
                _("%(label)sに「%(sign)s」が入っています。「%(meant)s」ではありませんか。"),
                sign=sign,
                meant=meant,
            )
        if sign in address:
            raise Unreadable(_("%(label)sには、メールアドレスを一つだけ入力してください。"))


def _unquoted(local):
    quoted = len(local) > 2 and local[0] == local[-1] == '"'
    return local[1:-1] if quoted else local


def _check_domain(domain):
    try:
        plain = _ascii(domain)
    except UnicodeError:
        plain = ""
    *labels, top_level = plain.split(".")
    if meant := _MEANT.get(plain):
        raise _slip(meant)
    if meant := _MEANT_TOP_LEVEL.get(top_level):
        raise _slip(".".join([*labels, meant]))
    fits = len(plain) <= _LONGEST - 2
    if not (labels and fits and _TOP_LEVEL.fullmatch(top_level) and all(map(_is_label, labels))):
        raise Unreadable(
            _(
                "%(label)sの「@」より後（%(domain)s）は、メールアドレスとして使えません。"
                "「example.com」の形で入力してください。"
            ),
            domain=domain[:60],
        )


def _is_label(label):
    return _LABEL.fullmatch(label) is not None


def _ascii(domain):
    return domain.encode("idna").decode("ascii").lower()


def _slip(meant):
    return Unreadable(_("%(label)sの「@」より後は「%(meant)s」ではありませんか。"), meant=meant)
