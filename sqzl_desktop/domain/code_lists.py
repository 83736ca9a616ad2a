"""代码表: every list of codes the kinds refer to, from `resources/codes` or written here."""

import functools

from sqzl_desktop.base import paths
from sqzl_desktop.domain import attention_codes
from sqzl_desktop.schema.codes import Code, CodeList, codes, read_codes

FILES = {
    "sex": "sex_GBT2261.1",
    "document_type": "document_type_GAT517",
    "ethnic": "ethnic_GBT3304",
    "marital": "marital_GBT2261.2",
    "education": "education_GBT4658",
    "political": "political_GBT4762",
    "occupation": "occupation_status_GBT2261.4",
    "family_relation": "family_relation_GBT4761",
    "population_type": "gbt31000_population_type",
    "household_consistency": "gbt31000_household_consistency",
    "house_use": "gbt31000_house_use",
    "grid_type": "grid_type_GBT34300",
    "key_population": "key_population",
    "component": "component_GBT47678.5",
    "component_old": "component_class_CJT214",
    "matter": "matter_GBT47678.5",
    "dispute": "dispute_type_17",
    "event_scale": "gbt31000_event_scale",
    "religion": "religion_GA214.12",
    "health": "health_GBT2261.3",
    "rental_use": "gbt31000_rental_use",
    "economy_type": "economy_type_GBT12402",
    "inflow_reason": "gbt31000_inflow_reason",
    "permit_kind": "gbt31000_cert_kind",
    "lodging": "gbt31000_residence_type",
    "left_behind_type": "gbt31000_left_behind_type",
    "correction_type": "gbt31000_correction_type",
    "mental_risk": "gbt31000_risk_level_psych",
    "key_youth_type": "gbt31000_key_youth_type",
    "age_milestone": "age_milestones",
}

