"""What is known of an API by its path: whether a call may be repeated, and what page says so.

A call that reads, or that states a whole (mark these tags, set this remark, delete this code), has the same outcome
however often it is made. One that creates or sends does not, and is never repeated when its answer was lost.
"""

# Calls that write and may be repeated all the same, because they state what shall be.
_STATING = frozenset(
    {
        "externalcontact/mark_tag",
        "externalcontact/remark",
        "externalcontact/update_contact_way",
        "externalcontact/del_contact_way",
        "externalcontact/groupchat/update_join_way",
        "externalcontact/groupchat/del_join_way",
        "externalcontact/edit_corp_tag",
        "externalcontact/del_corp_tag",
        "externalcontact/customer_acquisition/update_link",
        "externalcontact/customer_acquisition/delete_link",
        "externalcontact/group_welcome_template/edit",
        "externalcontact/group_welcome_template/del",
        "externalcontact/cancel_groupmsg_send",
        "externalcontact/cancel_moment_task",
        # The code in it is good for one message, whoever repeats it (page 92137).
        "externalcontact/send_welcome_msg",
        # A second upload is a second copy that nobody sees.
        "media/upload",
        "media/uploadimg",
        "media/upload_attachment",
    }
)
_READING = frozenset(
    {
        "externalcontact/batch/get_by_user",
        "externalcontact/contact_list",
        "externalcontact/transfer_result",
        "externalcontact/resigned/transfer_result",
        "externalcontact/unionid_to_external_userid",
        "externalcontact/convert_to_openid",
        "externalcontact/opengid_to_chatid",
        "externalcontact/groupchat/statistic",
        "externalcontact/groupchat/statistic_group_by_day",
        "externalcontact/customer_acquisition/customer",
        "externalcontact/customer_acquisition/statistic",
        "externalcontact/customer_acquisition_quota",
        "cgi-bin/user/info",
        "cgi-bin/user/info/batchget",
    }
)
_READING_WORDS = ("get", "list", "simplelist", "batchget", "getcallbackip", "getuserinfo")


def is_repeatable(path: str) -> bool:
    """Whether a call whose answer was lost may be made again."""
    last = path.rpartition("/")[2]
    reads = last in _READING_WORDS or last.startswith(("get_", "list_")) or last.endswith("_list")
    return reads or path in _READING or path in _STATING
