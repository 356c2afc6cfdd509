"""What the chat model is told about names: tasks, worked examples, and a balanced set to calibrate."""

from __future__ import annotations

JUDGE_TASK = (
    "Say for each name in the text whether it is a person, an organization, a place, something "
    "else, or no name at all."
)
JUDGED_EXAMPLES: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "Yesterday Angela Merkel met the board of Siemens in Munich.",
        {"Angela Merkel": "person", "Siemens": "organization", "Munich": "place"},
    ),
    (
        "Keep the Receipt for the parcel from Argentina.",
        {"Keep": "none", "Receipt": "none", "Argentina": "place"},
    ),
    (
        "The Red Cross sent two doctors, Maria Lopez and John Hale, to Haiti after the storm.",
        {
            "Red Cross": "organization",
            "Maria Lopez": "person",
            "John Hale": "person",
            "Haiti": "place",
        },
    ),
    (
        "Windows 11 was shown by Microsoft at the Berlin fair, Reuters reported.",
        {
            "Windows 11": "other",
            "Microsoft": "organization",
            "Berlin": "place",
            "Reuters": "organization",
        },
    ),
    (
        "Maybe Chen flew from Beijing to Paris for the World Cup, a French newspaper said.",
        {
            "Maybe": "none",
            "Chen": "person",
            "Beijing": "place",
            "Paris": "place",
            "World Cup": "other",
            "French": "other",
        },
    ),
    (
        "Workers at the University of Oslo and at Shell met Senator Brown.",
        {
            "Workers": "none",
            "University of Oslo": "organization",
            "Shell": "organization",
            "Senator Brown": "person",
        },
    ),
)
# As many of each kind, to see what the model answers when nothing speaks for an answer.
BALANCED_NAMES = (
    ("The museum was opened by Peter Novak last spring.", "Peter Novak"),
    ("A letter from Fatima arrived late.", "Fatima"),
    ("Mr. Okafor denied it.", "Okafor"),
    ("The strike at Renault ended.", "Renault"),
    ("A spokesman of the Ministry of Health said so.", "Ministry of Health"),
    ("NATO refused.", "NATO"),
    ("It rained in Lisbon all week.", "Lisbon"),
    ("They crossed the Danube by boat.", "Danube"),
    ("Refugees came from Somalia.", "Somalia"),
    ("She read Hamlet twice.", "Hamlet"),
    ("A German car stopped.", "German"),
    ("Easter was early.", "Easter"),
    ("Only Members may enter the Pool.", "Members"),
    ("Buy the Best Shoes now!", "Best Shoes"),
    ("Sorry for the delay.", "Sorry"),
)
LIST_TASK = "List the names in the text exactly as they are written, each with its kind."
LISTED_EXAMPLES = (
    ("昨天安格拉·默克尔在慕尼黑会见了西门子的董事。",
     (("安格拉·默克尔", "person"), ("慕尼黑", "place"), ("西门子", "organization"))),
    ("他忘了锁门，又回去睡觉了。", ()),
)  # fmt: skip
