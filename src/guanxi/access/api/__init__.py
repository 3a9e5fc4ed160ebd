"""People and rights over the API: the same verbs as the pages, one module a family."""

from ninja import Router

from guanxi.access.api import credentials, own, people, rights

router = Router()
for family in (credentials, own, people, rights):
    router.add_router("", family.router)
