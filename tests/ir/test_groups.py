"""The names of groups and of the methods in them: those that people know, and no others after unrelated additions."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document.problems import Problems
from generator.document.tree import Array, Object
from generator.ir.grouping import GROUPED_FROM
from generator.ir.groups import BUILTINS
from generator.ir.model import Api
from generator.ir.provider import Provider
from generator.options import Options
from generator.pipeline import read_api
from generator.simplify.names import RESERVED_METHOD_NAMES, preferred_names
from tests.examples import shufflers

Route = tuple[str, str]


def read(operations: dict[Route, Any], groups: bool | None = True, **more: Any) -> Api:
    """An API of operations by method and path; each is an operationId, or that and tags."""
    options = Options(groups=groups, group_by="tags" if groups else "")
    return read_api(document_of(operations, **more), Provider("T", options=options), Problems(), read_twice=False)


def document_of(operations: dict[Route, Any], **more: Any) -> Any:
    """The document of such operations."""
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), naming in operations.items():
        id_, *tags = naming if isinstance(naming, tuple) else (naming,)
        value = {"responses": {"204": {"description": "D"}}} | ({"operationId": id_} if id_ else {})
        paths.setdefault(path, {})[method] = value | ({"tags": [*tags]} if tags else {})
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths, **more}
    return located(document)


def located(value: Any) -> Any:
    if isinstance(value, dict):
        return Object((key, located(item)) for key, item in value.items())
    return Array(map(located, value)) if isinstance(value, list) else value


def places(api: Api) -> dict[str, str]:
    return {f"{o.method} {o.path}": o.dotted_name for o in api.operations}


def place(operation_id: str, tag: str, method: str = "get", path: str = "/x/{id}") -> str:
    return places(read({(method, path): (operation_id, tag)}))[f"{method.upper()} {path}"]


@pytest.mark.parametrize(
    ("operation_id", "tag", "expected"),
    [
        ("get_dag_runs", "DagRun", "dag_run.get_dag_runs"),
        ("workflow-run:get", "Workflow Run", "workflow_run.get"),
        ("WorkflowService_StartWorkflowExecution", "WorkflowService", "workflow_service.start_workflow_execution"),
        ("StartWorkflowExecution", "WorkflowService", "workflow_service.start_workflow_execution"),
        ("runs_get", "runs", "runs.get"),
        ("run_get", "Runs", "runs.get"),
        ("runs.list", "runs", "runs.list"),
        ("list", "runs", "runs.list"),
        ("admin_conversations_archive", "admin.conversations", "admin_conversations.archive"),
        ("workflow_run_get", "Workflow", "workflow.run_get"),
        ("BedsController_listBeds", "Beds", "beds.list_beds"),
        ("BedController_list", "Beds", "beds.list"),
        ("bedsController.list", "beds", "beds.list"),
        ("beds-controller_list", "beds", "beds.list"),
        ("beds_list", "Beds Controller", "beds_controller.list"),
        ("BedsController_listBeds", "beds-controller", "beds_controller.list_beds"),
        ("BedsApi_list", "beds", "beds.list"),
        ("BedsService_List", "beds", "beds.list"),
        ("beds_api_keys", "beds", "beds.api_keys"),
        ("BedsAPI/list", "beds", "beds.list"),
        ("GardenBedsController_list", "beds", "beds.garden_beds_controller_list"),
        ("BedsControllerV2_list", "beds", "beds.beds_controller_v2_list"),
        ("BedsController", "beds", "beds.beds_controller"),
        ("beds.listBeds", "beds", "beds.list_beds"),
        ("list_beds", "beds", "beds.list_beds"),
        ("category_list", "Categories", "categories.list"),
        ("box_list", "boxes", "boxes.list"),
        ("house_list", "houses", "houses.list"),
        ("runs_by_name", "runs", "runs.runs_by_name"),
        ("runs_v2", "runs", "runs.runs_v2"),
        ("runs_2", "runs", "runs.runs_2"),
        ("runs_import", "runs", "runs.runs_import"),
        ("runs_str", "runs", "runs.runs_str"),
        ("runs_raw", "runs", "runs.runs_raw"),
        ("runs", "runs", "runs.runs"),
        ("raw", "runs", "runs.raw_"),
        ("runsGet", "Close", "close_.runs_get"),
        ("get", "class", "class_.get"),
        ("get", "\u540d\u524d", "\u540d\u524d.get"),
        ("get", "with_options", "with_options_.get"),
        ("get", "", "get"),
        ("get", "!!", "get"),
        ("", "Runs", "runs.get_x_id"),
        ("get", "../../x", "x.get"),
        ("get", "a\x00b/\u202ec", "a_b_c.get"),
        ("get", '{{ 1 }}"""\\', "field_1.get"),
    ],
)
def test_names_are_those_that_people_know(operation_id: str, tag: str, expected: str) -> None:
    assert place(operation_id, tag) == expected


