"""Tables with a row for every file: the columns are what is asked of each of them.

`columns` says what can be asked, `rows` does the work for one file as a job of requests, `journal` keeps
what is done so that a run can go on after a stop or a crash, `exports` writes tables for other programs.
Every cell is found for itself: what fails is a reason in that cell, and no other cell knows of it.
"""
