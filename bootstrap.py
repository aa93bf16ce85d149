"""Make `.venv` ready from nothing but Python and a package index, and do nothing when it is ready.

    python3 bootstrap.py

`uv.lock` is the one list of versions and hashes: uv itself is installed by pip with the hashes that stand there, and
uv installs the rest. Runs before anything is installed, so only the standard library is used here, and the first
lines must be understood by any Python 3.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "strongroom-setup"
OLDEST, NEWEST = (3, 11), (3, 14)
BAD_INPUT = 2


def fail(message):  # noqa: ANN001, ANN201 - any Python 3 must get this far
    """Say what is missing, and end with the exit code for bad input."""
    sys.stderr.write(f"setup: {message}\n")
    raise SystemExit(BAD_INPUT)


def require_supported_python() -> None:
    """Go on with a supported interpreter from PATH when this one is not, or say what to install."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0:  # noqa: S603
            os.execv(found, [found, *sys.argv])  # noqa: S606 - the same script, under the Python it needs
    here = ".".join(str(part) for part in sys.version_info[:2])
    fail(
        f"Python 3.{OLDEST[1]} to 3.{NEWEST[1]} is needed, this is {here}; install one, or run: make PYTHON=/path/to/it"
    )


def fingerprint() -> str:
    """Changes when the lock, the project's own metadata or the interpreter changes."""
    digest = hashlib.sha256(f"{sys.version_info} {sys.executable}".encode())
    for name in ("uv.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def locked_uv() -> str:
    """The requirement line for uv, its version and hashes taken from the lock file."""
    import tomllib

    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    uv = next(package for package in packages if package["name"] == "uv")
    hashes = " ".join(f"--hash={wheel['hash']}" for wheel in uv["wheels"])
    return f"uv=={uv['version']} {hashes}\n"


def run(*command: str) -> None:
    """Run one step; its own output explains a failure best."""
    try:
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(VENV)})  # noqa: S603
    except subprocess.CalledProcessError as error:
        fail(f"this step failed with exit code {error.returncode}: {' '.join(command)}")


def install() -> None:
    """Create the environment, bring in uv by hash, and let it install exactly what the lock says."""
    python = VENV / "bin" / "python"
    if not python.exists():
        print(f"setup: creating {VENV.name} with Python {sys.version.split()[0]}", flush=True)
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "uv.txt")
        wanted.write_text(locked_uv(), encoding="utf-8")
        run(
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(wanted),
        )
    print("setup: installing what uv.lock lists; the first time takes about a minute", flush=True)
    # Byte code once, here: without it every run would read 3,000 files of pulumi_aws anew where writing it is off.
    run(str(VENV / "bin" / "uv"), "sync", "--quiet", "--frozen", "--compile-bytecode", "--python", str(python))


def main() -> None:
    """Set up once; afterwards only compare a fingerprint."""
    require_supported_python()
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    if STAMP.exists() and not (VENV / "bin" / "strongroom").exists():
        shutil.rmtree(VENV)
    install()
    STAMP.write_text(wanted, encoding="utf-8")
    print("setup: done; .venv/bin/strongroom is ready", flush=True)


if __name__ == "__main__":
    main()