@pytest.mark.parametrize(
    ("operation_id", "method", "path", "expected"),
    [
        ("read_flow_run_flow_runs__id__get", "get", "/flow_runs/{id}", "read_flow_run"),
        ("create_flow_flows__post", "post", "/flows/", "create_flow"),
        ("root__get", "get", "/", "root"),
        ("delete_limit_v2_v2_limits__id_or_name__delete", "delete", "/v2/limits/{id_or_name}", "delete_limit_v2"),
        ("read_flow_flows__id__get", "post", "/flows/{id}", "read_flow_flows_id_get"),
        ("read_flow_flows__id__get", "get", "/flows/{name}", "read_flow_flows_id_get"),
        ("_flows__get", "get", "/flows/", "field_flows_get"),
    ],
)
def test_what_fastapi_appends_to_a_function_s_name_goes(
    operation_id: str, method: str, path: str, expected: str
) -> None:
    assert places(read({(method, path): operation_id}))[f"{method.upper()} {path}"] == expected


def test_two_methods_with_the_same_short_name_both_keep_the_long_one() -> None:
    operations: dict[Route, Any] = {
        ("get", "/flows/"): "read_flows__get",
        ("get", "/runs/"): "read_runs__get",
        ("get", "/other/"): "list_other__get",
    }
    names = places(read(operations))
    assert names == {"GET /flows/": "read_flows_get", "GET /other/": "list_", "GET /runs/": "read_runs_get"}


def test_methods_of_two_groups_may_have_the_same_name() -> None:
    names = places(read({("get", "/a"): ("a_get", "a"), ("get", "/b"): ("b_get", "b"), ("get", "/c"): "get"}))
    assert names == {"GET /a": "a.get", "GET /b": "b.get", "GET /c": "get"}


def test_the_first_of_several_tags_counts() -> None:
    api = read({("get", "/a"): ("get", "One", "Two")})
    assert (places(api), [group.name for group in api.groups]) == ({"GET /a": "one.get"}, ["one"])


def test_tags_that_make_one_name_are_one_group() -> None:
    tags = [{"name": "work-pools", "description": "Of pools."}]
    api = read({("get", "/a"): ("get", "work-pools"), ("put", "/a"): ("put", "Work Pools")}, tags=tags)
    assert places(api) == {"GET /a": "work_pools.get", "PUT /a": "work_pools.put"}
    (group,) = api.groups
    assert (group.class_name, group.tag, group.description) == ("WorkPoolsGroup", "Work Pools", "Of pools.")


def test_a_method_of_the_client_makes_way_for_a_group() -> None:
    assert places(read({("get", "/a"): ("get", "runs"), ("get", "/b"): "runs"}))["GET /b"] == "runs_"


def test_the_name_of_a_group_is_short_enough_for_a_file() -> None:
    (group,) = read({("get", "/a"): ("get", "\u540d" * 300)}).groups
    assert len(group.name.encode()) < 200
    assert len(group.class_name.encode()) < 250


def test_many_operations_make_groups() -> None:
    operations: dict[Route, Any] = {("get", f"/{i}"): (f"get_{i}", f"Things {i % 2}") for i in range(GROUPED_FROM)}
    few = dict([*operations.items()][1:])
    assert [len(read(some, None).groups) for some in (few, operations)] == [0, 2]
    assert [len(read(few, True).groups), len(read(operations, False).groups)] == [2, 0]


