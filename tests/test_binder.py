"""What Binder builds from: the same dependencies, an accepted folder, a lesson that then opens."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from harness import Server, browser, find_chromium, run_all

TOP = Path(__file__).parents[1]
BINDER = TOP / "binder"


def test_requirements_are_the_packages_own():
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (BINDER / "requirements.txt").read_text("utf-8").splitlines()
    requirements = [line for line in lines if line and not line.startswith("#")]
    assert requirements == project["dependencies"]


def test_nothing_that_turns_repo2docker_elsewhere():
    """It reads only binder/ when that is there, and in it these files first."""
    others = ("environment.yml", "Dockerfile", "Pipfile", "setup.py", "default.nix", "install.R")
    assert [name for name in others if (BINDER / name).exists()] == []
    assert not (TOP / ".binder").exists()


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_scripts_are_strict_bash(name):
    script = (BINDER / name).read_text("utf-8")
    assert script.startswith("#!/bin/bash\n")
    assert "\nset -euo pipefail\n" in script
    assert "\r" not in script
    if sys.platform != "win32":
        assert os.access(BINDER / name, os.X_OK)


@pytest.mark.skipif(sys.platform == "win32", reason="a bash script")
def test_start_hands_over_to_the_command():
    command = [
        str(BINDER / "start"),
        sys.executable,
        "-c",
        "import sys; print(sys.argv[1:])",
        "a b",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['a b']"


def cpu_flags():
    try:
        return set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return set()


@pytest.mark.skipif(not {"avx2", "fma"} <= cpu_flags(), reason="a processor without these vectors")
def test_start_leaves_the_kernels_their_vectors():
    program = "from dlnotes.kernels.simd import LANES; print(LANES)"
    command = [str(BINDER / "start"), sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=TOP)
    assert done.stdout.strip() == "8"


def test_repo2docker_accepts_the_folder():
    pytest.importorskip("repo2docker", reason="repo2docker is not installed")
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(TOP)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    dockerfile = done.stdout + done.stderr
    assert re.search(r"pip install .*-r \"?binder/requirements\.txt", dockerfile)
    assert "RUN ./binder/postBuild" in dockerfile
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in dockerfile
    assert "environment.py-3.12" in dockerfile or "python=3.12" in dockerfile, dockerfile[:2000]


def base_versions():
    """What repo2docker's own base image brings, from its lock file, as pip names it."""
    conda = pytest.importorskip(
        "repo2docker.buildpacks.conda", reason="repo2docker is not installed"
    )
    major, minor = sys.version_info[:2]
    lock = Path(conda.__file__).with_name(f"environment.py-{major}.{minor}-linux-64.lock")
    wanted = ("jupyterlab", "ipykernel", "ipywidgets", "jupyter_server", "notebook")
    found = re.findall(r"/([a-z_]+)-([0-9.]+)-[^/]+\.conda", lock.read_text("utf-8"))
    versions = {name: version for name, version in found if name in wanted}
    assert len(versions) == len(wanted)
    return [f"{name}=={version}" for name, version in versions.items()]


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Binder is Linux")
def test_lesson_opens_in_what_binder_builds(tmp_path):
    """repo2docker's steps without Docker: base, requirements, postBuild, start, a lesson."""
    venv, home, repository = tmp_path / "venv", tmp_path / "home", tmp_path / "repository"
    home.mkdir()
    unwanted = shutil.ignore_patterns(".git", ".venv", "*_cache", "__pycache__", "dist", "build")
    shutil.copytree(TOP, repository, ignore=unwanted)
    kept = ("LANG", "PIP_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE", "https_proxy", "no_proxy")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(home), "PATH": f"{venv / 'bin'}:/usr/bin:/bin"}

    def run(*command):
        done = subprocess.run(
            command, cwd=repository, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    run(sys.executable, "-m", "venv", str(venv))
    install = (str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet")
    run(*install, *base_versions())
    run(*install, "-r", "binder/requirements.txt")
    warmed = run("binder/postBuild")
    assert "fonts" in warmed
    assert list((home / ".cache" / "dlnotes" / "kernels").glob("*/warm-*"))
    # The cache that was built is the one that is met.
    assert run("binder/start", "dlnotes", "warm", "--if-cold") == ""
    assert "broken" not in run("binder/start", "dlnotes", "doctor")
    lessons = sorted((repository / "notebooks").glob("0*.ipynb"))
    assert lessons
    run("binder/start", "jupyter", "execute", str(lessons[0]))
    if find_chromium():
        server = Server(
            repository / "notebooks", tmp_path / "served", python=str(venv / "bin" / "python")
        )
        try:
            with browser() as chromium:
                page = server.open(chromium, lessons[-1].name)
                run_all(page)
                assert page.faults == []
        finally:
            server.stop()
