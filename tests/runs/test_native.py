"""The provider's own model of a run, by `native_as`."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import pytest
from msgspec import Struct
from workflow_client_dify import models
from workflow_client_juo import models as juo
from workflow_runs import WorkflowRun, normalize

RUN = normalize("dify", {"id": "1", "status": "running", "elapsed_time": 1.5}, ref="dify:1")
OF_DIFY = "workflow_client_dify.models.WorkflowRunDetailResponse"


def test_the_native_model_by_its_type() -> None:
    for run in (RUN, copy.copy(RUN), pickle.loads(pickle.dumps(RUN))):
        native = run.native_as(models.WorkflowRunDetailResponse)
        assert native == run.native
        assert native.elapsed_time == 1.5
    assert RUN.native_as(Struct) is RUN.native
    assert RUN.native_as(object) is RUN.native


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        (juo.WorkflowRunState, "workflow_client_juo.models.WorkflowRunState"),
        (dict, "builtins.dict"),
        (type(None), "builtins.NoneType"),
    ],
)
def test_another_type(type_: type[Any], name: str) -> None:
    with pytest.raises(
        TypeError, match=f"^{re.escape(f'native of run 1 of dify is of the type {OF_DIFY}, not {name}')}$"
    ):
        RUN.native_as(type_)


def test_no_native_model() -> None:
    lacking = normalize("juo", {"runId": "1", "status": "running"}, ref="juo:1")
    with pytest.raises(TypeError) as caught:
        lacking.native_as(juo.WorkflowRunState)
    assert str(caught.value) == "run 1 of juo has no native model: a required value could not be read, see issues"
    for made in (
        WorkflowRun.from_json(RUN.to_json()),
        WorkflowRun(**{n: getattr(RUN, n) for n in RUN.__struct_fields__}),
    ):
        with pytest.raises(TypeError) as caught:
            made.native_as(models.WorkflowRunDetailResponse)
        assert str(caught.value) == "run 1 of dify has no native model: it was not made from a response"


@pytest.mark.parametrize("wrong", ["WorkflowRunDetailResponse", None, 7, list[int]])
def test_what_is_not_a_class(wrong: Any) -> None:
    with pytest.raises(TypeError):
        RUN.native_as(wrong)
