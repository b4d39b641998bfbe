"""A scenario whose things have labels in many scripts, and ids that say nothing."""

from __future__ import annotations

from typing import Final

LABELS: Final = {
    "attributes": {"zq_care": "Trust & honesty", "zq_ease": "*Sans* effort"},
    "segments": {"zq_young": "Λογαριασμός", "zq_old": "iPhone <b>owners</b>"},
    "value_propositions": {"zq_deal": "$5 & $6 deal"},
    "brand_promises": {"zq_vow": "שלום"},
    "journey": {"zq_cafe": "Müller Café", "zq_shop": "日本語 店", "zq_desk": "123", "zq_bye": "👋"},
    "rivals": {"zq_foe": "Größe & Co"},
    "initiatives": {"zq_smile": "Lächeln [hier](x)", "zq_gift": "مرحبا"},
    "futures": {"zq_war": "eBay kommt"},
    "plans": {"zq_both": "Привет мир", "zq_one": "e-Plan"},
}
"""What each thing is called, by section and id."""

LABELLED: Final = """\
schema: 1
name: Labels
question: Are things called as they are called?
horizon: 3 months
currency: GBP
attributes:
  zq_care: {label: "Trust & honesty", kind: must_be}
  zq_ease: {label: "*Sans* effort"}
today: {nps: 20}
segments:
  zq_young:
    label: Λογαριασμός
    customers: 80
    prospects: 60
    adoption: {arrivals: 20 per month}
    needs: {zq_care: {level: 80, weight: 2}, zq_ease: {level: 70, weight: 1}}
  zq_old:
    label: iPhone <b>owners</b>
    customers: 80
    needs: {zq_care: {level: 70, weight: 1}, zq_ease: {level: 60, weight: 1}}
value_propositions:
  zq_deal: {label: $5 & $6 deal, for: [zq_young], price: 5 per month, offers: {zq_care: 70}}
brand_promises:
  zq_vow: {label: שלום, attribute: zq_care, level: 95, made_at: [zq_cafe]}
journey:
  zq_cafe: {label: Müller Café, owner: Kitchen, stage: buy, delivers: {zq_care: 50, zq_ease: 98},
    fails: {rate: 0.1, severity: 30, contact: zq_desk}}
  zq_shop: {label: 日本語 店, stage: use, every: 7 days, delivers: {zq_care: 40, zq_ease: 60},
    fails: {rate: 0.1, severity: 30, contact: zq_desk}}
  zq_desk: {label: "123", stage: support, delivers: {zq_care: 65}, staffed: {agents: 1, handling: 5 minutes}}
  zq_bye: {label: 👋, stage: leave, delivers: {zq_ease: 40}}
rivals:
  zq_foe: {label: Größe & Co, levels: {zq_care: 75}}
economics: {margin: 9 per month, contact_cost: 2, acquisition_cost: 5}
initiatives:
  zq_smile: {label: "Lächeln [hier](x)", changes: {journey.zq_shop.delivers.zq_care: 80}, starts: month 1,
    cost: {once: 10}}
  zq_gift: {label: مرحبا, changes: {journey.zq_cafe.delivers.zq_care: {value: 75, low: 70, high: 80}}, cost: {once: 20}}
futures:
  zq_war: {label: eBay kommt, changes: {rivals.zq_foe.levels.zq_care: 90}}
plans:
  zq_both: {label: Привет мир, what: Alles zugleich, initiatives: [zq_smile, zq_gift]}
  zq_one: {label: e-Plan, initiatives: [zq_smile]}
expect:
  - {plan: zq_both, metric: nps, better_than: zq_one, segment: zq_young}
"""
"""The scenario."""

UNSAID: Final = ("zq", "Zq")
"""What stands in every id, and in no word that people should see."""
