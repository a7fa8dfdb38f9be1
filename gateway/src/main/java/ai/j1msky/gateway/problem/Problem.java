package ai.j1msky.gateway.problem;

/// Every error a client can see: its HTTP status and a sentence that says what to do next.
public enum Problem {
    MALFORMED(400, "The request is malformed."),
    BODY_INVALID(400, "The request body is not valid."),
    KEY_REFUSED(
            401,
            "The API key is missing or not recognised. Send it as 'Authorization: Bearer KEY'."),
    SIGNATURE_MISSING(
            401,
            "This API key takes signed requests only. Send X-Timestamp and X-Signature; the API secret that came with"
                    + " the key makes them."),
    TIMESTAMP_REFUSED(
            401,
            "X-Timestamp must be one ISO 8601 time within 300 seconds of now. Check the clock and sign the request"
                    + " anew."),
    SIGNATURE_REFUSED(
            401,
            "The signature does not belong to this request. X-Signature must be the hex HMAC-SHA256, by this key's"
                    + " API secret, of timestamp, method, path with query, and the body as sent, joined by line"
                    + " feeds."),
    SIGNATURE_REPLAYED(
            401,
            "The signature was replayed: each is good for one request. Sign the request anew, with the time of now."),
    SCOPE_MISSING(
            403, "This API key may not do this. Use a key with the scope that the message names."),
    NOT_WHITELISTED(403, "IP not whitelisted"),
    ADDRESS_BLOCKED(403, "IP blocked"),
    NOT_FOUND(404, "There is nothing here. Check the path and the id."),
    METHOD_NOT_ALLOWED(
            405, "This path does not take that method; the Allow header lists those it takes."),
    REQUEST_TIMEOUT(408, "The request did not arrive in time. Send it again."),
    ALREADY_ENDED(409, "The agent has already ended; it can no longer be cancelled."),
    IDEMPOTENCY_CONFLICT(
            409,
            "This Idempotency-Key was used with another request. Use a new key for a new request."),
    IDEMPOTENCY_IN_FLIGHT(
            409,
            "A request with this Idempotency-Key is still in flight. Send it again in a moment."),
    KEY_SHOWN_ONCE(
            409,
            "A request with this Idempotency-Key has made a key already, and its text was shown once. Rotate the key"
                    + " that the message names, or use a new Idempotency-Key."),
    KEY_ENDED(
            409, "The API key was revoked or has expired; it cannot be rotated. Create a new one."),
    KEY_CHANGED(
            409,
            "Another request changed this API key at the same moment, and this one did nothing. List the keys, and"
                    + " repeat it if it is still wanted."),
    NOT_ENDED(
            409,
            "The agent has not ended, and it needs its data until then. Wait for its end or cancel it first."),
    TOO_MANY_WEBHOOKS(
            409, "The account has as many webhooks as it may have. Delete one, or change one."),
    WEBHOOK_DISABLED(
            409,
            "The webhook is disabled (GET /api/webhooks/{webhook_id} says why). Enable it first: PUT"
                    + " /api/webhooks/{webhook_id}."),
    BODY_TOO_LARGE(413, "The request body is larger than 1 MiB. Send less."),
    URI_TOO_LONG(414, "The request line is too long. Shorten the path and the query."),
    MEDIA_TYPE_REFUSED(
            415, "The body must be JSON in UTF-8. Send 'Content-Type: application/json'."),
    HEADERS_TOO_LARGE(431, "The request headers are too large. Send fewer or shorter headers."),
    RATE_LIMITED(429, "Rate limit exceeded. Wait as many seconds as retry_after says."),
    ADDRESS_LIMITED(
            429,
            "Rate limit exceeded for this IP address. Wait as many seconds as retry_after says."),
    COST_LIMITED(
            429,
            "Cost limit exceeded: this API key would spend more within an hour than it may. Wait as many seconds as"
                    + " retry_after says."),
    DAILY_BUDGET(
            429,
            "The account's daily budget has no room for this agent: what was charged today and what is held leave less"
                    + " than its estimated cost (GET /api/billing/budget). Wait as many seconds as retry_after says,"
                    + " or raise the budget."),
    MONTHLY_BUDGET(
            429,
            "The account's monthly budget has no room for this agent: what was charged this month and what is held leave less"
                    + " than its estimated cost (GET /api/billing/budget). Wait as many seconds as retry_after says,"
                    + " or raise the budget."),
    KEY_DAILY_BUDGET(
            429,
            "The API key's daily budget has no room for this agent: what was charged today and what is held leave less"
                    + " than its estimated cost (GET /api/billing/budget). Wait as many seconds as retry_after says,"
                    + " or raise the budget."),
    KEY_MONTHLY_BUDGET(
            429,
            "The API key's monthly budget has no room for this agent: what was charged this month and what is held leave less"
                    + " than its estimated cost (GET /api/billing/budget). Wait as many seconds as retry_after says,"
                    + " or raise the budget."),
    KEY_BLOCKED(
            429,
            "This API key is blocked for a while: it was used in an unusual way. Wait as many seconds as retry_after"
                    + " says, or use another key."),
    TOO_MANY_AGENTS(
            429, "This API key has too many agents at once. Wait until one ends or cancel one."),
    INTERNAL(500, "Something went wrong on our side. Retry; if it stays, quote the request id."),
    VERSION_REFUSED(505, "This server speaks HTTP/1.1. Send the request in that version."),
    STORE_UNAVAILABLE(
            503, "The service cannot read its state at the moment. Nothing was done; retry."),
    LOG_UNAVAILABLE(503, "The service cannot take work at the moment. Nothing was done; retry."),
    TEXTS_UNAVAILABLE(
            503, "The service cannot read the agent's task or result at the moment. Retry."),
    BODIES_FULL(
            503, "The service reads as many large requests as it can. Nothing was done; retry."),
    AUDIT_UNAVAILABLE(
            503,
            "Changes are refused while the audit log cannot be written. Nothing was done; retry."),
    AUDIT_UNREADABLE(503, "The audit log cannot be read at the moment. Retry."),
    AUDIT_VERIFYING(
            503, "The audit log is still being verified. Ask again in a moment for the result."),
    AUDIT_OUTCOME_UNKNOWN(
            503, "The audit configuration may have been changed. Read it, and repeat the request."),
    LEDGER_UNREADABLE(503, "The ledger cannot be read at the moment. Retry."),
    LEDGER_RECONCILING(
            503, "The ledger is still being reconciled. Ask again in a moment for the result."),
    DELIVERIES_UNREADABLE(503, "The deliveries cannot be read at the moment. Retry."),
    ERASING(
            503,
            "The data are still being deleted. Repeat the request in a moment for the receipt."),
    ERASURE_UNKNOWN(503, "The data may have been deleted, in part or wholly. Repeat the request."),
    EXPORT_UNREADABLE(503, "What is kept cannot be read at the moment. Retry."),
    DOWNLOADS_FULL(503, "The service sends as many downloads as it can. Retry when one has ended."),
    STARTING(503, "The service is starting. Retry in a moment."),
    OUTCOME_UNKNOWN(
            503,
            "The request may have been accepted. Ask for the agent by its id, or repeat the request with the"
                    + " same Idempotency-Key."),
    KEY_OUTCOME_UNKNOWN(
            503,
            "The key may have been created, rotated or revoked. List the keys; rotate or revoke one whose text you"
                    + " never saw, and repeat what was not done."),
    WEBHOOK_OUTCOME_UNKNOWN(
            503,
            "The webhook may have been created, changed or deleted. List the webhooks, and repeat what was not"
                    + " done."),
    POLICY_OUTCOME_UNKNOWN(
            503, "The change may have been made. Read the rules, and repeat what was not done.");

    private final int status;
    private final String sentence;

    Problem(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    public int status() {
        return status;
    }

    public String sentence() {
        return sentence;
    }

    /// Whether a budget has no room for an agent.
    public boolean isOfBudget() {
        return switch (this) {
            case DAILY_BUDGET, MONTHLY_BUDGET, KEY_DAILY_BUDGET, KEY_MONTHLY_BUDGET -> true;
            default -> false;
        };
    }

    /// The problem that a bare status stands for, where Netty or Spring produce one.
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> KEY_REFUSED;
            case 403 -> SCOPE_MISSING;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> BODY_TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> MEDIA_TYPE_REFUSED;
            case 431 -> HEADERS_TOO_LARGE;
            case 505 -> VERSION_REFUSED;
            default -> status >= 400 && status < 500 ? MALFORMED : INTERNAL;
        };
    }
}
