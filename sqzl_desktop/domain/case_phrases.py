"""常用语: what is written most about a case, for the report and for each of its steps.

What a community has kept of its own stands before these.
"""

from collections.abc import Mapping

REPORT = "report"
DISPLEASED = "displeased"  # why somebody who was called back is not content
MOST = 4  # one key each: Alt+1 to Alt+4

BUILTIN: Mapping[str, tuple[str, ...]] = {
    REPORT: (
        "楼道堆放杂物，影响通行和消防安全。",
        "设施损坏，存在安全隐患，已放置警示标志。",
        "居民反映后到现场查看，情况属实。",
        "已当场劝导，对方同意整改。",
    ),
    "confirm": (
        "已到现场核实，情况属实。",
        "已电话联系反映人，情况属实。",
        "现场未见所反映的情况。",
    ),
    "file": ("情况属实，符合立案条件，予以立案。",),
    "decline": (
        "不属于社区管理范围，已告知反映人向主管部门反映。",
        "经核实情况不属实。",
        "与在办案件重复。",
    ),
    "handle_on_spot": (
        "已当场清理，恢复整洁。",
        "已当场劝导，对方已整改。",
        "已联系物业当场修复。",
    ),
    "dispatch": (
        "当日处置，恢复原状，回传处置前后照片。",
        "请先做好安全防护，再行处置。",
        "处置后请告知反映人。",
    ),
    "return": ("不属于本单位职责范围。", "位置不清，无法找到现场。", "需要其他单位先行处置。"),
    "next_phase": ("本阶段工作已完成。",),
    "feed_back": ("已清理完毕，恢复整洁。", "已修复，恢复正常使用。", "已调解，双方达成一致。"),
    "verify": ("已到现场核查，处置到位。", "现场与反馈情况一致。"),
    "rework": ("现场核查，处置不到位。", "问题重复出现。", "反映人不满意，要求重新处置。"),
    "close": ("问题已解决，予以结案。", "已告知反映人处置结果。"),
    "extend": (
        "需要采购配件，申请延期。",
        "天气原因无法施工，申请延期。",
        "当事人外出，申请延期。",
    ),
    "grant": ("同意延期，请抓紧办理。",),
    "deny": ("情况紧急，请按原时限办理。",),
    "urge": ("请抓紧处置，按时反馈。", "已超过办理时限，请说明原因并立即处置。"),
    "park": ("需要上级部门立项，暂不能解决。", "涉及多方权属，正在协调。"),
    "void": ("误报。", "重复上报。"),
    DISPLEASED: (
        "处置不及时。",
        "问题没有解决。",
        "解决后又反复。",
        "没有告知处置结果。",
        "工作人员态度不好。",
    ),
    "callback": ("已电话回访，反映人表示满意。", "已入户回访。", "多次联系未接通。"),
}
