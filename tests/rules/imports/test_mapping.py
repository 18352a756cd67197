"""From headers to fields."""

import pytest

from wellspring.imports.contracts import Column, FieldType, Kind, Mapping, Taken
from wellspring.imports.errors import FieldMissing, MappingInvalid
from wellspring.imports.rules import cells, presets, reasons
from wellspring.imports.rules.fields import FIELDS, known
from wellspring.imports.rules.mapping import checked, folded, signature, suggested


def columns(*names: str) -> list[Column]:
    return [Column(name, FieldType.TEXT, 0, ()) for name in names]


class TestSuggestion:
    def test_a_shop_report_in_chinese_with_blanks(self) -> None:
        found = suggested(
            Kind.ORDERS, columns("订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额")
        )
        assert {name: taken.column for name, taken in found.fields.items()} == {
            "order_no": "订单编号",
            "order_total": "总金额",
            "order_paid": "买家实际支付金额",
            "placed_at": "订单创建时间",
            "paid_at": "订单付款时间 ",
            "refund": "退款金额",
        }

    def test_english_headers_however_they_are_cased(self) -> None:
        found = suggested(Kind.ORDERS, columns("InvoiceNo", "STOCKCODE", "Quantity", "unit_price", "Invoice Date"))
        assert found.fields["order_no"].column == "InvoiceNo"
        assert found.fields["sku"].column == "STOCKCODE"
        assert found.fields["price"].column == "unit_price"
        assert found.fields["placed_at"].column == "Invoice Date"

    def test_seconds_since_1970_are_recognised(self) -> None:
        found = suggested(Kind.EVENTS, [Column("时间戳", FieldType.WHOLE, 0, ("1512189107", "1512089912"))])
        assert found.fields["at"].time_format == "unix"

    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_field_is_found_by_each_of_its_names(self, kind: Kind) -> None:
        for field in FIELDS[kind]:
            if not field.name.endswith(".*"):
                assert field.name in suggested(kind, columns(field.name)).fields


class TestCheck:
    def test_columns_are_found_in_spite_of_blanks_and_case(self) -> None:
        mapping = Mapping(
            kind=Kind.ORDERS,
            fields={"order_no": Taken(column="ORDER id"), "placed_at": Taken(column="日期"), "price": Taken(column="价格")},
        )
        assert checked(mapping, ["order_id", " 日期 ", "价格"]).fields["order_no"].column == "order_id"

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            ({"order_no": Taken(column="x")}, MappingInvalid),
            ({"nonsense": Taken(column="a")}, MappingInvalid),
            ({"order_no": Taken()}, MappingInvalid),
            ({"order_no": Taken(column="a"), "price": Taken(column="a")}, FieldMissing),
            ({"order_no": Taken(column="a"), "placed_at": Taken(column="a")}, FieldMissing),
        ],
    )
    def test_what_cannot_be_run_is_refused(self, fields: dict[str, Taken], error: type[Exception]) -> None:
        with pytest.raises(error):
            checked(Mapping(kind=Kind.ORDERS, fields=fields), ["a"])

    def test_members_need_an_identifier(self) -> None:
        with pytest.raises(FieldMissing):
            checked(Mapping(kind=Kind.MEMBERS, fields={"name": Taken(column="a")}), ["a"])

    def test_the_signature_sees_columns_not_blanks(self) -> None:
        assert signature(Kind.ORDERS, ["A b", "c"]) == signature(Kind.ORDERS, ["ab ", "C"])
        assert signature(Kind.ORDERS, ["a", "b"]) != signature(Kind.ORDERS, ["b", "a"])
        assert signature(Kind.ORDERS, ["a"]) != signature(Kind.EVENTS, ["a"])


class TestPresets:
    @pytest.mark.parametrize("name", [name for name in presets.PRESET_NAMES if name != "generic"])
    def test_every_preset_is_a_mapping_of_known_fields(self, name: str) -> None:
        mapping = presets.preset(name)
        assert mapping is not None
        assert all(known(mapping.kind, field) for field in mapping.fields)

    def test_a_preset_is_found_by_its_columns(self) -> None:
        names = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
        found = presets.fitting(Kind.ORDERS, {folded(name) for name in names}, folded)
        assert found is not None
        assert found.preset == "online-retail"
        assert presets.fitting(Kind.ORDERS, {"a"}, folded) is None

    def test_an_unknown_preset_is_refused(self) -> None:
        with pytest.raises(MappingInvalid):
            presets.preset("nobody")
        assert presets.preset("generic") is None


class TestCells:
    @pytest.mark.parametrize("cell", ["=1+1", "+86", "-5", "@x", "\tx", "\rx", "plain", "", "'quoted'"])
    def test_guarding_can_be_taken_back(self, cell: str) -> None:
        guarded = cells.guarded([cell])[0]
        assert guarded[:1] not in {"=", "+", "-", "@", "\t", "\r"}
        assert cells.unguarded(guarded) == cell

    def test_reasons_are_told_in_both_languages(self) -> None:
        assert reasons.explained({"time_missing": 1, "amount_unreadable": 2})[0]["code"] == "amount_unreadable"
        assert reasons.texts("people.suppressed")[0] == reasons.REASONS["suppressed"][0]
        assert reasons.texts("elsewhere.unheard_of")[1].startswith("Refused")
