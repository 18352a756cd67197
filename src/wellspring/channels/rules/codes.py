"""The platforms' error codes in plain words, and what to do about each (page 90313; Official Account: page of return codes).

A text of the platform is never parsed, only its code counts. What is not listed is told with its number and where to look.
"""

Words = tuple[str, str, str, str]

# Codes of our own, below everything that the platforms use.
UNREACHABLE = -1001
UNUSABLE = -1002
NOT_FOUND = -1003

_WAIT = ("无需处理，系统会自动等待后继续。", "Nothing to do: Wellspring waits and goes on by itself.")
_RANGE = (
    "请在企业微信管理后台把该员工加入应用的可见范围，并开启客户联系。",
    "Put the staff member into the application's visible range and switch customer contact on.",
)
_SECRET = (
    "请在企业微信管理后台重新复制 Secret 并在“系统设置→企业微信”中更新。",
    "Copy the secret again from the admin console and put it into the settings of WeCom.",
)
_CALLABLE = (
    "请在“客户联系→可调用接口的应用”中勾选本应用。",
    "Add the application under 客户联系→可调用接口的应用 in the admin console.",
)
_IP = (
    "请把服务器出口 IP 加入应用的“企业可信IP”，一分钟后生效。",
    "Add this server's address to the application's trusted IPs; it counts after a minute.",
)
_GONE = ("客户与该员工已不是好友，系统会更新关系。", "They are no longer connected: the relation is brought up to date by itself.")
_MEDIA = ("请重新上传素材（临时素材三天后失效）。", "Upload the file again: temporary media live three days.")
_SHORTEN = ("请缩短内容或减少数量后重试。", "Shorten it, or take fewer of them, and try again.")
_RELOAD = ("该对象可能已在企业微信中删除，请同步后重试。", "It may have been deleted in WeCom: sync and try again.")
_HUMAN = ("请按提示修改后重试。", "Change it as told and try again.")
_STAFF = ("请让该员工登录企业微信并完成实名。", "Let the staff member sign in to WeCom and verify their name.")

