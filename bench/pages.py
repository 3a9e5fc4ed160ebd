"""A list of 50 customers, and one customer, against a page that shows nothing but the shell: share = 1 / ratio."""

from collections.abc import Iterator
from functools import partial

import measure
from django.test import Client, override_settings

from guanxi.access.models import User
from guanxi.customers.models import Relation
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def results() -> Iterator[measure.Result]:
    """Yield the time of each page beside that of an empty one, for a dealer and for headquarters."""
    with override_settings(ROOT_URLCONF="empty"):
        for who in ("crm", "hq"):
            with db.scoped(SYSTEM):
                client = Client(headers={"host": "localhost"})
                client.force_login(User.objects.get(username=who), backend=BACKEND)
                one = Relation.objects.filter(outlet__code="YLHD001", category="OWNER").earliest("pk").customer_id

            def get(path: str, client: Client = client) -> None:
                answer = client.get(path)
                assert answer.status_code == 200

            for name, path in (("50 customers", "/customers/?size=50"), ("a customer", f"/customers/{one}/")):
                yield measure.compare(f"{name}, as {who} / an empty page", partial(get, path), partial(get, "/empty/"))
