"""Where WeChat brings messages and events: no sign-in, the signature is the right."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Origin
from guanxi.messaging.channels.wechat import crypt, incoming
from guanxi.messaging.channels.wechat.crypt import Forged
from guanxi.messaging.services import wechat as services

DONE = "success"
MOST_APART = 600  # seconds between the clock of a signature and ours


@csrf_exempt
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponseBase:
    """Prove who we are, or take what is brought; whatever is not signed for this account is refused."""
    try:
        _check_signed(request)
        if request.method == "GET":
            return HttpResponse(request.GET.get("echostr", ""), content_type="text/plain")
        found = incoming.read(_opened(request))
    except Forged:
        return HttpResponse(status=400)
    origin = Origin(channel="wechat", ip=request.META.get("REMOTE_ADDR", ""))
    actor = replace(SYSTEM, name="WeChat", origin=origin)
    db.set_scope(actor)
    services.receive(actor=actor, incoming=found, at=clock.now())
    return HttpResponse(DONE, content_type="text/plain")


def _check_signed(request: HttpRequest) -> None:
    signed, stamp, nonce = (request.GET.get(name, "") for name in ("signature", "timestamp", "nonce"))
    if not settings.WECHAT_TOKEN or not stamp.isdecimal():
        raise Forged("signature")
    if abs(clock.now().timestamp() - int(stamp)) > MOST_APART:
        raise Forged("too old")
    crypt.check(signed, settings.WECHAT_TOKEN, stamp, nonce)


def _opened(request: HttpRequest) -> bytes:
    """Return the message of a request: sealed for this account if there is a key, else plain."""
    if not settings.WECHAT_AES_KEY:
        return request.body
    sealed = incoming.fields(request.body).get("Encrypt", "")
    names = ("timestamp", "nonce")
    crypt.check(
        request.GET.get("msg_signature", ""),
        settings.WECHAT_TOKEN,
        *(request.GET.get(name, "") for name in names),
        sealed,
    )
    return crypt.decrypt(settings.WECHAT_AES_KEY, settings.WECHAT_APP_ID, sealed)
