"""Where the server may listen, and under which address people reach it there."""

from __future__ import annotations

import errno
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.core.management.base import CommandError
from django.http.request import validate_host

IPAddress = IPv4Address | IPv6Address


def host_address(text: str) -> IPAddress:
    try:
        return ip_address(text)
    except ValueError:
        raise CommandError(
            f"HOST has to be an IP address, such as 127.0.0.1 or 0.0.0.0, not “{text}”."
        ) from None


def number(name: str, text: str, *, most: int) -> int:
    """The number from 1 to `most` that a setting holds."""
    try:
        found = int(text)
    except ValueError:
        found = 0
    if not 1 <= found <= most:
        raise CommandError(f"{name} has to be a number from 1 to {most}, not “{text}”.")
    return found


def refuse_taken_port(host: IPAddress, port: int) -> None:
    """Servers would share the port, each with some of the requests: the kernel lets them."""
    family = socket.AF_INET if host.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family) as probe:
            # Connections that a stopped server left behind are not in the way, a server is.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((str(host), port))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            reason = f"Cannot listen on {host}, port {port}: {error.strerror}."
            raise CommandError(reason) from None
        other = port + 1 if port < 65535 else port - 1
        raise CommandError(
            f"Port {port} is taken: stop the other server, or choose a free one with "
            f"PORT={other} make run."
        ) from None


def url_of(host: IPAddress, port: int) -> str:
    """Where to point a browser. All addresses at once are no address to go to."""
    return f"http://{_open_name() if host.is_unspecified else _in_url(host)}:{port}"


def warning_for(host: IPAddress) -> str | None:
    """A sentence where the server listens to other machines and then refuses them all."""
    if _in_url(host) in settings.LOCAL_HOSTS or set(settings.ALLOWED_HOSTS) - settings.LOCAL_HOSTS:
        return None
    example = "quiz.example.com" if host.is_unspecified else _in_url(host)
    return (
        "Other machines are refused: set ALLOWED_HOSTS to the names by which they reach this one, "
        f"such as ALLOWED_HOSTS=localhost,{example}"
    )


def _in_url(host: IPAddress) -> str:
    return str(host) if host.version == 4 else f"[{host}]"


def _open_name() -> str:
    """A name of this machine under which requests are answered."""
    named = (name for name in settings.ALLOWED_HOSTS if name and name[0] not in ".*")
    is_local_open = validate_host("localhost", settings.ALLOWED_HOSTS)
    return "localhost" if is_local_open else next(named, "localhost")
