"""Two versions of an API -> which operation of the old one is which of the new one.

Where requests go decides, however that is divided into a server and a path: `/jobs` of a server at `/v1` is `/v1/jobs`
of a server at `/`. An operation whose URL is gone has moved to where its operationId is, or its path without a prefix.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ...interpreter.fast_dataclasses import dataclass
from ...ir.access.model import Server
from ...ir.model import Api, Operation, without_names
from .items import Step, in_order, pair, same

_PREFIX_SEGMENTS = 4
"""The number of segments of the longest prefix that is looked for."""
_CANDIDATES = 20
"""A path that ends like more operations than these says nothing about prefixes."""
_Segments = tuple[str, ...]
_Prefixes = tuple[_Segments, _Segments]
"""What a path began with in the old version, and begins with in the new one."""


@dataclass(frozen=True, slots=True)
class Division:
    """A part of URLs that one version has in its servers and the other one in its paths; at most one of these is set.

    It has the names of variables; both are "" where servers and paths divide URLs in the same way.
    """

    in_old_servers: str = ""
    in_new_servers: str = ""


@dataclass(frozen=True, slots=True)
class OperationPair:
    """An operation in two versions."""

    old: Operation
    new: Operation
    division: Division

    @property
    def paths(self) -> tuple[str, str]:
        """Its path in both versions, with what only one of them has in its servers."""
        return self.division.in_old_servers + self.old.path, self.division.in_new_servers + self.new.path

    @property
    def has_moved(self) -> bool:
        """Whether its path or its method is another one."""
        before, after = map(without_names, self.paths)
        return before != after or self.old.method != self.new.method


@dataclass(frozen=True, slots=True)
class OperationPairs:
    """The operations of two versions, each in the order of routes."""

    pairs: tuple[OperationPair, ...]
    only_old: tuple[Operation, ...]
    only_new: tuple[Operation, ...]
    division: Division
    """That of the servers that all operations share."""


def pair_operations(old: Api, new: Api) -> OperationPairs:
    """Which operation of the old version is which of the new one."""
    division = _division(old, new)
    old_prefix, new_prefix = division.in_old_servers, division.in_new_servers
    paired = pair(
        sorted(old.operations, key=lambda o: o.route),
        sorted(new.operations, key=lambda o: o.route),
        same(lambda o: (o.method, urls(o))),
        same(lambda o: _shared_route(o, old_prefix), lambda o: _shared_route(o, new_prefix)),
        same(lambda o: o.route),
        same(lambda o: o.operation_id or None),
        in_order(lambda o: o.route),  # of several operations at one route
    )
    in_other_places = pair(paired.only_old, paired.only_new, _same_but_for_a_prefix(paired.pairs))
    both = (*paired.pairs, *in_other_places.pairs)
    pairs = (OperationPair(before, after, _division_of(before, after, division)) for before, after in both)
    by_route = tuple(sorted(pairs, key=lambda pair: pair.new.route))
    return OperationPairs(by_route, in_other_places.only_old, in_other_places.only_new, division)


def urls(operation: Operation) -> frozenset[str]:
    """The URLs of an operation, with the defaults of servers' variables and `{}` for those of the path."""
    path = without_names(operation.path)
    return frozenset(base + path for base in _bases(operation.servers))


def _bases(servers: Iterable[Server]) -> list[str]:
    """The URLs of servers; none stand for one at `/` (OpenAPI 3.1, section 4.8.1)."""
    return [server.default_url.rstrip("/") for server in servers] or [""]


def _shared_route(operation: Operation, prefix: str) -> str:
    """The route of an operation, with what the servers that all share have of it in one version alone."""
    path = operation.path if operation.own_servers else prefix + operation.path
    return without_names(f"{operation.method} {path}")


def _division(old: Api, new: Api) -> Division:
    """How the servers of two versions divide URLs: as most operations confirm that stay where they are."""
    candidates = dict.fromkeys(_divisions(old.servers, new.servers))
    confirmed = {division: _confirming(division, old, new) for division in candidates}
    best = max(confirmed, key=lambda division: confirmed[division], default=Division())
    return best if confirmed.get(best) else Division()


