"""Compares the table of clients in README.md with what the clients were answered; exits with 1 if they differ.

The arguments are README.md and the output of the checks, with its lines `ACTIONS 64 Node name signature 1.0`. A row "in
CI" of a language that was checked must have its line, and each line its row.
"""

import re
import sys

ROW = re.compile(r"^\| `([^`]+)` \| (\S+) \| (\S+) \| in CI \| (\d+) \|$", re.MULTILINE)
LINE = re.compile(r"^ACTIONS (\d+) (\S+) (\S+) signature (\S+)$", re.MULTILINE)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    rows = {(language, name, signature): int(count) for name, language, signature, count in ROW.findall(read(sys.argv[1]))}
    lines = {(language, name, signature): int(count) for count, language, name, signature in LINE.findall(read(sys.argv[2]))}
    languages = {language for language, _, _ in lines}
    wrong = 0
    for client in sorted(rows.keys() | lines.keys()):
        if client[0] in languages and rows.get(client) != lines.get(client):
            wrong += 1
            print(f"FAILED  {' '.join(client)}: {rows.get(client)} operations in README.md, {lines.get(client)} in this run")
    print(f"{len(lines)} clients, {wrong} rows of README.md differ")
    return 1 if wrong or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
