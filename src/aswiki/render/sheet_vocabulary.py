"""Which vocabulary the values of a report's sheets belong to, and the words of none."""

from __future__ import annotations

from collections.abc import Mapping

from aswiki.domain.words import Words

OWN: Mapping[str, Words] = {
    "fact": {
        "arrears": ("Arrears", "欠费"),
        "incident": ("Incident", "故障"),
        "complaint": ("Open complaint", "投诉未关闭"),
        "broken_promise": ("Broken promise", "承诺未践行"),
        "overdue_promise": ("Overdue promise", "承诺逾期未了"),
        "blame_cleared": ("Blame cleared", "已澄清的锅"),
        "blame_carried": ("Blame carried", "仍背着的锅"),
        "churn": ("Churn", "流失"),
        "swing": ("Unexplained swing", "花费波动未说明"),
        "sla_claim": ("SLA claim undecided", "SLA 赔付还没决定"),
    },
    "driver": {
        "p0_open": ("P0 open", "P0 未结"),
        "p1_open": ("P1 open", "P1 未结"),
        "complaint_open": ("Complaint open", "投诉未关闭"),
        "broken_promise": ("Broken promise", "承诺未践行"),
        "late_promise": ("Late promise", "承诺逾期"),
        "unexplained_fall": ("Unexplained fall of spend", "花费下降未说明"),
        "low_sentiment": ("Low sentiment", "情绪偏低"),
        "blame_carried": ("Blame carried", "背着锅"),
        "arrears": ("Arrears", "欠费"),
    },
    "trend": {
        "better": ("Better", "转好"),
        "same": ("The same", "持平"),
        "worse": ("Worse", "转差"),
        "unknown": ("Nothing to compare with", "无从比较"),
    },
    "outcome": {
        "broken": ("Broken", "未践行"),
        "overdue": ("Overdue", "逾期未了"),
        "late": ("Kept late", "逾期兑现"),
        "open": ("Open", "进行中"),
        "kept": ("Kept", "已兑现"),
    },
    "verdict": {
        "real": ("A fault of the platform", "平台确有故障"),
        "louder": ("Less grave than it was called", "有故障，但没有客户报的那么重"),
        "elsewhere": ("Not the platform", "不是平台的问题"),
        "open": ("Cause not known yet", "原因还没查清"),
    },
    "told": {
        "known_issue": ("Known issue", "已知问题"),
        "planned_improvement": ("Planned improvement", "计划改进"),
    },
    "done_for_you": {
        "demand_guidance": ("Help with requirements", "需求梳理"),
        "extra_assurance": ("Extra assurance", "额外保障"),
        "proactive_alert": ("Early warning", "提前提醒"),
        "hands_on_help": ("Hands-on help", "动手协助"),
        "advice": ("Technical advice", "技术建议"),
        "evidence_for_customer": ("Written evidence", "说明材料"),
        "goodwill_help": ("Help beyond the contract", "分外协助"),
        "training": ("Training", "培训"),
    },
    "measure": {"kept": ("Done", "已完成"), "open": ("Under way", "进行中")},
    "clock": {"fast": ("Fast", "快钟"), "slow": ("Slow", "慢钟")},
    "moved": {"up": ("Up", "上升"), "down": ("Down", "下降")},
    "claim": {
        "ahead": ("Not open yet", "还没开放"),
        "open": ("Open", "可以申请"),
        "lapsed": ("Lapsed", "已过期"),
    },
    "cost": {
        "effective_cost": ("Amortized cost", "摊销金额"),
        "billed_cost": ("Billed cost", "账单金额"),
        "contract": ("The contract", "合同"),
        "usage_effective": ("Usage, amortized", "用量（摊销金额）"),
        "usage_billed": ("Usage, billed", "用量（账单金额）"),
    },
    "working_days": {
        "holidays": ("Weekends and holidays", "双休与节假日"),
        "weekends_only": ("Weekends only", "只按双休"),
    },
    "total": {"total": ("Total", "总额")},
    "provider": {"ours": ("Ours", "我方"), "self_hosted": ("Self-hosted", "自建")},
}
"""Words that stand in no record, key → (English label, Chinese label)."""

VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "asked_about.about": ("complaint_category", "churn_reason", "horizon"),
    "asked_about.kind": ("fact",),
    "asked_about.title": ("total",),
    "aspect": ("aspect",),
    "blame.kind": ("event_kind",),
    "blame.status": ("blame_status",),
    "by_class": ("triage_class",),
    "by_kind": ("communication_kind",),
    "category": ("complaint_category",),
    "channel": ("channel",),
    "churn.kind": ("event_kind", "communication_kind", "visit_kind", "note_kind"),
    "claim": ("claim",),
    "class": ("triage_class",),
    "clock": ("clock",),
    "compared_with": ("provider",),
    "compensation": ("compensation_status",),
    "complaints.customer_loss.kind": ("loss_kind",),
    "complaints.status": ("complaint_status",),
    "confidence": ("confidence",),
    "by_kind.customer_tech": ("done_for_you", "communication_kind"),
    "positive_work.rows.kind.customer_tech": ("done_for_you", "communication_kind"),
    "positive_work.rows.kind.customer_biz": ("done_for_you", "communication_kind"),
    "detail": ("triage_detail",),
    "direction": ("direction", "moved"),
    "escalation_outcome": ("escalation_outcome",),
    "excluded": ("root_cause_party",),
    "extent": ("churn_extent",),
    "fee_basis": ("cost",),
    "feedback": ("feedback",),
    "horizon": ("horizon",),
    "left_out": ("charge",),
    "lifecycle": ("lifecycle",),
    "measures.status": ("measure",),
    "mode": ("visit_mode",),
    "next.changes.kind": ("event_kind",),
    "next.kind": ("visit_kind",),
    "next.status": ("event_status",),
    "outcomes": ("escalation_outcome",),
    "platform_fault": ("platform_fault",),
    "politics.kind": ("signal_kind",),
    "politics.status": ("event_status",),
    "positive_work.done.kind": ("event_kind",),
    "positive_work.kind": ("communication_kind",),
    "promises.kind": ("promise_kind",),
    "promises.outcome": ("outcome", "promise_status"),
    "promises.outcome.customer_biz": ("measure",),
    "promises.outcome.customer_tech": ("measure",),
    "protection.status": ("event_status",),
    "provider": ("provider",),
    "reason": ("churn_reason",),
    "role": ("role",),
    "root_cause_party": ("root_cause_party",),
    "side": ("side",),
    "signals.kind": ("signal_kind",),
    "spend.basis": ("cost",),
    "spend.scope": ("total",),
    "stance": ("stance",),
    "sub_reason": ("aspect",),
    "topic": ("communication_topic",),
    "trend": ("trend",),
    "triage": ("triage_class",),
    "triage.kind": ("event_kind",),
    "triage.status": ("event_status",),
    "triage.what": ("told",),
    "true_cause_party": ("root_cause_party",),
    "type": ("record_type",),
    "verdict": ("verdict",),
    "verdicts": ("verdict",),
    "visits": ("visit_kind",),
    "weather": ("weather",),
    "weather.counts": ("weather",),
    "weather.about": ("total",),
    "weather.drivers.kind": ("driver",),
    "weather.value": ("weather",),
    "wording.audience": ("reader",),
    "working_days": ("working_days",),
    "works": ("event_kind",),
}
"""A key, after a section or a part, before a reader → its vocabularies, tried in order."""

WHO = frozenset(
    (
        *("accused_by", "approved_by", "asked_by", "attendees", "by", "complainant", "department"),
        *("departments", "from", "loops", "notified", "owner", "owner_department", "party"),
        *("person", "requested_by", "said_by", "shared_with", "to", "who", "with_whom"),
    )
)
"""Keys whose words are ids of people or departments."""

ONLY_YES = frozenset({"asked_about.facts.ongoing"})
"""Flags that are said where they hold and of most rows mean nothing."""

FIGURES_OF_CUSTOMERS = frozenset({"incidents.customer_tech", "positive_work.customer_tech"})
"""Sections whose figures a customer is told; those of others count released rows alone."""

DROPPED = frozenset(
    (
        *("*.number", "*.key", "*.charts", "spend.months", "spend.totals.refs", "sla.rows.zone"),
        *("next.promises.overdue_days.customer_tech", "next.promises.overdue_days.customer_biz"),
        *("demands.deflections.chain.department", "blame.cleared.state"),
        *("blame.carried.state", "blame.settled.state"),
    )
)
"""What no sheet shows: said by the sheet itself, or of no use in a cell."""
