"""What to do about each code: a sentence or two for somebody who reads it for the first time."""

from __future__ import annotations

from typing import Final

ADVICE: Final = {
    "CXM101": "Check the path. The message names a file beside it whose name is nearly the same.",
    "CXM102": "Name a YAML file that you may read, not a folder or a device.",
    "CXM103": (
        "A scenario has at most 1,000,000 bytes, with all that it extends. Leave data such as logs in files of its own."
    ),
    "CXM104": "Save the file as text in UTF-8; most editors ask for it under *Save as*.",
    "CXM105": (
        "Look at the line and the one above: keys that belong together start in one column, indents are "
        "spaces, brackets and quotes are closed, and a text with a colon in it needs quotes."
    ),
    "CXM106": "Keep one of the two; the message says where the first one is.",
    "CXM107": "Write the plain value, without what begins with `!`.",
    "CXM108": "Write the keys out instead of `<<`; to share many of them between files, use `extends`.",
    "CXM109": "Make the file flatter or smaller; repeats through `*` count as often as they are used.",
    "CXM110": "Write the value itself in place of `*`.",
    "CXM111": "One scenario a file: move what follows `---` to another one.",
    "CXM112": "Begin with `schema: 1` and `name: …`; `cxmodel new` makes a folder to start from.",
    "CXM113": "A key is one word and a colon, such as `track_order:`.",
    "CXM114": "Save the text as a file first, so that there is a folder to look in; or leave out `extends`.",
    "CXM115": (
        "Move the file that is extended into the workspace: the folder above that holds `.git` or "
        "`scenario.schema.json`."
    ),
    "CXM116": "Leave out `extends` in one of the files that are named.",
    "CXM117": "Extend fewer files: 50 in all, 10 on top of one another.",
    "CXM118": "Say it once: as a key of the file's own, or under `set`.",
    "CXM119": "Correct the path under `remove`, or leave it out: nothing of that name is inherited.",
    "CXM120": "Change the order under `extends`: a file comes after those that it builds on.",
    "CXM121": (
        "Delete the character; in double quotes it may be written as an escape such as `\\x07`. Retyping the "
        "word helps where it cannot be seen."
    ),
    "CXM122": (
        "Correct the cell that is named; the sheets and columns are those of `cxmodel new --workbook company.xlsx`, "
        "saved as Excel saves a workbook."
    ),
    "CXM123": (
        "Correct the line or the cell that is named. A Mermaid diagram begins with `journey`, and its tasks read "
        "`Pay: 3: Customer`; a journey map has a row of heads such as Stage, Touchpoint, Channel, Doing and Rating."
    ),
    "CXM201": "Correct the spelling as the message proposes, or delete the key; only `meta` takes keys of your own.",
    "CXM202": "Add the key; the hint says what it holds.",
    "CXM203": (
        "Write a plain number with a decimal point, without quotes, units and marks between digits: `2500`, `0.4`."
    ),
    "CXM204": "Give a number within the bounds that are named. A share is told as `0.7` or `70 %`.",
    "CXM205": "Add the unit: `30 days`, `20 per hour`, `month 3`.",
    "CXM206": "Write it as the hint does: a number, then its unit.",
    "CXM207": "Choose one of the words that are listed.",
    "CXM208": "Write keys and values, a list or a text, as the hint shows.",
    "CXM209": (
        "Use small letters, digits and `_`, beginning with a letter; what people read goes into names and labels."
    ),
    "CXM210": "Low, value and high come in that order, and `value` has to be there.",
    "CXM211": "Give a number that can be written out.",
    "CXM212": "Write the value, or delete the key.",
    "CXM213": (
        "Count in whole numbers. If thousands are meant, write `1000` or `1_000`: in YAML a point begins decimals."
    ),
    "CXM214": "Write `schema: 1`; if the file is of a newer version, install a newer cxmodel.",
    "CXM215": "Give at least as many entries as are needed, and no more than are allowed.",
    "CXM216": "Write `true` or `false`; `yes`, `no`, `on` and `off` are words.",
    "CXM217": (
        'Write hours as `"09:00-18:00"`, over midnight as `"22:00-06:00"`, by weekday as `{mon-fri: '
        '"08:00-20:00", sat: "09:00-13:00"}`.'
    ),
    "CXM218": "Write a point: `0.4` instead of `0,4`.",
    "CXM219": (
        "Delete the sign at the place that is shown and type an ordinary space, quotation mark or minus "
        "instead. They come from web pages and word processors."
    ),
    "CXM301": "Add the attribute under `attributes`, or correct its name.",
    "CXM302": "Add the segment under `segments`, or correct its name.",
    "CXM303": "Add the touchpoint under `journey`, or correct its name.",
    "CXM304": "Add the initiative under `initiatives`, or correct its name.",
    "CXM305": "Add the plan under `plans`, or correct its name; `as_is` always exists.",
    "CXM306": "Correct the path, or write what it leads to first: a change needs something to change.",
    "CXM307": "Name the path of one number that can change over time, as the hint lists them.",
    "CXM308": "Choose one of the metrics that are listed; docs/method.md tells each.",
    "CXM309": "Add the channel under `channels` of the touchpoint, or correct its name.",
    "CXM310": "Say under `delivers` what the touchpoint delivers of it today.",
    "CXM401": "Add `every: 12 months`, or how often it comes.",
    "CXM402": "Leave out `visits` and `every`, or give the touchpoint another stage.",
    "CXM403": "Name a touchpoint of stage `support`.",
    "CXM404": "Give the plan another name: `as_is` is the one that changes nothing.",
    "CXM405": "Say one of `better_than`, `worse_than`, `above` and `below`.",
    "CXM406": "Name it once.",
    "CXM407": (
        "Give the segment customers or prospects and needs with a weight, and the journey a touchpoint that is lived."
    ),
    "CXM408": "Simulate a sample: a tenth of the people and calls gives the same shares.",
    "CXM409": "Offer each segment one bargain; split the segment where there are two.",
    "CXM410": "Tell the new price as today's is told: at buying, or per time.",
    "CXM411": "Give the segment another name: `all` stands for everyone in results.",
    "CXM412": "Leave the key out, or put it at a touchpoint of the stage that is named.",
    "CXM413": "Leave out `ahead`, or make the source one of technology.",
    "CXM414": "Offer one channel at least, and give it a share.",
    "CXM415": (
        "Add a touchpoint that customers of today live again and again, and one of stage `support`; or leave "
        "out `contacts`."
    ),
    "CXM416": (
        "Tell a share as `0.8` or `80 %`, an NPS from -100 to 100, satisfaction from 0 to 100, each without a"
        " percent sign where it is no share."
    ),
    "CXM417": "Give one of the two another label: results call them by it.",
    "CXM501": "Let a touchpoint before the choice tell the promise, if it should win anybody.",
    "CXM502": "Let later touchpoints deliver the attribute too, or look for one that is felt everywhere.",
    "CXM503": "Give the initiative a cost, so that it can be told whether it pays.",
    "CXM504": "Check the calls from outside and the agents: the desk has hardly anything to do.",
    "CXM505": "Say how many prospects there are, or leave out `adoption`.",
    "CXM506": 'Put a change by so much in quotes: `"+10"`.',
    "CXM507": "Give the channel a share, or leave out what it delivers more or less.",
    "CXM508": "Leave the share out: whoever is not let go contacts the company in any case.",
    "CXM509": "Turn ratings into points as the hint does: five stars (x − 1) × 25, ten points x × 10.",
    "CXM510": "Let a touchpoint deliver it, or leave the need out.",
    "CXM511": "Let something lead there: a failure, a shortfall, a stage that people get to.",
    "CXM512": "Start sooner, or look further ahead with a longer `horizon`.",
    "CXM513": "Change what the hint names as well, or leave the change out.",
    "CXM514": "Keep one of the two, or let them start at different times; the one named later counts.",
    "CXM515": "Check the number: a unit or some zeros may be wrong. If it is right, nothing has to be done.",
    "CXM520": "If thousands are meant write `4000` or `4_000`; if not, write fewer decimals.",
    "CXM601": (
        "Save the table as CSV in UTF-8, as Parquet, or as .xlsx without macros and password: names of columns in the "
        "first line, a row below for each answer, month, cohort or call."
    ),
    "CXM602": "Split the file, by month for instance, or save only the columns that are needed.",
    "CXM603": "Say in the mapping of which kind the table is, and what its columns are.",
    "CXM604": "Correct the line of the mapping that is named.",
    "CXM605": "Say the right scale of the column in the mapping, or which numbers stand for a missing answer.",
    "CXM606": "Say `dates: day first` or `dates: month first` for the file in the mapping.",
    "CXM607": "Write `{is: left out}`: names, addresses and what people wrote are never read.",
    "CXM608": "Look at what was dropped and why; a column may be something else than the mapping says.",
    "CXM609": "Count in each period only those who were there at the beginning.",
}
"""What to do, by code."""
