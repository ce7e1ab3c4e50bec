"""Are the reports readable by everyone? Each page in headless Chromium at two widths and as print, and axe-core.

    python -m benchmarks.report_checks RUN [RUN_B] [--pictures FOLDER]

Needs chromium and npm. Fails on: an axe-core finding of impact serious or critical, a message on the console, a page
wider than the screen, text of a plot that leaves it or lies on other text. Pictures are for people to look at.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from html import unescape
from pathlib import Path
from typing import Any

AXE = "axe-core@4.10.3"
WIDTHS = (1400, 400)
BROWSER = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
PROBE = """
<script>%(axe)s</script>
<script>
const messages = [];
addEventListener("error", event => messages.push(event.message));
addEventListener("load", async () => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  const plots = [];
  for (const svg of document.querySelectorAll("svg")) {
    const box = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
    for (const [words, own] of texts) {
      if (own.left < box.left - 2 || own.right > box.right + 2 || own.top < box.top - 3 || own.bottom > box.bottom + 3)
        plots.push("outside: " + words);
      for (const [other, its] of texts)
        if (words < other && own.right > its.left + 1 && its.right > own.left + 1 &&
            own.bottom > its.top + 5 && its.bottom > own.top + 5) plots.push("on each other: " + words + " / " + other);
    }
  }
  const wide = document.documentElement.scrollWidth - innerWidth;
  let found = [];
  try { found = (await axe.run()).violations; } catch (error) { messages.push(String(error)); }
  const result = document.createElement("pre");
  result.id = "probe-result";
  result.textContent = JSON.stringify({messages, wide, plots, width: innerWidth,
    axe: found.map(v => ({id: v.id, impact: v.impact, n: v.nodes.length, first: v.nodes[0].html.slice(0, 200)}))});
  document.body.replaceChildren(result);
});
</script>
"""


def fetch_axe(folder: Path) -> str:
    """The source of axe-core, from npm."""
    subprocess.run(["npm", "pack", "--silent", AXE], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("axe-core-*.tgz"))) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


def probe(page: Path, axe: str, width: int, folder: Path) -> dict[str, Any]:
    """What the browser says of a page at a width."""
    probed = folder / f"{page.stem}-{width}.html"
    script = PROBE % {"axe": axe.replace("</script>", "<\\/script>")}
    probed.write_text(page.read_text(encoding="utf-8").replace("</body>", script + "</body>"), encoding="utf-8")
    # Chromium's window is no narrower than 500 pixels, so the page is framed.
    frame = folder / f"{page.stem}-{width}-frame.html"
    frame.write_text(
        f'<!doctype html><iframe id="f" src="{probed.name}" style="width:{width}px;height:2000px;border:0"></iframe>'
        "<script>const wait = setInterval(() => {"
        'const found = document.getElementById("f").contentDocument?.getElementById("probe-result");'
        "if (found) { document.body.append(found); clearInterval(wait); } }, 100)</script>"
    )
    done = subprocess.run(
        [*BROWSER, "--allow-file-access-from-files", "--enable-logging=stderr", f"--window-size={max(width, 500)},2000",
         "--virtual-time-budget=60000", "--dump-dom", frame.as_uri()],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    opened = done.stdout.find('<pre id="probe-result">')
    if opened < 0:
        raise SystemExit(f"{page.name}: the browser gave no result: {done.stderr[-500:]}")
    text = done.stdout[opened + len('<pre id="probe-result">') : done.stdout.index("</pre>", opened)]
    result: dict[str, Any] = json.loads(unescape(text))
    result["messages"] += [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return result


def take_pictures(page: Path, folder: Path) -> None:
    """The page at every width as PNG, and printed as PDF."""
    for width in WIDTHS:
        frame = folder / f"{page.stem}-{width}.html"
        frame.write_text(
            '<!doctype html><body style="margin:0">'
            f'<iframe src="{page.resolve().as_uri()}" style="width:{width}px;height:5000px;border:0">'
        )
        target = folder / f"{page.stem}-{width}.png"
        subprocess.run(
            [*BROWSER, f"--window-size={max(width, 500)},5000", f"--screenshot={target}", frame.as_uri()],
            capture_output=True, timeout=300, check=True,
        )  # fmt: skip
        frame.unlink()
    printed = folder / f"{page.stem}.pdf"
    subprocess.run(
        [*BROWSER, f"--print-to-pdf={printed}", page.resolve().as_uri()], capture_output=True, timeout=300, check=True
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path, help="HTML pages, or run folders: their pages")
    parser.add_argument("--pictures", type=Path, help="folder for pictures and prints")
    options = parser.parse_args()
    for tool in ("chromium", "npm"):
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} is not installed.")
    pages = [page for given in options.pages for page in (sorted(given.glob("*.html")) if given.is_dir() else [given])]
    failed = False
    with tempfile.TemporaryDirectory() as name:
        axe = fetch_axe(Path(name))
        for page in pages:
            for width in WIDTHS:
                result = probe(page, axe, width, Path(name))
                serious = [each for each in result["axe"] if each["impact"] in {"serious", "critical"}]
                faults = [
                    *result["messages"],
                    *result["plots"],
                    *(f"{s['id']} ({s['n']}): {s['first']}" for s in serious),
                ]
                if result["wide"] > 0:
                    faults.append(f"{result['wide']} pixels wider than the screen")
                minor = len(result["axe"]) - len(serious)
                print(f"{page.name:<18} {width:>5} px  {'; '.join(faults) or 'nothing'} ({minor} minor)")
                failed = failed or bool(faults)
            if options.pictures:
                options.pictures.mkdir(parents=True, exist_ok=True)
                take_pictures(page, options.pictures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
