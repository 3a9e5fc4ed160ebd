import pytest
from django.test import Client
pytestmark = pytest.mark.django_db
def test_x(cast):
    import time
    c = Client()
    r=c.post("/accounts/login/", {"login": "advisor", "password": "guanxi-demo-2026"})
    print(r.status_code, dict(c.session), time.time())
    r=c.get("/accounts/2fa/totp/activate/"); print(r.status_code, r.headers)
    print(dict(c.session))
    assert 0
