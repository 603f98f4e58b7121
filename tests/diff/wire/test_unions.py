"""How the members of unions with the same JSON type are paired; and aliases."""

from __future__ import annotations

from generator.diff.wire.api import compare
from generator.ir.model import Alias, Discriminator, Model, Package
from generator.ir.types import ANY, NULL, ListOf, MapOf, Ref, Scalar, UnionOf
from tests.diff.rules.made import AT, TEXT, WHOLE, alias, enum, field, model, package, union


def diff(old: Package, new: Package) -> list[str]:
    """`rule: place: before -> after` of each finding."""
    return [f"{f.rule}: {f.place}: {f.before} -> {f.after}".strip() for f in compare(old, new)]


CAT, DOG = model("Cat", "name", "purrs"), model("Dog", "name", "barks")
LIVELY = model("Cat", "name", field("purrs", WHOLE))
CHANGED = "response-property-type-changed"


def test_a_change_inside_a_member_is_reported_at_that_member() -> None:
    old, new = package(union("Cat", "Dog"), [CAT, DOG]), package(union("Dog", "Cat"), [LIVELY, DOG])
    assert diff(old, new) == [f"{CHANGED}: answer 200 /(Cat)/purrs: text -> integer"]
    assert diff(old, old) == []


def test_members_are_paired_by_their_properties_before_their_names() -> None:
    old = package(union("Cat", "Dog"), [CAT, DOG])
    renamed = [model("Two", "name", "purrs", "sleeps"), model("One", "name", "barks")]
    assert diff(old, package(union("One", "Two"), renamed)) == [
        "response-optional-property-added: answer 200 /(Cat)/sleeps:  -> text"
    ]
    # Where names are numbers, a member that was put before the others takes over a name.
    shifted = [model("Thing1", "bird"), model("Thing2", "name", "purrs"), model("Thing3", "name", "barks")]
    numbered = package(union("Thing1", "Thing2"), [model("Thing1", "name", "purrs"), model("Thing2", "name", "barks")])
    assert diff(numbered, package(union("Thing1", "Thing2", "Thing3"), shifted)) == [
        "response-property-any-of-mistaken: answer 200:  -> Thing1 as Thing1"
    ]


def test_a_constant_identifies_a_member_whatever_its_other_properties_are() -> None:
    def pets(cat: Model) -> Package:
        enums = [enum("CatKind", "cat"), enum("DogKind", "dog")]
        dog = model("Dog", field("kind", Ref("DogKind"), required=True), "barks")
        return package(union(cat.name, "Dog"), [cat, dog, *enums])

    kind = field("kind", Ref("CatKind"), required=True)
    assert diff(pets(model("Cat", kind, "purrs")), pets(model("Kitty", kind, "a", "b", "c", "d", "barks"))) == [
        *(f"response-optional-property-added: answer 200 /(Cat)/{name}:  -> text" for name in ("a", "b", "barks", "c")),
        "response-optional-property-added: answer 200 /(Cat)/d:  -> text",
        "response-optional-property-removed: answer 200 /(Cat)/purrs: text ->",
    ]


def test_a_discriminator_value_identifies_a_member_before_all_else() -> None:
    old = package(Ref("Pet"), [CAT, DOG, alias("Pet", Ref("Cat"), Ref("Dog"), cat="Cat", dog="Dog")])
    kitty = model("Kitty", "barks")
    new = package(Ref("Pet"), [kitty, DOG, alias("Pet", Ref("Kitty"), Ref("Dog"), cat="Kitty", dog="Dog")])
    assert diff(old, new) == [
        "response-optional-property-added: answer 200 /(cat)/barks:  -> text",
        "response-optional-property-removed: answer 200 /(cat)/name: text ->",
        "response-optional-property-removed: answer 200 /(cat)/purrs: text ->",
    ]


def test_discriminators_are_compared_where_both_versions_have_several_members() -> None:
    def pets(wire: str = "", **mapping: str) -> Package:
        discriminator = Discriminator(wire, tuple(mapping.items())) if wire else None
        return package(Ref("Pet"), [CAT, DOG, Alias("Pet", union("Cat", "Dog"), AT, discriminator=discriminator)])

    both = {"cat": "Cat", "dog": "Dog"}
    rule = "response-property-discriminator"
    assert diff(pets(), pets("kind", **both)) == [f"{rule}-added: answer 200:  -> kind"]
    assert diff(pets("kind", **both), pets()) == [f"{rule}-removed: answer 200: kind ->"]
    assert diff(pets("kind", **both), pets("type", **both)) == [
        f"{rule}-property-name-changed: answer 200: kind -> type"
    ]
    more = {**both, "puppy": "Dog"}
    assert diff(pets("kind", **both), pets("kind", **more)) == [f"{rule}-mapping-added: answer 200:  -> puppy"]
    assert diff(pets("kind", **more), pets("kind", **both)) == [f"{rule}-mapping-deleted: answer 200: puppy ->"]
    assert diff(pets("kind", **more), pets("kind", **{**more, "puppy": "Cat"})) == [
        f"{rule}-mapping-changed: answer 200: puppy: Dog -> puppy: Cat"
    ]
    assert diff(package(Ref("Cat"), [CAT]), pets("kind", **both)) == [
        "response-property-any-of-mistaken: answer 200:  -> dog as Cat"
    ]


