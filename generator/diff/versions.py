"""Two inputs -> what each provider says in the two versions."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from ..document.field_reader import name_hint
from ..document.loading import load
from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api, Package
from ..normalization.mapping import Mapping
from ..normalization.names import identifier
from ..normalization.read.mapping import read_mapping
from ..normalization.unified import UnifiedModel
from ..options import UNDECIDED, Options
from ..output.section import FILE
from ..output.temporary import temporary_folder
from ..project.equal_files import same_document
from ..project.own_options import own_distribution, read_own_options
from ..project.packages import check_distribution, distribution_for, provider_package, single_package
from ..project.releases import NO_RELEASES, Releases
from ..versions import Release
from .accepted import ACCEPTED, Acceptance, read_acceptances
from .beside import read_releases_beside, unified_models
from .inputs import Input, read_inputs
from .pairing.items import by_key
from .revisions import FILES

_SPEC_CHANGED = "vendored-spec-changed"


@dataclass(frozen=True, slots=True)
class Version:
    """One provider in one version."""

    name: str
    """The folder's name; for a single file the file's stem."""
    package: Package | None = None
    """None: it does not exist in this version, or is not read."""
    mapping: Mapping | None = None
    """None: there is none, or it does not fit its specs."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the mapping."""
    unified: UnifiedModel | None = None
    self_hosted: bool = False
    """Whether everybody may run a server of it, so that some lag behind."""
    accepted: tuple[Acceptance, ...] = ()
    """The entries of its accepted.yaml; those of the new version count."""
    errors: tuple[Problem, ...] = ()
    """Why it cannot be read, so that it is not compared; `package` is None then."""
    file: str = ""
    """What its accepted.yaml is called in problems; "" for a spec file, which has none."""
    path: Path | None = None
    """Where that is, or would be; None in a git revision."""
    distribution: str = ""
    """The name of the package where that is not read, as the files of both versions are equal."""
    releases: Releases = NO_RELEASES
    """The versions of all packages beside it."""


Versions = dict[str, Version]


def read_versions(
    old: str,
    new: str,
    *,
    root: Path | None = None,
    package: Path | None = None,
    name: str | None = None,
    old_name: str | None = None,
    skip_equal: bool = False,
) -> tuple[Versions, Versions, list[Problem]]:
    """Both versions, by the providers' names, and the warnings about the new one: nobody can correct the old one.

    Two inputs that are a file or a provider's folder are two versions of one provider, whatever their names. Spec files
    may refer to other files inside `root`, which contains both, and are read with the options in the folder `package`.
    The package of two spec files is called `name`; by default as that in the folder `package`, or after the title of
    the old document; `old_name` is what that is called in problems. `skip_equal`: equal spec files are hardly read.

    Raises ProblemsFound, with what is wrong with either input; what is wrong with some providers stands in these.
    """
    with temporary_folder() as folder:
        before, after, provider = read_inputs(old, new, folder, root, old_name)
        problems, warnings = Problems(), Problems()
        own = _own_options(package, before, after, problems)
        distribution = _distribution(name, package, before, after, problems)
        problems.stop_on_errors()
        if skip_equal and package is None and (equal := _equal_files(before, after, distribution)):
            return equal, equal, []
        models = unified_models(before, after, problems)
        old_reader, new_reader = (
            _Reader(item, provider, model, read_releases_beside(item, problems), reported, own, distribution)
            for item, model, reported in zip((before, after), models, (problems, warnings), strict=True)
        )
        old_versions = old_reader.versions(folder / "links-old")
        if before.form == "file":  # what was decided for the old version holds for the new one
            own, distribution = _decided(old_versions, own, distribution)
        new_versions = replace(new_reader, options=own, distribution=distribution).versions(folder / "links-new")
        warnings += _regrouped(old_versions, new_versions)
        _stop_on_errors(old_versions, new_versions, Problems([*problems, *warnings]))
    return old_versions, new_versions, warnings


def _stop_on_errors(old: Versions, new: Versions, problems: Problems) -> None:
    """Raise ProblemsFound with the errors of the inputs, or of all of their providers where none can be compared."""
    problems += _unmatched(old) & _unmatched(new)  # in one version it says what changed
    unread = unread_providers(old, new)
    if problems.errors or unread.keys() == old.keys() | new.keys():
        problems += chain.from_iterable(unread.values())
    problems.stop_on_errors()


