"""The invented network: one group, two brands, their branches, and outlets in real cities."""

from collections.abc import Iterator
from dataclasses import dataclass

GROUP = ("YUNLING", "云岭汽车集团", "Yunling Motor Group")


@dataclass(frozen=True)
class Brand:
    code: str
    zh: str
    en: str
    regions: tuple[str, ...]


@dataclass(frozen=True)
class City:
    region: str
    province: str
    province_zh: str
    province_en: str
    zh: str
    en: str
    latitude: str
    longitude: str
    outlets: int


REGIONS = {
    "HB": ("华北分公司", "North China branch"),
    "DB": ("东北分公司", "Northeast branch"),
    "HD": ("华东分公司", "East China branch"),
    "HZ": ("华中分公司", "Central China branch"),
    "HN": ("华南分公司", "South China branch"),
    "XN": ("西南分公司", "Southwest branch"),
    "XB": ("西北分公司", "Northwest branch"),
}
BRANDS = (
    Brand("YL", "云岭", "Yunling", tuple(REGIONS)),
    Brand("QC", "清川", "Qingchuan", ("HB", "HD", "HN")),
)
_CITIES = """
HB 11 北京 Beijing 北京 Beijing 39.9042 116.4074 4
HB 12 天津 Tianjin 天津 Tianjin 39.0842 117.2009 2
HB 13 河北 Hebei 石家庄 Shijiazhuang 38.0428 114.5149 2
HB 13 河北 Hebei 唐山 Tangshan 39.6309 118.1802 1
HB 14 山西 Shanxi 太原 Taiyuan 37.8706 112.5489 1
HB 15 内蒙古 InnerMongolia 呼和浩特 Hohhot 40.8424 111.7490 1
DB 21 辽宁 Liaoning 沈阳 Shenyang 41.8057 123.4315 2
DB 21 辽宁 Liaoning 大连 Dalian 38.9140 121.6147 2
DB 22 吉林 Jilin 长春 Changchun 43.8171 125.3235 1
DB 23 黑龙江 Heilongjiang 哈尔滨 Harbin 45.8038 126.5350 2
HD 31 上海 Shanghai 上海 Shanghai 31.2304 121.4737 4
HD 32 江苏 Jiangsu 南京 Nanjing 32.0603 118.7969 3
HD 32 江苏 Jiangsu 苏州 Suzhou 31.2989 120.5853 3
HD 32 江苏 Jiangsu 无锡 Wuxi 31.4912 120.3119 2
HD 33 浙江 Zhejiang 杭州 Hangzhou 30.2741 120.1551 3
HD 33 浙江 Zhejiang 宁波 Ningbo 29.8683 121.5440 2
HD 33 浙江 Zhejiang 温州 Wenzhou 27.9938 120.6994 1
HD 34 安徽 Anhui 合肥 Hefei 31.8206 117.2272 2
HD 35 福建 Fujian 福州 Fuzhou 26.0745 119.2965 1
HD 35 福建 Fujian 厦门 Xiamen 24.4798 118.0894 2
HD 36 江西 Jiangxi 南昌 Nanchang 28.6820 115.8579 1
HD 37 山东 Shandong 济南 Jinan 36.6512 117.1201 2
HD 37 山东 Shandong 青岛 Qingdao 36.0671 120.3826 3
HZ 41 河南 Henan 郑州 Zhengzhou 34.7466 113.6253 3
HZ 41 河南 Henan 洛阳 Luoyang 34.6197 112.4540 1
HZ 42 湖北 Hubei 武汉 Wuhan 30.5928 114.3055 3
HZ 42 湖北 Hubei 宜昌 Yichang 30.6919 111.2865 1
HZ 43 湖南 Hunan 长沙 Changsha 28.2282 112.9388 3
HZ 43 湖南 Hunan 郴州 Chenzhou 25.7705 113.0148 1
HN 44 广东 Guangdong 广州 Guangzhou 23.1291 113.2644 4
HN 44 广东 Guangdong 深圳 Shenzhen 22.5431 114.0579 4
HN 44 广东 Guangdong 东莞 Dongguan 23.0207 113.7518 2
HN 44 广东 Guangdong 佛山 Foshan 23.0215 113.1214 2
HN 45 广西 Guangxi 南宁 Nanning 22.8170 108.3669 1
HN 46 海南 Hainan 海口 Haikou 20.0440 110.1999 1
XN 50 重庆 Chongqing 重庆 Chongqing 29.5630 106.5516 3
XN 51 四川 Sichuan 成都 Chengdu 30.5728 104.0668 4
XN 51 四川 Sichuan 绵阳 Mianyang 31.4675 104.6796 1
XN 52 贵州 Guizhou 贵阳 Guiyang 26.6470 106.6302 1
XN 53 云南 Yunnan 昆明 Kunming 25.0389 102.7183 2
XN 54 西藏 Tibet 拉萨 Lhasa 29.6520 91.1721 1
XB 61 陕西 Shaanxi 西安 Xi'an 34.3416 108.9398 3
XB 62 甘肃 Gansu 兰州 Lanzhou 36.0611 103.8343 1
XB 63 青海 Qinghai 西宁 Xining 36.6171 101.7782 1
XB 64 宁夏 Ningxia 银川 Yinchuan 38.4872 106.2309 1
XB 65 新疆 Xinjiang 乌鲁木齐 Urumqi 43.8256 87.6168 1
"""
LARGE, WITH_COMMITTEE = 3, 2
SALES_HOURS = "08:30-18:00"
SERVICE_HOURS = ("08:00-17:30", "周一至周五 08:30-12:00, 13:30-18:00; 周六至周日 09:00-16:00")
SERVICE_ONLY = ("MAINTENANCE", "BODY_PAINT", "ACCIDENT", "WARRANTY", "PARTS", "RESCUE")
SALES_TOO = ("NEW_CAR", "TEST_DRIVE", "FINANCE", "INSURANCE", "TRADE_IN")
NAMES = (("中心", "Central"), ("东城", "East"), ("西城", "West"), ("南城", "South"))


