"""The words that estates and businesses are named with."""

from tests.city.chance import words

BRANDS = words(
    "塞上 凤城 贺兰 湖城 鑫源 福满 宏达 永盛 兴隆 嘉和 瑞丰 金泰 沙湖 阅海 天源 聚缘 百姓 "
    "惠民 康泰 顺达"
)
ESTATE_STARTS = words(
    "阳光 丽景 湖畔 紫荆 金凤 塞上 兴庆 长城 银古 北塔 唐徕 丽水 世纪 康居 馨和 福星 民生 "
    "光华 凤凰 民乐 平安 吉祥 春晖 锦绣 枫林"
)
ESTATE_ENDS = words("家园 花园 小区 苑 雅居 名邸 华庭 新村 嘉园 佳苑 公寓 府 里 锦城 绿洲")
ESTATE_PARTS = ("", "", "一期", "二期", "A区", "东区")
SHOPS = words(
    "超市 便利店 牛肉面馆 清真餐厅 羊杂店 理发店 药房 五金店 水果店 干洗店 蔬菜店 烟酒店 "
    "手机维修店 打印店 快递驿站 美容院 早餐店 奶茶店 文具店 宠物店 电动车行 汽车维修 "
    "棋牌室 小饭桌 诊所"
)
SHOP_MIDDLES = "源福顺和美佳鑫诚"
EMPLOYERS = words("商贸有限公司 建筑公司 餐饮店 科技有限公司 运输公司 医院 学校")
SPOTS = words("东门 西门 南侧 中心花园 地下车库口 主路")
TOWN_PARTS = words("城关镇 解放街 新华街 东街 西街")
