"""Typed settings, read once from the environment (`BIEG_…`)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """How this installation is set up. Paths are absolute or relative to the working folder."""

    model_config = SettingsConfigDict(env_prefix="BIEG_", frozen=True)

    data: Path = Path("data")
    database_url: str = ""
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    processes: int = Field(default=1, ge=1, le=64)  # that answer requests; a large centre takes one for each core
    tick_seconds: float = Field(default=2.0, gt=0)
    upload_limit: int = Field(default=10 * 1024 * 1024, gt=0)  # bytes of one attachment
    https: bool = False  # cookies only over TLS; switch on behind a proxy
    base_url: str = Field(
        default="", pattern=r"^$|^https?://\S+$"
    )  # where people open the system, for links in e-mails
    smtp_host: str = ""  # without it no e-mail is sent
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = Field(default="", pattern=r"^$|^[!-~]+@[!-~]+$")
    smtp_ca: Path | None = None  # certificate of the centre's own authority, when its mail server has one

    @property
    def url(self) -> str:
        """The database: what was set, else a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data / 'bieg.db').resolve()}"

    @property
    def attachments(self) -> Path:
        """Folder of the attached files."""
        return self.data / "attachments"

    @property
    def key_file(self) -> Path:
        """File with the key that seals answers; made on first use, readable by the owner only."""
        return self.data / "answers.key"

    @property
    def mails(self) -> bool:
        """True when e-mails are sent."""
        return bool(self.smtp_host)

    @property
    def sender(self) -> str:
        """The address from which e-mails come."""
        return self.smtp_from or "bieg@localhost"

    @property
    def address(self) -> str:
        """Where people open the system, without the last stroke."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")
