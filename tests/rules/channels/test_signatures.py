"""Signatures of vendors against the vectors that they publish."""

import datetime as dt

from wellspring.channels.rules import signatures


def test_aliyuns_published_call_has_its_published_signature() -> None:
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    headers = signatures.aliyun(
        access_key="YourAccessKeyId",
        secret="YourAccessKeySecret",
        host="ecs.cn-shanghai.aliyuncs.com",
        action="RunInstances",
        version="2014-05-26",
        query=query,
        at=dt.datetime(2023, 10, 26, 10, 22, 32, tzinfo=dt.UTC),
        nonce="3156853299f313e23d1673dc12e1703d",
    )
    assert headers["authorization"].endswith("Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0")


def test_tencents_published_call_has_its_published_signature() -> None:
    body = b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    headers = signatures.tencent(
        secret_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******",
        secret_key="Gu5t9xGARNpq86cd98joQYCN3*******",
        host="cvm.tencentcloudapi.com",
        service="cvm",
        action="DescribeInstances",
        version="2017-03-12",
        region="ap-guangzhou",
        body=body,
        at=dt.datetime.fromtimestamp(1_551_113_065, tz=dt.UTC),
    )
    assert headers["authorization"].endswith("Signature=be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3")
