"""Compares the table of clients in README.md with what the clients were answered; exits with 1 if they differ.

The arguments are README.md and the output of the checks, with its lines `ACTIONS 64 name signature 1.0`.
"""

import re
import sys

ROW = re.compile(r"^\| `([^`]+)` \| [^|]+ \| ([^|]+) \| in CI \| (\d+) \|$", re.MULTILINE)
LINE = re.compile(r"^ACTIONS (\d+) (\S+) signature (\S+)$", re.MULTILINE)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    rows = {(name, signature): int(count) for name, signature, count in ROW.findall(read(sys.argv[1]))}
    answered = {(name, signature): int(count) for count, name, signature in LINE.findall(read(sys.argv[2]))}
    wrong = {client: count for client, count in answered.items() if rows.get(client) != count}
    for client, count in wrong.items():
        print(f"FAILED  README.md says {rows.get(client)} operations for {' '.join(client)}, but it is {count}")
    print(f"{len(answered) - len(wrong)} rows of the table in README.md agree")
    return 1 if wrong or not answered else 0


if __name__ == "__main__":
    sys.exit(main())
