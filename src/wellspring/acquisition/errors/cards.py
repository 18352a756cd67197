"""Why a design or a batch of cards is refused."""

from wellspring.kernel.errors import WellspringError


class DesignUnknown(WellspringError):
    """There is no such design."""

    status = 404
    code = "acquisition.design_unknown"
    zh = "没有这个印刷设计。"
    en = "There is no such printed design."


class CardBatchUnknown(WellspringError):
    """There is no such batch."""

    status = 404
    code = "acquisition.card_batch_unknown"
    zh = "没有这个投放批次。"
    en = "There is no such batch of cards."


class CardPageUnknown(WellspringError):
    """An address that no card of this brand carries."""

    status = 404
    code = "acquisition.card_page_unknown"
    zh = "没有找到这张卡片对应的页面。"
    en = "There is no page for this card."


class CodeShared(WellspringError):
    """Two batches with one code could not be told apart."""

    status = 409
    code = "acquisition.card_code_shared"
    zh = "这个渠道活码已用于批次“{name}”；每个批次要有自己的活码，否则分不清是谁带来的。"
    en = "This channel code belongs to the batch “{name}” already: a batch needs a code of its own to be told apart."


class ArmsRefused(WellspringError):
    """A comparison needs two to eight sides, all different."""

    status = 422
    code = "acquisition.card_arms_refused"
    zh = "请选择 2–{limit} 个不同的批次或设计进行对比。"
    en = "Choose 2 to {limit} different batches or designs to compare."


class FontMissing(WellspringError):
    """Pictures with Chinese text need a font on this machine."""

    status = 409
    code = "acquisition.font_missing"
    zh = "服务器没有中文字体，无法生成图片：请安装 fonts-noto-cjk，或用 WELLSPRING_PRINT_FONT 指定字体文件。"
    en = "This machine has no Chinese font to draw pictures with: install fonts-noto-cjk, or name a font file in WELLSPRING_PRINT_FONT."