def test_a_removed_member_is_not_reported_if_another_member_includes_it() -> None:
    lists = [ListOf(TEXT), ListOf(ANY)]
    assert diff(package(UnionOf(tuple(lists)), sent=True), package(lists[1], sent=True)) == []
    dated = UnionOf((Scalar("str", "date"), TEXT))
    assert diff(package(dated, sent=True), package(TEXT, sent=True)) == []
    assert diff(package(TEXT, sent=True), package(dated, sent=True)) == []
    free = UnionOf((MapOf(ANY), Ref("Cat")))
    assert diff(package(free, [CAT], sent=True), package(MapOf(ANY), sent=True)) == []
    assert diff(package(dated, sent=True), package(Scalar("str", "date"), sent=True)) == [
        "request-property-any-of-removed: body: text ->"
    ]


def test_the_enums_of_a_union_are_compared_as_one() -> None:
    several = package(union("A", "B"), [enum("A", "x"), enum("B", "y", "z")])
    assert diff(several, package(union("A", "B"), [enum("A", "x", "y"), enum("B", "z")])) == []
    assert diff(several, package(Ref("A"), [enum("A", "x", "y")])) == [
        "response-property-enum-value-removed: answer 200: z ->"
    ]
    assert diff(several, package(TEXT)) == ["response-property-became-not-enum: answer 200: x, y, z -> any"]
    beside = UnionOf((Ref("A"), Scalar("str", "date")))
    assert diff(several, package(beside, [enum("A", "x", "y", "z")])) == [
        "response-property-any-of-added: answer 200:  -> text (date)"
    ]


def test_the_last_members_of_a_json_type_are_paired_unless_they_are_objects_that_share_nothing() -> None:
    before = UnionOf((ListOf(TEXT), ListOf(Ref("Cat"))))
    after = UnionOf((ListOf(TEXT), ListOf(WHOLE)))
    place = "answer 200 /(list of object)/*"
    assert diff(package(before, [CAT]), package(after)) == [f"{CHANGED}: {place}: object -> integer"]
    fish = model("Fish", "fins")
    assert diff(package(union("Cat", "Dog"), [CAT, DOG]), package(union("Cat", "Fish"), [CAT, fish])) == [
        "response-property-any-of-removed: answer 200: Dog ->",
        "response-property-any-of-mistaken: answer 200:  -> Fish as Cat",
    ]


def test_an_alias_is_compared_as_its_type() -> None:
    plain = package(UnionOf((TEXT, ListOf(TEXT), NULL)))
    named = package(UnionOf((Ref("Words"), NULL)), [alias("Words", TEXT, Ref("More")), alias("More", ListOf(TEXT))])
    assert diff(plain, named) == []
    assert diff(named, plain) == []
    assert diff(named, package(WHOLE)) == [
        f"{CHANGED}: answer 200: list of text or text -> integer",
        "response-property-became-not-nullable: answer 200: list of text or text or null -> integer",
    ]
    thing = [field("a", Ref("Words")), field("b", Ref("Words"))]
    words_ = alias("Words", TEXT, ListOf(TEXT))
    assert diff(package(Ref("T"), [model("T", "a", "b")]), package(Ref("T"), [model("T", *thing), words_])) == [
        f"response-property-list-of-types-widened: answer 200 /{name}: text -> list of text or text" for name in "ab"
    ]


def test_a_recursive_alias_is_compared_once() -> None:
    def values(leaf: Scalar) -> Package:
        return package(Ref("Value"), [alias("Value", leaf, ListOf(Ref("Value")), MapOf(Ref("Value")))])

    assert diff(values(TEXT), values(TEXT)) == []
    recursive = "list of the same or object of the same"
    assert diff(values(TEXT), values(WHOLE)) == [
        f"{CHANGED}: answer 200: {recursive} or text -> integer or {recursive}"
    ]
    alone = package(Ref("Nest"), [alias("Nest", ListOf(Ref("Nest")))])
    assert diff(alone, alone) == []
    assert diff(alone, package(Ref("Nest"), [alias("Nest", ListOf(ListOf(Ref("Nest"))))])) == []
    loop = package(Ref("A"), [alias("A", Ref("B")), alias("B", Ref("A"))])
    assert diff(loop, loop) == []


def test_comparing_a_recursive_map_with_a_class_ends() -> None:
    maps = package(Ref("Tree"), [alias("Tree", MapOf(Ref("Tree")))], sent=True)
    tree = package(Ref("Tree"), [Model("Tree", (field("a", Ref("Tree")),), AT, additional=Ref("Tree"))], sent=True)
    assert diff(maps, tree) == ["new-optional-request-property: body /a:  -> object"]
    assert diff(tree, maps) == [
        "request-property-removed: body /a: object ->",
        "further-properties-changed: body: object -> object of the same",
    ]
