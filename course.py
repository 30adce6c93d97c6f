"""Set up the course and start it. Needs Python 3.11 or newer and nothing else.

    python3 course.py              set up if needed, then open JupyterLab (Windows: py course.py)
    python3 course.py test         run all tests
    python3 course.py --help       the other commands

The packages go into the folder .venv beside this file; nothing else on the computer is changed.
The first start needs a network, later ones do not. With `uv` on PATH the packages come faster;
COURSE_NO_UV=1 uses pip all the same.
"""

# Up to the version check this file must also be readable by Python 2 and early 3, so that an old
# Python says what is wrong instead of reporting a SyntaxError. Hence .format() and no type hints.
from __future__ import print_function

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "The course needs Python 3.11 or newer, this is {}.{}.{}. Install a newer one from "
        "https://www.python.org/downloads/ and start course.py with it, for example: "
        "python3.13 course.py".format(*sys.version_info[:3])
    )

import difflib
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MADE_FOR = VENV / ".course"  # written before the environment is made: it is ours, and for whom
LOG = VENV / "install.log"
START = ROOT / "notebooks" / "00_start_here.ipynb"
FREE_BYTES_NEEDED = 700 * 10**6
NEWEST_KNOWN = (3, 15)  # the first Python that the pinned packages were not made for
NETWORK_HELP = (
    "the packages could not be fetched: no connection to the package index. Check the network; "
    "behind a proxy set HTTPS_PROXY. Then run the same command again. (Details: {log})"
)


class Stop(Exception):
    """The command cannot go on; the message is the one line the learner needs."""


class InstallFailed(Stop):
    """venv, pip or uv ended with an error."""


def main(arguments):
    """Run one command and return its exit code."""
    try:
        return choose(arguments)
    except Stop as stop:
        print("course.py: {}".format(stop), file=sys.stderr)
    except OSError as error:
        print("course.py: {}".format(explain_os_error(error)), file=sys.stderr)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    return 1


def choose(arguments):
    """Find the command that ``arguments`` name and run it."""
    name = arguments[0] if arguments else ""
    if name in ("--help", "-h", "help"):
        print(usage())
        return 0
    if name.startswith("-") or not name:
        return open_lab(arguments)
    if name in COMMANDS:
        return COMMANDS[name][0](arguments[1:])
    if name in COURSE_COMMANDS:
        return run_course(arguments)
    close = difflib.get_close_matches(name, list(COMMANDS) + list(COURSE_COMMANDS), n=1)
    meant = " Did you mean: python3 course.py {}?".format(close[0]) if close else ""
    raise Stop("unknown command {!r}.{} All commands: python3 course.py --help".format(name, meant))


# --- the commands ---------------------------------------------------------------------------------


def open_lab(arguments):
    """No command: JupyterLab on the first chapter. Unknown arguments go to JupyterLab."""
    prepare()
    print("Starting JupyterLab. Stop it with Ctrl-C in this window.", flush=True)
    lab = [str(PYTHON), "-m", "jupyterlab"]
    if START.exists():
        lab.append(str(START))
    lab.append("--ServerApp.root_dir={}".format(ROOT))
    # Works without a network.
    lab += ["--LabApp.news_url=None"]
    lab += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; Jupyter refuses otherwise
        lab.append("--allow-root")
    return hand_over(lab + arguments)


def set_up(arguments):
    """Only set up."""
    prepare()
    print("Ready. Start with: python3 course.py")
    return 0


def get_data(arguments):
    """Download the full MNIST set, 11 MB."""
    prepare()
    return hand_over([str(PYTHON), "-m", "minitf.keras.datasets"])


def run_course(arguments):
    """Hand a command such as ``grade 02`` to the course package."""
    prepare()
    os.environ["MINITF_COMMAND"] = "course.py"  # for its usage lines
    return hand_over([str(PYTHON), "-m", "minitf.course"] + arguments)


def check_sources(arguments):
    """For contributors: linter, types, and whether chapters and notebooks agree."""
    prepare(group="lint")
    failed = False
    for step in (["ruff", "check", "."], ["mypy"], ["minitf.course", "build", "--check"]):
        print("--- " + " ".join(step), flush=True)
        command = [str(PYTHON), "-m"] + step
        failed = subprocess.call(command, cwd=str(ROOT), env=environment()) != 0 or failed
    return 1 if failed else 0


def run_tests(arguments):
    """Run all tests, or only pytest with the given arguments."""
    prepare(group="test")
    return hand_over([str(PYTHON), str(ROOT / "tools" / "run_tests.py")] + arguments)


