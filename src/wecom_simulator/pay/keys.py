"""Keys, certificates and seals: RSA signatures, AES-GCM of notifications and certificates, OAEP of people's names.

Loaded keys are remembered by their PEM text, so that the state itself stays plain text and can be written to a file.
"""

import base64
import binascii
import datetime as dt
import functools
import random
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303 - the platform's choice
NONCE_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


def new_private_key() -> str:
    """A new RSA key of 2048 bits, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


def public_pem(private_pem: str) -> str:
    """The public half of a key, as the merchant downloads it."""
    public = _private(private_pem).public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def certificate(private_pem: str, name: str, serial_no: str, since: float, days: int = 1826) -> str:
    """A self-signed certificate that carries this serial number."""
    key = _private(private_pem)
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "WeCom simulator"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = dt.datetime.fromtimestamp(int(since), dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(int(serial_no, 16))
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()


def new_serial(rng: random.Random) -> str:
    """Forty hexadecimal digits; the first is small, as certificates' serials are positive numbers of 159 bits."""
    return rng.choice("34567") + "".join(rng.choice("0123456789ABCDEF") for _ in range(39))


def nonce(rng: random.Random, length: int = 32) -> str:
    """A text nobody used before."""
    return "".join(rng.choice(NONCE_LETTERS) for _ in range(length))


def joined(lines: Iterable[str]) -> bytes:
    """Lines to sign: each of them ends with a newline, the last one too."""
    return "".join(f"{line}\n" for line in lines).encode()


def sign(private_pem: str, message: bytes) -> str:
    """SHA256 with RSA, PKCS#1 v1.5, in base64."""
    return base64.b64encode(_private(private_pem).sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def verifies(certificate_pem: str, message: bytes, signature: str) -> bool:
    """Whether the holder of this certificate signed the message."""
    try:
        _certified(certificate_pem).verify(base64.b64decode(signature, validate=True), message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def seal(api_key: str, nonce_text: str, associated: str, plain: str) -> str:
    """AES-GCM with the merchant's key, in base64; the last sixteen bytes are the tag."""
    sealed = AESGCM(api_key.encode()).encrypt(nonce_text.encode(), plain.encode(), associated.encode())
    return base64.b64encode(sealed).decode()


def unseal(api_key: str, nonce_text: str, associated: str, sealed: str) -> str:
    """The plain text of `seal`."""
    return AESGCM(api_key.encode()).decrypt(nonce_text.encode(), base64.b64decode(sealed), associated.encode()).decode()


def reveal(private_pem: str, sealed: str) -> str | None:
    """A name that a merchant encrypted with the platform's key; None if it was another key."""
    try:
        return _private(private_pem).decrypt(base64.b64decode(sealed), _OAEP).decode()
    except (ValueError, binascii.Error):
        return None


@functools.lru_cache(maxsize=64)
def _private(pem: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an RSA key is expected")
    return key


@functools.lru_cache(maxsize=64)
def _certified(pem: str) -> rsa.RSAPublicKey:
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TypeError("an RSA certificate is expected")
    return key
