"""Finds message ids in Django templates (those that allauth's pages use), for Babel."""

import io
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any, cast

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def django_template(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """Yield what Babel wants of one template, by way of Django's own reading of its tags."""
    text = templatize(file.read().decode("utf-8"))
    yield from extract_python(io.BytesIO(text.encode("utf-8")), keywords, comment_tags, cast("Any", dict(options)))
