"""Mail addresses: folded, refused with the slip named, and what is taken reaches a mail server."""

import socket
import threading

import pytest
from django.core.mail.backends.smtp import EmailBackend
from hypothesis import given
from hypothesis import strategies as st

from koss.ground.mail_addresses import read_mail
from koss.ground.text import Unreadable
from koss.mail import outbox
from koss.models import OutgoingMail
from tests.rules.post import NOW, letter, put

pytestmark = pytest.mark.databases

FULL_WIDTH = {sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("taro@shiken.example", "taro@shiken.example"),
        ("　Ｔａｒｏ＠Ｓｈｉｋｅｎ．Ｅｘａｍｐｌｅ ", "Taro@shiken.example"),
        ("abc..def.@docomo.ne.jp", "abc..def.@docomo.ne.jp"),
        ('"abc..def."@docomo.ne.jp', "abc..def.@docomo.ne.jp"),
        (".a-b_c?/+@ezweb.ne.jp", ".a-b_c?/+@ezweb.ne.jp"),
        ("taro@例え.jp", "taro@例え.jp"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed, kept):
    assert read_mail(typed) == kept
    assert read_mail(kept) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("taro@shiken.example\u202c", "U+202C"),
        ("ta\u200bro@shiken.example", "ゼロ幅スペース"),
        ("taro@shiken.example。", "「。」が入っています"),
        ("taro@shiken,example", "「,」が入っています"),
        ("taro@a.example;jiro@a.example", "一つだけ"),
        ("ta ro@shiken.example", "空白"),
        ("taro.shiken.example", "「@」がありません"),
        ("taro@@shiken.example", "「@」を一つだけ"),
        ("@shiken.example", "前と後の両方"),
        ("taro@", "前と後の両方"),
        ("太郎@shiken.example", "「太」（U+592A）"),
        ("taro@shiken.con", "「shiken.com」ではありませんか"),
        ("taro@gmial.com", "「gmail.com」ではありませんか"),
        ("taro@yahoo.ne.jp", "「yahoo.co.jp」ではありませんか"),
        ("taro@localhost", "使えません"),
        ("taro@[127.0.0.1]", "使えません"),
        ("taro@-a.example", "使えません"),
        ("taro@a..example", "使えません"),
        ("a" * 65 + "@a.example", "64文字以内"),
        ("taro@" + "あ" * 300 + ".example", "使えません"),
    ],
)
def test_a_slip_is_named(typed, says):
    with pytest.raises(Unreadable) as refused:
        read_mail(typed)
    assert says in refused.value.about("メールアドレス")


@given(st.from_regex(r"[a-z0-9._+-]{1,20}", fullmatch=True))
def test_full_width_is_the_same_address(local):
    address = f"{local}@shiken.example"

    assert read_mail(address.translate(FULL_WIDTH)) == address


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_can_be_written_in_ascii(typed):
    for address in (typed, f"{typed}@shiken.example", f"taro@{typed}.jp"):
        try:
            kept = read_mail(address)
        except Unreadable:
            continue
        local, _at, domain = kept.rpartition("@")
        assert (local + domain.encode("idna").decode()).isascii()


class MailServer(threading.Thread):
    """Takes one mail by SMTP and keeps what was said."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.said = []

    def run(self):
        connection, _peer = self.socket.accept()
        with self.socket, connection, connection.makefile("rwb") as wire:
            self.answer(wire, b"220 ready")
            in_data = False
            for line in wire:
                self.said.append(line.decode().strip())
                word = line[:4].upper()
                if in_data:
                    in_data = line != b".\r\n"
                elif word == b"DATA":
                    in_data = True
                    self.answer(wire, b"354 go on")
                    continue
                if not in_data:
                    self.answer(wire, b"250 fine")
                if word == b"QUIT":
                    return

    def answer(self, wire, words):
        wire.write(words + b"\r\n")
        wire.flush()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "envelope", "header"),
    [
        ("abc..def.@docomo.ne.jp", "abc..def.@docomo.ne.jp", '"abc..def."@docomo.ne.jp'),
        ("taro@例え.jp", "taro@xn--r8jz45g.jp", "taro@xn--r8jz45g.jp"),
    ],
)
def test_what_is_taken_reaches_a_mail_server(address, envelope, header, monkeypatch):
    server = MailServer()
    server.start()
    monkeypatch.setattr(
        "koss.mail.outbox.get_connection",
        lambda *args, **kwargs: EmailBackend(host="127.0.0.1", port=server.port),
    )
    put(letter(to=read_mail(address)))

    assert outbox.send_due(now=NOW) == (1, 0), OutgoingMail.objects.get().last_error
    server.join(5)
    assert f"rcpt TO:<{envelope}>" in server.said
    assert f"To: {header}" in server.said
