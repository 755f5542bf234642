"""The commands that record what happened at a customer: one new record each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from aswiki.cli.asking import comes_otherwise, customer_of, text_of, title_of, word_of
from aswiki.cli.frame import CUSTOMER
from aswiki.cli.run import Run, ask
from aswiki.cli.saved import asked, opened, say
from aswiki.lang import N_, _

Text = str | None

_TITLE = typer.Argument(metavar="TITLE", help=N_("What it is about, in one line"))
_IMPACT = typer.Option(metavar="TEXT", help=N_("What it does to the customer's business"))
_STATUS = typer.Option(metavar="STATUS", help=N_("Where it stands, by key or label"))
_PRODUCT = typer.Option(metavar="PRODUCT", help=N_("The product, by slug or name"))
_STARTED = typer.Option(metavar="TIME", help=N_("When it began; the same as --at"))
_DETECTED = typer.Option(
    metavar="WHO", help=N_("Who saw it first: customer, our_alarm, patrol, third_party")
)
_ENVIRONMENT = typer.Option(metavar="TEXT", help=N_("In which environment"))
_PURPOSE = typer.Option(metavar="TEXT", help=N_("For what purpose"))
_SEVERITY = typer.Option(metavar="P0..P4", help=N_("How bad"))
_SAID_BY = typer.Option(metavar="WHO", help=N_("Who said it"))


def log_incident(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    title: Annotated[Text, _TITLE] = None,
    severity: Annotated[
        Text, typer.Option(metavar="P0..P4", help=N_("How bad; P3 unless said"))
    ] = None,
    product: Annotated[Text, _PRODUCT] = None,
    started_at: Annotated[Text, _STARTED] = None,
    detected_by: Annotated[Text, _DETECTED] = None,
    impact: Annotated[Text, _IMPACT] = None,
    environment: Annotated[Text, _ENVIRONMENT] = None,
    status: Annotated[Text, _STATUS] = None,
) -> None:
    """Record an incident.

    aswiki log-incident acme "OSS uploads time out" --severity P1 --product oss
    aswiki log-incident 蓝鲸游戏 "OSS 上传超时" --severity P1 --started-at 昨天下午3点
    """
    given = {
        "kind": "incident",
        "severity": severity,
        "product": product,
        "detected_by": detected_by,
        "impact.business": impact,
        "environment": environment,
        "status": status,
    }
    _log(run, "event", customer, title, given, at=started_at)


def log_event(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    title: Annotated[Text, _TITLE] = None,
    kind: Annotated[
        Text,
        typer.Option(
            metavar="KIND", help=N_("Its kind by key or label, for instance question or 答疑")
        ),
    ] = None,
    product: Annotated[Text, _PRODUCT] = None,
    started_at: Annotated[Text, _STARTED] = None,
    detected_by: Annotated[Text, _DETECTED] = None,
    environment: Annotated[Text, _ENVIRONMENT] = None,
    purpose: Annotated[Text, _PURPOSE] = None,
    status: Annotated[Text, _STATUS] = None,
) -> None:
    """Record an event of any kind.

    aswiki log-event acme "Double the cache before the sale" --kind scaling
    aswiki log-event 蓝鲸游戏 "国庆重保" --kind 重保 --at 10月1日
    """
    customer, title = customer_of(run, customer), title_of(run, title)
    given = {
        "kind": word_of(run, kind, _("What kind of event is it?"), "--kind", "event_kind"),
        "product": product,
        "detected_by": detected_by,
        "environment": environment,
        "purpose": purpose,
        "status": status,
    }
    _log(run, "event", customer, title, given, at=started_at)


def log_visit(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    title: Annotated[Text, _TITLE] = None,
    kind: Annotated[
        Text, typer.Option(metavar="KIND", help=N_("Its kind, for instance monthly or 月度"))
    ] = None,
    weather: Annotated[
        Text, typer.Option(metavar="WEATHER", help=N_("The mood: sunny to storm, or unknown"))
    ] = None,
    summary: Annotated[Text, typer.Option(metavar="TEXT", help=N_("What was talked about"))] = None,
    mode: Annotated[Text, typer.Option(metavar="MODE", help=N_("onsite, online or phone"))] = None,
    attendees: Annotated[
        Text, typer.Option(metavar="WHO,WHO", help=N_("Who was there, commas between"))
    ] = None,
    minutes: Annotated[Text, typer.Option(metavar="N", help=N_("How long it took"))] = None,
    requested_by: Annotated[
        Text, typer.Option(metavar="WHO", help=N_("Who asked for the meeting"))
    ] = None,
    next_on: Annotated[Text, typer.Option(metavar="DATE", help=N_("The next visit"))] = None,
    status: Annotated[Text, _STATUS] = None,
) -> None:
    """Record a visit.

    A visit that is held needs its weather and summary. One whose time is ahead is planned.

        aswiki log-visit acme "October visit" --kind monthly --weather sunny --summary "Routine"
        aswiki log-visit 蓝鲸 "例行" --kind 月度 --at 昨天下午3点 --weather 多云 --summary 例行
    """
    customer, title = customer_of(run, customer), title_of(run, title)
    kind = word_of(run, kind, _("What kind of visit was it?"), "--kind", "visit_kind")
    held = _is_held(run, status)
    if held and not comes_otherwise(run, "weather"):
        weather = word_of(run, weather, _("What was the mood?"), "--weather", "weather")
    if held and not comes_otherwise(run, "summary"):
        summary = text_of(run, summary, _("What was talked about?"), "--summary")
    given = {
        "kind": kind,
        "mode": mode,
        "status": status,
        "duration_minutes": minutes,
        "attendees": attendees,
        "requested_by": requested_by,
        "weather": weather,
        "next_on": next_on,
        "summary": summary,
    }
    _log(run, "visit", customer, title, given)


def _is_held(run: Run, status: str | None) -> bool:
    """Whether the visit is over: by its status, else by its time."""
    from aswiki.wiki.drafting import moment_of

    wiki = opened(run)
    said = status or dict(run.sets).get("status")
    if said:
        return wiki.vocabulary.key("visit_status", said) == "held"
    return moment_of(wiki, asked(run)) <= wiki.now()


def log_complaint(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    title: Annotated[Text, _TITLE] = None,
    category: Annotated[
        Text, typer.Option(metavar="CATEGORY", help=N_("For instance slow_response or 响应慢"))
    ] = None,
    direction: Annotated[
        Text,
        typer.Option(metavar="DIRECTION", help=N_("Who complains; customer_to_us unless said")),
    ] = None,
    impact: Annotated[Text, _IMPACT] = None,
    severity: Annotated[Text, _SEVERITY] = None,
    complainant: Annotated[Text, typer.Option(metavar="WHO", help=N_("Who complained"))] = None,
    remedy: Annotated[Text, typer.Option(metavar="TEXT", help=N_("What they ask for"))] = None,
    status: Annotated[Text, _STATUS] = None,
) -> None:
    """Record a complaint.

    aswiki log-complaint acme "Nobody answered at night" --category slow_response
    aswiki log-complaint 蓝鲸游戏 "夜里没人接电话" --category 响应慢 --complainant 王工
    """
    customer, title = customer_of(run, customer), title_of(run, title)
    question = _("What is the complaint about?")
    given = {
        "category": word_of(run, category, question, "--category", "complaint_category"),
        "direction": direction,
        "severity": severity,
        "status": status,
        "complainant": complainant,
        "remedy_sought": remedy,
        "customer_impact": impact,
    }
    _log(run, "complaint", customer, title, given)


def log_communication(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    title: Annotated[Text, _TITLE] = None,
    kind: Annotated[
        Text, typer.Option(metavar="KIND", help=N_("Its kind, for instance advice or 外脑建议"))
    ] = None,
    what: Annotated[Text, typer.Option(metavar="TEXT", help=N_("What was done"))] = None,
    topic: Annotated[
        Text, typer.Option(metavar="TOPIC", help=N_("For instance postmortem, demo or boundary"))
    ] = None,
    hours: Annotated[Text, typer.Option(metavar="N", help=N_("Hours spent, decimal"))] = None,
    value: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What it was worth to the customer"))
    ] = None,
) -> None:
    """Record what was done for a customer beyond mending faults.

    aswiki log-communication acme "Warned before the sale" --kind proactive_alert --hours 1.5
    aswiki log-communication 蓝鲸游戏 "大促前主动告警" --kind 主动告警 --what "提前扩容" --hours 1.5
    """
    customer, title = customer_of(run, customer), title_of(run, title)
    given = {
        "kind": word_of(run, kind, _("What was it?"), "--kind", "communication_kind"),
        "topic": topic,
        "value": value,
        "hours": hours,
        "what": what,
    }
    _log(run, "communication", customer, title, given)


def log_note(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    title: Annotated[Text, _TITLE] = None,
    kind: Annotated[
        Text, typer.Option(metavar="KIND", help=N_("feeling, signal or sales_sync"))
    ] = None,
    said_by: Annotated[Text, _SAID_BY] = None,
    about: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What the feeling is about"))
    ] = None,
    environment: Annotated[Text, _ENVIRONMENT] = None,
    purpose: Annotated[Text, _PURPOSE] = None,
    verbatim: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What was said, to the letter"))
    ] = None,
    sentiment: Annotated[
        Text, typer.Option(metavar="-2..2", help=N_("From -2 angry to 2 delighted"))
    ] = None,
    signal: Annotated[
        Text, typer.Option(metavar="KIND", help=N_("A signal's kind, for instance bargaining"))
    ] = None,
    claimed_reason: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("The reason they give"))
    ] = None,
    claimed_severity: Annotated[
        Text, typer.Option(metavar="P0..P4", help=N_("How bad they say it is"))
    ] = None,
    platform_fault: Annotated[
        Text, typer.Option(metavar="HOW", help=N_("What is behind it: none, minor or serious"))
    ] = None,
    advice: Annotated[Text, typer.Option(metavar="TEXT", help=N_("What you would do"))] = None,
    for_sales: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("The same in words fit for sales"))
    ] = None,
    sales_person: Annotated[
        Text, typer.Option(metavar="WHO", help=N_("The salesperson who told us"))
    ] = None,
    with_whom: Annotated[
        Text, typer.Option(metavar="WHO", help=N_("Whom sales had talked with"))
    ] = None,
    happened_at: Annotated[
        Text, typer.Option(metavar="TIME", help=N_("When that talk was"))
    ] = None,
    synced_at: Annotated[
        Text, typer.Option(metavar="TIME", help=N_("When we were told; --at unless said"))
    ] = None,
    relevant_to_service: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("What of it bears on our service"))
    ] = None,
) -> None:
    """Record a feeling, a signal, or what sales told us.

    A feeling needs --environment and --purpose. The options are those of the note's kind.

        aswiki log-note acme "Unheard" --kind feeling --environment production --purpose "the sale"
        aswiki log-note 蓝鲸游戏 "拿故障压价" --kind 信号 --signal 砍价 --platform-fault minor
        aswiki log-note 蓝鲸游戏 "续约口风" --kind 销售同步 --happened-at 10月8日
    """
    customer, title = customer_of(run, customer), title_of(run, title)
    kind = word_of(run, kind, _("What is it?"), "--kind", "note_kind")
    kind = opened(run).vocabulary.key("note_kind", kind) or kind
    speaker = "source" if kind == "signal" else "feeling"
    given = {
        "kind": kind,
        f"{speaker}.said_by": said_by,
        f"{speaker}.verbatim": verbatim,
        "feeling.about": about,
        "feeling.environment": environment,
        "feeling.purpose": purpose,
        "feeling.sentiment": sentiment,
        "signal.kind": signal,
        "signal.claimed_reason": claimed_reason,
        "signal.claimed_severity": claimed_severity,
        "signal.platform_fault": platform_fault,
        "signal.advice": advice,
        "signal.for_sales": for_sales,
        "sales_sync.sales_person": sales_person,
        "sales_sync.with_whom": with_whom,
        "sales_sync.happened_at": happened_at,
        "sales_sync.synced_at": synced_at,
        "sales_sync.relevant_to_service": relevant_to_service,
    }
    _log(run, "note", customer, title, given | _needed_of_note(run, kind, given))


def _needed_of_note(run: Run, kind: str, given: Mapping[str, str | None]) -> dict[str, str]:
    """What a note of that kind cannot do without, asked for where it was not given."""
    found: dict[str, str] = {}
    if kind == "feeling":
        for key, question in (
            ("environment", _("In which environment?")),
            ("purpose", _("For what purpose?")),
        ):
            path = f"feeling.{key}"
            if not comes_otherwise(run, path):
                found[path] = text_of(run, given[path], question, f"--{key}")
    elif kind == "signal" and not comes_otherwise(run, "signal.kind"):
        question = _("What kind of signal?")
        found["signal.kind"] = word_of(
            run, given["signal.kind"], question, "--signal", "signal_kind"
        )
    elif kind == "sales_sync" and not given["sales_sync.synced_at"]:
        now = opened(run).now().isoformat(timespec="minutes")
        found["sales_sync.synced_at"] = run.at or now
    return found


def log_churn(
    run: Run,
    customer: Annotated[Text, CUSTOMER] = None,
    title: Annotated[Text, _TITLE] = None,
    reason: Annotated[
        Text, typer.Option(metavar="REASON", help=N_("For instance commercial or undetermined"))
    ] = None,
    amount: Annotated[Text, typer.Option(metavar="AMOUNT", help=N_("What is lost a month"))] = None,
    period: Annotated[
        Text, typer.Option(metavar="YYYY-MM", help=N_("The first month without it"))
    ] = None,
    currency: Annotated[
        Text, typer.Option(metavar="CODE", help=N_("The currency; the wiki's unless said"))
    ] = None,
    extent: Annotated[Text, typer.Option(metavar="EXTENT", help=N_("full or partial"))] = None,
    product: Annotated[Text, _PRODUCT] = None,
    to_provider: Annotated[
        Text, typer.Option("--to", metavar="VENDOR", help=N_("To whom it went"))
    ] = None,
    sub_reason: Annotated[
        Text, typer.Option(metavar="TEXT", help=N_("The reason more closely"))
    ] = None,
) -> None:
    """Record spend that was lost, whole or in part.

    aswiki log-churn acme "Archive copy left" --reason commercial --amount 12000 --period 2026-10
    aswiki log-churn 蓝鲸游戏 "归档迁走" --reason 商务因素 --amount 12000 --period 2026-10
    """
    customer, title = customer_of(run, customer), title_of(run, title)
    given = {
        "period": period or ask(run, _("From which month on (YYYY-MM)?"), "--period"),
        "amount_per_month": amount or ask(run, _("How much a month?"), "--amount"),
        "currency": currency or opened(run).currency,
        "extent": extent,
        "product": product,
        "to_provider": to_provider,
        "reason": word_of(run, reason, _("For what reason?"), "--reason", "churn_reason"),
        "sub_reason": sub_reason,
    }
    _log(run, "churn", customer, title, given)


def _log(
    run: Run,
    record_type: str,
    customer: str | None,
    title: str | None,
    given: Mapping[str, str | None],
    *,
    at: str | None = None,
) -> None:
    """One new record of a customer, from options by their dotted keys."""
    from aswiki.wiki import creating, options

    customer, title = customer_of(run, customer), title_of(run, title)
    wiki = opened(run)
    fields, echo = options.facts(wiki, record_type, given)
    saved = creating.create_for_customer(
        wiki, record_type, customer, title, fields, asked(run, at=at), echo=echo
    )
    say(run, saved)
