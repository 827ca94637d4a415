"""Who reaches each act of the processes, and who is forbidden it, whatever it is then refused for.

``K1002`` is HR of the whole company as well, payroll and general manager; ``K1000``, the head of the department, leads them,
and ``K1001``, who leads K2031. ``hr-two`` is HR of K1002's team alone.
"""

from __future__ import annotations

ACCOUNTS = ("K2031", "K1001", "K1000", "K1002", "hr", "hr-two", "payroll", "payroll-two", "gm", "auditor", "operator")
#: y: done, or refused for what was asked and not for who asked; ·: forbidden.
APPLICATIONS = """
                        K2031 K1001 K1000 K1002 hr hr-two payroll payroll-two gm auditor operator
open                    y     y     y     y     ·  ·      ·       ·           ·  ·       ·
write K2031             y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
submit K2031            y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
submit K1002            ·     ·     ·     y     ·  ·      ·       ·           ·  ·       ·
withdraw K2031          y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
attach K2031            y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
remove K2031            y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
accept K2031            y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
turn-down K2031         y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
nominate K2031          ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
nominate K1002          ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
nominate K1000          ·     ·     ·     ·     y  ·      ·       ·           ·  ·       ·
confirm K2031           ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
confirm K1002           ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
skip K2031              ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
skip K1002              ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
opine K2031             ·     y     ·     ·     ·  ·      ·       ·           ·  ·       ·
opine K1001             ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
opine K1000             ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
review K2031            ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
review K1000            ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
review K2052            ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
send-back K2031         ·     ·     y     y     y  ·      ·       ·           ·  ·       ·
send-back K1002         ·     ·     y     ·     y  y      ·       ·           ·  ·       ·
approve K2031           ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
approve K1002           ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
approve K1000           ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
approve K2032           ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
decline K2031           ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
decline K2032           ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
decide-list             ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
appeal K2033            ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
appeal K2031            y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
answer-appeal K2033     ·     ·     ·     y     ·  ·      ·       ·           ·  ·       ·
answer-appeal K2034     ·     ·     ·     ·     ·  ·      y       ·           ·  ·       ·
name-for-appeal K2033   ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
halt-fired              ·     ·     ·     y     y  y      ·       ·           ·  ·       y
take-effects            ·     ·     ·     y     y  y      ·       ·           ·  ·       ·
remind-owners           ·     ·     ·     y     y  y      ·       ·           ·  ·       ·
arrange K2031           ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
open-round K2031        ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
open-round K1001        ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
replace K2031           ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
challenge K2031         y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
hand-in-sheet K2031     ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
"""
CASES = """
                        K2031 K1001 K1000 K1002 hr hr-two payroll payroll-two gm auditor operator
check K2031             ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
check K1002             ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
check K1000             ·     ·     ·     ·     y  ·      ·       ·           ·  ·       ·
serve K2031             ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
serve K1002             ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
read K2031              y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
state K2031             y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
state K1002             ·     ·     ·     y     ·  ·      ·       ·           ·  ·       ·
decide K2031            ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
decide K1002            ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
decide K1000            ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
decide K2052            ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
decide K2041            ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
appeal-case K2031       y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
name-for-case K2031     ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
answer-case K2031       ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
answer-case K1002       ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
answer-case K1000       ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
answer-case K2042       ·     ·     ·     y     ·  ·      ·       ·           ·  ·       ·
answer-case K2033       ·     ·     ·     ·     ·  ·      y       ·           ·  ·       ·
restore K2031           ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
restore K1002           ·     ·     ·     ·     ·  ·      ·       ·           y  ·       ·
arrange-case K2031      ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
reassess K2031          ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
record K2031            ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
record K1002            ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
note-plan K2031         ·     y     y     y     y  ·      ·       ·           ·  ·       ·
note-plan K1002         ·     ·     y     ·     y  y      ·       ·           ·  ·       ·
settle-plans            ·     ·     ·     y     y  y      ·       ·           ·  ·       y
take-demotions          ·     ·     ·     y     y  y      ·       ·           ·  ·       ·
ask-correction K2031    ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
ask-correction K1002    ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
ask-of-event K2031      ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
ask-of-absence K2031    ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
ask-of-absence K1002    ·     ·     ·     ·     y  y      ·       ·           ·  ·       ·
preview-correction K2031 ·    ·     ·     y     y  ·      ·       ·           ·  ·       ·
approve-correction K2031 ·    ·     ·     ·     y  ·      ·       ·           ·  ·       ·
approve-correction K1000 ·    ·     ·     ·     y  ·      ·       ·           ·  ·       ·
decline-correction K2031 ·    ·     ·     ·     y  ·      ·       ·           ·  ·       ·
withdraw-correction K2031 ·   ·     ·     y     ·  ·      ·       ·           ·  ·       ·
"""
#: K1001 has fed back to K2031, to K2032, whose objection is with the head, and to K2033, whose is with HR. ``hr`` has marked a
#: post of K2031's team; K1000 has handed on the head's role to K1001 for later, ``gm`` theirs to ``payroll``.
BESIDE = """
                        K2031 K1001 K1000 K1002 hr hr-two payroll payroll-two gm auditor operator
give K2031              ·     y     y     ·     ·  ·      ·       ·           ·  ·       ·
give K1001              ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
give K1000              ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
acknowledge K2031       y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
object-to-result K2031  y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
pass-on K2031           y     ·     ·     ·     ·  ·      ·       ·           ·  ·       ·
answer-result K2032     ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
answer-result K2033     ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
lapse                   ·     ·     ·     ·     ·  ·      ·       ·           ·  ·       y
mark-vacancy            ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
decide-vacancy          ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
take-back-vacancy       ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
delegate-as-head        ·     ·     y     ·     ·  ·      ·       ·           ·  ·       ·
delegate-as-gm          ·     ·     ·     y     ·  ·      ·       ·           y  ·       ·
confirm-delegation      ·     ·     ·     y     y  ·      ·       ·           ·  ·       ·
end-delegation          ·     y     y     y     y  ·      ·       ·           ·  ·       ·
"""
CELLS = [
    (*line.split()[: -len(ACCOUNTS)], account, answer == "y")
    for table in (APPLICATIONS, CASES, BESIDE)
    for line in table.strip().splitlines()[1:]
    for account, answer in zip(ACCOUNTS, line.split()[-len(ACCOUNTS) :], strict=True)
]
