"""Why a batch, a code on a package or a draw is refused."""

from wellspring.kernel.errors import WellspringError


class PackageBatchUnknown(WellspringError):
    """There is no such batch."""

    status = 404
    code = "acquisition.item_batch_unknown"
    zh = "没有这个一物一码批次。"
    en = "There is no such batch of item codes."


class ItemCodeUnknown(WellspringError):
    """Not a code of this brand; nothing says how near it was."""

    status = 404
    code = "acquisition.item_code_unknown"
    zh = "没有查到这个码，请核对包装上的 20 位字符。"
    en = "This code is not known: compare the 20 characters on the package."


class TooManyBatches(WellspringError):
    """Three letters of a code name its batch."""

    status = 409
    code = "acquisition.item_batches_full"
    zh = "一物一码批次已达上限 {limit} 个。"
    en = "There are {limit} batches of item codes already, which is the limit."


class DrawUnknown(WellspringError):
    """There is no such draw."""

    status = 404
    code = "acquisition.draw_unknown"
    zh = "没有这个抽奖。"
    en = "There is no such draw."


class DrawFixed(WellspringError):
    """What is published is a promise."""

    status = 409
    code = "acquisition.draw_fixed"
    zh = "抽奖已公示，奖品、数量、概率与预算不能再改。"
    en = "The draw is published: prizes, numbers, odds and budget stay as they are."


class DrawOverBudget(WellspringError):
    """All prizes together cost more than there is."""

    status = 422
    code = "acquisition.draw_over_budget"
    zh = "全部奖品共 {cost_minor} 分，超过预算 {budget_minor} 分。"
    en = "All prizes cost {cost_minor} minor units, more than the budget of {budget_minor}."


class DrawTooManyPrizes(WellspringError):
    """Every prize needs a ticket of its own."""

    status = 422
    code = "acquisition.draw_too_many_prizes"
    zh = "奖品共 {prizes} 份，超过批次的 {tickets} 个码。"
    en = "There are {prizes} prizes and only {tickets} codes in the batch."


class DrawEmpty(WellspringError):
    """A draw without prizes, or that ends before it begins."""

    status = 422
    code = "acquisition.draw_empty"
    zh = "抽奖至少要有一种奖品，且结束时间晚于开始时间。"
    en = "A draw needs a prize, and an end after its start."


class DrawClosed(WellspringError):
    """It is not the time for it."""

    status = 409
    code = "acquisition.draw_closed"
    zh = "抽奖尚未开始、已经结束，或尚未公示。"
    en = "The draw has not begun, is over, or is not published."


class DrawRunning(WellspringError):
    """The seed is shown when nobody can use it any more."""

    status = 409
    code = "acquisition.draw_running"
    zh = "抽奖还在进行，结束后才能公布种子。"
    en = "The draw is still running: its seed is shown after the end."


class DrawBudgetSpent(WellspringError):
    """A counter would pass its limit; it cannot, so something else is wrong, and nothing was given out."""

    status = 409
    code = "acquisition.draw_budget_spent"
    zh = "奖品或预算的账目不符，本次没有发奖，请联系管理员。"
    en = "The accounts of the prizes do not agree: nothing was given out. Ask an administrator."


class ItemCodeTaken(WellspringError):
    """The code is bound to somebody else, or void."""

    status = 409
    code = "acquisition.item_code_taken"
    zh = "这个码已被他人验证，或已作废。"
    en = "This code is bound to somebody else, or void."


class TooManyPictures(WellspringError):
    """A zip of pictures is for small series."""

    status = 422
    code = "acquisition.item_pictures_max"
    zh = "一次最多打包 {limit} 张二维码图片；更多请导出码表。"
    en = "At most {limit} pictures in one archive; export the list for more."


class PrizeNotWon(WellspringError):
    """This code has won nothing that could be handed over."""

    status = 409
    code = "acquisition.prize_not_won"
    zh = "这个码没有中奖，或奖品已经发放。"
    en = "This code has won nothing, or its prize was handed over already."
