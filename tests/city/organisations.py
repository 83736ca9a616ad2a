"""The committee, shops, schools and associations of a community."""

from tests.city.chance import happens
from tests.city.names import anybody
from tests.city.numbers import credit_code, phone
from tests.city.place_words import BRANDS, SHOP_MIDDLES, SHOPS
from tests.city.site import Site

_HOUSEHOLDS_PER_SHOP = 55
_RISKY_SHOPS = ("汽车维修", "五金店")
_BODIES = (  # name, kind, category of GB 32100
    ("志愿服务队", "社会组织", ""),
    ("社区社会工作服务中心", "社会组织", "52"),
    ("文化艺术协会", "社会组织", "51"),
    ("社区老年协会", "社会组织", "51"),
    ("幼儿园", "学校", "52"),
    ("社区卫生服务站", "医疗机构", "12"),
    ("小学", "学校", "12"),
)


def add_organisations(site: Site) -> None:
    """Write the organisations that belong to no estate."""
    short = site.division.short_name
    _add(site, f"{short}社区居民委员会", "基层群众性自治组织", "54")
    for _ in range(max(3, site.households // _HOUSEHOLDS_PER_SHOP)):
        _add_shop(site)
    for name, kind, category in _BODIES:
        _add(site, short + name, kind, category)


def _add_shop(site: Site) -> None:
    rng = site.rng
    shop, is_company = rng.choice(SHOPS), happens(rng, 0.25)
    name = site.county_name + rng.choice(BRANDS) + rng.choice(SHOP_MIDDLES) + shop
    is_risky = shop in _RISKY_SHOPS and happens(rng, 0.2)
    if is_company:
        _add(site, f"{name}有限公司", "企业", "91", is_risky=is_risky)
    else:
        _add(site, name, "个体工商户", "92", is_risky=is_risky)


def _add(site: Site, name: str, kind: str, category: str, *, is_risky: bool = False) -> None:
    rng = site.rng
    site.write(
        "organizations",
        org_id=site.key("O", 4),
        community_code=site.code,
        grid_code=rng.choice(site.grids).code,
        name=name,
        kind=kind,
        org_category=category,
        uscc=credit_code(rng, category, site.county) if category else "",
        address=f"{site.road}{rng.randint(1, 300)}号",
        contact=anybody(rng, first_year=1960, last_year=1995),
        phone=phone(rng),
        employees=rng.randint(1, 30),
        dangerous=int(is_risky),
    )
