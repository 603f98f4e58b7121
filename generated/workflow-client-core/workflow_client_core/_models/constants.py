"""Constants: attributes with only one documented value, which callers need not give, while an answer has to have it.

Words that a document does not list are values all the same, so that at run time a constant is of any value of its type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, StructMeta, field

if TYPE_CHECKING:
    from inspect import Signature
    from typing import Literal as Literal
else:

    class _Literal:
        def __getitem__(self, value: object) -> type:
            return type(value)

    Literal = _Literal()
    """`typing.Literal` for type checkers; `Literal["cat"]` is `str` at run time."""


class WithConstants(StructMeta):
    """The type of models with constants: their values are defaults of the constructor, but not when JSON is decoded."""

    _constants: dict[str, str | float | bool]
    """The constants by the names of their attributes."""

    def __new__(mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> WithConstants:
        constants: dict[str, Any] = {}
        for base in bases:
            constants |= getattr(base, "_constants", {})
        numbers = namespace.get("__constants__", {})
        for attribute, annotation in namespace.get("__annotations__", {}).items():
            declared: Any = namespace.get(attribute)
            value = getattr(declared, "default", declared)  # `field(default="cat", name="Kind")`
            wire = getattr(declared, "name", None) or attribute
            is_constant = wire in numbers or "Literal[" in str(annotation)
            if is_constant and isinstance(value, (str, int, float)):
                constants[attribute] = value
                del namespace[attribute]
                if value is not declared:
                    namespace[attribute] = field(name=declared.name)
        class_ = super().__new__(mcls, name, bases, namespace, **options)
        class_._constants = constants
        return class_

    if not TYPE_CHECKING:  # else the constructor would take anything

        def __call__(cls, *arguments: Any, **attributes: Any) -> Any:
            return super().__call__(*arguments, **(cls._constants | attributes))

    @property
    def __signature__(cls) -> Signature:
        """The constructor's."""
        constants, own = cls._constants, super().__signature__
        return own.replace(
            parameters=[p.replace(default=constants.get(name, p.default)) for name, p in own.parameters.items()]
        )


class StructWithConstants(Struct, metaclass=WithConstants, frozen=True, kw_only=True):
    """A model with constants."""
