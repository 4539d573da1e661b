"""The section "From other languages" of README.md, done as it says: installs the emulator, points the official client at
it, sees the binding in the console, places the call, sees it ring, and gets its receipts. Exits with 1 if the reader
would not see what the section promises.

The argument is the folder to install into. The registry is replaced by this checkout, and the port by a free one. Without
Chromium the console is not looked at; a line that begins with SKIPPED says so.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(file, heading):
    text = (ROOT / file).read_text(encoding="utf-8")
    section = text.split(f"{heading}\n", 1)[1].split("\n## ", 1)[0]
    return [code for _, code in BLOCK.findall(section)]


def main():
    folder = sys.argv[1]
    install_and_start, program, *shell = blocks("README.md", "### From other languages")[:5]
    (wait,) = blocks("docs/emulator.md", "## What each set-up does")
    install, start = install_and_start.strip().split("\n")

    assert install.startswith("cargo install privacy-number "), install
    install = install.replace(" privacy-number ", " --path . ") + f" --debug --locked --quiet --root {folder}"
    subprocess.run(install.split(), cwd=ROOT, check=True)

    start = start.replace("8700", "0").split() + ["--json"]
    start[0] = os.path.join(folder, "bin", start[0])
    server = subprocess.Popen(start, stdout=subprocess.PIPE, text=True)
    try:
        address = json.loads(server.stdout.readline())["aliyun"]
        port = address.rsplit(":", 1)[1]
        assert json.loads(run_shell(wait.replace("8700", port)))["status"] == "ok"
        tell(address, program.replace("8700", port), [block.replace("8700", port) for block in shell])
    finally:
        server.terminate()


def tell(address, program, shell):
    code, subs_id, number_x = output_of([sys.executable, "-B", "-c", program]).split()
    assert (code, number_x) == ("OK", "17000000001"), (code, number_x)
    seen = state(address)["bindings"]
    assert list(seen) == [subs_id] and seen[subs_id]["in_force"] is True, seen
    in_console(address, f'<tr data-key="{subs_id}"')

    call, receipts, controls = shell
    # The later blocks use the function of the first.
    post = call.split("\n", 1)[0] + "\n"
    (rings,) = json_values(run_shell(call))
    assert rings["rung"] == "15000000001" and rings["refused"] is None, rings
    in_console(address, f'data-key="{rings["call_id"]}" data-phase="ringing"')

    _, queues = json_values(run_shell(post + receipts))
    names = {name.rsplit("-", 1)[1] for name, messages in queues.items() if messages["visible"] == 1}
    assert {"SecretStartReport", "SecretRingReport", "SecretReport"} <= names, names

    run_shell(post + controls)
    assert state(address)["bindings"] == {}, "the reset leaves a binding"
    print(f"installed, bound {number_x}, rang at {rings['rung']}, receipts: {' '.join(sorted(names))}")


def in_console(address, shown):
    """The page as a browser has it after three seconds of its time."""
    browser = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    if browser is None:
        print("SKIPPED: the section of README.md was tested without a look at the console: there is no chromium")
        return
    page = output_of([browser, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={sys.argv[1]}/chromium",
                      "--virtual-time-budget=3000", "--timeout=20000", "--dump-dom", address + "/_emulator/console"], stderr=subprocess.DEVNULL)
    assert shown in page, f"the console does not show {shown}"


def run_shell(text):
    return output_of(["bash", "-ec", text.replace("curl ", "curl -sSf ")])


def output_of(command, **settings):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, timeout=120, **settings).stdout


def json_values(text):
    """The values that stand one after the other."""
    values, decoder = [], json.JSONDecoder()
    while text := text.strip():
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:]
    return values


def state(address):
    with urllib.request.urlopen(address + "/_emulator/state") as answer:
        return json.load(answer)


if __name__ == "__main__":
    main()
