"""Every error the bridge raises on purpose.

BridgeError
├── LogError            a log file cannot be read at all (missing, unknown format)
│   └── LogEndedEarly   it stops before its end; everything before was read
├── BrokerError         a broker refused, is not there, or could not be started
│   ├── PortTaken       another program listens on the port we need
│   ├── AddressWrong    we cannot listen there: no address of this machine
│   └── NoDynamicSecurity  a broker lets nobody, or not us, manage its accounts over MQTT
├── PairingError        a pairing code is void, damaged, or of another version
├── SpoolError          a spool cannot be opened, or the disk did not take a record
│   └── SpoolInUse      another process has it
└── ContractError       a shipped contract file (rules, schema) is broken
"""

from __future__ import annotations


class BridgeError(Exception):
    """Root of the bridge's errors; the message says what to do next."""


class LogError(BridgeError):
    """A log file is missing, unreadable, or of no known format."""


class LogEndedEarly(LogError):
    """A log file stops before its end (cut off, damaged); what came before was read."""


class BrokerError(BridgeError):
    """A broker refused us, went away, or could not be started."""


class PortTaken(BrokerError):
    """Another program listens on the wanted port; the message names it."""


class AddressWrong(BrokerError):
    """The address to listen on is none of this machine's; the message names the setting."""


class NoDynamicSecurity(BrokerError):
    """A broker without mosquitto's dynamic-security plugin, or that does not let us use it."""


class PairingError(BridgeError):
    """A pairing code cannot be used; the message says why, and never repeats it."""


class SpoolError(BridgeError):
    """A spool cannot be opened, or the disk did not take a record: nothing was spooled."""


class SpoolInUse(SpoolError):
    """Another process has this spool; two writers would give one seq to two events."""


class ContractError(BridgeError):
    """A file of the contract that ships with the package is broken."""
