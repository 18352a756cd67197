"""Names and identifiers of people as pure functions of (seed, kind, number).

A person's phone or openid is never stored: it is computed where it is needed, and is unique because every
number is a permutation of the person's own. E-mail addresses end in example.com (RFC 2606) and reach nobody.
China has no reserved range of mobile numbers: the town's have the true form and may exist, so never point a
real SMS account at the town.
"""

from base64 import urlsafe_b64encode
from hashlib import blake2b

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏傅方邹熊白孟秦邱侯江尹薛闫段雷"
    "龙史陶黎贺顾毛郝龚邵万覃武钱戴严莫孔向常汤康"
)
_FEMALE = "婷雪欣怡佳慧敏静丽娟玲芳燕琳倩颖洁莹萍璐瑶晨悦思雨梦彤雅涵诗语嘉宁可馨子萱文君若溪清妍书瑾晓楠安然"
_MALE = "伟强磊军洋勇杰涛明超浩宇轩鹏飞志远建华俊凯文博泽天佑子豪家俊思源一鸣宏毅嘉树景行致知星辰向东少峰立诚"
_PREFIXES = (
    "130", "131", "132", "135", "136", "137", "138", "139", "150", "151", "152", "155", "156", "157", "158", "159",
    "176", "177", "180", "181", "182", "183", "185", "186", "187", "188", "189", "198", "199",
)  # fmt: skip


def given_name(seed: int, kind: str, number: int, *, male: bool | None = None) -> str:
    """Name a person in Chinese; the sex is drawn where it is not given."""
    draw = _digest(seed, f"name.{kind}", number)
    surname = _SURNAMES[int.from_bytes(draw[:2]) % len(_SURNAMES)]
    pool = _MALE if (draw[2] % 4 == 0 if male is None else male) else _FEMALE
    first = pool[int.from_bytes(draw[3:5]) % len(pool)]
    # Every third given name has one character.
    second = "" if draw[5] % 3 == 0 else pool[int.from_bytes(draw[6:8]) % len(pool)]
    return surname + first + second


def phone(seed: int, number: int) -> str:
    """Give a mobile number of eleven digits, unique per number below 100 million."""
    # 48,271 is prime to 10**8: the tail is a permutation, so two people never meet by chance.
    tail = (number * 48_271 + seed * 7_919 + 20_260_000) % 10**8
    prefix = _PREFIXES[_digest(seed, "phone", number)[0] % len(_PREFIXES)]
    return f"{prefix}{tail:08d}"


def openid(seed: int, app: str, number: int) -> str:
    """Give the 28 characters by which one WeChat app knows a person."""
    return "o" + _text(seed, f"openid.{app}", number, 27)


def unionid(seed: int, number: int) -> str:
    """Give the 28 characters by which all apps of one owner know a person."""
    return "o6" + _text(seed, "unionid", number, 26)


def external_userid(seed: int, number: int) -> str:
    """Give the 32 characters by which WeCom knows an outside contact."""
    return "wm" + _text(seed, "external", number, 30)


def device(seed: int, number: int, which: int) -> str:
    """Give the anonymous id of one of the person's devices or browsers."""
    draw = _digest(seed, f"device.{which}", number).hex()
    return f"{draw[:8]}-{draw[8:12]}-4{draw[13:16]}-a{draw[17:20]}-{draw[20:32]}"


def buyer(shop: str, seed: int, number: int) -> str:
    """Give the pseudonym of a buyer in an outside shop."""
    return f"{shop[:2].upper()}{_digest(seed, f'buyer.{shop}', number).hex()[:18]}"


def card(number: int) -> str:
    """Give the number printed on a member's card."""
    return f"8866{(number * 7_919 + 13) % 10**8:08d}"


def account(number: int) -> str:
    """Give the number of a registered member of the mini program."""
    return f"HY{number + 10_000_001}"


def email(seed: int, number: int) -> str:
    """Give an address that no mail server will ever accept."""
    return f"{_text(seed, 'email', number, 8).lower().replace('-', 'x').replace('_', 'z')}{number}@example.com"


def _digest(seed: int, kind: str, number: int) -> bytes:
    return blake2b(f"{seed}:{kind}:{number}".encode(), digest_size=24).digest()


def _text(seed: int, kind: str, number: int, length: int) -> str:
    return urlsafe_b64encode(_digest(seed, kind, number)).decode()[:length]
