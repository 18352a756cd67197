"""The shelves: sensible articles, and for every household something on them."""

import numpy as np
import pytest

from wecom_simulator.town.catalogue import CATEGORIES, STAGE_MONTHS, Product, catalogue, stage_of


def test_about_120_articles_with_numbers_of_their_own() -> None:
    products = catalogue().products
    assert 110 <= len(products) <= 130
    assert len({product.sku for product in products}) == len(products)
    assert len({product.name for product in products}) == len(products)


@pytest.mark.parametrize("product", catalogue().products, ids=lambda product: product.sku)
def test_each_article_earns_money_and_lasts(product: Product) -> None:
    assert 0 < product.cost_minor < product.price_minor
    assert product.units > 0
    assert product.name.startswith("禾芽 ")


def test_an_article_for_a_child_fits_within_its_category() -> None:
    for product in catalogue().products:
        months = CATEGORIES[product.category].child_months
        assert (product.child_months is None) == (months is None)


@pytest.mark.parametrize(("name", "months"), [("XL码 46片", (18, 32)), ("XXL码 38片", (24, 48)), ("2段 800g", (6, 12))])
def test_sizes_are_read_from_the_name(name: str, months: tuple[int, int]) -> None:
    assert {product.child_months for product in catalogue().products if name in product.name} == {months}


def test_choice_is_a_distribution_wherever_something_is_stocked() -> None:
    shelves = catalogue()
    last = shelves.choice[..., -1]
    stocked = np.broadcast_to(shelves.stocked, last.shape)
    np.testing.assert_allclose(last, stocked)
    assert (np.diff(shelves.choice, axis=-1) >= -1e-12).all()


def test_without_a_child_nothing_for_children_is_on_offer() -> None:
    for position, category in enumerate(CATEGORIES):
        assert catalogue().stocked[0, position] == (category.child_months is None)


def test_keen_bands_choose_cheaper() -> None:
    shelves = catalogue()
    for category in range(len(CATEGORIES)):
        first = shelves.first_of_category[category]
        shares = np.diff(shelves.choice[:, 4, category], axis=-1, prepend=0)
        units = np.array([product.price_minor / product.units for product in shelves.products[first : first + shares.shape[1]]])
        means = shares[:, : len(units)] @ units
        assert (np.diff(means) <= 1e-9).all(), CATEGORIES[category].name


@pytest.mark.parametrize(("months", "stage"), [(-1.0, 0), (0.0, 1), (2.9, 1), (3.0, 2), (11.9, 3), (12.0, 4), (71.9, 6), (72.0, 0)])
def test_stage_of_a_child(months: float, stage: int) -> None:
    assert stage_of(months) == stage
    assert stage < len(STAGE_MONTHS)
