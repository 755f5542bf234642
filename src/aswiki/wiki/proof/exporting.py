"""The use case ``evidence export``: a package that a stranger can check without the wiki."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aswiki.domain import records
from aswiki.errors import BadInput, Unusable
from aswiki.evidence import package, signers
from aswiki.lang import _
from aswiki.store import folder, packaged
from aswiki.wiki import lookup
from aswiki.wiki.proof.pages import page_of, pages
from aswiki.wiki.wiki import SETTINGS

if TYPE_CHECKING:
    from aswiki.evidence.statement import Statement
    from aswiki.wiki.proof.anchors import Anchor
    from aswiki.wiki.wiki import Wiki

Progress = Callable[[int, int], None]
_MAIN = ("refs/heads/main", "refs/heads/master")


@dataclass(frozen=True)
class Exported:
    """A package as it was written.

    Args:
        path: its folder.
        sha256: of its file of sums: the one number that stands for all of it.
        head: the commit it holds.
        records: the references of the records that have a page in it.
        receipt: the newest anchor's line; None where nothing is anchored.
        key: the fingerprint of the key that signed the first commit; None where it is unsigned.
        warnings: what the sender should know before it leaves.
    """

    path: Path
    sha256: str
    head: str
    records: Sequence[str]
    receipt: str | None
    key: str | None
    warnings: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """The document of ``evidence export --json``."""
        return {
            "path": str(self.path),
            "sha256": self.sha256,
            "head": self.head,
            "records": list(self.records),
            "receipt": self.receipt,
            "key": self.key,
            "warnings": list(self.warnings),
        }


def export(
    wiki: Wiki,
    words: str | None,
    out: Path,
    language: str,
    progress: Progress = lambda _done, _total: None,
) -> Exported:
    """Write the package of one record, of one customer, or of all records where ``words`` is None.

    The bundle in it is always that of the whole main branch: a part of a history proves nothing.

    Args:
        wiki: the open wiki.
        words: the record or customer as typed.
        out: the folder, which is not there yet.
        language: zh or en, of the pages.
        progress: told how many pages are done, and of how many.

    Raises:
        BadInput: the folder is there already.
        NotFound: no such record in the last commit.
        Unusable: there is no commit, or what makes web pages is not installed.
    """
    repository = wiki.repository
    repository.require_safe()
    ref = main_ref(wiki)
    head = lookup.commit(wiki, ref)
    about, chosen = _chosen(wiki, words, head)
    raw = {path: data for path, data in repository.blobs(head, chosen).items() if data is not None}
    anchored = [each.statement for each in anchored_in(wiki, head)]
    trust = _trust(wiki, head)
    with folder.whole(out) as made:
        _bundle(wiki, ref, made.resolve() / package.BUNDLE)
        _require_head(wiki, ref, head)
        told = _manifest(wiki, about, ref, head, raw, anchored)
        folder.fill(
            made,
            {
                **pages(wiki, raw, head, language, progress),
                **trust,
                **texts("VERIFY.sh", "PACKAGE"),
                package.HEAD: f"{head}\n".encode(),
                package.MANIFEST: package.manifest(told),
            },
        )
        written = package.sums(folder.digests(made))
        folder.fill(made, {package.SUMS: written})
    return Exported(
        path=out,
        sha256=package.digest(written),
        head=head,
        records=[records.reference(path) for path in raw],
        receipt=anchored[-1].receipt if anchored else None,
        key=first_key(wiki, head),
        warnings=_warnings(anchored),
    )


def main_ref(wiki: Wiki) -> str:
    """The full name of the branch that evidence is about: that of the anchors, else main.

    Raises:
        Unusable: HEAD is on no branch, and there is no main branch.
    """
    from aswiki.wiki.proof.anchors import newest

    repository = wiki.repository
    anchored = newest(wiki) if repository.head() else None
    named = (anchored.ref if anchored else "", *_MAIN, repository.branch() or "")
    found = next((ref for ref in named if ref and repository.resolve(ref) is not None), None)
    if found is None:
        raise Unusable(
            "no-commits", _("There is no commit yet."), _("Write something first, then try again.")
        )
    return found


def _bundle(wiki: Wiki, ref: str, path: Path) -> None:
    """Write the branch into the package.

    Raises:
        Unusable: code ``corrupt-repository``: objects are missing or damaged.
    """
    from aswiki.store.git.quarantine import Damaged

    try:
        wiki.repository.bundle(ref, path)
    except Damaged as error:
        said = _("The repository is damaged.")
        raise Unusable(
            "corrupt-repository",
            f"{said} ({error})",
            _("Run `git fsck` to see what is damaged and restore it from another copy."),
        ) from error


def anchored_in(wiki: Wiki, rev: str) -> list[Anchor]:
    """The anchors of a commit; none where they are not one chain, which ``verify`` will say."""
    from aswiki.wiki.proof.anchors import anchors

    try:
        return anchors(wiki, rev)
    except Unusable as error:
        if error.code != "anchors-broken":
            raise
        return []


def first_key(wiki: Wiki, head: str) -> str | None:
    """The fingerprint of the key that signed the wiki's first commit; None where none did.

    In a repository that had a history before, that is the commit which made the wiki.
    """
    made = wiki.repository.first_commits([SETTINGS]).get(SETTINGS)
    genesis = made.hash if made is not None else wiki.repository.genesis(head)
    return signing_keys(wiki, [genesis]).get(genesis)


def signing_keys(wiki: Wiki, commits: Sequence[str]) -> dict[str, str]:
    """The fingerprint of the key that signed each commit; those not signed well are left out.

    Raises:
        Unusable: a commit is signed, and what checks signatures is not installed.
    """
    from aswiki.evidence.objects import parse_commit

    found: dict[str, str] = {}
    for name, raw in wiki.repository.raw_commits(commits).items():
        try:
            parsed = parse_commit(raw)
        except BadInput:
            continue
        if not parsed.signature:
            continue
        from aswiki.evidence.signatures import Signature, signed

        answer = signed(parsed.payload, parsed.signature.encode(), signers.GIT)
        if isinstance(answer, Signature):
            found[name] = answer.fingerprint
    return found


def texts(script: str, readme: str) -> dict[str, bytes]:
    """The script and the two pages of instructions, the same in every package."""
    place = packaged.folder("templates") / "evidence"
    names = {
        package.SCRIPT: script,
        "README.md": f"{readme}.en.md",
        "README.zh.md": f"{readme}.zh.md",
    }
    return {name: (place / source).read_bytes() for name, source in names.items()}


def certificates(wiki: Wiki, rev: str) -> dict[str, bytes]:
    """The pinned certificates of time stamp authorities by their file's name, as committed."""
    said = wiki.settings.get("tsa")
    listed = said.get("certificates") if isinstance(said, dict) else None
    paths = [str(path) for path in listed] if isinstance(listed, list) else []
    found = wiki.repository.blobs(rev, paths) if paths else {}
    return {path.rpartition("/")[2]: data for path, data in found.items() if data is not None}


