"""The section "From other languages" of README.md, done as it says: installs the emulator, points the official client at
it, sees the binding, places the call and gets its receipts. Exits with 1 if the reader would not see what the section promises.

The argument is the folder to install into. The registry is replaced by this checkout, and the port by a free one.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("### From other languages\n", 1)[1].split("\n## ", 1)[0]
    return BLOCK.findall(section)


def main():
    folder = sys.argv[1]
    (_, install_and_start), (_, program), (_, call), (_, controls) = blocks()[:4]
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
        tell(address, *(block.replace("8700", port) for block in (program, call, controls)))
    finally:
        server.terminate()


def tell(address, program, call, controls):
    code, subs_id, number_x = output_of([sys.executable, "-B", "-c", program]).split()
    assert (code, number_x) == ("OK", "17000000001"), (code, number_x)

    seen = state(address)["bindings"]
    assert list(seen) == [subs_id] and seen[subs_id]["in_force"] is True, seen

    rings, _, queues = json_values(output_of(["bash", "-ec", call.replace("curl ", "curl -sSf ")]))
    assert rings["rung"] == "15000000001" and rings["refused"] is None, rings
    receipts = {name.rsplit("-", 1)[1] for name, messages in queues.items() if messages["visible"] == 1}
    assert {"SecretStartReport", "SecretRingReport", "SecretReport"} <= receipts, receipts

    output_of(["bash", "-ec", controls.replace("curl ", "curl -sSf ")])
    assert state(address)["bindings"] == {}, "the reset leaves a binding"
    print(f"installed, bound {number_x}, seen in the state, rang at {rings['rung']}, receipts: {' '.join(sorted(receipts))}")


def output_of(command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


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