@pytest.mark.parametrize("untagged", [0, 1, 19])
def test_one_tag_for_everything_makes_no_group(untagged: int) -> None:
    tags = ["", "garden"]
    operations: dict[Route, Any] = {("get", f"/{i}"): (f"get_{i}", tags[i >= untagged]) for i in range(GROUPED_FROM)}
    api = read(operations, None)
    assert (len(api.groups), api.options) == (0, Options(groups=False))
    assert len(read(operations, True).groups) == 1


def by_paths(*paths: str, tags: int = 0, many: bool = True, **options: Any) -> Api:
    """An API of these paths, and of as many others below them as it takes to make groups; some have a tag."""
    numbers = range(GROUPED_FROM if many else 1)
    routes = [("get", path if not number else f"{path}/{{a}}/more{number}") for path in paths for number in numbers]
    operations: dict[Route, Any] = {
        route: (f"op{number}", f"tag {number % 3}") if number < tags else f"op{number}"
        for number, route in enumerate(routes)
    }
    return read(operations, options.pop("groups", None), **options)


@pytest.mark.parametrize(
    ("paths", "group_by", "groups"),
    [
        (["/beds", "/plants"], "/", ["beds", "plants"]),
        (["/v1/beds", "/v1/plants"], "/", ["beds", "plants"]),
        (["/api/v2.1/beds", "/v2/{tenant}/plants", "/rest/api/3/seeds"], "/", ["beds", "plants", "seeds"]),
        (["/2024-01/beds", "/v1beta1/plants"], "/", ["beds", "plants"]),
        (["/garden/beds", "/garden/v1/plants"], "/garden", ["beds", "plants"]),
        (["/garden/plots/beds", "/garden/plots/plants"], "/garden/plots", ["beds", "plants"]),
        (["/garden-beds", "/Garden_Beds", "/plants"], "/", ["garden_beds", "plants"]),
        (["/beds:search", "/plants.list", "/plants.get", "/class"], "/", ["beds", "class_", "plants"]),
        (
            ["/Beds({id})", "/plants/{id}.json", "/.well-known", "/api-v2/v1p2beta1/seeds"],
            "/",
            ["beds", "plants", "seeds", "well_known"],
        ),
        (["/v1", "/beds", "/plants"], "/", ["beds", "more1", "plants"]),
    ],
)
def test_paths_make_the_groups_of_a_large_document_without_tags(
    paths: list[str], group_by: str, groups: list[str]
) -> None:
    api = by_paths(*paths)
    assert api.options == Options(groups=True, group_by=group_by)
    assert [group.name for group in api.groups if not group.name.startswith("more") or group.name in groups] == groups


def test_a_group_of_paths_is_named_after_them() -> None:
    api = by_paths("/v1/beds", "/v1/plants")
    group = api.groups[0]
    assert (group.name, group.class_name, group.title) == ("beds", "BedsGroup", "/beds")
    assert places(api)["GET /v1/beds/{a}/more1"] == "beds.op1"


def test_an_outlier_hides_nothing_of_what_is_common_to_paths() -> None:
    operations: dict[Route, Any] = {
        ("get", f"/garden/{name}/{i}/x"): "" for name in ("beds", "plants") for i in range(20)
    }
    api = read({**operations, ("get", "/health"): "health", ("get", "/garden"): "garden"}, None)
    assert api.options.group_by == "/garden"
    assert [group.name for group in api.groups] == ["beds", "health", "plants"]
    assert places(api)["GET /garden"] == "garden"


def test_paths_that_have_one_segment_make_no_group() -> None:
    operations: dict[Route, Any] = {("get", "/v1/beds" + "/{a}" * number): "" for number in range(GROUPED_FROM)}
    assert read(operations, None).options == Options(groups=False)


def test_few_tags_make_no_groups_and_many_leave_untagged_operations_to_the_client() -> None:
    few, many = by_paths("/beds", "/plants", tags=39), by_paths("/beds", "/plants", tags=40)
    assert [api.options.group_by for api in (few, many)] == ["/", "tags"]
    assert places(few)["GET /beds/{a}/more1"] == "beds.op1"
    assert places(many)["GET /beds/{a}/more1"] == "tag_1.op1"
    assert places(many)["GET /plants/{a}/more1"] == "op41"


