"""The published vectors of callback sealing and of JS-SDK signatures, and what must be refused."""

import base64

import orjson
import pytest

from wecom_simulator.crypto import Crypt, CryptoFailed, envelope, envelope_json, js_signature, padded, signature, unpadded

# The samples of the official WXBizMsgCrypt.
OFFICIAL = Crypt("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
ECHO_SIGNATURE = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
MESSAGE = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qh"
    "xchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s"
    "4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/u"
    "h9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
MESSAGE_SIGNATURE = "477715d11cdb4164915debcba66cb864d751f3e6"
MESSAGE_PLAIN = (
    b"<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>\n<FromUserName><![CDATA[mycreate]]></FromUserName>\n"
    b"<CreateTime>1409659813</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[hello]]></Content>\n"
    b"<MsgId>4561255354251345929</MsgId>\n<AgentID>218</AgentID>\n</xml>"
)
# The samples of other libraries: one address each.
OTHERS = Crypt("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a")
URLS = [
    (OFFICIAL, ECHO_SIGNATURE, "1409659589", "263014780", ECHO, b"1616140317555161061"),
    (
        Crypt("kjr2TKI8umCBfVF3wAHk8JiPwma5VBme", "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws", "ww6a112864f8022910"),
        "1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011",
        "1583940690",
        "VHh7ymSeb0jc4lSb",
        "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==",
        b"94966531020182955848408",
    ),
    (
        OTHERS,
        "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96",
        "1411443780",
        "437374425",
        "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==",
        b"5927782489442352469",
    ),
]


@pytest.mark.parametrize(("crypt", "signed", "timestamp", "nonce", "echo", "plain"), URLS)
def test_an_address_is_verified(crypt: Crypt, signed: str, timestamp: str, nonce: str, echo: str, plain: bytes) -> None:
    assert crypt.verify_url(signed, timestamp, nonce, echo) == plain


@pytest.mark.parametrize("packed", [envelope(MESSAGE, "wx5823bf96d3bd56c7", 218), envelope_json(MESSAGE, "wx5823bf96d3bd56c7", 218)])
def test_the_official_message_is_opened(packed: bytes) -> None:
    assert OFFICIAL.open(packed, MESSAGE_SIGNATURE, "1409659813", "1372623149") == MESSAGE_PLAIN


def test_what_is_sealed_with_a_known_salt_is_known() -> None:
    crypt = Crypt("", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6")
    sealed = crypt.encrypt("我是中文abcd123".encode(), salt=b"aaaabbbbccccdddd")
    assert sealed == "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="


def test_a_reply_is_signed() -> None:
    plain = (
        b"<xml>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[test]]></Content>\n"
        b"<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>\n<ToUserName><![CDATA[messense]]></ToUserName>\n"
        b"<AgentID>1</AgentID>\n<CreateTime>1411525903</CreateTime>\n</xml>"
    )
    reply = OTHERS.reply(plain, "1411525903", "461056294", salt=b"1234567890123456")
    assert b"407518b7649e86ef23978113f92d27afa9296533" in reply
    as_json = orjson.loads(OTHERS.reply_json(plain, "1411525903", "461056294", salt=b"1234567890123456"))
    assert as_json["msgsignature"] == "407518b7649e86ef23978113f92d27afa9296533"
    assert OTHERS.open(reply, as_json["msgsignature"], "1411525903", "461056294") == plain


def test_a_whole_request_of_another_library_is_opened() -> None:
    crypt = Crypt("kz7Yx62CH8SaLN", "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP", "ww6a112864f8022910")
    sealed = (
        "EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xk"
        "cXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6D"
        "fG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBm"
        "aQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328="
    )
    opened = crypt.open(
        envelope(sealed, "ww6a112864f8022910", 1000002), "f265ae551b1932727204c3d707628d01376a6940", "1583995625", "1584392382"
    )
    assert b"<Content><![CDATA[x123]]></Content><MsgId>2018405441</MsgId><AgentID>1000002</AgentID>" in opened


def test_a_signature_alone() -> None:
    sealed = (
        "Q/jUxIL3/jRaFeTKesIr1QSq2SOEApDqlzcRrRM6Jlk4EbMBns3plPOR/W3gThOEq+zYI42fNSoIUb3cQwt9zyD1aLU/7D3WNLute7LQ9LSHjZEfVmx5zcIR9zvrUWGj"
        "he1whTPH4e1WR6vbOYs8o/bDRF0vX/NcE4XK7P83Y6CzQiJoKbjVCne84s0zcw5eh+ZUDB55eaDHPSoS7kAC8kB00pfBoDF0jyfc8CUKLW97e72vJGyUWjZ0BvYN+R+t"
        "FjMgEzg/EN1imuuFnf40DMAcvB6y+C97TuaWjpgfRdowGWzn10JAFNukRfQqjdA0e2bfczJ7+t9w/t8/XSMADJOt1xbnP+I5cRX/r7ueBGmG/6ejP3myO9yTXHdujGvw"
        "rXHuWw+J7qD4VoUVjbm2vQ1qQKbrweKssr6O+3XSbanZ5R3n26EpN/gfgX+r6rcGViqsFop9Ai9xMnfJUubB6Q=="
    )
    assert signature("ovAkP0Tb", "1628737717", "1811081856", sealed) == "8128e41a38892d814e4aa67753425da9dc8ec2b3"


def test_the_signature_of_a_page() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    expected = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert js_signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value") == expected
    assert js_signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, "http://mp.weixin.qq.com?params=value#top") == expected


@pytest.mark.parametrize(("raw", "pad"), [(b"", 32), (b"A", 31), (b"0123456789abcdef0123456789abcde", 1), (b"0123456789abcdef" * 2, 32)])
def test_padding_goes_to_32(raw: bytes, pad: int) -> None:
    assert padded(raw) == raw + bytes([pad]) * pad
    assert unpadded(padded(raw)) == raw


@pytest.mark.parametrize(
    ("signed", "nonce", "code"),
    [("6" + ECHO_SIGNATURE[1:], "263014780", -40001), (ECHO_SIGNATURE, "263014708", -40001)],
)
def test_a_wrong_signature_is_refused(signed: str, nonce: str, code: int) -> None:
    with pytest.raises(CryptoFailed) as refused:
        OFFICIAL.verify_url(signed, "1409659589", nonce, ECHO)
    assert refused.value.code == code


def test_another_receiver_is_refused() -> None:
    with pytest.raises(CryptoFailed) as refused:
        Crypt("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx0").decrypt(ECHO)
    assert refused.value.code == -40005


@pytest.mark.parametrize(("tail", "code"), [(b"\x00", -40008), (b"\x21", -40008)])
def test_an_impossible_padding_is_refused(tail: bytes, code: int) -> None:
    with pytest.raises(CryptoFailed) as refused:
        unpadded(b"x" * 31 + tail)
    assert refused.value.code == code


def test_a_length_beyond_the_end_is_refused() -> None:
    sealing = OFFICIAL._cipher().encryptor()
    raw = sealing.update(padded(b"s" * 16 + (9999).to_bytes(4, "big") + b"short")) + sealing.finalize()
    with pytest.raises(CryptoFailed) as refused:
        OFFICIAL.decrypt(base64.b64encode(raw).decode())
    assert refused.value.code == -40008


@pytest.mark.parametrize(("sealed", "code"), [("***", -40010), ("QUJD", -40007)])
def test_what_is_no_ciphertext_is_refused(sealed: str, code: int) -> None:
    with pytest.raises(CryptoFailed) as refused:
        OFFICIAL.decrypt(sealed)
    assert refused.value.code == code


@pytest.mark.parametrize("body", [b"", b"<xml>", b"<xml></xml>", b"{}", b"[]", b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'])
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(CryptoFailed) as refused:
        OFFICIAL.open(body, "", "", "")
    assert refused.value.code == -40002


def test_the_last_character_of_a_key_may_have_loose_bits() -> None:
    strict = Crypt("t", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE", "id")
    loose = Crypt("t", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "id")
    assert loose.decrypt(strict.encrypt(b"hello")) == b"hello"
    with pytest.raises(CryptoFailed) as refused:
        Crypt("t", "short", "id")
    assert refused.value.code == -40004