def _divisions(old: Iterable[Server], new: Iterable[Server]) -> Iterator[Division]:
    for before in _bases(old):
        for after in _bases(new):
            if before.startswith(f"{after}/"):
                yield Division(in_old_servers=before.removeprefix(after))
            elif after.startswith(f"{before}/"):
                yield Division(in_new_servers=after.removeprefix(before))


def _confirming(division: Division, old: Api, new: Api) -> int:
    """How many operations stay where they are if servers and paths divide URLs in this way."""
    before = {_shared_route(o, division.in_old_servers) for o in old.operations if not o.own_servers}
    return len(before & {_shared_route(o, division.in_new_servers) for o in new.operations if not o.own_servers})


def _division_of(old: Operation, new: Operation, shared: Division) -> Division:
    if not (old.own_servers or new.own_servers):
        return shared
    before, after = without_names(old.path), without_names(new.path)
    if before == after or not urls(old) & urls(new):
        return Division()
    if after.endswith(before):
        return Division(in_old_servers=_beginning(new.path, before))
    return Division(in_new_servers=_beginning(old.path, after))


def _beginning(path: str, end: str) -> str:
    """What a path has before its end, which is given without the names of variables."""
    return "/".join(path.split("/")[: -end.count("/")])


def _same_but_for_a_prefix(known: Iterable[tuple[Operation, Operation]]) -> Step[Operation]:
    """A step that pairs operations whose paths have lost, gained or changed a prefix as at least one other path did."""

    def step(old: Sequence[Operation], new: Sequence[Operation]) -> Iterator[tuple[int, int]]:
        candidates: dict[_Prefixes, list[tuple[int, int]]] = defaultdict(list)
        for prefixes, before, after in _prefix_changes(old, new):
            candidates[prefixes].append((before, after))
        counts = Counter({prefixes: len(positions) for prefixes, positions in candidates.items()})
        counts.update(prefixes for a, b in known for prefixes, _, _ in _prefix_changes([a], [b]))
        old_paired, new_paired = set[int](), set[int]()
        for prefixes in sorted(candidates, key=lambda p: (-counts[p], len(p[0]) + len(p[1]), p)):
            for before, after in candidates[prefixes] if counts[prefixes] > 1 else ():
                if before not in old_paired and after not in new_paired:
                    old_paired.add(before)
                    new_paired.add(after)
                    yield before, after

    return step


def _prefix_changes(old: Sequence[Operation], new: Sequence[Operation]) -> Iterator[tuple[_Prefixes, int, int]]:
    """The prefixes that two paths differ in, and the positions of their operations; not those of unlike resources."""
    ends: dict[tuple[str, _Segments], list[tuple[_Segments, int]]] = defaultdict(list)
    for after, operation in enumerate(new):
        for prefix, rest in _splits(operation):
            ends[operation.method, rest].append((prefix, after))
    for before, operation in enumerate(old):
        for prefix, rest in _splits(operation):
            same_end = ends.get((operation.method, rest), ())
            for new_prefix, after in same_end if len(same_end) <= _CANDIDATES else ():
                if _is_prefix_change(prefix, new_prefix):
                    yield (prefix, new_prefix), before, after


def _splits(operation: Operation) -> Iterator[tuple[_Segments, _Segments]]:
    """The ways to divide a path into a prefix and a rest, which does not consist of variables alone."""
    segments = tuple(without_names(operation.path).strip("/").split("/"))
    for length in range(min(_PREFIX_SEGMENTS, len(segments) - 1) + 1):
        rest = segments[length:]
        if any(segment.strip("{}") for segment in rest):
            yield segments[:length], rest


def _is_prefix_change(old: _Segments, new: _Segments) -> bool:
    """Whether one prefix is a beginning or an end of the other one, or both contain a version."""
    if old == new or (old and new and old[-1] == new[-1]):
        return False  # what is common belongs to the rest
    shorter, longer = sorted((old, new), key=len)
    versions = [any(re.fullmatch(r"v[0-9][\w.-]*", segment) for segment in prefix) for prefix in (old, new)]
    return longer[: len(shorter)] == shorter or longer[len(longer) - len(shorter) :] == shorter or all(versions)
