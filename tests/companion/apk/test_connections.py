"""Read out of the dex: the app holds one way out, the link to the paired broker."""

from __future__ import annotations

import re

import pytest

from tests.companion.apk.build_steps import built_apk, calls_in, said_by

MAY_OPEN_SOCKETS = ("org/eclipse/paho/", "veilleur/companion/core/link/")
SOCKETS = re.compile(
    r"Ljavax?/net/(?:ssl/SSL)?(?:Socket|DatagramSocket|MulticastSocket)(?:Factory)?;\.(?:<init>|connect|createSocket):"
    r"|Ljava/nio/channels/(?:Asynchronous)?(?:Socket|Datagram)Channel;\.open"
)
OTHER_WAYS_OUT = re.compile(
    r"Ljava/net/(?:URL;\.open(?:Connection|Stream)|(?:Jar|Http)URLConnection)|Ljavax/net/ssl/HttpsURLConnection"
    r"|Landroid/webkit/WebView|Landroid/app/DownloadManager|Landroid/media/MediaPlayer|Landroid/net/http/"
    r"|Lorg/apache/http/|Lokhttp3/|Landroid/bluetooth/|Landroid/telephony/SmsManager"
)


@pytest.fixture(scope="module")
def calls() -> list[tuple[str, str]]:
    """Give every call of the APK's code: the class that calls, and what it calls."""
    return list(calls_in(said_by("dexdump", "-d", built_apk())))


def test_only_the_link_and_paho_open_sockets(calls: list[tuple[str, str]]) -> None:
    opening = {caller for caller, called in calls if SOCKETS.search(called)}

    assert opening, "nothing opens a socket: this test no longer reads what dexdump prints"
    assert [caller for caller in opening if not caller.startswith(MAY_OPEN_SOCKETS)] == []


def test_nothing_else_of_android_reaches_out(calls: list[tuple[str, str]]) -> None:
    assert [call for call in calls if OTHER_WAYS_OUT.search(call[1])] == []
