"""`release-notes` and `bump` in a repository of providers: one release after the other."""

from __future__ import annotations

import json
import shutil
import tomllib

from generator.diff.commands import difference_report
from tests.diff.repositories import commit, git, write_provider
from tests.releasing.house import DIFY, THINGS, House

WIDER = ("[one, two]", "[one, two, three]")
RETYPED = ("size: {type: integer}", "size: {type: string}")
CORE = "workflow-client-core"
CORE_FILE = "templates/runtime/workflow_client_core/__init__.py"


def requirements(house: House, package: str) -> list[str]:
    project = tomllib.loads(house.text(f"generated/{package}/pyproject.toml"))["project"]
    extras = [text for texts in project["optional-dependencies"].values() for text in texts]
    return sorted({text for text in (*project["dependencies"], *extras) if text.startswith("workflow-client")})


def test_nothing_that_changes_is_nothing_that_is_released(house: House) -> None:
    assert house.notes().splitlines()[2:] == [
        "Nothing has changed in any package.",
        "",
        f"Without a new version: `{CORE}`, `{DIFY}`, `{THINGS}`, `workflow-runs`.",
    ]


def test_two_releases_in_a_row(house: House) -> None:
    house.publish("things", RETYPED, WIDER)
    unchanged = {path: data for path, data in house.contents().items() if path.startswith(f"generated/{DIFY}/")}
    assert house.bump() == [
        f"{THINGS}: 0.1.0 -> 0.2.0",
        "changed specs/versions.yaml",
        "changed specs/things/CHANGELOG.md",
        "The changelogs are drafts: edit them. Then run `make generate`, and commit all of it.",
    ]
    first = (
        "## 0.2.0 (2026-11-29)\n\n"
        "- **Breaking:** `Thing.size` is `str`, where it was `int`.\n"
        "- `ThingStatus.THREE` is new: code that handles every member has one more to handle.\n"
    )
    assert house.text("specs/things/CHANGELOG.md") == f"# Changelog of {THINGS}\n\n{first}"
    house.release("v2")
    assert house.text(f"generated/{THINGS}/CHANGELOG.md") == house.text("specs/things/CHANGELOG.md")
    assert {path: data for path, data in house.contents().items() if path in unchanged} == unchanged

    house.publish("things", ("operationId: getThing", "operationId: getThing\n      description: Get it."))
    with (house.folder / "specs/versions.yaml").open("a") as file:
        file.write("# Where our code is.\nurls: {Repository: https://code.example}\n")
    assert house.bump("v2")[:3] == [
        f"{CORE}: 0.1.0 -> 0.1.1",
        f"{DIFY}: 0.1.0 -> 0.1.1",
        f"{THINGS}: 0.2.0 -> 0.2.1",
    ]
    assert house.text("specs/things/CHANGELOG.md").startswith(f"# Changelog of {THINGS}\n\n## 0.2.1 (2026-11-29)\n\n- ")
    assert house.text("specs/things/CHANGELOG.md").endswith(f"\n\n{first}")
    assert "# Where our code is.\nurls: {Repository: https://code.example}\n" in house.text("specs/versions.yaml")
    house.release("v3")
    assert requirements(house, THINGS) == [f"{CORE}>=0.1.1,<0.2", f"{CORE}[otel]>=0.1.1,<0.2"]


def test_a_bump_cannot_be_repeated(house: House) -> None:
    house.publish("things", WIDER)
    house.bump()
    refusal = house.refusal()
    assert refusal.startswith(
        f"specs/versions.yaml: error[release-repeated]: {THINGS} has the version 0.1.1 already, while v1 has 0.1.0\n"
    )


def test_code_of_which_no_description_tells_is_for_a_person_to_decide(house: House) -> None:
    house.write(CORE_FILE, ('    "ABSENT",\n', ""))
    house.write("templates/runtime/workflow_client_core/_text.py", ("Which text can", "What text can"))
    commit(house.folder, "Take [ABSENT] out of what the core offers")
    house.bump()
    entries = "- **Breaking:** `ABSENT` has been removed.\n- Take \\[ABSENT\\] out of what the core offers\n"
    assert house.text("templates/runtime/CHANGELOG.md").endswith(f"## 0.2.0 (2026-11-29)\n\n{entries}")
    needed = f"- Works with `{CORE}` 0.2.0 and later, no longer with 0.1.0.\n"
    assert house.text("specs/things/CHANGELOG.md").endswith(f"## 0.2.0 (2026-11-29)\n\n{needed}")
    house.release("v2")
    assert requirements(house, "workflow-runs") == [
        *(f"{CORE}>=0.2.0,<0.3", f"{CORE}[otel]>=0.2.0,<0.3", f"{DIFY}>=0.2.0,<0.3"),
    ]

    house.write("templates/runtime/workflow_client_core/_text.py", ("What text can", "Which text can"))
    assert house.refusal("v2") == (
        f"bump: error[release-undecided]: the code of {CORE} has changed, and no description says what that means for "
        f"callers\n    hint: decide: `--patch {CORE}`, or `--minor` (it offers more), or `--major` (it breaks callers)"
    )
    assert house.bump("v2", minor=[CORE])[:2] == [
        f"{CORE}: 0.2.0 -> 0.2.1",
        "changed templates/runtime/CHANGELOG.md",
    ]
    assert "- Changed: `workflow_client_core/_text.py`.\n" in house.text("templates/runtime/CHANGELOG.md")
    house.release("v3")
    assert requirements(house, THINGS) == [f"{CORE}>=0.2.0,<0.3", f"{CORE}[otel]>=0.2.0,<0.3"]


