"""Properties of all references, and of all texts read as references."""

from __future__ import annotations

import copy
import pickle
import re

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import InvalidRef, RunRef, UnknownProvider

IDENTIFIERS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=1000).filter(
    lambda text: text not in (".", "..")
)
URLS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["x.example", "127.0.0.1:8080", "[::1]", "X.Example:443"]),
    st.sampled_from(["", "/", "/a/%2F"]),
)
REFS = st.one_of(
    st.builds(RunRef, st.sampled_from(["anon", "dify", "tamtam"]), IDENTIFIERS, base_url=st.none() | URLS),
    st.builds(
        RunRef, st.just("copyai"), IDENTIFIERS, st.fixed_dictionaries({"workflow_id": IDENTIFIERS}), st.none() | URLS
    ),
    st.builds(
        RunRef,
        st.just("juo"),
        IDENTIFIERS,
        st.fixed_dictionaries({}, optional={"tenant": IDENTIFIERS}),
        st.none() | URLS,
    ),
)


@given(REFS)
def test_all_forms_of_every_reference_go_both_ways(ref: RunRef) -> None:
    text = str(ref)
    assert re.fullmatch(r"[A-Za-z0-9._~:/?&=%-]+", text)
    again = [
        RunRef.parse(text),
        msgspec.json.decode(msgspec.json.encode(ref), type=RunRef),
        RunRef.from_json(ref.to_json()),
        pickle.loads(pickle.dumps(ref)),
        copy.copy(ref),
        copy.deepcopy(ref),
    ]
    assert again == [ref] * len(again)
    assert {hash(copied) for copied in again} == {hash(ref)}
    assert {str(copied) for copied in again} == {text}


@given(REFS, REFS)
def test_different_references_have_different_texts(ref: RunRef, second_ref: RunRef) -> None:
    assert (str(ref) == str(second_ref)) == (ref == second_ref)


PIECES = ("dify", "juo", "copyai", ":", "/", "?", "&", "=", "%", "%2F", "%0a", "tenant", "base_url", "https://x", "..")


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    refusal = ""
    try:
        ref = RunRef.parse(text)
    except (InvalidRef, UnknownProvider) as error:
        refusal = str(error)
    else:
        assert RunRef.parse(str(ref)) == ref
    assert refusal.isprintable()
