"""Makes the missing ones of the passwords docker-compose.yml reads: ``python3 deploy/make_secrets.py [FOLDER]``.

The folder is closed to others; the files in it are not, as each container reads them under an account of its own.
"""

import secrets
import sys
from pathlib import Path

NAMES = ("secret_key", "postgres_password", "owner_password", "app_password", "redis_password")


def make(folder: Path) -> list[str]:
    """Write the missing ones; their names."""
    folder.mkdir(mode=0o700, exist_ok=True)
    missing = [name for name in NAMES if not (folder / name).exists()]
    for name in missing:
        (folder / name).write_text(secrets.token_urlsafe(48), encoding="ascii")
        (folder / name).chmod(0o444)
    return missing


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "secrets"
    print("made:", ", ".join(make(target)) or "none, all were there")