COMMANDS = {
    "test": (run_tests, "run all tests; with arguments, only pytest with these"),
    "setup": (set_up, "only set up"),
    "data": (get_data, "download all 70,000 MNIST digits (11 MB); 5,000 are included"),
    "check": (check_sources, "for contributors: linter, types, notebooks in step with chapters/"),
}
COURSE_COMMANDS = {
    "grade": "run your exercises and score them (grade 02: one chapter; --class FOLDER: a class)",
    "progress": "what is done, what comes next",
    "hint": "the next hint for an exercise",
    "reset": "give a notebook back as shipped; your copy is kept",
    "doctor": "is this installation in order?",
    "build": "for authors: write the notebooks from chapters/",
}


def usage():
    """The text of ``--help``."""
    lines = ["python3 course.py [arguments of JupyterLab]", "    set up if needed, open JupyterLab"]
    described = {name: text for name, (_, text) in COMMANDS.items()} | COURSE_COMMANDS
    for name, text in described.items():
        lines += ["python3 course.py {}".format(name), "    {}".format(text)]
    lines.append("On Windows write py instead of python3.")
    return "\n".join(lines)


# --- the environment ------------------------------------------------------------------------------


def prepare(group=None):
    """Make .venv complete; a second start finds its stamp and does nothing.

    ``group`` names a list of pyproject.toml's [dependency-groups] that is needed as well. A stamp
    is written last. So an interrupted install, a moved folder, another Python or new pins all lead
    to a new install by themselves.
    """
    try:
        prepare_once(group)
    except InstallFailed:
        if not use_uv():
            raise
        # uv does not read pip's settings for a proxy or a company's package index.
        print("  uv did not manage; trying again with pip.")
        os.environ["COURSE_NO_UV"] = "1"
        prepare_once(group)


def prepare_once(group):
    """One attempt of ``prepare``, with uv or with pip."""
    if not is_ready(VENV / ".ready", []):
        make_environment()
        install(["-r", str(ROOT / "requirements.txt")], "packages")
        write_path_file()
        write_lab_settings()
        write_stamp(VENV / ".ready", [])
    if group:
        packages = group_packages(group)
        stamp = VENV / ".ready-{}".format(group)
        if not is_ready(stamp, packages):
            install(packages, "packages for {}: {}".format(group, ", ".join(packages)))
            write_stamp(stamp, packages)


def is_ready(stamp, packages):
    """True if ``stamp`` was written for exactly these pins, this Python and this folder."""
    wanted = fingerprint(packages)
    return PYTHON.exists() and stamp.is_file() and stamp.read_text() == wanted


def write_stamp(stamp, packages):
    """Record that everything is installed."""
    stamp.write_text(fingerprint(packages))


def fingerprint(packages):
    """SHA-256 of all the things that, when they change, need a new install."""
    digest = hashlib.sha256(made_for().encode())
    for name in ("requirements.txt", "constraints.txt"):
        digest.update(read_own_file(name))
    digest.update("\n".join(packages).encode())
    return digest.hexdigest()


def made_for():
    """The Python and the folder an environment belongs to; its scripts hold the folder's path."""
    return "Python {}.{}\n{}\n".format(sys.version_info[0], sys.version_info[1], ROOT)


def group_packages(group):
    """The pinned packages of one of pyproject.toml's [dependency-groups]."""
    return tomllib.loads(read_own_file("pyproject.toml").decode())["dependency-groups"][group]


def read_own_file(name):
    """A file of the course's own, which must be there."""
    if not (ROOT / name).is_file():
        cure = "The course is incomplete: clone or unpack it again."
        raise Stop("{} is missing from {}. {}".format(name, ROOT, cure))
    return (ROOT / name).read_bytes()