def _equal_files(old: Input, new: Input, distribution: str | None) -> Versions | None:
    """The one version of two equal spec files, of which no more than the package's name is read; None of others."""
    document = same_document(old.path, new.path) if old.form == new.form == "file" else None
    if document is None:
        return None
    return {new.package_name: Version(new.package_name, distribution=distribution or distribution_for(document))}


def unread_providers(old: Versions, new: Versions) -> dict[str, list[Problem]]:
    """The providers that cannot be read in one of the versions, and why: they cannot be compared."""
    unread = dict[str, list[Problem]]()
    for version in (*old.values(), *new.values()):
        if version.errors:
            unread.setdefault(version.name, []).extend(version.errors)
    return unread


def without_packages(versions: Versions, names: Container[str]) -> Versions:
    """The versions, in which providers of these names have no package, so that nothing of them is compared."""
    unread = {
        name: Version(name, unified=version.unified, releases=version.releases)
        for name, version in versions.items()
        if name in names
    }
    return versions | unread


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the providers of one input."""

    input: Input
    provider: str | None
    """The name of the only provider to compare; None: all of them."""
    unified: UnifiedModel | None
    releases: Releases
    problems: Problems
    options: Options
    """The options of a file's package."""
    distribution: str | None
    """The name of a file's package; None: it is called after the document's title."""

    def versions(self, links: Path) -> Versions:
        """The providers by name; `links` is a folder that does not exist yet."""
        match self.input.form:
            case "file":
                versions = [self._file()]
            case "provider":
                versions = [self._provider(self._linked(links), self.input.name)]
            case "tree":
                versions = [self._provider(path, f"{self.input.name}/{path.name}") for path in self._folders()]
        return {version.name: version for version in versions if version is not None}

    def _file(self) -> Version | None:
        assert self.provider is not None
        problems = Problems(strict=False)  # as `client` reads it
        package = single_package(
            *(self.input.path, self.distribution, problems),
            file=self.input.name,
            root=self.input.root,
            copies=self.input.around,
            options=self.options,
            allow_unmatched=True,
        )
        self.problems.extend(problems)
        return Version(self.provider, package, self_hosted=_self_hosted(package.api)) if package else None

    def _linked(self, links: Path) -> Path:
        """A folder of links to the provider's files, called as in both versions: the package is named after it."""
        assert self.provider is not None
        folder = links / self.provider
        folder.mkdir(parents=True)
        files = {path.name: path for path in self.input.path.iterdir()}
        if self.input.document:
            files[FILES[0]] = self.input.document.path
        for name, path in files.items():
            (folder / name).symlink_to(path)
        return folder

    def _folders(self) -> list[Path]:
        """The folders of the providers that are compared."""
        folders = [path for path in self.input.path.glob("*/") if not path.name.startswith((".", "__"))]
        providers = {path.name: path for path in sorted(folders) if any((path / file).exists() for file in FILES)}
        if not providers:
            hint = "name a spec file, a folder with openapi.yaml and provider.yaml, or a folder of such folders"
            self.problems.error("no-specs", Source(self.input.name), "there is no provider's folder here", hint)
        if self.provider is None:
            return list(providers.values())
        if providers and self.provider not in providers:
            message = f"there is no provider {self.provider!r} here to compare with"
            hint = name_hint(self.provider, [*providers])
            self.problems.error("no-such-provider", Source(self.input.name), message, hint)
        return [path for name, path in providers.items() if name == self.provider]

    def _provider(self, folder: Path, name: str) -> Version:
        """The provider of a folder, which is called `name` in problems."""
        if not (folder / FILES[0]).exists():
            hint = "call the document openapi.yaml (JSON is YAML, too), or remove the folder"
            message = "this provider's folder has no openapi.yaml"
            return Version(folder.name, errors=(Problem("missing-spec", Source(name), message, hint),))
        problems, misfits, document = _UnderReview(), Problems(), self.input.document
        package = provider_package(
            *(folder, name, problems),
            document=document.name if document else None,
            copies=document.around if document else self.input.around,
            misfits=misfits,
        )
        accepted = read_acceptances(folder / ACCEPTED, f"{name}/{ACCEPTED}", problems)
        mapping, unfit = None, Problems()
        if package:
            with problems.collecting():
                mapping, unfit = self._mapping(folder, f"{name}/normalization.yaml", package)
        ignored = {_SPEC_CHANGED} if document else set[str]()  # provider.yaml is about the document in its folder
        warnings = (problem for problem in problems if problem.severity == "warning")
        self.problems.extend(problem for problem in warnings if problem.id not in ignored)
        if package is None or problems.errors:
            return Version(folder.name, unified=self.unified, errors=(*problems.errors, *misfits))
        hosted = _self_hosted(package.api)
        real = self.input.path if self.input.form == "provider" else folder  # which is not one of links
        released = self.releases.version(package.distribution)
        package = replace(package, release=Release(released))
        return Version(
            *(folder.name, package, mapping, tuple(unfit), self.unified, hosted, accepted),
            file=f"{name}/{ACCEPTED}",
            path=None if self.input.around else real / ACCEPTED,
            releases=self.releases,
        )

    def _mapping(self, folder: Path, file: str, package: Package) -> tuple[Mapping | None, Problems]:
        """The mapping of a provider, and what is wrong with it. Raises ProblemsFound where it is not YAML."""
        misfits, path = Problems(), folder / "normalization.yaml"
        if not path.exists():
            return None, misfits
        if self.unified is None:  # it cannot be read, which is reported
            return None, misfits
        entries = load(path, file)
        try:
            return read_mapping(entries, identifier(folder.name), package, self.unified, misfits), misfits
        except ProblemsFound as error:
            return None, Problems(error.problems)


