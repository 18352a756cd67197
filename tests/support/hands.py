"""What a person does in the console that takes more than one click, done so that a busy machine does not spoil it."""

from playwright.sync_api import Locator, Page, expect

_SHORT_MS = 5_000
_LONG_MS = 10_000


def choose(field: Locator, option: str, *, typed: str = "") -> None:
    """Chooses from a field's list by how an option begins, after typing what to search for.

    Until the field shows it: the list may be drawn anew under the click.
    """
    shown = field.locator("xpath=ancestor::div[contains(concat(' ', normalize-space(@class), ' '), ' ant-select ')]")
    for is_last in (False, False, True):
        field.click()
        if typed:
            field.fill(typed)
        field.page.locator(f'.ant-select-dropdown:visible .ant-select-item-option[title^="{option}"]').first.click()
        try:
            expect(shown).to_contain_text(option, timeout=_SHORT_MS)
        except AssertionError:
            if is_last:
                raise
        else:
            return


def confirm(page: Page, button: str) -> None:
    """Says yes to what a dialog asks, until it is gone: a click may fall into its opening."""
    dialog = page.get_by_role("dialog")
    for is_last in (False, False, True):
        dialog.get_by_role("button", name=button, exact=True).click()
        try:
            expect(dialog).to_be_hidden(timeout=_LONG_MS)
        except AssertionError:
            if is_last:
                raise
        else:
            return