_TEXTS: dict[int, tuple[str, str, tuple[str, str]]] = {
    -1: ("平台繁忙", "the platform is busy", _WAIT),
    UNREACHABLE: (
        "网络不通或超时",
        "the network is down or too slow",
        ("请检查服务器能否访问该地址。", "See whether this server can reach the address."),
    ),
    UNUSABLE: ("答复不是有效内容", "the answer makes no sense", _WAIT),
    NOT_FOUND: ("接口不存在", "there is no such API", ("请检查接入地址是否填写正确。", "See whether the host is the right one.")),
    6000: ("数据版本冲突", "several changes at the same time", _WAIT),
    40001: ("Secret 不正确或已重置", "the secret is wrong or was reset", _SECRET),
    40003: ("员工账号不存在", "there is no such staff member", _RELOAD),
    40007: ("素材无效或已过期", "the media is invalid or expired", _MEDIA),
    40008: ("消息类型不支持", "this type of message is not taken", _HUMAN),
    40013: ("企业 ID 不正确", "the corp id is wrong", ("请核对企业 ID（或 AppID）。", "See whether the corp id (or appid) is right.")),
    40014: ("凭证失效", "the token is not valid", _WAIT),
    40029: ("登录码无效", "the sign-in code is not valid", ("请重新打开页面。", "Open the page again.")),
    40056: ("AgentId 不正确", "the agent id is wrong", ("请核对应用的 AgentId。", "See whether the application's AgentId is right.")),
    40058: ("参数超出长度或格式不对", "a value is too long or malformed", _SHORTEN),
    40063: ("必填内容为空", "something required is empty", _HUMAN),
    40068: ("标签不存在", "there is no such tag", _RELOAD),
    40071: ("标签名称重复", "a tag of this name exists", _HUMAN),
    40072: ("标签名称太长", "the name of the tag is too long", _SHORTEN),
    40096: ("客户 ID 无效或不在可见范围", "the contact's id is not valid or out of range", _RANGE),
    40097: ("该员工尚未离职", "the staff member has not left", ("在职员工请使用在职继承。", "Hand over on the job instead.")),
    40098: ("接替员工未实名", "the successor's name is not verified", _STAFF),
    40099: (
        "接替员工客户数已满",
        "the successor has too many contacts",
        ("请更换接替员工或扩容。", "Choose another successor, or extend the limit."),
    ),
    40100: ("客户正在转接中", "the contact is being handed over", _WAIT),
    40125: ("AppSecret 不正确", "the app secret is wrong", _SECRET),
    40126: ("企业标签数量达到上限", "there are too many corp tags", ("请清理不用的标签。", "Delete tags that are not used.")),
    40128: ("90 天内转接次数超限", "handed over too often within 90 days", ("请 90 天后再转接该客户。", "Wait until 90 days are over.")),
    40129: ("客户正在转接中", "the contact is being handed over", _WAIT),
    40130: ("原员工与接替员工相同", "both staff members are the same", _HUMAN),
    40131: ("原员工不是该客户的跟进人", "the contact does not belong to the staff member", _RELOAD),
    40143: ("接替员工账号被封禁", "the successor is banned", ("请更换接替员工。", "Choose another successor.")),
    40164: ("服务器 IP 不在白名单", "this server's address is not listed", _IP),
    40201: ("触发企业微信反骚扰", "stopped by the anti-spam rules", ("请降低频率，明天再试。", "Slow down and try again tomorrow.")),
    40204: ("触发微信反骚扰", "stopped by WeChat's anti-spam rules", ("请降低频率，明天再试。", "Slow down and try again tomorrow.")),
    40205: ("员工的微信授权已过期", "the staff member's WeChat permission expired", _STAFF),
    40243: ("AppSecret 已被冻结", "the app secret is frozen", _SECRET),
    41001: ("缺少凭证", "no token was given", _WAIT),
    41004: ("缺少 Secret", "no secret was given", _SECRET),
    41035: ("缺少客户 ID", "no contact was named", _HUMAN),
    41041: ("一个码的员工超过 100 人", "more than 100 staff members on one code", _SHORTEN),
    41044: ("联系方式不存在", "there is no such code", _RELOAD),
    41045: ("联系方式数量达到上限", "there are too many codes", ("请删除不用的渠道活码。", "Delete codes that are not used.")),
    41048: (
        "没有可发送的客户",
        "nobody can be sent to",
        ("请检查客户是否仍是好友、本月次数是否用完。", "See whether they are still connected and not at their limit."),
    ),
    41050: (
        "欢迎语时限（20 秒）已过",
        "the welcome came after its 20 seconds",
        ("请检查服务器负载与网络延迟。", "Look at the server's load and network."),
    ),
    41051: (
        "已发过欢迎语或已开始聊天",
        "already welcomed, or already chatting",
        ("无需处理；若由其他应用发送，请关闭其中一个。", "Nothing to do; if another app sends welcomes, switch one off."),
    ),
    41053: ("客户未同意会话存档", "the contact has not agreed to the archive", ("等待客户同意。", "Wait for the contact's consent.")),
    41054: ("员工未激活或未实名", "the staff member is not active or not verified", _STAFF),
    41063: ("群发正在分发", "the message is being dispatched", _WAIT),
    41064: ("附件太多", "there are too many attachments", _SHORTEN),
    41091: ("一个群活码最多 5 个群", "at most 5 groups on one code", _SHORTEN),
    41093: ("群发已取消", "the message was cancelled", ("无需处理。", "Nothing to do.")),
    41094: ("24 小时内提醒次数已用完", "no reminder left within 24 hours", ("请明天再提醒。", "Remind again tomorrow.")),
    41095: ("获客链接数量达到上限", "there are too many acquisition links", ("请删除不用的获客链接。", "Delete links that are not used.")),
    41096: ("欢迎语正在由其他应用发送", "another app is sending the welcome", _WAIT),
    41098: ("该链接授权给了其他应用", "the link belongs to another app", ("请使用创建该链接的应用。", "Use the app that made the link.")),
    42001: ("凭证过期", "the token expired", _WAIT),
    42003: ("登录码过期", "the sign-in code expired", ("请重新打开页面。", "Open the page again.")),
    43004: ("用户没有关注公众号", "the person does not follow the account", _GONE),
    43101: ("用户拒绝接收消息", "the person does not accept messages", ("请等用户重新订阅。", "Wait until the person subscribes again.")),
    45009: ("调用次数超过上限", "the limit of calls is used up", _WAIT),
    45011: ("每分钟调用超过上限", "the limit per minute is used up", _WAIT),
    45033: ("并发太高", "too many calls at a time", _WAIT),
    45035: ("同一对象正在被修改", "the same object is being changed", _WAIT),
    47003: ("模板参数不准确", "a value of the template does not fit", _HUMAN),
    48001: ("接口未授权", "the API is not granted", _CALLABLE),
    48002: ("应用没有该接口权限", "the application may not call this API", _CALLABLE),
    48006: (
        "权限因长期未使用被收回",
        "the permission was withdrawn after long disuse",
        ("请在管理后台重新启用应用。", "Switch the application on again."),
    ),
    48009: ("通讯录接口的 IP 未登记", "the address is new to the contacts API", _IP),
    49008: ("群已解散", "the group was dissolved", ("无需处理，系统会更新群状态。", "Nothing to do: the group is brought up to date.")),
    50001: (
        "网页域名未登记为可信域名",
        "the page's domain is not trusted",
        ("请在应用设置中添加可信域名。", "Add the trusted domain in the application's settings."),
    ),
    50003: ("应用已停用", "the application is switched off", ("请在管理后台启用应用。", "Switch the application on in the admin console.")),
    50100: ("翻页位置失效", "the place in the list is not valid", _WAIT),
    60011: ("没有该成员、部门或标签的权限", "no permission on the staff member, department or tag", _RANGE),
    60020: ("服务器 IP 不在企业可信 IP 中", "this server's address is not trusted", _IP),
    60021: ("员工不在应用可见范围", "the staff member is out of range", _RANGE),
    60031: ("应用被禁止调用接口", "the application may not call APIs", ("请联系企业微信客服。", "Ask WeCom's support.")),
    60111: ("员工账号不存在", "there is no such staff member", _RELOAD),
    60136: ("记录不存在", "there is no such record", _RELOAD),
    81017: ("员工数超过 1000，需要分批查询", "more than 1,000 staff members at once", _SHORTEN),
    84061: ("客户与该员工没有好友关系", "they are not connected", _GONE),
    84074: ("没有客户联系权限", "no permission for customer contact", _CALLABLE),
    84083: ("员工不在客户联系范围", "customer contact is not on for the staff member", _RANGE),
    84084: ("客户不是该员工的好友", "the contact does not follow the staff member", _GONE),
    90501: ("不是客户群", "it is not a customer group", _RELOAD),
    301002: ("凭证与应用不匹配", "the token is another application's", _SECRET),
    301007: ("企业已解散或被封禁", "the corp was dissolved or banned", ("请联系企业微信客服。", "Ask WeCom's support.")),
    600018: ("起止时间不正确", "the range of time is not valid", _HUMAN),
    610014: ("unionid 无效", "the unionid is not valid", _HUMAN),
    701008: ("没有接口许可", "there is no licence for this API", ("请在服务商后台购买接口许可。", "Buy licences for this API.")),
}

