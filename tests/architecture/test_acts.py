"""Whatever can stand on the audit trail has a name in words."""

import re

from guanxi.foundation import verbs
from tests.architecture.conftest import SOURCE

ACT = re.compile(r'verb="([a-z_]+\.[a-z_]+)"|"(codelists\.[a-z]+_code)"|"(worklist\.[a-z_]+)"')


def test_every_act_has_a_name():
    places = (*SOURCE.glob("*/services/**/*.py"), *SOURCE.glob("*/services.py"))
    found = {"".join(act) for path in places for act in ACT.findall(path.read_text())}
    assert len(found) > 20
    assert [act for act in sorted(found | verbs.known_verbs()) if verbs.label(act) == act] == []
