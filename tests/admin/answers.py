"""What each page of the admin answers to each role, reading (``READ``) and sending nothing (``SENT``)."""

from __future__ import annotations

READ = """
                                                   hr hr_sub payroll gm auditor operator
index                                              200 200 200 200 200 200
staff_employee_changelist                          200 200 200 200 200 403
staff_employee_change own                          200 200 200 200 200 403
staff_employee_change other                        200 404 200 200 200 403
staff_employee_add                                 200 200 403 403 403 403
person-edit own                                    200 200 403 403 403 403
person-edit other                                  200 404 403 403 403 403
person-department own                              200 200 403 403 403 403
person-supervisor own                              200 200 403 403 403 403
person-leave own                                   200 200 403 403 403 403
staff_department_changelist                        200 200 200 200 200 403
staff_department_add                               200 200 403 403 403 403
staff_department_change first                      200 200 403 403 403 403
staff_department_change second                     200 404 403 403 403 403
staff_absence_changelist                           200 200 403 403 200 403
staff_absence_add                                  200 200 403 403 403 403
staff_absence_change absence                       200 200 403 403 200 403
assessment_event_changelist                        200 200 403 200 200 403
assessment_event_add                               200 200 403 403 403 403
assessment_event_change event                      200 404 403 200 200 403
values                                             200 200 403 200 200 403
values-edit own month                              200 200 403 403 403 403
values-edit other month                            200 404 403 403 403 403
assessment_metric_changelist                       200 200 200 200 200 403
assessment_metric_add                              200 200 403 403 403 403
assessment_metric_change 1                         200 200 200 200 200 403
assessment_eventkind_changelist                    200 200 200 200 200 403
assessment_eventkind_change complaint              200 200 200 200 200 403
months                                             200 200 200 200 200 403
month month                                        200 200 200 200 200 403
applications                                       200 200 403 200 200 403
applications-export                                200 200 403 403 200 403
applications-chosen                                405 405 403 403 403 403
applications-confirm-chosen                        405 405 403 403 403 403
application-confirm                                200 200 403 403 403 403
application-nominate                               200 200 403 403 403 403
application-skip                                   200 200 403 403 403 403
working-calendar                                   200 200 200 200 200 403
working-calendar-amend                             200 200 403 403 403 403
vacancies                                          200 200 403 200 200 403
vacancy-add                                        200 200 403 403 403 403
vacancy 999999                                     404 404 403 404 404 403
vacancy-take-back 999999                           404 404 403 403 403 403
deputies                                           200 200 403 200 200 403
deputy-end 999999                                  404 404 403 403 403 403
deputy-confirm 999999                              404 404 403 404 403 403
robots                                             200 200 403 403 200 200
robot-add                                          403 403 403 403 403 200
robot 999999                                       403 403 403 403 403 404
corrections                                        200 200 200 200 200 403
correction-value                                   200 200 403 403 403 403
correction-event event                             200 404 403 403 403 403
correction-absence absence                         200 200 403 403 403 403
correction-absence-new                             200 200 403 403 403 403
correction 999999                                  404 404 404 404 404 403
correction-file 999999 999999                      404 404 404 404 404 403
month nothing                                      404 404 404 404 404 403
month-gaps month                                   200 200 403 200 200 403
month-close month                                  200 403 403 403 403 403
month-intake month                                 200 403 403 403 403 403
month-seal month                                   200 403 403 403 403 403
month-digest month                                 404 404 404 404 404 403
month-chase month                                  405 405 403 403 403 403
uploads                                            200 200 200 403 403 403
upload-template values                             200 200 403 403 403 403
upload-template pay                                403 403 200 403 403 403
upload-template nothing                            404 404 404 403 403 403
payroll_payrecord_changelist                       403 403 200 200 200 403
payroll_payrecord_add                              403 403 200 403 403 403
payroll_payrecord_change pay_record                403 403 200 200 200 403
bands                                              403 403 200 200 200 403
band-change 999999                                 403 403 404 404 404 403
policy_policyversion_changelist                    200 200 200 200 200 403
policy_policyversion_change version                200 200 200 200 200 403
policy-library info-service                        200 200 200 200 200 403
policy-library nothing                             404 404 404 404 404 403
policy-adopt info-service                          200 200 403 403 403 403
policy-adopt nothing                               404 404 403 403 403 403
adoption-request asked                             200 200 200 200 200 403
adoption-request 999999                            404 404 404 404 404 403
adoption-approve asked                             403 403 403 200 403 403
adoption-decline asked                             403 403 403 200 403 403
adoption-withdraw asked                            200 200 403 403 403 403
policy-difference info-service 1 1                 200 200 200 200 200 403
policy-difference info-service 1 9                 404 404 404 404 404 403
policy-compare info-service ?old=1&new=1           302 302 302 302 302 403
policy-compare info-service                        404 404 404 404 404 403
policy-draft-new info-service                      200 200 403 403 403 403
policy-draft-new nothing                           404 404 403 403 403 403
policy-draft-start                                 200 200 403 403 403 403
policy-draft policy_draft                          200 200 404 200 200 403
policy-draft 999999                                404 404 404 404 404 403
policy-draft-effect policy_draft                   200 200 404 200 200 403
policy-draft-values policy_draft                   200 200 403 403 403 403
policy-draft-text policy_draft                     200 200 403 403 403 403
policy-draft-submit policy_draft                   200 200 403 403 403 403
policy-draft-discard policy_draft                  200 200 403 403 403 403
policy-draft-rebase policy_draft                   200 200 403 403 403 403
policy-draft-take-back policy_sent                 200 200 403 403 403 403
policy-draft-approve policy_sent                   403 403 403 200 403 403
policy-draft-return policy_sent                    403 403 403 200 403 403
adoption-take-back adoption                        403 403 403 200 403 403
policy_adoption_changelist                         200 200 200 200 200 403
policy_adoption_change adoption                    200 200 200 200 200 403
notices                                            200 200 403 403 403 403
notice-post                                        405 405 403 403 403 403
notice-end notice_own                              405 405 403 403 403 403
objection objection_own                            200 200 403 403 403 403
objection objection_other                          200 404 403 403 403 403
rounds                                             200 200 403 200 200 403
round-new ?like={at_panel}                         200 200 403 403 403 403
round round                                        200 200 403 200 200 403
round round_other                                  200 404 403 200 200 403
round-add round                                    200 200 403 403 403 403
round-take-out round candidate                     200 200 403 403 403 403
round-open round                                   405 405 403 403 403 403
round-remind round                                 405 405 403 403 403 403
round-settle round recusal                         405 405 403 403 403 403
round-replace round seat                           200 200 403 403 403 403
round-close round                                  200 200 403 403 403 403
round-cancel round                                 200 200 403 403 403 403
promotion_run_changelist                           200 200 403 200 200 200
promotion_run_change run                           200 200 403 200 200 200
sweep-start                                        200 200 403 403 403 200
sweep-progress                                     200 200 403 200 200 200
board                                              200 200 403 200 200 403
board-progress                                     200 200 403 200 200 403
board-again                                        405 405 403 403 403 405
board-person                                       404 404 403 404 404 403
board-export                                       200 200 403 403 200 403
results                                            200 200 403 200 200 403
results-person                                     404 404 403 404 404 403
results-export                                     200 200 403 403 200 403
standing own month                                 200 200 403 200 200 403
standing other month                               200 404 403 200 200 403
promotion_ledgerline_changelist                    200 200 200 200 200 403
staff_auditentry_changelist                        200 200 200 200 200 200
staff_account_changelist                           200 200 403 403 200 200
staff_account_add                                  200 200 403 403 403 200
staff_account_change account_own                   200 200 403 403 200 200
account-link account_own                           200 200 403 403 403 200
account-switch account_own                         403 403 403 403 403 200
account-second-factor account_own                  200 200 403 403 403 200
account-devices-end account_own                    405 405 403 403 403 405
account-device-end account_own 1                   405 405 403 403 403 405
account-token-revoke account_own 1                 405 405 403 403 403 405
staff_rolegrant_add                                200 200 403 200 403 200
grant-approve grant                                403 403 403 200 403 403
grant-end grant                                    200 200 403 200 403 200
staff_rolegrant_change grant                       200 200 403 200 200 200
staff_rolegrant_changelist                         200 200 403 200 200 200
django_celery_beat_periodictask_changelist         200 200 403 403 200 200
django_celery_beat_periodictask_change job         403 403 403 403 403 200
app_list staff                                     404 404 404 404 404 404
jsi18n                                             200 200 200 200 200 200
password_change                                    302 302 302 302 302 302
password_change_done                               200 200 200 200 200 200
search                                             200 200 200 200 200 200
autocomplete                                       403 403 403 403 403 403
view_on_site 1 1                                   404 404 404 404 404 404
staff_employee_change nobody                       404 404 404 404 404 403
values-edit own nonsense                           404 404 403 403 403 403
month-seal nothing                                 404 404 403 403 403 403
band-change change                                 403 403 200 200 200 403
band-edit change                                   403 403 404 403 403 403
band-submit change                                 403 403 200 403 403 403
band-withdraw change                               403 403 200 403 403 403
band-approve change                                403 403 403 200 403 403
band-decline change                                403 403 403 200 403 403
cases                                              200 200 403 200 200 403
cases-export                                       200 200 403 403 403 403
case case_own                                      200 200 403 200 200 403
case case_other                                    200 404 403 200 200 403
case 999999                                        404 404 403 404 404 403
courses                                            200 200 403 200 200 403
case course_own                                    200 200 403 200 200 403
case course_other                                  200 404 403 200 200 403
case-act course_own serve                          302 302 403 302 302 403
case-act course_other serve                        302 404 403 302 302 403
feedback-list                                      200 200 403 200 200 403
feedback fed_own                                   200 200 403 200 200 403
feedback fed_other                                 200 404 403 200 200 403
doubts                                             200 200 403 200 200 403
doubt doubt_own                                    200 200 403 200 200 403
doubt doubt_other                                  200 404 403 200 200 403
doubt 999999                                       404 404 403 404 404 403
person-trail own                                   200 200 200 200 200 404
person-trail other                                 200 404 200 200 200 404
staff_auditentry_change entry                      200 200 404 200 200 404
staff_rowchange_changelist                         200 200 200 200 200 200
staff_rowchange_change row                         200 200 404 200 200 404
staff_rowchange_change row_pay                     404 404 200 200 200 404
trail-export csv                                   403 403 403 403 200 403
trail-export xlsx                                  403 403 403 403 200 403
trail-export nothing                               403 403 403 403 404 403
upload sent                                        200 404 404 403 403 403
upload sent_by_another                             404 404 200 403 403 403
standing own nonsense                              404 404 403 404 404 403
board-person ?person={own_no}&month={month}        302 302 403 302 302 403
board-person ?person={other_no}&month={month}      302 404 403 302 302 403
board-export ?month={month}                        200 200 403 403 200 403
bands-export ?ladder=info-service                  403 403 200 403 200 403
band-draft ?ladder=info-service                    403 403 200 403 403 403
month-digest sealed                                200 200 200 200 200 403
person-edit nobody                                 404 404 403 403 403 403
upload-template values ?month={month}              200 200 403 403 403 403
account-switch account_hr                          403 403 403 403 403 200
grant-end granted                                  200 404 403 200 403 200
band-edit draft                                    403 403 200 403 403 403
band-submit draft                                  403 403 200 403 403 403
promotion_ledgerline_change line_own               200 200 200 200 200 403
promotion_ledgerline_change line_other             200 404 200 200 200 403
bands-export                                       403 403 404 403 404 403
band-draft                                         403 403 404 403 403 403
"""
#: An empty POST.
SENT = """
                                                   hr hr_sub payroll gm auditor operator
POST index                                         200 200 200 200 200 200
POST staff_employee_changelist                     200 200 200 200 200 403
POST staff_employee_change own                     200 200 200 200 200 403
POST staff_employee_change other                   200 404 200 200 200 403
POST staff_employee_add                            422 422 403 403 403 403
POST person-edit own                               422 422 403 403 403 403
POST person-edit other                             422 404 403 403 403 403
POST person-department own                         422 422 403 403 403 403
POST person-supervisor own                         422 422 403 403 403 403
POST person-leave own                              422 422 403 403 403 403
POST staff_department_changelist                   200 200 200 200 200 403
POST staff_department_add                          422 422 403 403 403 403
POST staff_department_change first                 422 422 403 403 403 403
POST staff_department_change second                422 404 403 403 403 403
POST staff_absence_changelist                      200 200 403 403 200 403
POST staff_absence_add                             422 422 403 403 403 403
POST staff_absence_change absence                  422 422 403 403 403 403
POST assessment_event_changelist                   200 200 403 200 200 403
POST assessment_event_add                          422 422 403 403 403 403
POST assessment_event_change event                 422 404 403 403 403 403
POST values                                        200 200 403 200 200 403
POST values-edit own month                         422 422 403 403 403 403
POST values-edit other month                       302 404 403 403 403 403
POST assessment_metric_changelist                  200 200 200 200 200 403
POST assessment_metric_add                         422 422 403 403 403 403
POST assessment_metric_change 1                    403 403 403 403 403 403
POST assessment_eventkind_changelist               200 200 200 200 200 403
POST assessment_eventkind_change complaint         403 403 403 403 403 403
POST months                                        200 200 200 200 200 403
POST month month                                   200 200 200 200 200 403
POST month nothing                                 404 404 404 404 404 403
POST month-gaps month                              422 422 403 403 403 403
POST month-close month                             302 403 403 403 403 403
POST month-intake month                            422 403 403 403 403 403
POST month-seal month                              422 403 403 403 403 403
POST month-digest month                            404 404 404 404 404 403
POST month-chase month                             302 302 403 403 403 403
POST uploads                                       422 422 422 403 403 403
POST upload-template values                        405 405 405 405 405 405
POST upload-template pay                           405 405 405 405 405 405
POST payroll_payrecord_changelist                  403 403 200 200 200 403
POST payroll_payrecord_add                         403 403 422 403 403 403
POST payroll_payrecord_change pay_record           403 403 422 403 403 403
POST bands                                         403 403 200 200 200 403
POST band-change 999999                            403 403 404 404 404 403
POST policy_policyversion_changelist               200 200 200 200 200 403
POST policy_policyversion_change version           200 200 200 200 200 403
POST policy-library info-service                   200 200 200 200 200 403
POST policy-library nothing                        404 404 404 404 404 403
POST policy-adopt info-service                     422 422 403 403 403 403
POST policy-adopt nothing                          404 404 403 403 403 403
POST adoption-request asked                        200 200 200 200 200 403
POST adoption-request 999999                       404 404 404 404 404 403
POST adoption-approve asked                        403 403 403 302 403 403
POST adoption-decline asked                        403 403 403 422 403 403
POST adoption-withdraw asked                       302 403 403 403 403 403
POST policy-difference info-service 1 1            200 200 200 200 200 403
POST policy-difference info-service 1 9            404 404 404 404 404 403
POST policy-compare info-service ?old=1&new=1      302 302 302 302 302 403
POST policy-compare info-service                   404 404 404 404 404 403
POST policy-draft-new info-service                 302 302 403 403 403 403
POST policy-draft-new nothing                      404 404 403 403 403 403
POST policy-draft-start                            422 422 403 403 403 403
POST policy-draft policy_draft                     200 200 404 200 200 403
POST policy-draft 999999                           404 404 404 404 404 403
POST policy-draft-effect policy_draft              200 200 404 200 200 403
POST policy-draft-values policy_draft              422 422 403 403 403 403
POST policy-draft-text policy_draft                409 409 403 403 403 403
POST policy-draft-submit policy_draft              422 422 403 403 403 403
POST policy-draft-discard policy_draft             302 302 403 403 403 403
POST policy-draft-rebase policy_draft              302 302 403 403 403 403
POST policy-draft-take-back policy_sent            302 302 403 403 403 403
POST policy-draft-approve policy_sent              403 403 403 422 403 403
POST policy-draft-return policy_sent               403 403 403 422 403 403
POST adoption-take-back adoption                   403 403 403 422 403 403
POST policy_adoption_changelist                    200 200 200 200 200 403
POST policy_adoption_change adoption               200 200 200 200 200 403
POST notices                                       200 200 403 403 403 403
POST notice-post                                   302 302 403 403 403 403
POST notice-end notice_own                         302 302 403 403 403 403
POST notice-end notice_other                       302 404 403 403 403 403
POST objection objection_own                       422 422 403 403 403 403
POST objection objection_other                     422 404 403 403 403 403
POST rounds                                        200 200 403 200 200 403
POST round-new ?like={at_panel}                    422 422 403 403 403 403
POST round round                                   200 200 403 200 200 403
POST round round_other                             200 404 403 200 200 403
POST round-add round                               422 422 403 403 403 403
POST round-take-out round candidate                422 422 403 403 403 403
POST round-open round                              302 302 403 403 403 403
POST round-remind round                            302 302 403 403 403 403
POST round-settle round recusal                    302 302 403 403 403 403
POST round-replace round seat                      422 422 403 403 403 403
POST round-close round                             422 422 403 403 403 403
POST round-cancel round                            422 422 403 403 403 403
POST promotion_run_changelist                      200 200 403 200 200 200
POST promotion_run_change run                      200 200 403 200 200 200
POST sweep-start                                   422 422 403 403 403 422
POST sweep-progress                                200 200 403 200 200 200
POST board                                         200 200 403 200 200 403
POST board-progress                                200 200 403 200 200 403
POST board-again                                   302 302 403 403 403 302
POST board-person                                  404 404 403 404 404 403
POST board-export                                  200 200 403 403 200 403
POST results                                       200 200 403 200 200 403
POST results-person                                404 404 403 404 404 403
POST results-export                                200 200 403 403 200 403
POST standing own month                            200 200 403 200 200 403
POST standing other month                          200 404 403 200 200 403
POST promotion_ledgerline_changelist               200 200 200 200 200 403
POST staff_auditentry_changelist                   200 200 200 200 200 200
POST staff_account_changelist                      200 200 403 403 200 200
POST staff_account_add                             422 422 403 403 403 422
POST staff_account_change account_own              200 200 403 403 200 200
POST account-link account_own                      422 422 403 403 403 200
POST account-switch account_own                    403 403 403 403 403 422
POST account-second-factor account_own             422 422 403 403 403 422
POST account-devices-end account_own               302 302 403 403 403 302
POST account-device-end account_own 1              404 404 403 403 403 404
POST account-token-revoke account_own 1            404 404 403 403 403 404
POST staff_rolegrant_add                           422 422 403 422 403 422
POST grant-approve grant                           403 403 403 302 403 403
POST grant-end grant                               422 422 403 422 403 422
POST staff_rolegrant_change grant                  200 200 403 200 200 200
POST staff_rolegrant_changelist                    200 200 403 200 200 200
POST django_celery_beat_periodictask_changelist    200 200 403 403 200 200
POST django_celery_beat_periodictask_change job    403 403 403 403 403 422
POST app_list staff                                404 404 404 404 404 404
POST jsi18n                                        405 405 405 405 405 405
POST password_change                               302 302 302 302 302 302
POST password_change_done                          405 405 405 405 405 405
POST search                                        200 200 200 200 200 200
POST autocomplete                                  405 405 405 405 405 405
POST view_on_site 1 1                              404 404 404 404 404 404
POST staff_employee_change nobody                  404 404 404 404 404 403
POST values-edit own nonsense                      404 404 403 403 403 403
POST month-seal nothing                            404 404 403 403 403 403
POST band-change change                            403 403 200 200 200 403
POST band-edit change                              403 403 404 403 403 403
POST band-submit change                            403 403 422 403 403 403
POST band-withdraw change                          403 403 302 403 403 403
POST band-approve change                           403 403 403 302 403 403
POST band-decline change                           403 403 403 422 403 403
POST applications                                  200 200 403 200 200 403
POST applications-export                           200 200 403 403 200 403
POST applications-chosen                           302 302 403 403 403 403
POST applications-confirm-chosen                   302 302 403 403 403 403
POST application-confirm                           422 422 403 403 403 403
POST application-nominate                          422 422 403 403 403 403
POST application-skip                              422 422 403 403 403 403
POST working-calendar                              200 200 200 200 200 403
POST working-calendar-amend                        422 422 403 403 403 403
POST vacancies                                     200 200 403 200 200 403
POST vacancy-add                                   422 422 403 403 403 403
POST vacancy 999999                                404 404 403 404 404 403
POST vacancy-take-back 999999                      404 404 403 403 403 403
POST deputies                                      200 200 403 200 200 403
POST deputy-end 999999                             404 404 403 403 403 403
POST deputy-confirm 999999                         404 404 403 404 403 403
POST robots                                        200 200 403 403 200 200
POST robot-add                                     403 403 403 403 403 422
POST robot 999999                                  403 403 403 403 403 404
POST corrections                                   200 200 200 200 200 403
POST correction-value                              422 422 403 403 403 403
POST correction-event event                        422 404 403 403 403 403
POST correction-absence absence                    422 422 403 403 403 403
POST correction-absence-new                        422 422 403 403 403 403
POST correction 999999                             404 404 404 404 404 403
POST correction-file 999999 999999                 404 404 404 404 404 403
POST cases                                         200 200 403 200 200 403
POST cases-export                                  200 200 403 403 403 403
POST case case_own                                 422 422 403 403 403 403
POST case case_other                               422 404 403 403 403 403
POST case 999999                                   404 404 403 404 404 403
POST courses                                       200 200 403 200 200 403
POST case course_own                               200 200 403 200 200 403
POST case course_other                             200 404 403 200 200 403
POST case-act course_own check                     422 422 403 403 403 403
POST case-act course_other check                   422 404 403 403 403 403
POST case-act course_own serve                     422 422 403 403 403 403
POST case-act course_own nothing                   404 404 403 404 404 403
POST feedback-list                                 200 200 403 200 200 403
POST feedback fed_own                              422 422 403 403 403 403
POST feedback fed_other                            422 404 403 403 403 403
POST doubts                                        200 200 403 200 200 403
POST doubt doubt_own                               422 422 403 403 403 403
POST doubt doubt_other                             422 404 403 403 403 403
POST doubt 999999                                  404 404 403 404 404 403
POST person-trail own                              200 200 200 200 200 404
POST person-trail other                            200 404 200 200 200 404
POST staff_auditentry_change entry                 200 200 404 200 200 404
POST staff_rowchange_changelist                    200 200 200 200 200 200
POST staff_rowchange_change row                    200 200 404 200 200 404
POST staff_rowchange_change row_pay                404 404 200 200 200 404
POST trail-export csv                              403 403 403 403 200 403
POST trail-export xlsx                             403 403 403 403 200 403
POST trail-export nothing                          403 403 403 403 404 403
POST upload sent                                   409 404 404 403 403 403
POST upload sent_by_another                        404 404 409 403 403 403
POST standing own nonsense                         404 404 403 404 404 403
POST board-person ?person={own_no}&month={month}   302 302 403 302 302 403
POST board-person ?person={other_no}&month={month} 302 404 403 302 302 403
POST board-export ?month={month}                   200 200 403 403 200 403
POST bands-export ?ladder=info-service             403 403 200 403 200 403
POST band-draft ?ladder=info-service               403 403 422 403 403 403
POST month-digest sealed                           200 200 200 200 200 403
POST person-edit nobody                            404 404 403 403 403 403
POST upload-template values ?month={month}         405 405 405 405 405 405
POST account-switch account_hr                     403 403 403 403 403 422
POST grant-end granted                             422 404 403 422 403 422
POST promotion_ledgerline_change line_own          403 403 403 403 403 403
POST promotion_ledgerline_change line_other        403 404 403 403 403 403
POST band-edit draft                               403 403 422 403 403 403
POST band-submit draft                             403 403 422 403 403 403
"""