WRITTEN: dict[str, tuple[Code, ...]] = {
    **attention_codes.WRITTEN,
    "building_type": codes(
        ("01", "多层"),
        ("02", "小高层"),
        ("03", "高层"),
        ("04", "平房院落"),
        ("05", "商业楼"),
        ("06", "写字楼"),
        ("07", "单位用房"),
        ("99", "其他"),
    ),
    "house_purpose": codes(
        ("01", "住宅"),
        ("02", "商铺"),
        ("03", "办公"),
        ("04", "公共用房"),
        ("05", "仓储"),
        ("06", "车库"),
        ("99", "其他"),
    ),
    "property_right": codes(
        ("01", "商品房"),
        ("02", "房改房"),
        ("03", "经济适用房"),
        ("04", "公租房"),
        ("05", "单位自管房"),
        ("06", "自建房"),
        ("99", "其他"),
    ),
    "hazard": codes(
        ("00", "无"),
        ("01", "治安"),
        ("02", "消防"),
        ("03", "矛盾纠纷"),
        ("04", "劳资"),
        ("99", "其他"),
        standard="GB/T 31000（取自实现）",
    ),
    "estate_type": codes(
        ("01", "住宅"),
        ("02", "商用"),
        ("03", "写字楼"),
        ("04", "商住混合"),
        ("05", "平房院落"),
        ("99", "其他"),
    ),
    "star_rating": codes(("1", "一星"), ("2", "二星"), ("3", "三星"), ("4", "四星"), ("5", "五星")),
    "organisation_state": codes(
        ("01", "正常"), ("02", "停业"), ("03", "注销"), ("04", "变更"), ("05", "撤销")
    ),
    "survey_source": codes(
        ("01", "实测"),
        ("02", "地形图"),
        ("03", "基础地理数据"),
        ("99", "其他"),
        standard="GB/T 47678.5-2026 表2",
    ),
    "accuracy": codes(("A", "A类"), ("B", "B类"), ("C", "C类"), standard="GB/T 47678.5-2026"),
    "visit_outcome": codes(("01", "正常"), ("02", "异常"), ("03", "未遇")),
    "household_type": codes(("01", "家庭户"), ("02", "集体户")),
    "stay": codes(("01", "自住"), ("02", "租住"), ("03", "借住"), ("04", "寄居"), ("99", "其他")),
    "resident_state": codes(
        ("01", "正常"),
        ("02", "已迁出"),
        ("03", "死亡未注销"),
        ("04", "已死亡"),
        ("05", "人在户不在"),
    ),
    "presence": codes(("01", "在住"), ("02", "户在人不在"), ("03", "空挂户")),
    "organisation_type": codes(
        ("01", "企业"),
        ("02", "个体工商户"),
        ("03", "物业企业"),
        ("04", "业主委员会"),
        ("05", "社会组织"),
        ("06", "学校"),
        ("07", "医疗机构"),
        ("08", "基层群众性自治组织"),
        ("09", "机关事业单位"),
        ("99", "其他"),
    ),
    "facility_state": codes(
        ("01", "完好"),
        ("02", "破损"),
        ("03", "丢失"),
        ("04", "废弃"),
        ("05", "移除"),
        standard="GB/T 47678.5-2026 表2",
    ),
    "case_category": codes(
        ("01", "事件"),
        ("02", "部件"),
        ("03", "安全隐患"),
        ("04", "民生服务"),
        ("05", "矛盾纠纷"),
        ("06", "咨询求助"),
        ("07", "社情民意"),
        ("99", "其他"),
    ),
    "case_source": codes(
        ("01", "网格员巡查"),
        ("02", "居民来电"),
        ("03", "居民来访"),
        ("04", "12345转办"),
        ("05", "微信群"),
        ("06", "上级交办"),
        ("07", "楼栋长上报"),
        ("99", "其他"),
    ),
    "urgency": codes(("01", "一般"), ("02", "紧急"), ("03", "特急")),
    "event_state": codes(("discovered", "已发现"), ("filed", "已立案"), ("declined", "不予立案")),
    "case_state": codes(
        ("filed", "已立案"),
        ("dispatched", "已派遣"),
        ("handling", "处置中"),
        ("verifying", "待核查"),
        ("returned", "已退回"),
        ("closed", "已结案"),
    ),
    "satisfaction": codes(("01", "满意"), ("02", "基本满意"), ("03", "不满意")),
    "topic_category": codes(
        ("01", "加装电梯"),
        ("02", "停车管理"),
        ("03", "电动车充电"),
        ("04", "物业选聘"),
        ("05", "环境整治"),
        ("06", "养老服务"),
        ("07", "公共空间"),
        ("08", "旧改"),
        ("09", "移风易俗"),
        ("99", "其他"),
    ),
    "topic_state": codes(
        ("collected", "征集中"),
        ("adopted", "已确定"),
        ("refused", "不予列入"),
        ("merged", "已合并"),
    ),
    "topic_level": codes(
        ("01", "楼栋"), ("02", "小区"), ("03", "网格"), ("04", "社区"), ("05", "跨社区")
    ),
    "consultation_form": codes(
        ("01", "会议协商"),
        ("02", "咨询协商"),
        ("03", "访谈协商"),
        ("04", "书面协商"),
        ("05", "网络协商"),
    ),
    "consultation_state": codes(
        ("planned", "确定议题"),
        ("announced", "公示告知"),
        ("held", "开展协商"),
        ("published", "结果公示"),
        ("closed", "已办结"),
        ("withdrawn", "已撤回"),
    ),
    "notice_form": codes(
        ("consultation_notice", "协商会议通知"),
        ("building_sheet", "楼栋房屋一览表"),
        ("building_sheet_a3", "楼栋房屋一览表（A3）"),
    ),
    "visit_kind": codes(("01", "日常走访"), ("02", "关爱走访"), ("03", "重点走访"), ("04", "巡查")),
    "visit_way": codes(("01", "入户"), ("02", "电话"), ("03", "视频"), ("04", "未遇")),
    "staff_post": codes(
        ("01", "书记主任"),
        ("02", "副主任"),
        ("03", "社区工作者"),
        ("04", "调解员"),
        ("05", "网格员"),
        ("06", "楼栋长"),
        ("07", "窗口人员"),
    ),
    "conflict_state": codes(("open", "待处理"), ("settled", "已处理")),
    "conflict_choice": codes(("standing", "保留现值"), ("other", "改用另一值")),
    "duplicate_state": codes(("open", "待核对"), ("dismissed", "已核对")),
    "handover_action": codes(("put", "登记或修改"), ("delete", "删除"), ("step", "办理步骤")),
    "handover_state": codes(("open", "待处理"), ("accepted", "已接受"), ("declined", "已谢绝")),
    "conflict_about": codes(
        ("value", "同一字段不同值"),
        ("edit_after_delete", "删除后又修改"),
        ("stale_delete", "删除待确认"),
    ),
}

NAMES = (*FILES, *WRITTEN)

_ALIASES: dict[str, dict[str, str]] = {
    "sex": {"男": "1", "女": "2", "未知": "0"},
    "education": {"大学本科": "21", "本科": "21", "大专": "31", "高中": "61", "初中": "71"},
    "family_relation": {"妻子": "12", "丈夫": "11", "儿子": "20", "女儿": "30"},
    "document_type": {"身份证": "111"},
    "political": {"党员": "01", "中共党员": "01", "预备党员": "02", "团员": "03"},
}  # fmt: skip


@functools.cache
def code_list(name: str) -> CodeList:
    """The code list of that name; KeyError where there is none."""
    if name in WRITTEN:
        return CodeList(name, WRITTEN[name], _ALIASES.get(name, {}))
    entries = read_codes(paths.resources() / "codes" / f"{FILES[name]}.csv")
    return CodeList(name, entries, _words(name, entries) | _ALIASES.get(name, {}))


def _words(name: str, entries: tuple[Code, ...]) -> dict[str, str]:
    # 民族 are written with and without their last character
    if name != "ethnic":
        return {}
    return {entry.name.removesuffix("族"): entry.code for entry in entries}
