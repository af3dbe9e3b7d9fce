"""Turns a stored e-mail into what travels: addresses, headers, a plain and an HTML part."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from engine.documents.letters import HOME, one_line
from engine.errors import EngineError
from engine.model import Person
from engine.settings import Settings
from engine.store.mails import Mail

ADDRESS = re.compile(r"[!-~]+@[A-Za-z0-9.-]+", re.ASCII)
FORBIDDEN = frozenset('<>()[],;:"\\')


class AddressUnusable(EngineError):
    """No e-mail can be sent to this address."""

    code = "address"


def message(mail: Mail, to: Person, centre: str, settings: Settings) -> EmailMessage:
    """The e-mail as it is sent; a second attempt gives the same headers and so the same Message-ID.

    Args:
        centre: name of the centre, for the sender.

    Raises:
        AddressUnusable: when the person's address is none.
    """
    user, domain = _parts(to.email)
    own_user, own_domain = _parts(settings.sender)
    made = EmailMessage()
    made["From"] = Address(one_line(f"Bieg – {centre}" if centre else "Bieg"), own_user, own_domain)
    made["To"] = Address(one_line(to.name), user, domain)
    made["Subject"] = one_line(mail.subject)
    made["Date"] = format_datetime(mail.made_at)
    made["Message-ID"] = f"<{mail.message_id}@{own_domain}>"
    made["Content-Language"] = "pl"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer machine replies
    made["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    made.set_content(mail.text.replace(HOME, settings.address))
    made.add_alternative(mail.html.replace(HOME, settings.address), subtype="html")
    return made


def _parts(address: str) -> tuple[str, str]:
    if ADDRESS.fullmatch(address) is None or FORBIDDEN & set(address):
        raise AddressUnusable("Adres e-mail jest nieprawidłowy. Popraw go w danych osoby.")
    user, _, domain = address.rpartition("@")
    return user, domain
