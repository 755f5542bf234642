"""A signed history of any length for measuring: an entry a commit, records of many customers."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aswiki.store.git.objects import Entry, Folder, object_id, tree_bytes

WHO = "bench@example.com"
START = 1_700_000_000
_EVENT = """---
type: event
title: OSS uploads time out {n}
kind: incident
severity: P2
status: new
started_at: 2023-11-14T09:00:00+08:00
owner: bench
---

## Background
{prose}

## Log
"""
_PROSE = "高峰期上传失败率升高，客户从下午开始看到超时。Uploads failed at the peak. " * 4
_KINDS = {"commit": 1, "tree": 2, "blob": 3}


def make(folder: Path, commits: int, customers: int = 20, records: int = 25) -> str:
    """A wiki with a signed history of so many commits; the head's name."""
    key = Ed25519PrivateKey.generate()
    public = _public(key)
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    head, objects = "", []
    for name, made in _history(key, public, commits, customers, records):
        head = name
        objects += made
    data = _pack(objects)
    subprocess.run(["git", "index-pack", "--stdin"], cwd=folder, input=data, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    subprocess.run(["git", "update-ref", "refs/heads/main", head], cwd=folder, check=True)
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=folder, check=True)
    allowed = folder / ".git" / "allowed"
    allowed.write_text(f'{WHO} namespaces="git,aswiki-anchor" {public}\n')
    for name, value in (("gpg.format", "ssh"), ("gpg.ssh.allowedSignersFile", str(allowed))):
        subprocess.run(["git", "config", name, value], cwd=folder, check=True)
    return head


Object = tuple[str, bytes]


def _history(
    key: Ed25519PrivateKey, public: str, commits: int, customers: int, records: int
) -> Iterator[tuple[str, list[Object]]]:
    texts: dict[tuple[int, int], str] = {}
    events: dict[int, Folder] = {}
    top: Folder = {}
    first: list[Object] = []
    people: Folder = {}
    trust = {
        b"allowed_signers": f'{WHO} namespaces="git,aswiki-anchor" {public}\n'.encode(),
        b"admins": f"{WHO}\n".encode(),
    }
    inner = {name: Entry("100644", _put(first, "blob", data)) for name, data in trust.items()}
    top[b".aswiki"] = Entry("40000", _put(first, "tree", tree_bytes(inner)))
    settings = b'[wiki]\nschema = 1\nname = "bench"\nlang = "en"\ntimezone = "Asia/Shanghai"\n'
    top[b"aswiki.toml"] = Entry("100644", _put(first, "blob", settings))
    said = "init: bench\n\nAswiki-Op: create\nAswiki-Tool: aswiki/1.0\n"
    head = _commit(first, key, public, tree_bytes(top), "", START, said)
    yield head, first
    for n in range(1, commits):
        made: list[Object] = []
        customer, record = n % customers, n // customers % records
        ref = f"customer-{customer:03}/events/2023-11-14-uploads-{record:03}"
        old = texts.get((customer, record))
        text = old or _EVENT.format(n=record, prose=_PROSE)
        text += f"- 2023-11-14 09:00 +08:00 · bench · note: entry {n}\n"
        texts[customer, record] = text
        folder = events.setdefault(customer, {})
        name = f"2023-11-14-uploads-{record:03}.md".encode()
        folder[name] = Entry("100644", _put(made, "blob", text.encode()))
        tree = _put(made, "tree", tree_bytes(folder))
        own = _put(made, "tree", tree_bytes({b"events": Entry("40000", tree)}))
        people[f"customer-{customer:03}".encode()] = Entry("40000", own)
        top[b"customers"] = Entry("40000", _put(made, "tree", tree_bytes(people)))
        digest = hashlib.sha256(text.encode()).hexdigest()
        said = (
            f"append(customer-{customer:03}): entry {n}\n\nAswiki-Op: append\n"
            f"Aswiki-Record: {ref} sha256:{digest}\nAswiki-Tool: aswiki/1.0\n"
        )
        head = _commit(made, key, public, tree_bytes(top), head, START + 600 * n, said)
        yield head, made


def _put(made: list[Object], kind: str, data: bytes) -> str:
    made.append((kind, data))
    return object_id(kind, data, "sha1")


def _commit(
    made: list[Object],
    key: Ed25519PrivateKey,
    public: str,
    tree: bytes,
    parent: str,
    at: int,
    said: str,
) -> str:
    who = f"Bench <{WHO}> {at} +0800"
    link = f"parent {parent}\n" if parent else ""
    head = f"tree {_put(made, 'tree', tree)}\n{link}author {who}\ncommitter {who}\n"
    armored = _signature(key, public, f"{head}\n{said}".encode()).replace("\n", "\n ").rstrip(" ")
    return _put(made, "commit", f"{head}gpgsig {armored}\n{said}".encode())


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _public(key: Ed25519PrivateKey) -> str:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"ssh-ed25519 {base64.b64encode(_string(b'ssh-ed25519') + _string(raw)).decode()}"


def _signature(key: Ed25519PrivateKey, public: str, payload: bytes) -> str:
    digest = hashlib.sha512(payload).digest()
    covered = [_string(each) for each in (b"git", b"", b"sha512", digest)]
    signed = key.sign(b"SSHSIG" + b"".join(covered))
    field = _string(b"ssh-ed25519") + _string(signed)
    blob = base64.b64decode(public.split()[1])
    parts = (blob, b"git", b"", b"sha512", field)
    whole = b"SSHSIG" + (1).to_bytes(4, "big") + b"".join(map(_string, parts))
    text = base64.b64encode(whole).decode()
    lines = [text[start : start + 70] for start in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def _pack(objects: list[Object]) -> bytes:
    import struct
    import zlib

    unique = list(dict.fromkeys(objects))
    parts = [b"PACK" + struct.pack(">II", 2, len(unique))]
    for kind, data in unique:
        byte, size = _KINDS[kind] << 4 | len(data) & 15, len(data) >> 4
        while size:
            parts.append(bytes([byte | 128]))
            byte, size = size & 127, size >> 7
        parts += [bytes([byte]), zlib.compress(data, 1)]
    whole = b"".join(parts)
    return whole + hashlib.sha1(whole, usedforsecurity=False).digest()
