"""版本: which client and which server may talk."""

PROTOCOL = 1
OLDEST = 1  # of the two previous that are still served
HEADER = "Sqzl-Protocol"
PROGRAM_HEADER = "Sqzl-Program"  # the version of the program, for the operator's list of devices


def refusal(theirs: int, *, asked_by_server: bool) -> str:
    """Why the two may not sync, "" when they may; names the side to update.

    `asked_by_server` tells from which side we look: a server judges a client's number.
    """
    if OLDEST <= theirs <= PROTOCOL:
        return ""
    older = theirs < OLDEST
    client_is_older = older if asked_by_server else not older
    if client_is_older:
        return "本机程序版本过旧，请更新程序后再同步；已录入的内容都在本机，不会丢失"
    return "服务器版本过旧，请联系信息管理人员更新服务器；已录入的内容都在本机，不会丢失"