def test_providers_come_and_go(house: House) -> None:
    write_provider(house.folder / "specs/others")
    shutil.rmtree(house.folder / "specs/things")
    notes = house.notes()
    assert "| `workflow-client-others` | new | begins with 0.1.0 |" in notes
    assert "Changes that are not committed yet are a part of this." in notes
    assert f"| `{THINGS}` | removed | ends with 0.1.0 |" in notes
    assert house.bump() == [
        "workflow-client-others: 0.1.0",
        f"{THINGS}: 0.1.0, removed",
        "changed specs/versions.yaml",
        "changed specs/others/CHANGELOG.md",
        "The changelogs are drafts: edit them. Then run `make generate`, and commit all of it.",
    ]
    assert "- The first version.\n" in house.text("specs/others/CHANGELOG.md")
    assert THINGS not in house.text("specs/versions.yaml")


def test_a_person_decides_what_is_stable(house: House) -> None:
    house.publish("things", RETYPED)
    assert house.refusal(to=["workflow-client-thing=1.0.0"]).splitlines() == [
        "--to: error[release-kind]: there is no package 'workflow-client-thing'",
        f"    hint: did you mean {THINGS} or {DIFY} or {CORE}?",
    ]
    assert house.refusal(minor=[THINGS], to=[f"{DIFY}=0.0.9", f"{THINGS}=0.1.0"]).splitlines() == [
        f"--minor: error[release-kind]: the next release of {THINGS} is at least major",
        "    hint: `release-notes` says why: name a larger kind, or none",
        f"--to: error[release-version]: the next version of {DIFY} is at least 0.1.1, not 0.0.9",
        f"--to: error[release-version]: the next version of {THINGS} is at least 0.1.1, not 0.1.0",
    ]
    assert house.bump(to=[f"{DIFY}=1.0.0", f"{THINGS}=1.0.0"])[:3] == [
        f"{DIFY}: 0.1.0 -> 1.0.0",
        f"{THINGS}: 0.1.0 -> 1.0.0",
        "workflow-runs: 0.1.0 -> 0.1.1",
    ]
    assert "- Nothing but the version.\n" in house.text("specs/dify/CHANGELOG.md")


def test_a_base_that_cannot_be_compared_is_for_a_person_to_decide(house: House) -> None:
    house.write("specs/things/provider.yaml", ("credentials:", "credential:"))
    commit(house.folder)
    git(house.folder, "tag", "v2")
    house.write("specs/things/provider.yaml", ("credential:", "credentials:"))
    house.publish("things", RETYPED)
    refusal = house.refusal("v2")
    assert refusal.splitlines()[0].startswith(
        f"bump: error[release-unread]: {THINGS} cannot be compared, as v2:specs or "
    )
    assert "v2:specs/things/provider.yaml:2: error[provider-shape]: unknown field 'credential'" in refusal
    assert house.bump("v2", major=[THINGS])[0] == f"{THINGS}: 0.1.0 -> 0.2.0"
    assert "- Changed, without a comparison: `" in house.text("specs/things/CHANGELOG.md")


def test_what_was_accepted_has_its_reason(house: House) -> None:
    house.publish("things", RETYPED)
    (cause, *_) = difference_report("v1:specs", "specs").breaking
    reason = "Announced in *May*."
    entry = {"rule": cause.rule, "fingerprint": cause.fingerprint, "reason": reason}
    (house.folder / "specs/things/accepted.yaml").write_text(json.dumps([entry]), "utf-8")
    accepted = "- **Breaking:** `Thing.size` is `str`, where it was `int`. Accepted: Announced in \\*May\\*."
    assert accepted in house.notes().splitlines()
