"""What becomes of types with a name of their own, and of unions without one, in callers' code."""

from __future__ import annotations

from pathlib import Path

from generator.diff.python.annotations import ordered
from generator.diff.python.api import compare
from generator.ir.model import Package
from generator.ir.types import ANY, NULL, ListOf, MapOf, Ref, Scalar, UnionOf
from generator.python.annotations import annotation
from tests.diff.rules import documents
from tests.diff.rules.made import TEXT, WHOLE, alias, enum, field, model, package, union

BOOLEAN = Scalar("bool")
CAT, DOG, FISH = model("Cat", "name", "purrs"), model("Dog", "name", "barks"), model("Fish", "fins")


def findings(old: Package, new: Package) -> list[str]:
    """`rule: place: before -> after` of each finding."""
    return sorted(f"{f.rule}: {f.place}: {f.before} -> {f.after}".strip() for f in compare(old, new))


def pets(*names: str, called: str = "Pet", sent: bool = False) -> Package:
    items = [class_ for class_ in (CAT, DOG, FISH) if class_.name in names]
    return package(Ref(called), [*items, alias(called, *map(Ref, names))], sent=sent)


def test_what_an_alias_stands_for_is_told_at_the_alias() -> None:
    few, many = pets("Cat", "Dog"), pets("Cat", "Dog", "Fish")
    assert findings(few, few) == []
    assert findings(few, pets("Dog", "Cat")) == []
    assert findings(few, many) == [
        "python-alias-widened: Pet: Cat | Dog -> Cat | Dog | Fish",
        "python-class-added: Fish:  -> Fish",
    ]
    assert findings(many, few) == [
        "python-alias-narrowed: Pet: Cat | Dog | Fish -> Cat | Dog",
        "python-class-removed: Fish: Fish ->",
    ]
    assert findings(few, pets("Cat", "Fish"))[0] == "python-alias-changed: Pet: Cat | Dog -> Cat | Fish"


def test_callers_may_pass_more_and_not_less() -> None:
    few, many = pets("Cat", "Dog", sent=True), pets("Cat", "Dog", "Fish", sent=True)
    assert findings(few, many)[0] == "python-body-alias-widened: Pet: Cat | Dog -> Cat | Dog | Fish"
    assert findings(many, few)[0] == "python-body-alias-narrowed: Pet: Cat | Dog | Fish -> Cat | Dog"


def test_one_more_of_several_alternatives_is_extended_and_all_else_is_widened() -> None:
    several = UnionOf((TEXT, WHOLE))
    returns = "ThingsClient.get_thing"
    assert findings(package(several), package(UnionOf((TEXT, WHOLE, BOOLEAN)))) == [
        f"python-return-type-extended: {returns}: int | str -> bool | int | str"
    ]
    assert findings(package(ListOf(several)), package(ListOf(UnionOf((TEXT, WHOLE, BOOLEAN))))) == [
        f"python-return-type-extended: {returns}: list[int | str] -> list[bool | int | str]"
    ]
    assert findings(package(TEXT), package(several)) == [f"python-return-type-widened: {returns}: str -> int | str"]
    assert findings(package(several), package(UnionOf((TEXT, WHOLE, NULL)))) == [
        f"python-return-type-widened: {returns}: int | str -> int | str | None"
    ]
    assert findings(package(UnionOf((TEXT, NULL))), package(UnionOf((TEXT, WHOLE, NULL)))) == [
        f"python-return-type-widened: {returns}: str | None -> int | str | None"
    ]


def test_a_constant_that_gets_company_is_like_an_enum_that_gets_a_word() -> None:
    def kinds(*words: str, sent: bool = False) -> Package:
        kind = Ref("Kind", words[0] if len(words) == 1 else None)
        return package(Ref("Pet"), [model("Pet", field("kind", kind, required=True)), enum("Kind", *words)], sent=sent)

    assert "python-attribute-type-extended: Pet.kind: Literal['cat'] -> Kind" in findings(
        kinds("cat"), kinds("cat", "dog")
    )
    assert "python-attribute-type-changed: Pet.kind: Literal['cat'] -> Kind" in findings(
        kinds("cat"), kinds("dog", "fish")
    )
    assert "python-attribute-type-changed: Pet.kind: Literal['cat'] -> Kind" in findings(
        kinds("cat", sent=True), kinds("cat", "dog", sent=True)
    )


def test_whether_a_type_has_a_name_does_not_matter_to_what_mentions_it() -> None:
    named, plain = pets("Cat", "Dog"), package(union("Cat", "Dog"), [CAT, DOG])
    assert findings(plain, named) == ["python-class-added: Pet:  -> Pet"]
    assert findings(named, plain) == ["python-class-removed: Pet: Pet ->"]
    assert findings(named, pets("Cat", "Dog", called="Animal")) == ["python-class-renamed: Pet: Pet -> Animal"]


def test_a_model_that_became_an_alias_is_another_sort_of_class() -> None:
    alone = package(Ref("Pet"), [model("Pet", "name")])
    assert "python-class-kind-changed: Pet: model -> alias" in findings(alone, pets("Cat", "Dog"))


def test_an_alias_that_holds_itself_ends() -> None:
    nested = package(Ref("Value"), [alias("Value", TEXT, ListOf(Ref("Value")))])
    assert findings(nested, nested) == []
    assert findings(nested, package(Ref("Value"), [alias("Value", WHOLE, ListOf(Ref("Value")))])) == [
        "python-alias-changed: Value: list[Value] | str -> int | list[Value]"
    ]
    assert findings(package(ANY), nested) == [
        "python-class-added: Value:  -> Value",
        "python-type-declared: ThingsClient.get_thing: Any -> Value",
    ]
    flat = package(UnionOf((TEXT, ListOf(Ref("Value")))), [alias("Value", TEXT, ListOf(Ref("Value")))])
    assert findings(flat, nested) == ["python-return-type-changed: ThingsClient.get_thing: list[Value] | str -> Value"]


def test_thousands_of_alternatives_are_read() -> None:
    many = [model(f"M{number}", f"a{number}") for number in range(3_000)]
    old = package(union(*(class_.name for class_ in many)), many)
    assert findings(old, old) == []
    (narrowed,) = findings(old, package(union(*(class_.name for class_ in many[1:])), many))
    assert narrowed.startswith("python-return-type-narrowed: ThingsClient.get_thing: M0 | M1 | M10 |")


def test_the_order_of_members_does_not_matter_and_none_is_last() -> None:
    run, none = Ref("Run"), Scalar("null")
    one_order = annotation(UnionOf((none, TEXT, ListOf(UnionOf((none, run))), MapOf(run), run)))
    another = annotation(UnionOf((ListOf(UnionOf((run, none))), run, none, MapOf(run), TEXT)))
    assert ordered(one_order) == ordered(another)
    assert str(ordered(one_order)) == "Run | dict[str, Run] | list[Run | None] | str | None"


def test_a_media_type_is_told_with_all_of_its_name(tmp_path: Path) -> None:
    def reads(*media_types: str) -> Package:
        content = {media_type: {"schema": {"type": "object"}} for media_type in media_types}
        return documents.read({"method": "post", "operation": {"requestBody": {"content": content}}}, tmp_path)

    (added,) = [
        line
        for line in findings(reads("application/json"), reads("application/json", "application/vnd.api+json"))
        if "python-parameter-added" in line
    ]
    assert added.endswith("-> content_type: Literal['application/json', 'application/vnd.api+json']")
