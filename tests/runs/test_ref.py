"""References: their text and JSON forms, and which untrusted texts are refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from workflow_runs import InvalidRef, RunRef, UnknownProvider, normalize
from workflow_runs._refs.parts import reference_to
from workflow_runs._text import percent_encoded

from tests.runs.promises import REFS

BASE = "https://dify.example.com/v1"

TEXTS = {
    "dify:5b1f": RunRef("dify", "5b1f"),
    "dify:a.b_c~d-e": RunRef("dify", "a.b_c~d-e"),
    "juo:5b1f": RunRef("juo", "5b1f"),
    "juo:5b1f?tenant=shop": RunRef("juo", "5b1f", {"tenant": "shop"}),
    "copyai:WCFG-1/WRUN-2": RunRef("copyai", "WRUN-2", {"workflow_id": "WCFG-1"}),
    "dify:5b1f?base_url=https%3A%2F%2Fdify.example.com%2Fv1": RunRef("dify", "5b1f", base_url=BASE),
    "juo:r?tenant=a%26b%3Dc&base_url=http%3A%2F%2F127.0.0.1%3A80": RunRef(
        "juo", "r", {"tenant": "a&b=c"}, "http://127.0.0.1:80"
    ),
    "dify:..%2Fadmin%3Fx%3D1%23y": RunRef("dify", "../admin?x=1#y"),
    "copyai:a%2Fb/%2F": RunRef("copyai", "/", {"workflow_id": "a/b"}),
    "dify:%C3%A9%20%25%2B%3A%40": RunRef("dify", "é %+:@"),
    "dify:%F0%9F%98%80": RunRef("dify", "\U0001f600"),
}


@pytest.mark.parametrize(("text", "ref"), TEXTS.items())
def test_the_text_form_goes_both_ways(text: str, ref: RunRef) -> None:
    assert RunRef.parse(text) == ref
    assert str(ref) == text


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("dify:%35%62%31%66", "dify:5b1f"),
        ("dify:%c3%a9", "dify:%C3%A9"),
        ("dify:a:b@c!$'()*,;", "dify:a%3Ab%40c%21%24%27%28%29%2A%2C%3B"),
        ("dify:manual__2026-01-02T03:04:05+00:00", "dify:manual__2026-01-02T03%3A04%3A05%2B00%3A00"),
        (f"dify:r?base_url={BASE}", f"dify:r?base_url={quote(BASE, safe='')}"),
        ("juo:r?base_url=https://juo.example&tenant=t", "juo:r?tenant=t&base_url=https%3A%2F%2Fjuo.example"),
    ],
)
def test_other_spellings_of_the_same_reference(text: str, ref: str) -> None:
    assert str(RunRef.parse(text)) == ref


MALFORMED = {
    "": "'' is not a reference: it should begin with a provider's name, like dify:5b1f",
    "5b1f": "'5b1f' is not a reference: it should begin with a provider's name, like dify:5b1f",
    ":5b1f": "it should begin with a provider's name",
    "Dify:5b1f": "it should begin with a provider's name",
    " dify:5b1f": "it should begin with a provider's name",
    "dify\n:5b1f": "it should begin with a provider's name",
    "https://dify.ai/5b1f": f"there is no provider 'https'; there are: {', '.join(sorted(REFS))}",
    "dify:": "'dify:' is not a reference: run_id is empty",
    "dify:?base_url=https://x": "run_id is empty",
    "dify:a/b": "'dify:a/b' is not a reference: it has 2 of 1 parts before any `?`; expected dify:{run_id}",
    "dify:/": "it has 2 of 1 parts before any `?`",
    "copyai:a": "it has 1 of 2 parts before any `?`; expected copyai:{workflow_id}/{run_id}",
    "copyai:a/": "run_id is empty",
    "copyai:/a": "workflow_id is empty",
    "copyai:a/b/": "it has 3 of 2 parts",
    "juo:a?": "there is no part '' after the `?`; expected juo:{run_id}?tenant={tenant}",
    "juo:a?tenant": "tenant is empty",
    "dify:x?account=": "'dify:x?...' is not a reference: account is empty",
    "juo:a?tenant=": "tenant is empty",
    "juo:a?tenant=b&": "there is no part '' after the `?`",
    "juo:a?tenant=b&tenant=b": "tenant stands twice; expected juo:{run_id}?tenant={tenant}",
    "juo:a?tenent=b": "there is no part 'tenent' after the `?`",
    "juo:a?run_id=b": "there is no part 'run_id' after the `?`",
    "juo:a?Tenant=b": "there is no part 'Tenant' after the `?`",
    "juo:a?t%65nant=b": "there is no part 't%65nant' after the `?`",
    "juo:a?tenant=b?c": "tenant holds '?', which is written percent-encoded, as %3F",
    "juo:a?tenant=b=c": "tenant holds '=', which is written percent-encoded",
    "juo:a?tenant=b;tenant=c": "tenant holds '=', which",
    "dify:a?base_url=https://x&base_url=https://x": "base_url stands twice",
    "dify:a#b": "run_id holds '#', which is written percent-encoded, as %23",
    "dify:a b": "run_id holds ' ', which is written percent-encoded, as %20",
    "juo:a?tenant=b+c": "tenant holds '+', which is written percent-encoded, as %2B",
    "dify:a\\b": "run_id holds '\\\\', which is written percent-encoded",
    "dify:a\n": "run_id holds '\\n', which is written percent-encoded",
    "dify:é": "run_id holds 'é', which is written percent-encoded, as %C3%A9",
    "dify:\ud800": "run_id holds '\\ud800', which is written percent-encoded",
    "dify:a%": "run_id holds '%', which is written percent-encoded",
    "dify:a%2": "run_id holds '%', which is written percent-encoded",
    "dify:a%zz": "run_id holds '%', which is written percent-encoded",
    "dify:%u0041": "run_id holds '%', which is written percent-encoded",
    "dify:%ff": "run_id is not UTF-8 once it is percent-decoded",
    "dify:%c0%af": "run_id is not UTF-8 once it is percent-decoded",
    "dify:%ed%a0%80": "run_id is not UTF-8 once it is percent-decoded",
    "dify:%00": "run_id of a reference holds '\\x00', which no identifier has",
    "dify:a%0d%0aHost:%20evil": "run_id of a reference holds '\\r', which no identifier has",
    "dify:%C2%85": "run_id of a reference holds '\\x85', which no identifier has",
    "dify:%E2%80%A8": "run_id of a reference holds '\\u2028', which no identifier has",
    "dify:.": "run_id of a reference cannot be '.'",
    "copyai:../a": "workflow_id of a reference cannot be '..'",
    "copyai:%2E%2e/a": "workflow_id of a reference cannot be '..'",
    "dify:a?base_url=dify.example.com": "base_url of a reference is not an absolute http or https URL",
}


@pytest.mark.parametrize(("text", "message"), MALFORMED.items())
def test_what_is_not_a_reference(text: str, message: str) -> None:
    with pytest.raises((InvalidRef, UnknownProvider), match=re.escape(message)):
        RunRef.parse(text)


def test_a_reference_that_is_not_text() -> None:
    with pytest.raises(InvalidRef, match="a reference must be a RunRef or a str, not NoneType"):
        RunRef.parse(None)  # type: ignore[arg-type]
    with pytest.raises(InvalidRef, match="a reference must be a RunRef or a str, not bytes"):
        normalize("dify", b"{}", ref=b"dify:1")  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "is empty"),
        ("dify.example.com", "is not an absolute http or https URL"),
        ("//dify.example.com", "is not an absolute http or https URL"),
        ("/v1", "is not an absolute http or https URL"),
        ("ftp://dify.example.com", "is not an absolute http or https URL"),
        ("file:///etc/passwd", "is not an absolute http or https URL"),
        ("javascript:alert(1)", "is not an absolute http or https URL"),
        ("https://", "is not an absolute http or https URL"),
        ("https:///v1", "is not an absolute http or https URL"),
        ("https://x:0", "is not an absolute http or https URL"),
        ("https://x:65536", "is not a URL"),
        ("https://x:y", "is not a URL"),
        ("https://[::1", "is not a URL"),
        ("https://user@x", "must not hold a user name or password"),
        ("https://user:hunter2@x", "must not hold a user name or password"),
        ("https://@x", "must not hold a user name or password"),
        ("https://x?key=hunter2", "must not have a query or a fragment"),
        ("https://x?", "must not have a query or a fragment"),
        ("https://x#hunter2", "must not have a query or a fragment"),
        ("https://x/a b", "holds a character that a URL cannot have"),
        ("https://x\\@evil.example", "holds a character that a URL cannot have"),
        ("https://bücher.example", "holds a character that a URL cannot have"),
        ("https://x/\n", "holds '\\n', which no identifier has"),
        (b"https://x", "must be text, not bytes"),
    ],
)
def test_an_address_that_no_reference_can_have(url: Any, problem: str) -> None:
    with pytest.raises(InvalidRef, match=re.escape(f"base_url of a reference {problem}")) as caught:
        RunRef("dify", "r", base_url=url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Dify", "r"), "'Dify' cannot be the name of a provider"),
        (("", "r"), "'' cannot be the name of a provider"),
        (("dify\n", "r"), "'dify\\n' cannot be the name of a provider"),
        ((None, "r"), "NoneType cannot be the name of a provider"),
        (("dify", ""), "run_id of a reference is empty"),
        (("dify", None), "run_id of a reference must be text, not NoneType"),
        (("dify", 7), "run_id of a reference must be text, not int"),
        (("dify", "\ud83d"), "run_id of a reference holds '\\ud83d', which no identifier has"),
        (("dify", "r\x7f"), "run_id of a reference holds '\\x7f', which no identifier has"),
        (("dify", "r" * 1001), "run_id of a reference is longer than 1000 characters"),
        (("juo", "r", {"tenant": ""}), "tenant of a reference is empty"),
        (("juo", "r", {"tenant": None}), "tenant of a reference must be text, not NoneType"),
        (("juo", "r", {"tenant": "a\nb"}), "tenant of a reference holds '\\n', which no identifier has"),
        (("juo", "r", {"Tenant": "a"}), "'Tenant' cannot be the name of a part"),
        (("juo", "r", {"run_id": "a"}), "'run_id' cannot be the name of a part"),
        (("juo", "r", {"base_url": "https://x"}), "'base_url' cannot be the name of a part"),
        (("juo", "r", {"account": "a"}), "'account' cannot be the name of a part"),
        (("juo", "r", {1: "a"}), "int cannot be the name of a part"),
        (("juo", "r", ["tenant"]), "parts of a reference must be a mapping, not list"),
        (("juo", "r", None), "parts of a reference must be a mapping, not NoneType"),
    ],
)
def test_values_are_checked_when_a_reference_is_made(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(InvalidRef, match=f"^{re.escape(message)}$"):
        RunRef(*arguments)


WRONG_PARTS = [
    (RunRef("copyai", "r"), "lacks workflow_id; expected copyai:{workflow_id}/{run_id}"),
    (
        RunRef("dify", "r", {"tenant": "shop", "owner": "me"}),
        "the reference to run 'r' of dify has an unknown part tenant, owner; expected dify:{run_id}",
    ),
]


@pytest.mark.parametrize(("ref", "message"), WRONG_PARTS)
def test_the_parts_are_checked_where_they_are_needed(ref: RunRef, message: str) -> None:
    assert repr(ref).startswith("RunRef(provider=")
    for use in (str, RunRef.check, lambda ref: normalize(ref.provider, b"{}", ref=ref)):
        with pytest.raises(InvalidRef, match=re.escape(message)):
            use(ref)


def test_a_provider_is_looked_for_where_it_is_needed() -> None:
    ref = RunRef("nobody", "r")
    with pytest.raises(UnknownProvider, match="there is no provider 'nobody'; there are: "):
        str(ref)
    with pytest.raises(UnknownProvider):
        RunRef.parse("nobody:r")


@pytest.mark.parametrize(
    "text",
    [
        "dify:" + "x" * 10_000_000,
        "dify:" + "/" * 10_000_000,
        "juo:r?" + "&" * 10_000_000,
        "x" * 10_000_000 + ":r",
        "dify:" + "%41" * 30_000,
        "dify:" + "%zz" * 30_000,
        "juo:r?" + "x" * 90_000 + "=",
    ],
)
def test_huge_text_is_refused_in_few_words(text: str) -> None:
    with pytest.raises((InvalidRef, UnknownProvider)) as caught:
        RunRef.parse(text)
    assert len(str(caught.value)) < 300


def test_what_was_meant_to_be_secret_is_not_repeated() -> None:
    for query in ("access_token=hunter2", "base_url=https://me:hunter2+@x", "tenant=t&tenant=hunter2"):
        with pytest.raises(InvalidRef) as caught:
            RunRef.parse(f"juo:r?{query}")
        assert "hunter2" not in str(caught.value)
    with pytest.raises(InvalidRef) as caught:
        RunRef("juo", "r", {"access_token": "hunter2"}).check()
    assert "hunter2" not in str(caught.value)


def test_every_character_is_spelled_as_in_urls() -> None:
    for text in (*map(chr, range(128)), "a+b:c", "\u00e9 +"):
        assert percent_encoded(text) == quote(text, safe="")


def test_the_same_text_is_parsed_once() -> None:
    assert RunRef.parse("dify:parsed-once") is RunRef.parse("dify:parsed-once")


def test_a_reference_is_a_value() -> None:
    parts = {"tenant": "shop"}
    ref = RunRef("juo", "r", parts)
    parts["tenant"] = "other"
    assert ref.parts == {"tenant": "shop"}
    assert ref == RunRef.parse("juo:r?tenant=shop") != RunRef("juo", "r")
    assert len({ref, RunRef.parse("juo:r?tenant=shop"), RunRef("juo", "r"), RunRef("dify", "r")}) == 3
    assert hash(RunRef("x", "r", {"a": "1", "b": "2"})) == hash(RunRef("x", "r", {"b": "2", "a": "1"}))
    changes: list[Callable[[dict[str, str]], object]] = [
        lambda parts: parts.update(tenant="other"),
        lambda parts: parts.pop("tenant"),
        lambda parts: parts.popitem(),
        lambda parts: parts.setdefault("x", "y"),
        lambda parts: parts.clear(),
        lambda parts: parts.__setitem__("tenant", "other"),
        lambda parts: parts.__delitem__("tenant"),
        lambda parts: parts.__ior__({"tenant": "other"}),
    ]
    for change in changes:
        with pytest.raises(TypeError, match="cannot be changed; make another RunRef"):
            change(ref.parts)
    with pytest.raises(AttributeError):
        ref.run_id = "other"  # type: ignore[misc]


def test_json_is_checked_like_everything_else() -> None:
    assert msgspec.json.encode(RunRef("dify", "r")) == b'{"provider":"dify","run_id":"r","parts":{}}'
    with pytest.raises(msgspec.ValidationError, match=r"run_id of a reference cannot be '\.\.'"):
        msgspec.json.decode(b'{"provider":"dify","run_id":".."}', type=RunRef)
    with pytest.raises(msgspec.ValidationError, match="must not hold a user name or password"):
        msgspec.json.decode(b'{"provider":"dify","run_id":"r","base_url":"https://u:p@x"}', type=RunRef)
    with pytest.raises(TypeError, match="cannot be changed"):
        msgspec.json.decode(b'{"provider":"juo","run_id":"r","parts":{}}', type=RunRef).parts["a"] = "b"


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        ("{}", msgspec.ValidationError, "the JSON is not a reference: Object missing required field `provider`"),
        ("[]", msgspec.ValidationError, "the JSON is not a reference: Expected `object`, got `array`"),
        ("dify:5b1f", msgspec.DecodeError, "a reference is read from JSON, which this is not"),
        ("", msgspec.DecodeError, "a reference is read from JSON, which this is not"),
    ],
)
def test_what_is_no_reference_in_json(data: str, kind: type[Exception], message: str) -> None:
    expected = '; expected {"provider": "dify", "run_id": "5b1f"}; RunRef.parse reads the text form'
    with pytest.raises(kind) as caught:
        RunRef.from_json(data)
    assert str(caught.value) == message + expected
    assert RunRef.from_json('{"provider": "dify", "run_id": "5b1f"}') == RunRef.parse("dify:5b1f")


def test_parsed_json_is_not_read_as_a_reference() -> None:
    with pytest.raises(TypeError, match=r"^a reference is read from bytes or text that is JSON, not from dict$"):
        RunRef.from_json({})  # type: ignore[arg-type]


def test_a_reference_to_another_run_keeps_all_else() -> None:
    ref = RunRef("juo", "1", {"tenant": "shop"}, base_url="https://juo.example.com", account="b")
    assert reference_to("2", ref) == msgspec.structs.replace(ref, run_id="2")
    assert reference_to(None, ref) is None
    assert ref.run_id == "1"
    with pytest.raises(InvalidRef, match=r"^run_id of a reference cannot be '\.\.'$"):
        reference_to("..", ref)
