"""Every closed list of words a record may use, with its English and Chinese label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

Words = Mapping[str, tuple[str, str]]

VOCABULARIES: dict[str, Words] = {
    "record_type": {
        "profile": ("Profile", "客户档案"),
        "usage": ("Usage", "用量"),
        "architecture": ("Architecture", "业务架构"),
        "event": ("Event", "事件"),
        "visit": ("Visit", "拜访"),
        "complaint": ("Complaint", "投诉"),
        "communication": ("Communication", "正向沟通"),
        "note": ("Note", "随记"),
        "churn": ("Churn", "流失"),
        "lesson": ("Lesson", "经验"),
        "product": ("Product", "产品"),
    },
    "channel": {
        "onsite": ("On site", "现场"),
        "meeting": ("Meeting", "会议"),
        "phone": ("Phone", "电话"),
        "im": ("Instant message", "微信/钉钉/飞书"),
        "im_group": ("Group chat", "企业群"),
        "ticket": ("Ticket", "工单"),
        "email": ("E-mail", "邮件"),
        "sales_relay": ("Relayed by sales", "销售转述"),
        "monitor": ("Monitoring", "监控"),
        "document": ("Document", "文档"),
        "internal": ("Internal", "内部"),
    },
    "confidence": {
        "firsthand": ("First hand", "亲历"),
        "confirmed": ("Confirmed", "已核实"),
        "reported": ("Reported", "转述"),
        "hearsay": ("Hearsay", "传闻"),
        "disputed": ("Disputed", "有争议"),
    },
    "how": {
        "caused_by": ("Caused by", "起因于"),
        "duplicate_of": ("Duplicate of", "重复于"),
        "recurrence_of": ("Recurrence of", "复发自"),
        "evidence_for": ("Evidence for", "佐证"),
        "corrects": ("Corrects", "更正"),
        "see_also": ("See also", "参见"),
    },
    "reader": {
        "team": ("After-sales team", "售后"),
        "boss": ("Boss", "老板"),
        "product": ("Product", "产品"),
        "sales": ("Sales", "销售"),
        "customer_tech": ("Customer, technical", "客户技术"),
        "customer_biz": ("Customer, business", "客户业务/采购"),
    },
    "evidence_kind": {
        "screenshot": ("Screenshot", "截图"),
        "chat": ("Chat record", "聊天记录"),
        "email": ("E-mail", "邮件"),
        "log": ("Log", "日志"),
        "monitoring": ("Monitoring", "监控"),
        "ticket": ("Ticket", "工单"),
        "contract": ("Contract", "合同"),
        "document": ("Document", "文档"),
        "recording": ("Recording", "录音"),
        "photo": ("Photo", "照片"),
        "other": ("Other", "其他"),
    },
    "department_kind": {
        "sales": ("Sales", "销售"),
        "presales": ("Presales", "售前"),
        "after_sales": ("After-sales", "售后"),
        "product": ("Product", "产品"),
        "rnd": ("R&D", "研发"),
        "ops": ("Operations", "运维"),
        "sales_ops": ("Sales operations", "销管"),
        "executive": ("Executive", "高管"),
    },
    "account_level": {
        "strategic": ("Strategic", "战略"),
        "key": ("Key", "重点"),
        "standard": ("Standard", "普通"),
        "long_tail": ("Long tail", "长尾"),
        "trial": ("Trial", "试用"),
    },
    "lifecycle": {
        "onboarding": ("Onboarding", "接入"),
        "active": ("Active", "在网"),
        "at_risk": ("At risk", "风险"),
        "churned": ("Churned", "流失"),
    },
    "review_cadence": {
        "weekly": ("Weekly", "每周"),
        "monthly": ("Monthly", "每月"),
        "quarterly": ("Quarterly", "每季"),
        "half_yearly": ("Half-yearly", "每半年"),
        "annual": ("Annual", "每年"),
    },
    "side": {
        "customer_tech": ("Customer, technical", "客户技术"),
        "customer_biz": ("Customer, business", "客户业务"),
        "other_vendor": ("Other vendor", "其他厂商"),
        "ours": ("Ours", "我方"),
    },
    "role": {
        "business_decider": ("Business decider", "业务决策人"),
        "purchasing_decider": ("Purchasing decider", "采购决策人"),
        "procurement": ("Procurement", "采购经办"),
        "finance": ("Finance", "财务"),
        "tech_approver": ("Technical approver", "技术审核人"),
        "tech_lead": ("Technical lead", "技术负责人"),
        "tech_executor": ("Technical executor", "技术执行人"),
        "end_user": ("End user", "使用人"),
        "partner_vendor": ("Other vendor", "其他厂商"),
        "sales": ("Sales", "销售"),
        "presales": ("Presales", "售前"),
        "after_sales": ("After-sales", "售后"),
        "product": ("Product", "产品"),
        "rnd": ("R&D", "研发"),
        "ops": ("Operations", "运维"),
        "sales_ops": ("Sales operations", "销管"),
        "executive": ("Executive", "高管"),
    },
    "stance": {
        "champion": ("Champion", "支持者"),
        "supporter": ("Supporter", "友好"),
        "neutral": ("Neutral", "中立"),
        "detractor": ("Detractor", "反对者"),
        "unknown": ("Unknown", "未知"),
    },
    "charge": {
        "usage": ("Usage", "用量费"),
        "purchase": ("Purchase", "预付购买"),
        "tax": ("Tax", "税"),
        "credit": ("Credit", "抵扣"),
        "adjustment": ("Adjustment", "调整"),
        "correction": ("Correction", "更正"),
    },
    "horizon": {
        "week": ("Week", "周"),
        "short": ("Short", "短期"),
        "middle": ("Middle", "中期"),
        "long": ("Long", "长期"),
    },
    "feedback": {
        "confirmed": ("Confirmed", "属实"),
        "false_alarm": ("False alarm", "误报"),
        "planned": ("Planned", "计划内"),
    },
    "aspect": {
        "strength": ("Strength", "优势"),
        "weakness": ("Weakness", "劣势"),
        "price_performance": ("Price-performance", "性价比"),
        "feature_gap": ("Feature gap", "功能缺口"),
        "stability": ("Stability", "稳定性"),
        "support": ("Support", "服务"),
    },
    "event_kind": {
        "incident": ("Incident", "故障"),
        "scaling": ("Scaling", "扩缩容"),
        "critical_event": ("Critical event", "重保"),
        "question": ("Question", "答疑"),
        "change": ("Change", "变更割接"),
        "deployment": ("Deployment", "部署"),
        "migration": ("Migration", "迁移"),
        "requirement": ("Requirement", "需求"),
        "inquiry": ("Inquiry", "协查"),
        "drill": ("Drill", "演练"),
        "billing": ("Billing", "账单欠费"),
        "security": ("Security", "安全"),
        "training": ("Training", "培训"),
    },
    "event_status": {
        "new": ("New", "新建"),
        "triaged": ("Triaged", "已定性"),
        "in_progress": ("In progress", "处理中"),
        "waiting_customer": ("Waiting for the customer", "等客户"),
        "waiting_internal": ("Waiting for us", "等内部"),
        "mitigated": ("Mitigated", "已缓解"),
        "resolved": ("Resolved", "已恢复"),
        "closed": ("Closed", "已关闭"),
        "cancelled": ("Cancelled", "已取消"),
    },
    "detected_by": {
        "customer": ("Customer", "客户"),
        "our_alarm": ("Our alarm", "我方告警"),
        "patrol": ("Patrol", "巡检"),
        "third_party": ("Third party", "第三方"),
    },
    "severity": {
        "P0": ("P0", "P0"),
        "P1": ("P1", "P1"),
        "P2": ("P2", "P2"),
        "P3": ("P3", "P3"),
        "P4": ("P4", "P4"),
    },
    "root_cause_party": {
        "ours": ("Ours", "我方"),
        "customer": ("Customer's side", "客户侧"),
        "third_party": ("Third party", "第三方"),
        "carrier": ("Carrier", "运营商"),
        "upstream": ("Upstream", "上游"),
        "force_majeure": ("Force majeure", "不可抗力"),
        "shared": ("Shared", "共同"),
        "unknown": ("Unknown", "未明"),
    },
    "triage_class": {
        "new_requirement": ("New requirement", "新需求"),
        "old_bug": ("Old bug", "老Bug"),
        "broken_promise": ("Broken promise", "承诺未践行"),
        "undetermined": ("Undetermined", "待定"),
    },
    "triage_detail": {
        "new_bug": ("New bug", "新Bug"),
        "known_error": ("Known error", "已知问题"),
        "recurrence": ("Recurrence", "复发"),
        "misuse": ("Misuse", "使用不当"),
        "out_of_boundary": ("Out of boundary", "超出服务边界"),
        "capacity": ("Capacity", "容量"),
        "third_party": ("Third party", "第三方问题"),
        "customer_side": ("Customer's side", "客户侧问题"),
    },
    "escalation_outcome": {
        "solved": ("Solved", "解决"),
        "person_changed": ("Person changed", "换人"),
        "refused": ("Refused", "拒绝"),
    },
    "log_kind": {
        "note": ("Note", "备注"),
        "action": ("Action", "处置"),
        "demand": ("Demand", "要求"),
        "deflection": ("Deflection", "推诿"),
        "decision": ("Decision", "决定"),
        "escalation": ("Escalation", "升级"),
        "customer": ("Customer", "客户"),
        "update": ("Update", "进展"),
    },
    "escalation_level": {level: (level, level) for level in ("L1", "L2", "L3", "L4", "L5")},
    "claim_stage": {
        "sales_said": ("Said by sales", "销售说"),
        "presales_said": ("Said by presales", "售前说"),
        "customer_confirmed": ("Confirmed by the customer", "客户确认"),
        "contact_confirmed": ("Confirmed by the final contact", "对接人确认"),
        "actual": ("Actual", "实际"),
    },
    "blame_status": {
        "accused": ("Accused", "被指责"),
        "investigating": ("Investigating", "排查中"),
        "carried": ("Carried", "暂背"),
        "cleared": ("Cleared", "已澄清"),
        "confirmed": ("Confirmed as ours", "确属我方"),
        "shared": ("Shared", "共同"),
        "lapsed": ("Lapsed", "不了了之"),
    },
    "visit_kind": {
        "monthly": ("Monthly", "月度"),
        "quarterly": ("Quarterly", "季度"),
        "annual": ("Annual", "年度"),
        "major_review": ("Major incident review", "特大事件复盘"),
        "ad_hoc": ("Ad hoc", "临时"),
        "meeting_request": ("Meeting request", "约见"),
    },
    "visit_mode": {
        "onsite": ("On site", "现场"),
        "online": ("Online", "线上"),
        "phone": ("Phone", "电话"),
    },
    "visit_status": {
        "planned": ("Planned", "计划"),
        "held": ("Held", "已完成"),
        "not_held": ("Not held", "未成行"),
    },
    "weather": {
        "sunny": ("Sunny", "晴"),
        "cloudy": ("Cloudy", "多云"),
        "overcast": ("Overcast", "阴"),
        "rain": ("Rain", "雨"),
        "storm": ("Storm", "雷暴"),
        "unknown": ("Unknown", "未知"),
    },
    "direction": {
        "customer_to_us": ("Customer to us", "客户投诉我方"),
        "us_to_customer": ("Us to the customer", "我方投诉客户"),
        "third_party_to_us": ("Third party to us", "第三方投诉我方"),
        "us_to_internal": ("Us to a department of ours", "内部投诉"),
    },
    "complaint_category": {
        "outage": ("Outage", "故障中断"),
        "repeat_fault": ("Repeated fault", "重复故障"),
        "slow_response": ("Slow response", "响应慢"),
        "attitude": ("Attitude", "态度"),
        "capability": ("Capability", "能力"),
        "broken_promise": ("Broken promise", "承诺未兑现"),
        "product_gap": ("Product gap", "产品缺陷"),
        "billing": ("Billing", "账单"),
        "price": ("Price", "价格"),
        "data_security": ("Data security", "数据安全"),
    },
    "complaint_status": {
        "received": ("Received", "已接收"),
        "acknowledged": ("Acknowledged", "已确认"),
        "assessed": ("Assessed", "已评估"),
        "investigating": ("Investigating", "调查中"),
        "responded": ("Responded", "已回复"),
        "decided": ("Decided", "已决定"),
        "closed": ("Closed", "已关闭"),
        "reopened": ("Reopened", "重新打开"),
        "withdrawn": ("Withdrawn", "已撤回"),
    },
    "loss_kind": {
        "claimed": ("Claimed", "客户主张"),
        "assessed": ("Assessed", "评估"),
        "agreed": ("Agreed", "双方确认"),
        "none": ("None", "无损失"),
    },
    "communication_kind": {
        "demand_guidance": ("Demand guidance", "需求疏导"),
        "extra_assurance": ("Extra assurance", "额外保障"),
        "proactive_alert": ("Proactive alert", "主动告警"),
        "hands_on_help": ("Hands-on help", "客户侧实操"),
        "advice": ("Advice", "外脑建议"),
        "evidence_for_customer": ("Evidence for the customer", "客户佐证材料"),
        "goodwill_help": ("Goodwill help", "额外帮忙"),
        "training": ("Training", "培训"),
        "praise": ("Praise", "表扬"),
    },
    "communication_topic": {
        "postmortem": ("Post-mortem", "复盘"),
        "demo": ("Demo", "演示"),
        "migration": ("Migration", "迁移"),
        "boundary": ("Service boundary", "服务边界"),
        "custom": ("Industry custom", "行业惯例"),
        "technology": ("Coming technology", "未来技术"),
    },
    "note_kind": {
        "feeling": ("Feeling", "服务感受"),
        "signal": ("Signal", "信号"),
        "sales_sync": ("Sales sync", "销售同步"),
    },
    "signal_kind": {
        "bargaining": ("Bargaining", "砍价"),
        "volume_cut": ("Volume cut", "缩量"),
        "competitor_contact": ("Competitor contact", "接触友商"),
        "reorg": ("Reorganisation", "组织调整"),
        "key_person_change": ("Key person change", "关键人变动"),
        "budget": ("Budget", "预算"),
        "sales_change_request": ("Wish for another salesperson", "更换销售"),
        "expansion": ("Expansion", "扩量"),
    },
    "platform_fault": {
        "none": ("None", "无"),
        "minor": ("Minor", "轻微"),
        "serious": ("Serious", "严重"),
    },
    "churn_extent": {"full": ("Full", "全部"), "partial": ("Partial", "部分")},
    "churn_reason": {
        "business_ended": ("The customer's business ended", "自身业务终止"),
        "commercial": ("Commercial", "商务因素"),
        "service_capability": ("Service capability", "服务能力因素"),
        "undetermined": ("Undetermined", "待裁定"),
    },
    "promise_kind": {
        "feature": ("Feature", "功能"),
        "fix": ("Fix", "修复"),
        "resource": ("Resource", "资源"),
        "price": ("Price", "价格"),
        "report": ("Report", "报告"),
        "presence": ("Presence", "到场"),
        "sla": ("SLA", "SLA"),
        "goodwill_free": ("Free of charge", "免费赠送"),
    },
    "promise_status": {
        "open": ("Open", "未到期"),
        "kept": ("Kept", "已兑现"),
        "late": ("Late", "逾期兑现"),
        "broken": ("Broken", "未践行"),
        "withdrawn": ("Withdrawn", "已撤回"),
        "disputed": ("Disputed", "有争议"),
    },
    "compensation_status": {
        "none": ("None", "无"),
        "expected": ("Expected", "可能提出"),
        "claimed": ("Claimed", "已提出"),
        "negotiating": ("Negotiating", "协商中"),
        "agreed": ("Agreed", "已达成"),
        "paid": ("Paid", "已赔付"),
        "declined": ("Declined", "未同意"),
        "waived": ("Waived", "客户放弃"),
    },
    "sla_month": {
        "calendar": ("Calendar month", "自然月"),
        "service": ("Service month", "服务月"),
    },
}
"""Vocabulary name → key → (English label, Chinese label); the order is the order of choice."""

OPEN_EVENT_EXCLUDES = frozenset({"resolved", "closed", "cancelled"})
OPEN_COMPLAINT_EXCLUDES = frozenset({"closed", "withdrawn"})


@dataclass(frozen=True)
class Vocabulary:
    """The packaged words and those that a wiki's ``[vocabulary]`` adds.

    ``extra`` maps a vocabulary's name to key → (English label, Chinese label).
    """

    extra: Mapping[str, Words] = field(default_factory=dict)

    def words(self, name: str) -> Words:
        """Every word of one vocabulary, key → (en, zh), packaged ones first."""
        added = self.extra.get(name)
        return {**VOCABULARIES[name], **added} if added else VOCABULARIES[name]

    @cached_property
    def _keys(self) -> dict[str, dict[str, str]]:
        return {}

    def spellings(self, name: str) -> Mapping[str, str]:
        """Every accepted spelling (key and labels, casefolded) → key of one vocabulary."""
        if name not in self._keys:
            words = self.words(name)
            labels = {label.casefold(): key for key, pair in words.items() for label in pair}
            self._keys[name] = labels | {key.casefold(): key for key in words}
        return self._keys[name]

    def key(self, name: str, spelling: str) -> str | None:
        """The key for a key or label in any case, or None when the vocabulary lacks it."""
        folded = spelling.strip().casefold()
        found = self.spellings(name)
        return found.get(folded) or found.get(folded.replace(" ", "_").replace("-", "_"))

    def label(self, name: str, key: str, language: str) -> str:
        """The label of a key in zh or en; the key itself where it is unknown."""
        pair = self.words(name).get(key)
        return key if pair is None else pair[1 if language == "zh" else 0]


DEFAULT = Vocabulary()
