#!/usr/bin/env python3
"""Checks docs/vectors/signing.json with nothing but Python's own library."""

import hashlib
import hmac
import json
import pathlib
import re
import sys
from datetime import datetime, timezone

WINDOW_SECONDS = 300
TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?", re.ASCII
)


def sign(api_secret, timestamp, method, target, body):
    """The value of X-Signature. `body` is the bytes that are sent."""
    message = f"{timestamp}\n{method}\n{target}\n".encode() + body
    return hmac.new(api_secret.encode(), message, hashlib.sha256).hexdigest()


def seconds(timestamp):
    """Since the epoch, or None. Without an offset it means UTC."""
    parts = TIMESTAMP.fullmatch(timestamp)
    if not parts:
        return None
    whole, fraction, offset = parts.groups()
    try:
        offset = "+00:00" if offset in (None, "Z") else offset
        moment = datetime.fromisoformat(whole + offset).astimezone(timezone.utc)
    except ValueError:
        return None
    return moment.timestamp() + float("0." + (fraction or "0"))


def outcome(vector):
    at = seconds(vector["timestamp"])
    if at is None or abs(at - seconds(vector["now"])) > WINDOW_SECONDS:
        return "timestamp"
    right = sign(
        vector["api_secret"],
        vector["timestamp"],
        vector["method"],
        vector["target"],
        vector["body"].encode(),
    )
    good = hmac.compare_digest(right, vector["signature"].lower())
    return "good" if good else "signature"


def main():
    file = pathlib.Path(__file__).resolve().parents[2] / "docs/vectors/signing.json"
    vectors = json.loads(file.read_text(encoding="utf-8"))["vectors"]
    wrong = [v["name"] for v in vectors if outcome(v) != v["outcome"]]
    print(f"python: {len(vectors) - len(wrong)} of {len(vectors)} signing vectors agree")
    for name in wrong:
        print(f"  not: {name}")
    return 1 if wrong or not vectors else 0


if __name__ == "__main__":
    sys.exit(main())
