"""A real JupyterLab and a real Chromium, set up so that a test sees what a reader would see."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUIET = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {
        "windowingMode": "none",
        "autoStartDefaultKernel": True,
    },
}


def find_chromium() -> str | None:
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


class Server:
    """JupyterLab, or Notebook 7, on a free port, with every folder of its own under `home`."""

    def __init__(self, folder: Path, home: Path, *, app: str = "lab", python: str = sys.executable):
        self.folder, self.app, self.log = folder, app, home / "server.log"
        home.mkdir(parents=True, exist_ok=True)
        settings = home / "settings"
        for plugin, values in QUIET.items():
            path = settings / f"{plugin}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
        places = {
            "HOME": home,
            "IPYTHONDIR": home / "ipython",
            "JUPYTER_CONFIG_DIR": home / "config",
            "JUPYTER_DATA_DIR": home / "data",
            "JUPYTER_RUNTIME_DIR": home / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": settings,
            "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
            "DLNOTES_PROGRESS": home / "progress.json",
        }
        environment = os.environ | {name: str(path) for name, path in places.items()}
        module = {"lab": "jupyterlab", "notebook": "notebook"}[app]
        command = [python, "-m", module, "--no-browser", "--ServerApp.ip=127.0.0.1"]
        command += ["--ServerApp.port=0", "--IdentityProvider.token=read", "--allow-root"]
        command += ["--ServerApp.port_retries=50", "--LabApp.expose_app_in_browser=True"]
        command += ["--JupyterNotebookApp.expose_app_in_browser=True"]
        command += ["--LanguageServerManager.autodetect=False"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.url = self._wait(home / "runtime")

    def _wait(self, runtime: Path) -> str:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.process.poll() is None:
            for path in runtime.glob("jpserver-*.json"):
                try:
                    url = json.loads(path.read_text())["url"]
                    urllib.request.urlopen(f"{url}api/status?token=read", timeout=5).close()
                    return url
                except (OSError, ValueError):
                    pass
            time.sleep(0.2)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-3000:]}")

    def _blame(self, page: Page, error: Error) -> None:
        """Keep an error; Notebook 7 makes one of its own as it loads: there only ours count."""
        # A widget's code is loaded from a blob.
        if self.app == "lab" or "blob:" in (error.stack or ""):
            page.faults.append(str(error))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def open(
        self,
        browser: Browser,
        name: str,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
    ) -> Page:
        """The notebook in a fresh page, which collects its errors in `page.faults`."""
        page = browser.new_page(viewport={"width": width, "height": height})
        page.faults = []
        page.on("pageerror", lambda error: self._blame(page, error))
        page.on(
            "console",
            lambda message: page.faults.append(message.text) if message.type == "error" else None,
        )
        if dark:
            theme = (
                self.log.parent
                / "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
            )
            theme.parent.mkdir(parents=True, exist_ok=True)
            theme.write_text(json.dumps({"theme": "JupyterLab Dark"}))
        path = f"lab/tree/{name}?reset&" if self.app == "lab" else f"notebooks/{name}?"
        page.goto(f"{self.url}{path}token=read", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        if self.app == "lab" and page.is_visible("#jp-left-stack"):
            run(page, "application:toggle-left-area")
        return page


def run(page: Page, command: str) -> None:
    """Carry out one of JupyterLab's commands."""
    page.wait_for_function("() => window.jupyterapp")
    page.evaluate("command => void window.jupyterapp.commands.execute(command)", command)


def run_all(page: Page, timeout: float = 120) -> None:
    """Run every cell and wait until all have run and every explorer shows its picture."""
    page.wait_for_function(
        """() => {
            const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
            return context?.isReady && context.session?.kernel?.status === 'idle';
        }""",
        timeout=60_000,
    )
    run(page, "notebook:run-all-cells")
    cells = page.locator(".jp-CodeCell").count()
    page.wait_for_function(
        """cells => {
            const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
            const failed = document.querySelector(
                '[data-mime-type$="jupyter.error"], [data-mime-type$="jupyter.stderr"]');
            const ran = prompts.every(p => /^\\[\\d+\\]:?$/.test(p.textContent.trim()));
            return failed || (prompts.length >= cells && ran);
        }""",
        arg=cells,
        timeout=1000 * timeout,
    )
    failed = page.locator('[data-mime-type$="jupyter.error"], [data-mime-type$="jupyter.stderr"]')
    if failed.count():
        raise AssertionError(f"a cell failed:\n{failed.first.inner_text()}")
    explorers = page.locator(".dlnotes-explorer")
    explorers.first.wait_for(timeout=30_000)


def opened(
    server: Server, chromium: Browser, name: str, cells: list[str], *, height: int = 900
) -> Page:
    """A notebook of these cells, made, opened and run."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata.kernelspec = kernel
    nbformat.write(notebook, server.folder / f"{name}.ipynb")
    page = server.open(chromium, f"{name}.ipynb", height=height)
    run_all(page)
    return page


def picture_text(explorer: Locator) -> str:
    return explorer.locator(".dlnotes-picture").inner_html()


def says(explorer: Locator, text: str) -> None:
    """Wait until the sentence under the picture holds `text`."""
    explorer.locator(".dlnotes-says").filter(has_text=text).wait_for()
