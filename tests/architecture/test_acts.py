"""Whatever can stand on the audit trail has a name in words."""

import re

from guanxi.foundation import verbs
from tests.architecture.conftest import SOURCE

ACT = re.compile(r'verb="([a-z_]+\.[a-z_]+)"|"(codelists\.[a-z]+_code)"')


def test_every_act_has_a_name():
    found = {act[0] or act[1] for path in SOURCE.rglob("*.py") for act in ACT.findall(path.read_text())}
    assert len(found) > 8
    assert [act for act in sorted(found | verbs.known_verbs()) if verbs.label(act) == act] == []
