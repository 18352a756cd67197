"""Which designs of experiments are taken, and which of them an experiment that runs may become."""

from wellspring.engagement.contracts.proof import Design
from wellspring.kernel.arms import ARMS_MAX

# Half is what a holdout can be at most and still be one.
CONTROL_BASIS_POINTS_MAX = 5_000
WINDOW_DAYS_MAX = 365
REFRESH_DAYS_MIN = 30
NAME_MAX = 120


def problem_of(design: Design) -> tuple[str, str] | None:
    """Why a design cannot be taken (zh-CN, en)."""
    terms = design.terms
    if not 0 <= design.control_basis_points <= CONTROL_BASIS_POINTS_MAX:
        return "对照组比例须在 0%–50% 之间", "the control is 0 to 50 per cent"
    if not 1 <= len(design.weights) < ARMS_MAX or min(design.weights) < 1 or len(design.labels) != len(design.weights):
        return (
            f"变体须为 1–{ARMS_MAX - 1} 个，权重为正整数且各有名称",
            f"1 to {ARMS_MAX - 1} variants, each with a weight above 0 and a label",
        )
    if not 1 <= terms.window_days <= WINDOW_DAYS_MAX:
        return "观察窗口须在 1–365 天之间", "the window is 1 to 365 days"
    if terms.cap_minor is not None and terms.cap_minor < 1:
        return "金额封顶须大于 0", "a cap of amounts is above 0"
    if not 0 < terms.alpha < 1:
        return "显著性水平须在 0 与 1 之间", "alpha lies between 0 and 1"
    if design.refresh_days is not None and design.refresh_days < REFRESH_DAYS_MIN:
        return f"对照组至少保持 {REFRESH_DAYS_MIN} 天", f"a holdout is kept for {REFRESH_DAYS_MIN} days at least"
    return None
