"""What status words usually mean: those that a provider does not document, and guesses. The only list of them."""

from __future__ import annotations

import re

USUAL = "usual"
"""What a mapping writes in place of a table of `inferred` words: all that is here."""

_BY_MEANING = {
    "PENDING": "PENDING QUEUED CREATED NEW SCHEDULED WAITING REQUESTED SUBMITTED ACCEPTED BLOCKED DEFERRED",
    "RUNNING": (
        "STARTED STARTING RUNNING IN_PROGRESS PROCESSING EXECUTING ACTIVE RETRYING RESTARTING CANCELLING CANCELING"
        " STOPPING TERMINATING ABORTING"
    ),
    "WAITING_FOR_INPUT": "WAITING_FOR_INPUT AWAITING_INPUT ACTION_REQUIRED",
    "SUSPENDED": "PAUSED SUSPENDED",
    "SUCCEEDED/success": "COMPLETED COMPLETE SUCCEEDED SUCCESS SUCCESSFUL DONE FINISHED NEUTRAL",
    "SUCCEEDED/partial": "PARTIAL PARTIALLY_SUCCEEDED PARTIAL_SUCCESS",
    "SUCCEEDED/skip": "SKIPPED",
    "FAILED/failure": "FAILED FAILURE",
    "FAILED/error": "ERROR ERRORED CRASHED",
    "FAILED/timeout": "TIMEOUT TIMED_OUT TIMEDOUT EXPIRED STALE",
    "CANCELLED/cancellation": "CANCELLED CANCELED ABORTED TERMINATED STOPPED",
    "UNKNOWN": "UNKNOWN UNSPECIFIED",
}
MEANINGS = {word: meaning for meaning, words in _BY_MEANING.items() for word in words.split()}
"""Words in capitals, with what they mean as status tables say it."""
INFERRED = {word: meaning for word, meaning in MEANINGS.items() if meaning != "UNKNOWN"}
"""Those that a table of inferred words can have."""

# In words that are made of several: the first that is in one counts.
_PARTS = (
    (
        r"(wait|await|need|requir|pend).*(input|interact|user|approv|human|action|answer|review|confirm)",
        "WAITING_FOR_INPUT",
    ),
    (r"retr(y|ie)|restart|resum", "RUNNING"),
    (r"cancell?ing|stopping|terminating|aborting", "RUNNING"),
    (r"upstream|concurren", "CANCELLED/skip"),
    (r"cancel|abort|terminat|stopp|kill", "CANCELLED/cancellation"),
    (r"time_?d?_?out|expire|deadline", "FAILED/timeout"),
    (r"no_action|skip|exclu|disabled|up_to_date|noop|no_op", "SUCCEEDED/skip"),
    (r"partial|with_(error|fail|warn|issue)", "SUCCEEDED/partial"),
    (r"crash|error|internal|fault|invalid|startup", "FAILED/error"),
    (r"fail|reject|denied|limit", "FAILED/failure"),
    (r"succe|complete|finish|done|passed|^ok$", "SUCCEEDED/success"),
    (r"pause|suspend|hold|frozen", "SUSPENDED"),
    (r"pend|queue|wait|schedul|creat|new|block|request|submit|defer|not_started|ready|idle|init", "PENDING"),
    (r"run|progress|process|execut|start|active|work", "RUNNING"),
)


def likely_meaning(word: str) -> str:
    """What a word probably means, as status tables say it; "" where nothing is likely."""
    spelled = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word.strip())
    spelled = re.sub(r"[^a-z0-9]+", "_", spelled.casefold()).strip("_")
    if meaning := MEANINGS.get(spelled.upper()):
        return meaning
    return next((meaning for pattern, meaning in _PARTS if re.search(pattern, spelled)), "")
