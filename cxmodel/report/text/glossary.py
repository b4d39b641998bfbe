"""The words of the field, each in a sentence that needs no other book. Knows no numbers."""

from __future__ import annotations

from typing import Final

GLOSSARY: Final = {
    "Advocacy": "Customers recommending a company, or warning against it; measured by the net promoter score (NPS): "
    "promoters less detractors, in 100 customers. Actual NPS is that of all customers, surveyed NPS that of those who "
    "answer a survey.",
    "Assumption scenario": "One set of values that the uncertain numbers of a scenario, and of the model, may really "
    "have.",
    "Attribute": "Something that customers judge, such as clarity or speed.",
    "Churn": "Customers who leave, as a share of those who were there.",
    "Customer equity": "What customers are worth to the company: the margin they bring, less what it costs to acquire "
    "and to serve them, discounted, with what is still to come.",
    "Desk": "A touchpoint with people on the other side, and therefore with a queue.",
    "Expectation": "Half what customers think will happen, half what they think should happen.",
    "Expectation gap": "What customers hold an experience against, less what they experience. Positive: it falls "
    "short of expectation. Negative: it exceeds it.",
    "Experience": "What customers perceive of what was delivered, coloured by what they expected.",
    "External scenario": "Something that could happen to the company, such as a rival's leap.",
    "Failure demand": "Contacts that would not exist had nothing failed or fallen short.",
    "Five Ps": (
        "Priorities, policies, practices, people and platforms: the levers on which delivery rests, from 0 to 1."
    ),
    "Initiative": "Something that the company could do: what it changes, when it starts, what it costs.",
    "Insight, standards, delivery and promise gap": "The four places in which points are lost between what is needed "
    "and what is experienced. Know: insight. Decide: priorities and policies. Do: practices, people and platforms. "
    "Say: promises and history.",
    "Interval": "Where a figure would lie in 95 of 100 such simulations, by chance alone (simulation error). The "
    "uncertainty of assumptions comes on top.",
    "Loyalty": "Customers staying: of those there 12 months before the end, the share still there (retention).",
    "Must-have, performance, delighter": "Attributes that only disappoint where they are missing, that please the more "
    "the better they are, and that only please (after Kano 1984).",
    "Plan": "Initiatives chosen together.",
    "Promise": "What people are told to expect, before anything is delivered and after.",
    "Remembered experience, share of": "How much a touchpoint weighs in what customers remember; surprises and bad "
    "experiences weigh more.",
    "Return on quality": "Customer equity gained less cost, over that cost.",
    "Satisfaction": "What remains of all experiences, from 0 to 100.",
    "Segment": "A group of customers with the same needs.",
    "Simulation run": "The same company and customers simulated once more, with other random numbers. Plans are "
    "compared in matched runs, which share theirs.",
    "Today (no action)": "What happens when nothing is changed; every plan is compared with it in matched runs.",
    "Touchpoint": "An occasion on which customers meet the company.",
    "Value at stake": "What would be gained if one touchpoint were lifted to what customers need, everything else as "
    "it is.",
}
"""Every word that results and reports use in a sense of their own."""
