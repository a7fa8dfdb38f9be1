#!/usr/bin/env python3
"""Checks docs/vectors/signing.json and webhooks.json with nothing but Python's own library."""

import base64
import hashlib
import hmac
import json
import pathlib
import re
import sys
from datetime import datetime, timezone

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "docs/vectors"
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


def request_outcome(vector):
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


def webhook_signature(secret, webhook_id, timestamp, body):
    """One of those in webhook-signature. `body` is the bytes as received."""
    raw = secret.removeprefix("whsec_")
    key = raw.encode() if raw == secret else base64.b64decode(raw)
    message = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def webhook_outcome(vector):
    timestamp = vector["timestamp"]
    fresh = re.fullmatch("[0-9]{1,15}", timestamp)
    if not fresh or abs(int(timestamp) - vector["now"]) > WINDOW_SECONDS:
        return "timestamp"
    right = webhook_signature(
        vector["secret"], vector["id"], timestamp, vector["body"].encode()
    )
    sent = vector["signature"].split(" ")
    good = any(hmac.compare_digest(right.encode(), each.encode()) for each in sent)
    return "good" if good else "signature"


def check(name, outcome):
    """Whether all vectors of a file have their outcome, and there are some."""
    text = (VECTORS / f"{name}.json").read_text(encoding="utf-8")
    vectors = json.loads(text)["vectors"]
    wrong = [v["name"] for v in vectors if outcome(v) != v["outcome"]]
    print(f"python: {len(vectors) - len(wrong)} of {len(vectors)} {name} vectors agree")
    for each in wrong:
        print(f"  not: {each}")
    return bool(vectors) and not wrong


def main():
    good = [check("signing", request_outcome), check("webhooks", webhook_outcome)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
