"""Forms and multipart on the wire; werkzeug, which shares no code with the core, reads them."""

from __future__ import annotations

import io
from urllib.parse import parse_qsl

import pytest
import workflow_client_core as core
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.loopback import Loopback, Received, Reply
from tests.runtime.bodies.sending import FIELDS, FORM, MULTIPART, ORDER, Make, Order, Sent, heads, operation, read

# Forms


def test_a_form_has_a_pair_for_each_single_value_and_json_for_objects(sent: Sent) -> None:
    received = sent(core.Body(FORM, encode="form"), ORDER)
    assert received.headers["content-type"] == FORM
    assert parse_qsl(received.body.decode("ascii"), keep_blank_values=True, strict_parsing=True) == FIELDS


def test_the_examples_of_the_specification_for_forms(sent: Sent) -> None:
    address = {"streetAddress": "123 Example Dr.", "city": "Somewhere", "state": "CA", "zip": "99999+1234"}
    value = {"id": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "address": address}
    # OpenAPI 3.1.1, section 4.8.15.3
    assert sent(core.Body(FORM, encode="form"), value).body.decode() == (
        "id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6&address=%7B%22streetAddress%22%3A%22123+Example+Dr.%22%2C%22city%22"
        "%3A%22Somewhere%22%2C%22state%22%3A%22CA%22%2C%22zip%22%3A%2299999%2B1234%22%7D"
    )
    as_json = core.Body(FORM, encode="form", parts=(core.Part("id", media_type="application/json"),))
    assert sent(as_json, {"id": value["id"]}).body.decode() == "id=%22f81d4fae-7dec-11d0-a765-00a0c91e6bf6%22"


@pytest.mark.parametrize(
    ("part", "value", "pairs"),
    [
        (core.Part("p", style="form", explode=True), ["a", "b&"], [("p", "a"), ("p", "b&")]),
        (core.Part("p", style="form"), ["a", "b"], [("p", "a,b")]),
        (core.Part("p", style="form", explode=True), {"a": 1, "b": 2}, [("a", "1"), ("b", "2")]),
        (core.Part("p", style="spaceDelimited"), ["a", "b"], [("p", "a b")]),
        (core.Part("p", style="pipeDelimited"), ["a", "b"], [("p", "a|b")]),
        (core.Part("p", style="deepObject", explode=True), {"a": {"b": [1]}}, [("p[a][b][0]", "1")]),
        (core.Part("p", media_type="application/json"), ["a", 1], [("p", '["a",1]')]),
        (core.Part("other", style="form"), {"a": 1}, [("p", '{"a":1}')]),
    ],
)
def test_a_field_of_a_form_as_its_encoding_says(
    sent: Sent, part: core.Part, value: object, pairs: list[tuple[str, str]]
) -> None:
    body = sent(core.Body(FORM, encode="form", parts=(part,)), {"p": value}).body
    assert parse_qsl(body.decode()) == pairs


def test_a_form_holds_any_text(sent: Sent) -> None:
    body = sent(core.Body(FORM, encode="form"), {"a\r\n=": "b\r\n&", "c": "", "d": core.File(b"\x00")}).body
    assert parse_qsl(body.decode(), keep_blank_values=True) == [("a\r\n=", "b\r\n&"), ("c", ""), ("d", "AA==")]


# Multipart