# What a gateway of messages answers over HTTP; the codes of WeChat's platforms are longer.
_HTTP = range(100, 600)
_RECEIVER = (
    "请核对接收地址与密钥，并查看接收方的日志。",
    "See whether its address and key are right, and look into the receiver's own log.",
)

# The token's own trouble: fetch another one and repeat, once.
STALE_TOKEN = frozenset({40014, 42001})
STALE_TOKEN_OFFICIAL = frozenset({40001, 40014, 42001})
BUSY = -1
LIMITED = frozenset({45009, 45011})
CROWDED = frozenset({45033})
CONTENDED = frozenset({45035, 6000})
# No relation between them, or nothing of it in the application's range.
NO_RELATION = frozenset({84061, 84084})
BAD_CONTACT = frozenset({40096})


def words(code: int) -> Words:
    """The reason in zh-CN and English, then what to do in both."""
    known = _TEXTS.get(code)
    if known is None and code in _HTTP:
        return f"接收方返回 HTTP {code}", f"the receiver answered HTTP {code}", *_RECEIVER
    if known is None:
        address = f"https://open.work.weixin.qq.com/devtool/query?e={code}"
        return f"错误码 {code}", f"error code {code}", f"请查询 {address}", f"See {address}"
    zh, en, (advice_zh, advice_en) = known
    return zh, en, advice_zh, advice_en