def cities() -> Iterator[City]:
    for line in _CITIES.strip().splitlines():
        region, province, zh, en, city_zh, city_en, latitude, longitude, number = line.split()
        yield City(region, province, zh, en, city_zh, city_en, latitude, longitude, int(number))


def provinces(region: str) -> dict[str, tuple[str, str]]:
    """Return the provinces of a region: code -> names."""
    return {c.province: (c.province_zh, c.province_en) for c in cities() if c.region == region}


Line = dict[str, str]


def _line(kind: str, code: str, zh: str, en: str, parent: str, since: str, **more: str) -> Line:
    return {
        "kind": kind,
        "code": code,
        "name_zh": zh,
        "name_en": en,
        "parent": parent,
        "valid_from": since,
        **more,
    }


def lines() -> Iterator[Line]:
    """Return the rows of the network sheet below the group, as a carmaker would import them."""
    yield _line("CALL_CENTRE", "CALL", "客户服务中心", "Customer service centre", GROUP[0], "2012-01-01")
    for code, zh, en in (
        ("HQ-CS", "客户服务本部", "Customer Service Headquarters"),
        ("HQ-DM", "分销管理部", "Distribution Management Department"),
        ("HQ-SM", "服务管理部", "Service Management Department"),
        ("HQ-CSO", "CS推进室", "CS Promotion Office"),
    ):
        yield _line("DEPARTMENT", code, zh, en, GROUP[0], "2012-01-01")
    for code, zh, en, function in (
        ("P-INS", "安途保险", "Antu Insurance", "INSURER"),
        ("P-SOS", "迅援道路救援", "Xunyuan Road Rescue", "RESCUE"),
        ("P-TOW", "通达拖车", "Tongda Towing", "TOW"),
    ):
        yield _line("PARTNER", code, zh, en, GROUP[0], "2015-01-01", function=function)
    for brand in BRANDS:
        yield from _brand(brand)


def _brand(brand: Brand) -> Iterator[Line]:
    yield _line("BRAND", brand.code, brand.zh, brand.en, GROUP[0], "2012-01-01")
    for region in brand.regions:
        zh, en = REGIONS[region]
        branch = f"{brand.code}-{region}"
        yield _line("BRANCH", branch, f"{brand.zh}{zh}", f"{brand.en} {en}", brand.code, "2012-01-01")
        for province, (name_zh, name_en) in provinces(region).items():
            office = f"{branch}-{province}"
            yield _line(
                "MARKET_OFFICE", office, f"{brand.zh}{name_zh}市场部", f"{brand.en} {name_en} market office",
                branch, "2012-01-01",
            )  # fmt: skip
        yield from _outlets(brand, region)


def _outlets(brand: Brand, region: str) -> Iterator[Line]:
    number = 0
    for city in cities():
        if city.region != region:
            continue
        most = city.outlets if brand is BRANDS[0] else city.outlets - 2
        for index in range(most):
            number += 1
            yield from _outlet(brand, city, index, f"{brand.code}{region}{number:03d}")


def _outlet(brand: Brand, city: City, index: int, code: str) -> Iterator[Line]:
    area_zh, area_en = NAMES[index]
    only_service = index == len(NAMES) - 1
    kind_zh, kind_en = ("服务站", "service station") if only_service else ("4S店", "dealership")
    office = f"{brand.code}-{city.region}-{city.province}"
    yield _line(
        "OUTLET", code, f"{city.zh}{area_zh}{brand.zh}{kind_zh}", f"{city.en} {area_en} {brand.en} {kind_en}",
        office, f"{2013 + (index * 3 + len(city.en)) % 11}-0{1 + index * 2}-01",
        sells="否" if only_service else "是", serves="是",
        is_key="是" if index == 0 and city.outlets >= LARGE else "否",
        province=city.province, city_zh=city.zh, city_en=city.en,
        latitude=f"{float(city.latitude) + index * 0.021:.6f}",
        longitude=f"{float(city.longitude) - index * 0.027:.6f}",
        service_radius_km=str(30 + 10 * index),
        sales_hours="" if only_service else SALES_HOURS, service_hours=SERVICE_HOURS[index % 2],
        services=",".join(SERVICE_ONLY if only_service else (*SERVICE_ONLY, *SALES_TOO[: 5 - index])),
    )  # fmt: skip
    yield _line("UNIT", f"{code}-CR", "客户关系部", "Customer relations centre", code, "2024-01-01", function="DCRC")
    if index < WITH_COMMITTEE:  # smaller outlets have none yet, and their page says so
        names = "CS推进委员会", "CS promotion committee"
        yield _line("UNIT", f"{code}-CC", *names, code, "2024-01-01", function="CS_COMMITTEE")