def test_multipart_has_a_part_for_each_value(sent: Sent) -> None:
    received = sent(MULTIPART, ORDER)
    assert received.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert read(received) == (FIELDS, [])
    types = [head.get("content-type") for head in heads(received)]
    assert types == [None, None, None, None, "application/json", "application/json", "application/json", None, None]


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        (core.Part("p", media_type="application/json"), "a", [("p", '"a"')]),
        (core.Part("p", media_type="application/json"), [1, 2], [("p", "1"), ("p", "2")]),
        (core.Part("p", media_type="text/csv"), "a,b", [("p", "a,b")]),
        (core.Part("p", media_type="application/xml"), {"a": 1}, [("p", '{"a":1}')]),
        (core.Part("p", style="form"), ["a&", "b"], [("p", "a&,b")]),
        (core.Part("p", style="deepObject", explode=True), {"a": {"b c": 1}}, [("p[a][b c]", "1")]),
    ],
)
def test_a_part_as_its_encoding_says(
    sent: Sent, part: core.Part, value: object, expected: list[tuple[str, str]]
) -> None:
    body = core.Body("multipart/form-data", encode="multipart", parts=(part,))
    assert read(sent(body, {"p": value})) == (expected, [])


def test_other_kinds_of_multipart_are_the_same_under_their_own_name(sent: Sent) -> None:
    received = sent(core.Body("multipart/mixed", encode="multipart"), Order(order_id="1"))
    assert received.headers["content-type"].startswith("multipart/mixed; boundary=")
    assert heads(received) == [{"content-disposition": 'form-data; name="orderId"'}]
    assert heads(sent(core.Body("multipart/mixed", encode="multipart"), [{"a": 1}, b"x"])) == [
        {"content-type": "application/json"},
        {"content-type": "application/octet-stream"},
    ]


def test_a_boundary_of_the_document_is_not_the_one_that_is_sent(sent: Sent) -> None:
    body = core.Body("multipart/form-data; boundary=abc; x=y", encode="multipart")
    received = sent(body, {"a": "1"})
    assert received.headers["content-type"].startswith("multipart/form-data; x=y; boundary=")
    assert read(received) == ([("a", "1")], [])


def test_boundaries_differ_and_a_retry_sends_the_same_bytes(server: Loopback, make: Make) -> None:
    once = replace(operation(MULTIPART), method="PUT")
    server.reply_in_turn(Reply(503), Reply(204))
    opened = io.BytesIO(b"content")
    again = make(api_key="k", retry=core.Retry(max_retries=1, initial=0, minimum=0))
    again.call(once, body={"f": opened})
    first_attempt, second_attempt = server.requests
    assert b"content" in first_attempt.body
    assert (first_attempt.body, first_attempt.headers["content-type"]) == (
        second_attempt.body,
        second_attempt.headers["content-type"],
    )
    again.call(once, body={"f": b"content"})
    assert server.last.headers["content-type"] != first_attempt.headers["content-type"]


ODD = 'a"b\r\nX-Evil: 1\r\n\r\n--x; name="c"\\\x00ü𝄞%22'


def test_nothing_in_a_name_ends_it(sent: Sent) -> None:
    received = sent(MULTIPART, {ODD: "1", "f": core.File(b"2", filename=ODD)})
    field_head, file_head = heads(received)
    assert set(field_head) == {"content-disposition"}
    assert set(file_head) == {"content-disposition", "content-type"}
    escaped = "a%22b%0D%0AX-Evil: 1%0D%0A%0D%0A--x; name=%22c%22%5C%00ü𝄞%22"
    # HTML, "multipart/form-data encoding algorithm": percent signs are not escaped. A backslash is, as some readers
    # take it for an escape of the quote behind it.
    assert f'name="{escaped}"\r\n'.encode() in received.body
    assert f'name="f"; filename="{escaped}"\r\n'.encode() in received.body


@given(
    st.text(st.characters(exclude_categories=["Cs"])), st.binary(), st.text(st.characters(exclude_categories=["Cs"]))
)
def test_every_part_is_read_back(name: str, content: bytes, text: str) -> None:
    from workflow_client_core._request.bodies import encode_body

    value = {"f": core.File(content, filename=f"f{name}"), f"t{name}": text}
    body, content_type = encode_body(MULTIPART, value)
    fields, files = read(Received("POST", "/", {"content-type": content_type}, body))
    assert [(key, data) for key, data, _, _ in files] == [("f", content)]
    assert [value for _, value in fields] == [text]