def make_environment():
    """Make .venv, or keep one that works. Only an environment that we made is ever deleted."""
    ours = MADE_FOR.is_file()
    if ours and not (MADE_FOR.read_text() == made_for() and works(PYTHON)):
        print("A new folder, a new Python or an interrupted set-up: making .venv anew.")
        shutil.rmtree(VENV)
    elif not ours and VENV.exists() and not works(PYTHON):
        raise Stop(
            "{} does not work with this Python, and course.py did not make it. "
            "Rename or delete it, then run this again.".format(VENV)
        )
    if works(PYTHON):
        return
    free = shutil.disk_usage(ROOT).free
    if free < FREE_BYTES_NEEDED:
        sizes = (FREE_BYTES_NEEDED // 10**6, free // 10**6, ROOT)
        raise Stop(
            "the disk is too full: setting up needs {} MB, {} MB are free in {}.".format(*sizes)
        )
    print("First start: about 110 packages, 430 MB on disk, 1-3 minutes, into {}".format(VENV))
    VENV.mkdir(exist_ok=True)
    MADE_FOR.write_text(made_for())
    base = getattr(sys, "_base_executable", None) or sys.executable
    if use_uv():
        command = ["uv", "venv", "--seed", "--allow-existing", "--python", base, str(VENV)]
    else:
        command = [base, "-m", "venv", str(VENV)]
    run_quietly(command, "Python environment")


def works(python):
    """True if ``python`` runs, has pip, and is the version that started this file."""
    question = "import pip, sys; print(sys.version_info[:2] == {})".format(sys.version_info[:2])
    try:
        result = subprocess.run([str(python), "-c", question], capture_output=True, text=True)
    except OSError:
        return False
    return result.stdout.strip() == "True"


def use_uv():
    """Whether `uv` does the installing."""
    return shutil.which("uv") is not None and not os.environ.get("COURSE_NO_UV")


def install(packages, what):
    """Install ``packages`` into .venv, everything pinned by constraints.txt."""
    if use_uv():
        command = ["uv", "pip", "install", "--python", str(PYTHON)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    run_quietly(command + ["-c", str(ROOT / "constraints.txt")] + packages, what)


def write_path_file():
    """Make `import minitf` work from every folder.

    A .pth file does what an editable install does, without a build tool and without a network.
    """
    question = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([str(PYTHON), "-c", question], text=True).strip())
    # A relative path: Python reads .pth files in the system's encoding, and .. is the same in all.
    (packages / "minitf_course.pth").write_text(os.path.relpath(ROOT, packages) + "\n")


def write_lab_settings():
    """No pop-up about Jupyter's news over the first notebook."""
    folder = VENV / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    notification = {"fetchNews": "false", "checkForUpdates": False}
    settings = {"@jupyterlab/apputils-extension:notification": notification}
    (folder / "overrides.json").write_text(json.dumps(settings, indent=1) + "\n")


def run_quietly(command, what):
    """Run one step of the installation; its output goes to a log and is shown only on failure."""
    started = time.monotonic()
    clock = sys.stdout.isatty()
    print("  {} ...".format(what), end="\n" if not clock else "", flush=True)
    with open(LOG, "w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT)
        try:
            while process.poll() is None:
                time.sleep(0.1)
                if clock:
                    seconds = int(time.monotonic() - started)
                    print("\r  {} ... {} s ".format(what, seconds), end="", flush=True)
        finally:
            if process.poll() is None:  # Ctrl-C
                process.kill()
                process.wait()
        if clock:
            print()
        log.seek(0)
        if process.returncode:
            raise InstallFailed(explain_failure(log.read()))


# --- what can go wrong ----------------------------------------------------------------------------

NO_NETWORK = (
    r"NewConnectionError|ConnectionError|ProxyError|SSLError|ConnectTimeout|ReadTimeout|timed out|"
    r"Temporary failure in name resolution|Failed to fetch|error sending request|dns error|"
    r"\(from versions: none\)|ResolutionImpossible|Network is unreachable|Connection refused"
)
FAILURES = [
    (
        r"ensurepip|No module named '?venv",
        "this Python comes without venv. On Debian or Ubuntu run: sudo apt install python3-venv "
        "(for a Python of its own version: python{version}-venv). Then run this again.",
    ),
    (
        r"No space left on device|os error 28|Errno 28",
        "the disk is full: about 700 MB are needed in {root}. Free some space and run this again.",
    ),
    (
        r"Permission denied|Errno 13|Read-only file system",
        "cannot write to {root}. Copy the course into a folder of your own and start it there.",
    ),
    (NO_NETWORK, NETWORK_HELP),
]


def explain_failure(output):
    """Turn the output of venv, pip or uv into one line that names cause and fix."""
    for pattern, message in FAILURES:
        if re.search(pattern, output):
            version = "{}.{}".format(*sys.version_info[:2])
            return message.format(root=ROOT, log=LOG, version=version)
    tail = "\n".join(output.strip().splitlines()[-12:])
    known = (
        " (the packages are made for Python up to 3.14)" if sys.version_info >= NEWEST_KNOWN else ""
    )
    return "the installation failed{}. The last lines of {}:\n{}".format(known, LOG, tail)


def explain_os_error(error):
    """One line for a full disk, a folder that cannot be written to, and the like."""
    if error.errno == errno.ENOSPC:
        return FAILURES[1][1].format(root=ROOT)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "{} ({})".format(FAILURES[2][1].format(root=ROOT), error)
    return str(error)


# --- running things inside the environment --------------------------------------------------------


def environment():
    """The environment variables of everything we start."""
    variables = dict(os.environ)
    # A kernel finds graphviz-pure's `dot` only if the environment's programs are on PATH.
    variables["PATH"] = str(PYTHON.parent) + os.pathsep + variables.get("PATH", "")
    variables["VIRTUAL_ENV"] = str(VENV)
    for name in ("PYTHONHOME", "PYTHONPATH"):  # another project's packages must not shadow ours
        variables.pop(name, None)
    return variables


def hand_over(command):
    """Run ``command`` in place of this program, so that Ctrl-C and exit code are its own."""
    sys.stdout.flush()
    if os.name == "posix":
        os.chdir(ROOT)
        os.execve(command[0], command, environment())
    process = subprocess.Popen(command, cwd=ROOT, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # it has seen the same Ctrl-C and decides what to do
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
