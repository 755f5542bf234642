"""A wiki of any size for measuring: customers and incidents of about 1 KB, committed at once."""

from __future__ import annotations

import subprocess
from pathlib import Path

SIZES = {"S": (50, 1_000), "M": (400, 10_000), "L": (2_000, 100_000)}
"""Name → customers, records."""

_PROFILE = """---
type: profile
title: 客户{n:04d} Customer {n:04d}
name: 客户{n:04d} Customer {n:04d}
account_level: standard
owner: bench
---
"""
_EVENT = """---
type: event
title: OSS 上传超时 uploads time out {n}
kind: incident
severity: P{severity}
status: resolved
started_at: 2026-{month:02d}-{day:02d}T09:{minute:02d}:00+08:00
resolved_at: 2026-{month:02d}-{day:02d}T11:{minute:02d}:00+08:00
product: oss
owner: bench
---

## 背景
{prose}

## 处理过程
- 2026-{month:02d}-{day:02d} 09:30 +08:00 · bench · action: 切到备用网关 spare gateway on
- 2026-{month:02d}-{day:02d} 10:30 +08:00 · bench · customer: 客户确认恢复
"""
_PROSE = "高峰期上传失败率升高，客户从下午开始看到超时。Uploads failed at the peak. " * 6


def make(folder: Path, size: str) -> None:
    """Write the wiki of one of ``SIZES`` into an empty folder and commit it with plain git."""
    customers, count = SIZES[size]
    folder.mkdir(parents=True)
    settings = '[wiki]\nschema = 1\nname = "bench"\nlang = "en"\ntimezone = "UTC"\n'
    (folder / "aswiki.toml").write_text(settings, encoding="utf-8")
    people = '[people.bench]\nname = "Bench"\nemails = ["bench@example.com"]\n'
    (folder / "people.toml").write_text(people, encoding="utf-8")
    for n in range(customers):
        events = folder / "customers" / f"customer-{n:04d}" / "events"
        events.mkdir(parents=True)
        (events.parent / "profile.md").write_text(_PROFILE.format(n=n), encoding="utf-8")
    for n in range(count - customers):
        month, day, minute = n % 12 + 1, n % 28 + 1, n % 30
        text = _EVENT.format(n=n, severity=n % 5, month=month, day=day, minute=minute, prose=_PROSE)
        name = f"2026-{month:02d}-{day:02d}-oss-uploads-time-out-{n}.md"
        place = folder / "customers" / f"customer-{n % customers:04d}" / "events" / name
        place.write_text(text, encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "Bench")
    git(folder, "config", "user.email", "bench@example.com")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a wiki to measure")


def git(folder: Path, *words: str) -> None:
    """Run git in the folder."""
    subprocess.run(["git", "-C", str(folder), *words], check=True)
