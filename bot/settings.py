"""Every setting of Toward in one place, read from the environment (and a file `.env`, if there is one)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseSettings, Field, ValidationError, validator

from bot.errors import SettingsError
from bot.zones import is_zone, machine_zone

__all__ = ["PROJECT", "Settings", "load_settings"]

#: The folder of config.yml, domain.yml and data/.
PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What a person who runs Toward can choose. Names of the environment variables are in README.md."""

    telegram_token: str = Field(
        "", env="TELEGRAM_BOT_TOKEN", description="Token from @BotFather; Telegram is off without it"
    )
    telegram_base_url: str = Field(
        "https://api.telegram.org/bot", env="TELEGRAM_BASE_URL", description="For a Bot API server of one's own"
    )
    public_url: str = Field(
        "", env="PUBLIC_URL", description="https address of the web page for others; Telegram then calls there"
    )
    database_url: str = Field(
        "", env="DATABASE_URL", description="PostgreSQL address; SQLite in TOWARD_HOME without it"
    )
    home: Path = Field(PROJECT / "var", env="TOWARD_HOME", description="Folder of the SQLite file and the key file")
    key: str = Field("", env="TOWARD_KEY", description="Master key (32 bytes as base64); a key file is made without it")
    host: str = Field("127.0.0.1", env="TOWARD_HOST", description="Address that the web page is served on")
    port: int = Field(5005, env="TOWARD_PORT", ge=0, le=65535, description="Port that the web page is served on")
    rest: bool = Field(
        False, env="TOWARD_REST", description="Rasa's REST contract at /webhooks/rest/webhook, for trusted callers"
    )
    origins: str = Field(
        "", env="TOWARD_ORIGINS", description="Other web origins that may connect, separated by commas"
    )
    rate: int = Field(
        60,
        env="TOWARD_RATE",
        ge=0,
        description="Messages a minute that one conversation on the web may have; 0: no limit",
    )
    script: str = Field(
        "", env="TOWARD_SCRIPT", description="Name of a script with which every conversation begins (script mode)"
    )
    profile: str = Field(
        "", env="TOWARD_PROFILE", description="illinois: buttons only, no free text is understood; off without it"
    )
    try_page: str = Field(
        "here", env="TOWARD_TRY", description="Who may try scripts at /try: here (this machine only), everywhere, off"
    )
    country: str = Field(
        "", env="TOWARD_COUNTRY", description="Country (two letters) for helplines until a person names one"
    )
    zone: str = Field("", env="TOWARD_ZONE", description="Time zone (like Europe/Berlin) until a person's own is known")
    keep_days: int = Field(
        365,
        env="TOWARD_KEEP_DAYS",
        ge=2,
        le=36500,
        description="Days after somebody's last word (or note) until all that is kept of them is erased",
    )
    log_level: str = Field("INFO", env="TOWARD_LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR")

    class Config:
        """Where pydantic looks beside the environment."""

        env_file = PROJECT / ".env"
        env_file_encoding = "utf-8"
        case_sensitive = True
        extra = "forbid"

    @validator("public_url")
    def _reachable_url(cls, value: str, values: dict[str, Any]) -> str:
        # A Bot API server of one's own takes plain http, too.
        own_server = not values.get("telegram_base_url", "").startswith("https://api.telegram.org/")
        schemes = ("https://", "http://") if own_server else ("https://",)
        if value and not value.startswith(schemes):
            raise ValueError("must be an address that begins with https://")
        return value.rstrip("/")

    @validator("country")
    def _two_letters(cls, value: str) -> str:
        if value and (len(value) != 2 or not value.isalpha()):
            raise ValueError("must be a country code of two letters, like US or DE")
        return value.upper()

    @validator("profile")
    def _known_profile(cls, value: str) -> str:
        if value.lower() not in {"", "illinois"}:
            raise ValueError("must be illinois, or empty")
        return value.lower()

    @validator("zone")
    def _known_zone(cls, value: str) -> str:
        if value and not is_zone(value):
            raise ValueError("must be a name of the time zone database, like Europe/Berlin or America/New_York")
        return value

    @validator("try_page")
    def _known_callers(cls, value: str) -> str:
        if value.lower() not in {"here", "everywhere", "off"}:
            raise ValueError("must be here, everywhere or off")
        return value.lower()

    @validator("log_level")
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def house_zone(self) -> str:
        """The time zone of a person whose own isn't known: the one that was set, else the machine's."""
        return self.zone or machine_zone()

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        if not self.database_url:
            return f"sqlite:///{self.home / 'toward.db'}"
        # Hosting platforms still hand out the scheme that SQLAlchemy 1.4 dropped.
        return self.database_url.replace("postgres://", "postgresql://", 1)

    @property
    def allowed_origins(self) -> list[str]:
        """Web origins beside the page's own that may open a chat."""
        return [origin.strip() for origin in self.origins.split(",") if origin.strip()]


def load_settings(**given: Any) -> Settings:
    """Read the settings; `given` (by field name) wins over the environment.

    Raises:
        SettingsError: a value is out of its range; the message names the variable and says why.
    """
    names = {name: Settings.__fields__[name].field_info.extra["env"] for name in Settings.__fields__}
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [f"{names.get(str(part['loc'][0]), part['loc'][0])}: {part['msg']}" for part in error.errors()]
        raise SettingsError("A setting is wrong. " + "; ".join(lines) + ". README.md lists the settings.") from None