class _UnderReview(Problems):
    """A spec may be compared before its sha256 and its credentials are recorded: that is only a warning here."""

    def append(self, problem: Problem) -> None:
        """Record a problem; as a warning when it is about a provider.yaml that waits for the review's end."""
        waits = problem.id in (_SPEC_CHANGED, "provider-stale", "provider-incomplete")
        super().append(replace(problem, severity="warning") if waits else problem)


def _decided(versions: Versions, options: Options, distribution: str | None) -> tuple[Options, str | None]:
    """The options and the name of the package of a version; those that are given where it has none."""
    packages = [version.package for version in versions.values() if version.package]
    return (packages[0].api.options, packages[0].distribution) if packages else (options, distribution)


def _distribution(name: str | None, package: Path | None, old: Input, new: Input, problems: Problems) -> str | None:
    """The name of the package of a spec file, if it is known before the document is read."""
    if {old.form, new.form} != {"file"}:
        if name is not None:
            hint = "the packages of providers are called after their folders"
            problems.error("bad-name", Source("--name"), "this is for two spec files", hint)
        file = old if old.form == "file" else new
        return f"{file.package_name}-client"
    if name is not None:
        check_distribution(name, problems)
    return name or (own_distribution(package) if package else None)


def _own_options(package: Path | None, old: Input, new: Input, problems: Problems) -> Options:
    """The options of the package in a folder, for two spec files; whatever else it is given for is an error."""
    if package is None:
        return UNDECIDED
    file = (package / FILE).as_posix()
    if {old.form, new.form} != {"file"}:
        hint = "the packages of providers have their options in provider.yaml"
        problems.error("package-options", Source("--package"), "this is for two spec files", hint)
    elif not (package / FILE).is_file():
        hint = "name the folder of a package that `client` has generated"
        problems.error("package-options", Source(file), "there is no such file", hint)
    return read_own_options(package, file, problems)


def _regrouped(old: Versions, new: Versions) -> Iterator[Problem]:
    """A warning for each package whose methods are all renamed, because they are in groups now or no longer are."""
    for name, before, after in by_key(old, new):
        packages = [version.package for version in (before, after) if version and version.package]
        groups = [bool(package.api.options.groups) for package in packages]
        if len({*groups}) > 1:
            are_in = "are in groups now" if groups[1] else "are no longer in groups"
            message = f"the methods of {name} {are_in}, as its options say: callers find them under other names"
            hint = "to keep the names, leave `groups` in the options as it was"
            yield Problem("groups-changed", packages[1].api.source, message, hint, "warning")


def _unmatched(versions: Versions) -> set[Problem]:
    """The errors of patterns that name no operation of a version, without hints, which depend on it."""
    packages = [version.package for version in versions.values() if version.package]
    return {replace(problem, hint="") for package in packages for problem in package.api.unmatched}


def _self_hosted(api: Api) -> bool:
    """Whether everybody may choose the host: it is a variable with any value, or no server is absolute."""
    for server in api.servers:
        host = re.sub(r"^[^/]*://", "", server.url).partition("/")[0]
        for variable in server.variables:
            if re.fullmatch(re.escape(f"{{{variable.name}}}") + r"(:.*)?", host) and not variable.enum:
                return True
    return not any("://" in server.url for server in api.servers)
