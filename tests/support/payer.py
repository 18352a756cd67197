"""A merchant's server as a developer writes it: signs requests, verifies answers, opens notifications."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.support.simulator import Simulator
from wecom_simulator.pay import host, keys
from wecom_simulator.pay.state import Merchant, Order, Pay


@dataclass
class Payer:
    """One merchant; `headers` are added to each request."""

    simulator: Simulator
    pay: Pay
    merchant: Merchant

    @staticmethod
    def of(simulator: Simulator) -> "Payer":
        pay = host.pay_of(simulator.world)
        return Payer(simulator, pay, next(iter(pay.merchants.values())))

    def authorization(self, method: str, target: str, body: str, **changed: str) -> str:
        stamp = changed.get("timestamp", str(self.simulator.world.now()))
        signature = keys.sign(self.merchant.private_key, f"{method}\n{target}\n{stamp}\nnonce1\n{body}\n".encode())
        said = {"mchid": self.merchant.mchid, "nonce_str": "nonce1", "signature": signature, "timestamp": stamp}
        said |= {"serial_no": self.merchant.serial_no, **changed}
        return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{name}="{value}"' for name, value in said.items())

    def ask(self, method: str, target: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        text = json.dumps(body, ensure_ascii=False) if body is not None else ""
        known = {"Authorization": self.authorization(method, target, text), "Accept": "application/json", "User-Agent": "test/1"}
        if body is not None:
            known["Content-Type"] = "application/json"
        return self.simulator.http.request(method, f"/pay{target}", content=text.encode(), headers=known | headers)

    def get(self, target: str) -> dict[str, Any]:
        answer = self.ask("GET", target)
        assert answer.status_code == 200, answer.text
        assert self.verifies(answer.headers, answer.content)
        return dict(answer.json())

    def post(self, target: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        answer = self.ask("POST", target, body, **headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def refused(self, target: str, body: dict[str, Any], **headers: str) -> tuple[int, str]:
        answer = self.ask("POST", target, body, **headers)
        assert "wechatpay-signature" not in answer.headers
        return answer.status_code, answer.json()["code"]

    def verifies(self, headers: Any, body: bytes) -> bool:
        """As the merchant does: by whatever key the serial names."""
        message = f"{headers['wechatpay-timestamp']}\n{headers['wechatpay-nonce']}\n".encode() + body + b"\n"
        try:
            key = self.key(headers["wechatpay-serial"])
            key.verify(base64.b64decode(headers["wechatpay-signature"]), message, padding.PKCS1v15(), hashes.SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True

    def key(self, serial: str) -> rsa.RSAPublicKey:
        public = self.pay.public_key
        if public and serial == public.serial:
            found = serialization.load_pem_public_key(keys.public_pem(public.private_key).encode())
        else:
            pem = next(one.certificate for one in self.pay.certificates if one.serial == serial)
            found = x509.load_pem_x509_certificate(pem.encode()).public_key()
        assert isinstance(found, rsa.RSAPublicKey)
        return found

    def sealed(self, text: str) -> tuple[str, str]:
        """A name, encrypted for the platform's newest certificate, and that certificate's serial."""
        newest = self.pay.certificates[-1].serial
        oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
        return base64.b64encode(self.key(newest).encrypt(text.encode(), oaep)).decode(), newest

    def opened(self, raw: bytes) -> tuple[str, dict[str, Any]]:
        """The type and the resource of a notification."""
        told = json.loads(raw)
        resource = told["resource"]
        plain = AESGCM(self.merchant.api_key.encode()).decrypt(
            resource["nonce"].encode(), base64.b64decode(resource["ciphertext"]), resource["associated_data"].encode()
        )
        return told["event_type"], json.loads(plain)

    def order(
        self, number: str = "ORDER0001", total: int = 10_000, notify_url: str = "https://shop.example/pay", **more: Any
    ) -> dict[str, Any]:
        person = next(iter(self.simulator.world.people.values()), None) or self.simulator.world.new_person("付款人")
        openid = self.simulator.world.openid(person, self.merchant.appids[0])
        return {
            "appid": self.merchant.appids[0],
            "mchid": self.merchant.mchid,
            "description": "燕麦奶",
            "out_trade_no": number,
            "notify_url": notify_url,
            "amount": {"total": total, "currency": "CNY"},
            "payer": {"openid": openid},
            **more,
        }

    def paid(self, number: str = "ORDER0001", **more: Any) -> Order:
        """An order that somebody paid."""
        prepay = self.post("/v3/pay/transactions/jsapi", self.order(number, **more))["prepay_id"]
        self.simulator.act("pay", order=prepay)
        return self.merchant.orders[number]
