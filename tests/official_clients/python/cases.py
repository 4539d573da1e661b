"""Runs the cases of `cases.json`, which the clients of all languages share, through one client."""

import json
import pathlib
import re
import time
import urllib.request

import requests

CASES = json.loads((pathlib.Path(__file__).parent.parent / "cases.json").read_text(encoding="utf-8"))


def cases(shipped):
    """The cases with the operations that a client has: those that it lacks make a case none of its own."""
    return [case for case in CASES if all(step["call"] in shipped for step in case["steps"] if "call" in step)]


def run(case, gateway, info):
    known = start_values(info)
    take({"post": "/_emulator/reset"}, gateway, known)
    for step in case["steps"]:
        answer = take(step, gateway, known)
        for path, expected in step.get("expect", {}).items():
            found = at(answer, fill(path, known))
            assert agrees(found, fill(expected, known)), f"{name_of(step)}: {path} is {found!r}, not {expected!r}"
        for name, path in step.get("keep", {}).items():
            known[name] = at(answer, path)
            assert known[name] is not None, f"{name_of(step)}: the answer has no {path}"


def start_values(info):
    """The words that a case may use. All times are those of China."""
    now = time.time() + 8 * 3600
    unique = str(time.time_ns() // 1000)

    def clock(layout, seconds=0):
        return time.strftime(layout, time.gmtime(now + seconds))

    return {
        "pool": info["pool_key"],
        "queue": info["queues"]["SecretReport"],
        "base": info["aliyun"],
        "expiration": clock("%Y-%m-%d %H:%M:%S", 7 * 86400),
        "an_hour_ago": clock("%Y-%m-%d %H:%M:%S", -3600),
        "china_now": clock("%Y%m%d%H%M%S"),
        "china_now_ms": clock("%Y%m%d%H%M%S") + "000",
        "unique": unique,
        "digits": unique[-8:],
    }


def name_of(step):
    return next(str(step[kind]) for kind in ["call", "get", "post", "download", "upload"] if kind in step)


def take(step, gateway, known):
    parameters = fill(step.get("with", {}), known)
    if "call" in step:
        answer = gateway.call(step["call"], step.get("product", "Dyplsapi"), parameters)
        codes = step.get("code", ["OK"])
        refused = f"{step['call']}: {answer.get('Code')} {answer.get('Message')}"
        assert codes is None or str(answer.get("Code")) in codes, refused
        return answer
    if "get" in step or "post" in step:
        body = json.dumps(parameters).encode() if "post" in step else None
        request = urllib.request.Request(known["base"] + name_of(step), body, {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))
    if "download" in step:
        start = urllib.request.urlopen(fill(step["download"], known)).read(len(step["begins"]))
        assert start == step["begins"].encode(), f"the file begins with {start}"
        return None
    file = ("photo.jpg", step["file"].encode("latin-1"), "image/jpeg")
    uploaded = requests.post(fill(step["upload"], known), data=parameters, files={"file": file}, timeout=10)
    assert uploaded.status_code in (200, 201, 204), uploaded.text
    return None


def fill(value, known):
    """Puts in the words. A text that is nothing but a word becomes its value, with the type that it has."""
    if isinstance(value, dict):
        return {name: fill(member, known) for name, member in value.items()}
    if isinstance(value, list):
        return [fill(member, known) for member in value]
    if not isinstance(value, str):
        return value
    if re.fullmatch(r"\$\w+", value):
        return known[value[1:]]
    return re.sub(r"\$(\w+)", lambda word: str(known[word[1]]), value)


def at(value, path):
    for name in path.split("."):
        if isinstance(value, list):
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def agrees(found, expected):
    """A text agrees with a number of the same digits: clients give identifiers as either. `null` is for no value."""
    if expected is None or found is None:
        return found is expected
    if not isinstance(expected, dict):
        return found is expected if isinstance(expected, bool) else text(found) == text(expected)
    (rule, value), = expected.items()
    return {
        "begins": lambda: text(found) != "" and text(found).startswith(value),
        "has": lambda: text(value) in text(found).split(","),
        "at_least": lambda: int(found) >= value,
        "size": lambda: len(found) == value,
    }[rule]()


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)