def test_what_was_decided_holds_whatever_is_added() -> None:
    operations: dict[Route, Any] = {("get", f"/garden/{name}{i}/x"): f"{name}{i}" for name in "ab" for i in range(20)}
    before = read(operations, None)
    more: dict[Route, Any] = {("put", f"/shed/{i}"): (f"put{i}", f"tag {i}") for i in range(99)}
    after = read_api(
        document_of(operations | more), Provider("T", options=before.options), Problems(), read_twice=False
    )
    assert places(before).items() <= places(after).items()
    assert after.options == before.options


def test_groups_change_no_name_of_a_class() -> None:
    body = {"content": {"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}}
    path = {"post": {"operationId": "runs_make", "tags": ["runs"], "requestBody": body, "responses": {}}}
    document = located({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": path}})
    for groups in (True, False):
        api = read_api(document, Provider("T", options=Options(groups=groups)), Problems(), read_twice=False)
        assert [model.name for model in api.models] == ["RunsMakeBody"]


# Additions

IDS = ["runs_get", "run_get", "get", "list", "runs_list", "runsList", "list_things_a_get", "things", "raw", "close"]
operations_ = st.dictionaries(
    st.tuples(st.sampled_from(["get", "post"]), st.sampled_from(["/a", "/b", "/c", "/d", "/things/a"])),
    st.tuples(st.sampled_from(IDS), st.sampled_from(["runs", "Runs", "things", "close"])) | st.sampled_from(IDS),
    min_size=1,
)


@given(operations_, shufflers())
def test_places_are_distinct_and_do_not_depend_on_order(operations: dict[Route, Any], shuffler: random.Random) -> None:
    names = places(read(operations))
    assert len(set(names.values())) == len(names)
    assert not {*names.values()} & {*RESERVED_METHOD_NAMES, *(f"{name}.raw" for name in names.values())}
    routes = list(operations)
    shuffler.shuffle(routes)
    assert places(read({route: operations[route] for route in routes})) == names


@given(operations_)
def test_another_group_changes_no_place(operations: dict[Route, Any]) -> None:
    more: dict[Route, Any] = {("put", "/z"): ("get", "Others"), ("put", "/y"): ("others_list", "Others")}
    assert places(read(operations)).items() <= places(read(operations | more)).items()


names = st.sampled_from(["a", "b", "c", "a_2", "d"])
wishes = st.dictionaries(st.sampled_from("uvwxyz"), st.lists(names, min_size=1, unique=True).map(tuple))


@given(wishes, st.sets(names))
def test_chosen_names_are_distinct_and_each_is_preferred_or_numbered(
    wanted: dict[str, tuple[str, ...]], reserved: set[str]
) -> None:
    settled = preferred_names(wanted, reserved)
    assert settled.keys() == wanted.keys()
    assert len(set(settled.values())) == len(settled)
    assert not {*settled.values()} & reserved
    for key, name in settled.items():
        assert name in wanted[key] or name.startswith(wanted[key][-1])


@given(wishes, st.lists(names, min_size=1, unique=True).map(tuple))
def test_an_addition_changes_only_names_that_it_prefers_too(
    wanted: dict[str, tuple[str, ...]], late: tuple[str, ...]
) -> None:
    before, after = preferred_names(wanted), preferred_names(wanted | {"late": late})
    numbered = {f"{name}_{number}" for name in late for number in range(2, 9)}
    for key, names in wanted.items():
        assert after[key] == before[key] or {*late, *numbered} & {*names}


def test_no_annotation_of_a_client_mentions_a_function_whose_name_methods_may_have() -> None:
    assert not BUILTINS & {"bool", "bytes", "dict", "float", "int", "object", "property", "str", "tuple", "type"}


def test_groups_have_distinct_classes_whose_names_ignore_those_of_python() -> None:
    api = read({("get", f"/{tag}"): ("get", tag) for tag in ("a1", "a_1", "ImportError")})
    assert {group.name: group.class_name for group in api.groups} == {
        "a1": "A1Group",
        "a_1": "A_1Group",
        "import_error": "ImportErrorGroup",
    }
