"""What a file really is, and under which name it is kept."""

import pytest

from guanxi.records import policy

PNG, JPEG, WEBP, PDF = b"\x89PNG\r\n\x1a\n..", b"\xff\xd8\xff\xe0..", b"RIFF\x10\0\0\0WEBPVP8 ", b"%PDF-1.7"


@pytest.mark.parametrize(
    ("content", "name"),
    [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp"), (PDF, "application/pdf")],
)
def test_a_file_is_known_by_its_content(content, name):
    assert policy.media_of(content).name == name


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90", b"<html>%PDF-", b"RIFF\x10\0\0\0WAVEfmt ", b"GIF89a", b"<svg xmlns='x'/>", b"PK\x03\x04", PNG[:7]],
)
def test_nothing_else_is_taken_in(content):
    assert policy.media_of(content) is None


@pytest.mark.parametrize(
    ("given", "content", "kept"),
    [
        ("刹车片.JPG", JPEG, "刹车片.JPG"), ("C:\\photos\\a.png", PNG, "a.png"), ("../../etc/passwd", PDF, "passwd.pdf"),
        ("page.html", PDF, "page.html.pdf"), ("photo.jpg", PNG, "photo.jpg.png"), ("", WEBP, "file.webp"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "aSet-Cookie: x.pdf"), ("\u202egpj.exe", JPEG, "gpj.exe.jpg"),
        ("长" * 200 + ".pdf", PDF, "长" * 116 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_says_what_the_file_is(given, content, kept):
    assert policy.clean_name(given, policy.media_of(content)) == kept