def chains(wiki: Wiki, rev: str) -> dict[str, bytes]:
    """The certificates behind the tokens, as they were when these were fetched."""
    from aswiki.evidence.statement import CHAINS

    found = wiki.repository.blobs(rev, wiki.repository.paths(rev, CHAINS))
    return {path.rpartition("/")[2]: data for path, data in found.items() if data is not None}


def _chosen(wiki: Wiki, words: str | None, head: str) -> tuple[str | None, list[str]]:
    """The reference or slug that the words name, and the paths of the records it stands for."""
    known = [path for path in wiki.repository.paths(head) if records.type_of(path) is not None]
    if words is None:
        return None, known
    ref = lookup.record_at(wiki, words, head)
    if not ref.endswith("/profile"):
        return ref, [records.path_of(ref)]
    slug = ref.partition("/")[0]
    return slug, [path for path in known if path.startswith(f"customers/{slug}/")]


def _trust(wiki: Wiki, head: str) -> dict[str, bytes]:
    """Whom the last commit allows to sign, and the authorities of its time stamps."""
    found = wiki.repository.blobs(head, [signers.SIGNERS, signers.ADMINS])
    allowed = found[signers.SIGNERS] or b""
    keys, _problems = signers.parse(allowed.decode("utf-8", "replace"))
    pinned = certificates(wiki, head)
    return {
        package.SIGNERS: allowed,
        "trust/admins": found[signers.ADMINS] or b"",
        "trust/fingerprints.txt": package.fingerprints(keys),
        **{f"trust/tsa/{name}": data for name, data in pinned.items()},
        **{f"trust/ltv/{name}": data for name, data in chains(wiki, head).items()},
    }


def _require_head(wiki: Wiki, ref: str, head: str) -> None:
    if wiki.repository.resolve(ref) != head:
        raise Unusable("raced", _("Another commit came in between."), _("Try again."))


def _manifest(
    wiki: Wiki,
    about: str | None,
    ref: str,
    head: str,
    raw: Mapping[str, bytes],
    anchored: Sequence[Statement],
) -> dict[str, Any]:
    return {
        "format": package.WHOLE,
        "tool": wiki.tool,
        "made": wiki.now().isoformat(timespec="seconds"),
        "about": about or "all",
        "repository": wiki.repository.genesis(head),
        "ref": ref,
        "head": head,
        "folder": wiki.repository.prefix,
        "receipt": anchored[-1].receipt if anchored else None,
        "records": [
            {
                "ref": (own := records.reference(path)),
                "path": path,
                "sha256": package.digest(data),
                "page": page_of(own),
            }
            for path, data in raw.items()
        ],
    }


def _warnings(anchored: Sequence[Statement]) -> list[str]:
    found = [
        _(
            "kb.bundle holds the whole wiki, every customer in it: for your own people, lawyers "
            "and courts. For anybody else: aswiki evidence prove RECORD --out FOLDER"
        )
    ]
    if not anchored:
        found.append(_("Nothing is anchored yet, so no time is proven. First run: aswiki anchor"))
    return found


def require_place(out: str | None) -> Path:
    """The folder that a package goes into.

    Raises:
        BadInput: none is given.
    """
    if not out:
        raise BadInput(
            "missing-out",
            _("--out is missing."),
            _("Give the folder that the package goes into: --out FOLDER"),
        )
    return Path(out)
