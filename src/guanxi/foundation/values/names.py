"""Names of people and organisations."""

import re

from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.foundation.values.texts import Cleaned

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
LONGEST = 120
_BETWEEN_HAN = re.compile(f" *([{HAN}()·]) *", re.ASCII)
_DOTS = re.compile(f"[{texts.DOTS}]", re.ASCII)
NO_NAME = "[0-9 .,:;+*#/()-]+"
_NO_NAME = re.compile(NO_NAME, re.ASCII)

# A word of an organisation anywhere in a name of four characters and more …
ORGANISATION = (
    "公司|集团|中心|委员会|银行|学校|学院|大学|中学|小学|幼儿园|医院|协会|学会|基金会|合作社|事务所|经营部|营业部|商行|工作室|"
    "俱乐部|管理局|公安局|检察院|法院|政府|支队|大队|部队|村委|居委|办事处|租赁|物流|车队|工厂|厂房|超市|酒店|宾馆|饭店|门诊部|"
    "研究所|研究院|设计院|分行|支行|分局|项目部|经销部|服务部|门市部|加油站|服务站|运输队|工程队|商贸|贸易|实业|股份|有限|企业"
)
# … or the last character of one of five and more: shorter ones are people (欧阳建厂).
LAST = "厂店局院所站部处队社行馆会校场"
WESTERN = r"\b(?:co|ltd|inc|llc|corp|corporation|company|gmbh|plc|limited)\b"
_ORGANISATION = re.compile(ORGANISATION, re.ASCII)
_LAST = re.compile(f"[{LAST}](?:[(][^()]*[)])?$", re.ASCII)
_WESTERN = re.compile(WESTERN, re.ASCII | re.IGNORECASE)
# The hundred most frequent surnames (four fifths of the people), and those of two characters.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤傅萧温康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童"
)
COMPOUND = "欧阳|上官|司马|诸葛|皇甫|令狐|东方|慕容|尉迟|公孙|夏侯|司徒|端木|独孤|南宫|西门|宇文|长孙"
_PERSON = re.compile(f"(?:{COMPOUND})[{HAN}]{{1,2}}|[{SURNAMES}][{HAN}]{{1,2}}")
SHORTEST, SHORTEST_LAST = 4, 5


def clean(text: str | None) -> Cleaned[str]:
    """Return a name without spaces beside Chinese characters, one space between Western words, one kind of dot."""
    plain = _DOTS.sub("·", texts.cell(text))
    plain = _BETWEEN_HAN.sub(r"\1", re.sub(" +", " ", plain))
    if not plain:
        return texts.NOTHING
    if _NO_NAME.fullmatch(plain):
        return Cleaned(None, Flaw.NAME_NUMBER)
    if len(plain) > LONGEST:
        return Cleaned(None, Flaw.TEXT_LONG)
    return Cleaned(plain, Flaw.TEXT_DAMAGED if texts.is_damaged(plain) else Flaw.NONE)


def is_person(name: str) -> bool:
    """Tell whether a cleaned name looks like that of a Chinese person: a known surname and one or two characters."""
    return _PERSON.fullmatch(name) is not None


def is_company(name: str) -> bool:
    """Tell whether a cleaned name is that of an organisation."""
    if _WESTERN.search(name):
        return True
    if len(name) >= SHORTEST and _ORGANISATION.search(name):
        return True
    return len(name) >= SHORTEST_LAST and bool(_LAST.search(name))
