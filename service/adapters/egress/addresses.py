"""What an address stands for, and the addresses nobody may ask us to call.

Source: domain model, reliability 3.7. `ipaddress` alone misleads: to it, NAT64 and 6to4 spellings of 127.0.0.1 are
global, and 100.64.0.0/10 is neither private nor global.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def _networks(*written: str) -> tuple[Network, ...]:
    return tuple(ip_network(each) for each in written)


LOOPBACK = _networks("127.0.0.0/8", "::1/128")

NEVER = _networks(
    "0.0.0.0/8",  # unspecified: Linux takes it for this machine
    "127.0.0.0/8",
    "169.254.0.0/16",  # link-local, and with it most clouds' metadata
    "100.100.100.200/32",  # metadata of Alibaba, inside shared space
    "168.63.129.16/32",  # the platform's own address in Azure, public by its number
    "192.0.0.192/32",  # metadata of Oracle
    "224.0.0.0/4",
    "240.0.0.0/4",  # reserved, and broadcast at its end
    "::/96",  # unspecified, loopback and the old IPv4-compatible spelling
    "64:ff9b:1::/48",  # local NAT64: where the IPv4 address stands in it is the network's own secret
    "2001::/32",  # Teredo: a tunnel to somebody unknown
    "fd00:ec2::/32",  # metadata of Amazon
    "fd20:ce::/32",  # metadata of Google
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
)
"""Refused even where a rule's network covers them."""

STANDS_FOR_IPV4 = _networks("::ffff:0:0/96", "64:ff9b::/96", "2002::/16")
"""IPv4-mapped, NAT64 and 6to4: judged by the IPv4 address inside."""

_NAT64 = IPv6Network("64:ff9b::/96")
_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC = _networks("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")
"""Not for the public, though some releases of `ipaddress` say so."""


def is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    """Whether one of the networks holds the address."""
    return any(address.version == each.version and address in each for each in networks)


def meant(address: Address) -> Address:
    """The address at the other end: the IPv4 address inside those IPv6 addresses that only carry one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_public(address: Address) -> bool:
    """Whether the address belongs to the public internet; 100.64.0.0/10 does not."""
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast and not is_in(address, _NOT_PUBLIC)


def plain_host(host: str) -> str:
    """A host as rules compare it: lower case, no dot at the end, no brackets, an address in its usual spelling."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return str(ip_address(name))
    except ValueError:
        return name


def is_address(host: str) -> bool:
    """Whether the host is written as an address."""
    try:
        ip_address(plain_host(host))
    except ValueError:
        return False
    return True


def is_odd_number(host: str) -> bool:
    """Whether a resolver would read the host as a number although it is not written as an address: 127.1, 0x7f.1."""
    last = plain_host(host).rpartition(".")[2]
    return (last.isdecimal() or last.startswith("0x")) and not is_address(host)
