"""`--accept`: what a fingerprint names, whose accepted.yaml takes it, and what is refused, nothing being written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.diff.accepting.command import accept_in_files, checked_reason
from generator.diff.commands import comparison, difference_report
from generator.diff.report.model import Report
from generator.document.problems import ProblemsFound
from tests.copies import PROVIDERS, copy_specs
from tests.diff.repositories import BROKEN, SPEC, commit, write_provider

REASON = "Nobody used it; announced."
CHANGED = SPEC.replace("size: {type: integer}", "size: {type: string}").replace("[one, two]", "[one, two, three]")


@pytest.fixture
def specs(repository: Path) -> Path:
    """The specs of a repository with a change that breaks callers, and one that deserves attention."""
    write_provider(repository / "specs/things", CHANGED)
    return repository / "specs"


def accept(*names: str, old: str = "HEAD", new: str = "specs") -> tuple[Report, list[str]]:
    return accept_in_files(comparison(old, new), names, REASON)


def refused(*names: str, old: str = "HEAD", new: str = "specs") -> list[str]:
    with pytest.raises(ProblemsFound) as found:
        accept(*names, old=old, new=new)
    return str(found.value).splitlines()


def written(specs: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text() for path in sorted(specs.glob("*/accepted.yaml"))}


def test_a_cause_is_accepted_by_its_fingerprint(specs: Path) -> None:
    report = difference_report("HEAD", "specs")
    (breaking,) = report.breaking
    (attention,) = report.attention
    new_report, lines = accept(breaking.fingerprint)
    comment = "schema Thing /size: integer -> text"
    entry = f"{{rule: {breaking.rule}, fingerprint: '{breaking.fingerprint}', reason: \"{REASON}\"}}"
    assert written(specs) == {"things": f"# {comment}\n- {entry}\n"}
    assert lines == [f"specs/things/accepted.yaml: accepts {breaking.rule} {breaking.fingerprint}: {comment}"]
    assert new_report.verdict == "1 thing to decide: nothing breaks, 1 deserves attention. 1 change accepted."
    assert difference_report("HEAD", "specs") == new_report
    last_report, _ = accept(attention.fingerprint[:4])
    assert written(specs)["things"].startswith(f"# {comment}\n- {entry}\n# schema Thing /status: ")
    assert (last_report.decisions, difference_report("HEAD", "specs")) == ((), last_report)


def test_several_are_accepted_at_once_each_once(specs: Path) -> None:
    causes = difference_report("HEAD", "specs").decisions
    fingerprints = [cause.fingerprint for cause in causes]
    report, lines = accept(*fingerprints, *(fingerprint[:6] for fingerprint in fingerprints))
    assert len(lines) == len(causes) == 2
    assert report.verdict == "Nothing new for callers. 2 changes accepted."


def test_a_part_of_a_cause_is_accepted_and_then_the_whole(specs: Path) -> None:
    (cause,) = difference_report("HEAD", "specs").breaking
    lead = cause.lead
    report, (line,) = accept(lead.fingerprint)
    assert f"accepts {lead.rule} {lead.fingerprint}: GET /things/{{id}} answer 200 /size: integer -> text" in line
    assert [c.fingerprint for c in report.breaking] == [cause.fingerprint]
    assert report.breaking[0].rule != cause.rule, "what leads is what is not accepted yet"
    report, _ = accept(cause.fingerprint)
    assert (report.breaking, difference_report("HEAD", "specs")) == ((), report)
    assert [warning.id for warning in report.warnings] == ["vendored-spec-changed"]


def test_an_entry_may_have_the_rule_of_any_part_of_the_cause(specs: Path) -> None:
    (cause,) = difference_report("HEAD", "specs").breaking
    for rule in sorted({change.rule for change in cause.changes}):
        entry = {"rule": rule, "fingerprint": cause.fingerprint, "reason": REASON}
        (specs / "things/accepted.yaml").write_text(json.dumps([entry]))
        report = difference_report("HEAD", "specs")
        assert report.breaking == ()
        assert [warning.id for warning in report.warnings] == ["vendored-spec-changed"]


# Whose file takes it


def test_the_provider_that_it_is_about_takes_it_and_the_first_what_all_share(work: Path) -> None:
    copy_specs(work / "specs")
    commit(work)
    for path, old, new in (
        ("specs/workflow-run.yaml", "x-resting: [", "x-resting: [pending, "),
        ("specs/dify/openapi.yaml", "- stopped", "- halted"),
        ("specs/juo/normalization.yaml", "completed: SUCCEEDED/success", "completed: FAILED/failure"),
    ):
        text = (work / path).read_text()
        assert old in text
        (work / path).write_text(text.replace(old, new))
    report = difference_report("HEAD", "specs")
    accepted, lines = accept(*(cause.fingerprint for cause in report.decisions))
    assert accepted.decisions == ()
    subjects = {line.partition("/accepted.yaml")[0]: line for line in lines}
    first = f"specs/{min(PROVIDERS)}"
    assert [*sorted(subjects)] == [first, "specs/dify", "specs/juo"]
    assert "RunStatus" in subjects[first]
    assert "juo status" in subjects["specs/juo"]
    assert difference_report("HEAD", "specs").decisions == ()


def test_a_provider_that_went_is_accepted_by_the_first_that_is_left(repository: Path) -> None:
    for name in ("b", "a"):
        write_provider(repository / "specs" / name)
    commit(repository)
    shutil.rmtree(repository / "specs/things")
    report, _ = accept(*(cause.fingerprint for cause in difference_report("HEAD", "specs").decisions))
    assert [*written(repository / "specs")] == ["a"]
    assert (report.decisions, difference_report("HEAD", "specs").decisions) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "file"),
    [
        ("HEAD", "specs/things", "specs/things/accepted.yaml"),
        ("HEAD:specs", "./specs/", "specs/things/accepted.yaml"),
        ("specs/things", "new.yaml", "specs/things/accepted.yaml"),
    ],
)
def test_every_way_to_name_a_provider_s_folder_will_do(old: str, new: str, file: str, specs: Path) -> None:
    (specs.parent / "new.yaml").write_text(SPEC)
    causes = difference_report(old, new).breaking
    _, (line, *_) = accept(*(cause.fingerprint for cause in causes), old=old, new=new)
    assert line.startswith(f"{file}: accepts ")
    assert difference_report(old, new).breaking == ()


# What is refused


def test_what_the_report_does_not_have_and_what_is_accepted_already_is_refused_and_nothing_written(specs: Path) -> None:
    breaking, attention = (cause.fingerprint for cause in difference_report("HEAD", "specs").decisions)
    accept(breaking)
    before = written(specs)
    hint = "    hint: name a fingerprint that the report prints, or at least four digits from its beginning"
    assert refused(attention, "0" * 12, "", "abc", breaking) == [
        "--accept: error[accept-again]: " + f"{breaking} is accepted already: {REASON}",
        "    hint: name only what has not been accepted yet",
        "--accept: error[accept-unknown]: the report has no ''",
        hint,
        "--accept: error[accept-unknown]: the report has no '000000000000'",
        hint,
        "--accept: error[accept-unknown]: the report has no 'abc'",
        hint,
    ]
    assert written(specs) == before


def test_a_beginning_that_several_have_is_refused(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    causes = difference_report("HEAD", "specs").decisions
    for cause, digits in zip(causes, ("abcd00000001", "abcd00000002"), strict=True):
        object.__setattr__(cause, "fingerprint", digits)
    compared = comparison("HEAD", "specs")
    same = type(compared)(compared.report, tuple(causes), compared.acceptances, compared.providers)
    with pytest.raises(ProblemsFound) as found:
        accept_in_files(same, ["abcd"], REASON)
    assert str(found.value).splitlines() == [
        "--accept: error[accept-ambiguous]: 'abcd' is the beginning of several fingerprints",
        "    hint: there are: abcd00000001, abcd00000002",
    ]
    assert written(specs) == {}


def test_a_revision_and_plain_files_take_nothing(specs: Path) -> None:
    cause, *_ = difference_report("specs", "HEAD").breaking
    assert refused(cause.fingerprint, old="specs", new="HEAD") == [
        "HEAD: error[accept-where]: nothing is written into a git revision",
        "    hint: name the folder in the working tree as NEW, such as specs, and commit its accepted.yaml",
    ]
    sides = {"old": "HEAD:specs/things/openapi.yaml", "new": "specs/things/openapi.yaml"}
    cause, *_ = difference_report(sides["old"], sides["new"]).breaking
    assert refused(cause.fingerprint, **sides) == [
        "specs/things/openapi.yaml: error[accept-where]: only providers have an accepted.yaml",
        "    hint: name a provider's folder, with openapi.yaml and provider.yaml: accepted.yaml stands beside them",
    ]


def test_a_file_that_cannot_be_extended_leaves_those_of_others_as_they_are(specs: Path) -> None:
    write_provider(specs / "a")
    commit(specs.parent)
    for name in ("a", "things"):
        write_provider(specs / name, SPEC.replace("size: {type: integer}", "size: {type: number}"))
    text = "- {rule: a, fingerprint: '0123456789ab', reason: r}\n...\n"
    (specs / "things/accepted.yaml").write_text(text)
    lines = refused(*(cause.fingerprint for cause in difference_report("HEAD", "specs").breaking))
    assert (
        lines[0] == "specs/things/accepted.yaml: error[accept-by-hand]: nothing can be appended to a file of this form"
    )
    assert written(specs) == {"things": text}


def test_what_can_be_read_is_accepted_beside_a_provider_that_cannot(specs: Path) -> None:
    write_provider(specs / "a", BROKEN)
    (cause,) = difference_report("HEAD", "specs").breaking
    report, _ = accept(cause.fingerprint)
    assert [*written(specs)] == ["things"]
    assert {problem.severity for problem in report.warnings} == {"error", "warning"}


def test_there_is_a_reason_and_something_that_it_is_the_reason_of() -> None:
    assert checked_reason(["a"], " It is meant.\n") == "It is meant."
    assert checked_reason(None, None) == ""
    for names, reason, message in (
        (["a"], None, "what is accepted needs a reason\n    hint: such as: announced in May"),
        (["a"], " ", "what is accepted needs a reason\n    hint: such as: announced in May"),
        ([], "r", "nothing is accepted for this reason\n    hint: name it: --accept CAUSE"),
    ):
        with pytest.raises(ProblemsFound) as found:
            checked_reason(names, reason)
        assert str(found.value) == f"--reason: error[accept-reason]: {message}"
