"""How products usually call what a field of WorkflowRun has: expressions for keys of places, the likeliest first.

In a key, names are in snake case, with dots between objects. Words in capitals stand for groups of usual words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORT = {
    "RUN": r"(?:(?:(?:workflow|flow|dag|job|pipeline|task)_)?run|(?:workflow_)?execution|(?:process_)?instance)",
    "META": r"(?:meta_?data\.)?",
    "STATUS": r"(?:status\.)?",
    "FLOW": r"(?:workflow|flow|dag|pipeline|playbook|scenario|automation|process|job)",
    "WHO": r"(?:creator|owner|user|actor|triggering_actor|initiator|author|requester)",
    "PART": r"(?:step|task|node|action|activity|element)(?!_run)",
    "WAIT": r"(?:pending|waiting|awaiting)[a-z_]*",
    "WHEN": r"(?:_at|_on|_time|_date|_timestamp|_ts)?(?:_ms|_millis|_seconds)?",
}
_RUN_AND_STEP = {
    "attempt": ["(?:RUN_)?attempt(?:_number|_count)?|try_number", "run_count|retry_count|retries|tries"],
    "created_at": [
        "META(?:created|creation|create)WHEN|date_created",
        "(?:queued|submitted|requested|enqueued|inserted|registered)WHEN",
    ],
    "started_at": ["STATUS(?:RUN_)?(?:started|start|began|begin)WHEN|date_started"],
    "updated_at": ["META(?:last_)?(?:updated|update|modified|changed)WHEN|date_updated|last_activityWHEN"],
    "finished_at": [
        "STATUS(?:RUN_)?(?:finished|ended|end|completed|completion|stopped|stop|finish|closed|close)WHEN|date_finished"
    ],
}
_RUN = {
    "id": ["id", "(?:RUN_)?(?:id|uuid|guid)", "RUN_key", "meta_?data\\.(?:id|uid|uuid)"],
    "workflow_id": [
        "(?:FLOW_)(?:definition_)?(?:id|uuid|key)",
        "(?:FLOW)\\.(?:id|uuid|key)",
        "(?:FLOW_)(?:definition_)?name",
    ],
    "workflow_version": [
        "(?:FLOW_)(?:definition_)?version(?:_id|_number)?|(?:FLOW)\\.version",
        "version(?:_id|_number)?",
        "(?:git|head|commit)_(?:sha|commit|hash)|commit|sha",
    ],
    "revision": ["RUN_version|revision|RUN_revision"],
    **_RUN_AND_STEP,
    "scheduled_at": [
        "scheduled(?:_start)?(?:_for)?WHEN|(?:expected|planned)_startWHEN",
        "(?:next_)?(?:scheduled_start|should_start|logical|execution|due|run_after|wait_till)WHEN",
    ],
    "elapsed": [
        "RUN_duration(?:_ms|_seconds)?|(?:total_)?run_time|total_run_time|elapsed(?:_time|_ms|_seconds|_s)?",
        "duration(?:_ms|_millis|_milliseconds|_s|_sec|_seconds)?|total_duration|runtime|took(?:_ms)?",
        "execution_duration(?:_ms|_seconds)?|(?:elapsed|execution)_(?:time|duration)(?:_ms|_seconds)?",
    ],
    "name": ["name|title|display_(?:name|title)", "RUN_(?:name|title)|label"],
    "url": ["html_url|web_url|RUN_page_url|RUN_url|ui_url|page_url|permalink", "url|href|link|uri"],
    "parent_id": [
        "parent_?(?:RUN_?)?id|parent_RUN_key",
        "parent_(?!PART)[a-z_]*(?:id|key)|parent(?!_PART)[a-z_]*\\.id|trigger(?:_info)?\\.(?:RUN_?)id",
    ],
    "tags": ["tags|tag_names", "labels|keywords"],
    "trigger.kind": [
        "trigger(?:_type|_kind)?|trigger\\.(?:type|kind|cause|cause_category)|triggered_by",
        "(?:RUN_type)|cause|event|event_name|mode|start_type|trigger_source",
        "(?:is_|auto_|was_)?(?:scheduled|manual)",
    ],
    "current_step": [
        "current_(?:step|state|node|task|activity|stage)(?:_name|_title)?",
        "(?:active|last)_step(?:_name)?",
    ],
    "error.message": [
        "error_?(?:message|text|msg)|error\\.(?:message|text|msg|detail|description)",
        "error|errors|failure_?(?:reason|message)|exception|error_details?",
    ],
    "error.code": ["error_?code|error\\.code", "error_?type|error\\.(?:type|name|kind)|failure_code|exit_code"],
    "message": [
        "(?:status|state)_message|status_text|message|(?:status|state)\\.(?:status_|state_)?message",
        "(?:.*\\.)?outcome\\.message|note|reason",
    ],
    "outcome_code": [
        "(?:.*\\.)?outcome\\.(?:type|code)|outcome(?:_code|_type)?",
        "(?:.*\\.)?termination_?(?:details\\.)?(?:code|type)|result_code|(?:status|state)[._](?:name|reason)",
    ],
    "pending.id": ["WAIT\\.(?:interaction_|request_|approval_|task_)?id"],
    "pending.step_id": ["WAIT\\.(?:step|node|task)_?id"],
    "pending.action": ["WAIT\\.(?:action|action_type|type|kind)"],
    "pending.config": ["WAIT\\.(?:action_config|config|form|schema|details)"],
    "pending.presented_at": ["WAIT\\.(?:presented|requested|created|asked|since)WHEN"],
    "pending.timeout": ["WAIT\\.timeout(?:_ms|_seconds|_s)?"],
    "usage.tokens": ["(?:usage\\.)?(?:total_)?tokens?(?:_used|_count)?"],
    "usage.steps": ["(?:usage\\.)?(?:total_steps|steps?_count|number_of_steps|steps_executed)"],
    "usage.credits": ["(?:usage\\.)?credits?(?:_used|_consumed|_spent)?", "cost"],
    "created_by": [
        "(?:created|started|triggered|initiated|requested|submitted|run|launched)_by(?:_user)?(?:_id|_email|_name)?",
        "(?:triggering_)?WHO(?:_user)?(?:_id|_email|_name)?|WHO\\.(?:login|username|user_name)|WHO_user_name",
        "WHO\\.(?:email|id|name)",
        "(?:created|started|triggered)_by\\.(?:id|email|name|login|display_value|type)",
    ],
    "inputs": [
        "inputs?|parameters|params|input_data",
        "conf|config|arguments|args|variables|payload|(?:overriding|job)_parameters",
    ],
    "outputs": ["outputs?|results?|output_data|return_value", "response|data"],
    "metadata": [
        "meta_?data|custom_(?:data|fields|metadata)",
        "annotations|attributes|properties|context|labels|user_data",
    ],
}
_STEP = {
    "id": ["id", "(?:step|task|node|job|action)_?(?:RUN_)?(?:id|uuid)", "index|number|position", "RUN_?(?:id|uuid)"],
    "name": ["name|title|display_name", "(?:step|task|node|job)_(?:name|title|key)|key|label"],
    "type": ["type|kind", "(?:step|task|node|job|action)_(?:type|kind)"],
    "parent_id": ["parent_(?:step_|task_|node_)?id"],
    **_RUN_AND_STEP,
    "input": ["inputs?", "parameters|params|arguments|args|payload|config"],
    "output": ["outputs?|results?", "response|data"],
    "error": ["error|error_?message|error\\.message", "failure_?reason|exception|status_message"],
}
PENDING_RESPONSES = re.compile(
    r"(?:pending|waiting|awaiting)[a-z_]*\.[a-z_]*(?:responses|options|answers|choices|actions)"
)
STEPS = re.compile(r"(?:[a-z_]*_)?(?:steps|tasks|jobs|nodes|activities|stages|actions|task_runs|run_steps|children)")
NAMES_OF_ITEMS = ("name", "label", "title", "key", "value", "tag")
"""Where an item of a list has the text that tells it from others."""
CERTAIN = {"id", "workflow_id", "created_at", "started_at", "updated_at", "finished_at"}
"""The fields that a place of the same name, outside of other objects, certainly fills, if its type does."""
TRIGGERS = {
    "event": "event|webhook|push|pull|asset|dataset|file|message|signal|trigger|arrival|git",
    "manual": "manual|hand|user|ui|web|cli|interactive|one_time",
    "schedule": "schedul|cron|timer|timetable|periodic|recurring|backfill|interval",
    "retry": "retry|retried|rerun|repair|resume|restart",
    "api": "api|rest|sdk|program|submit|dispatch|run_job|external|parent|flow|integrated",
    "other": "error|internal|other|unknown",
}
"""What is in words for what starts runs, by words of TriggerKind; the first that is in one counts."""


def _compiled(table: Mapping[str, list[str]]) -> dict[str, list[re.Pattern[str]]]:
    names = re.compile("|".join(_SHORT))
    return {
        target: [re.compile(names.sub(lambda match: _SHORT[match[0]], pattern)) for pattern in patterns]
        for target, patterns in table.items()
    }


OF_RUNS = _compiled(_RUN)
OF_STEPS = _compiled(_STEP)


def trigger_kind(word: str) -> str:
    """The word of TriggerKind that a word probably means; "" where none is likely."""
    return next((kind for kind, pattern in TRIGGERS.items() if re.search(pattern, word.lower())), "")
