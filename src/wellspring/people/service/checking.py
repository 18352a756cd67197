"""Asks a live workspace whether what people promises holds; repairs nothing."""

from wellspring.kernel.workspace import Workspace
from wellspring.people.repo import checks

Finding = tuple[str, bool, str, str]


def check(ws: Workspace) -> list[Finding]:
    """Each rule as code, whether it holds, and its sentence in zh-CN and English."""
    with ws.sql.read() as tx:
        gaps, loose, orphans, plain, revived = (
            checks.gaps(tx),
            checks.loose_holders(tx),
            checks.orphans(tx),
            checks.plain_personal(tx),
            checks.revived(tx),
        )
    return [
        ("people.dense", gaps == 0, f"会员编号连续，缺 {gaps} 个", f"member numbers are dense, {gaps} missing"),
        (
            "people.holders",
            loose == 0,
            f"已合并的会员都有在册的归属，{loose} 个例外",
            f"every merged member is held by an active one, {loose} are not",
        ),
        (
            "people.owned",
            orphans == 0,
            f"标识和属性都属于在册会员，{orphans} 条例外",
            f"every identifier and value has a member, {orphans} have none",
        ),
        ("people.sealed", plain == 0, f"手机号和邮箱均已加密，{plain} 条例外", f"every phone and e-mail is sealed, {plain} are not"),
        ("people.forgotten", revived == 0, f"已删除的个人没有被重新录入，{revived} 条例外", f"no erased person came back, {revived} did"),
    ]
