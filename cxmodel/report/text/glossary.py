"""The words of the field, each in a sentence that needs no other book. Knows no numbers."""

from __future__ import annotations

from typing import Final

GLOSSARY: Final = {
    "Advocacy": "Customers recommending, or warning, people they know.",
    "As is": "What happens when nothing is changed; every plan is held against it, with the same luck.",
    "Attribute": "Something that customers judge, such as clarity or speed.",
    "Customer equity": "What customers are worth: the margin they leave, less what serving and winning them costs, "
    "discounted, with what is still to come.",
    "Desk": "A touchpoint with people on the other side, and therefore with a queue.",
    "Expectation gap": "What customers hold an experience against, less what they perceive. Positive: short of "
    "expectation. Negative: ahead of it.",
    "Expected": "Half what customers think will happen, half what they think should happen.",
    "Failure demand": "Contacts that would not exist had nothing failed or fallen short.",
    "Future": "Something that could happen to the company, such as a rival's leap.",
    "Initiative": "Something that the company could do: what it changes, when it starts, what it costs.",
    "Interval": "Where the figure would lie in 95 of 100 such computations, by chance alone. What nobody knows about "
    "people comes on top.",
    "Know, decide, do, say": "The four places in which points go missing between what is needed and what is felt: "
    "insight; priorities and policies; practices, people and platforms; promises and history.",
    "Lever": "One of five Ps as it stands, from 0 to 1: priorities, policies, practices, people, platforms.",
    "Lived": "What customers perceive of what was delivered, coloured by what they expected.",
    "Memory, share of": "How much a touchpoint weighs in what customers carry away; news and bad news weigh more.",
    "NPS": "Net promoter score: promoters less detractors, in 100 customers. The true one is of all customers; the one "
    "on a dashboard of those who answered.",
    "Plan": "Initiatives chosen together.",
    "Price of mending": "What changes if a touchpoint is lifted to the customers' need, everything else as it is.",
    "Promise": "What people are told to expect, before anything is delivered and after.",
    "Replication": "The same future played once more with other luck.",
    "Retention": "Of the customers of a year before the end, the share still there.",
    "Satisfaction": "What remains of all experiences, from 0 to 100.",
    "Segment": "A group of customers with the same needs.",
    "Touchpoint": "An occasion on which customers meet the company.",
    "World": "One way in which everything nobody knows exactly could really be.",
}
"""Every word that results and reports use in a sense of their own."""
