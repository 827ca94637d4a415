"""What each page of the portal answers to each account, reading (``READ``) and sending nothing (``SENT``)."""

from __future__ import annotations

READ = """
                                                nobody K2031 K1001 K1000 hr  hr-two payroll gm  judge auditor operator
home                                            in     302   302   302   302 302    302     302 302   302     302
me                                              in     200   200   200   302 302    302     302 302   302     302
people                                          in     403   200   200   200 200    403     200 403   200     403
person K2031                                    in     302   200   200   200 404    403     200 404   200     404
person K2032                                    in     404   200   200   200 404    403     200 404   200     404
person K1001                                    in     404   302   200   200 404    403     200 404   200     404
person K1002                                    in     404   404   200   200 200    403     200 404   200     404
person K2052                                    in     404   404   404   200 404    403     200 404   200     404
person nobody                                   in     404   404   404   404 404    404     404 404   404     404
my-months                                       in     200   200   200   302 302    302     302 302   302     302
my-month sealed                                 in     200   200   200   302 302    302     302 302   302     302
feedback-list                                   in     403   200   200   403 403    403     403 403   403     403
feedback-talk sealed K2031                      in     403   302   302   403 404    403     403 403   403     403
feedback fed_own                                in     200   200   200   200 404    404     200 404   200     404
feedback 999999                                 in     404   404   404   404 404    404     404 404   404     404
team-results                                    in     403   200   200   200 200    403     200 403   200     403
my-results                                      in     200   200   200   302 302    302     302 302   302     302
results-of K2031                                in     302   200   200   200 404    403     200 404   200     404
results-of K2032                                in     404   200   200   200 404    403     200 404   200     404
results-of K1001                                in     404   302   200   200 404    403     200 404   200     404
results-of K1002                                in     404   404   200   200 200    403     200 404   200     404
results-of K2052                                in     404   404   404   200 404    403     200 404   200     404
results-of nobody                               in     404   404   404   404 404    404     404 404   404     404
doubt-raise sealed                              in     404   404   404   302 302    302     302 302   302     302
cases                                           in     200   200   200   200 200    403     200 403   200     403
case case_own                                   in     200   200   200   200 404    403     200 403   200     403
case case_other                                 in     404   404   404   200 404    403     200 403   200     403
case 999999                                     in     404   404   404   404 404    403     404 403   404     403
case course                                     in     404   200   200   200 404    403     200 403   200     403
case-evidence course                            in     404   404   200   200 404    404     200 404   200     404
case-evidence 999999                            in     404   404   404   404 404    404     404 404   404     404
case-file course 1                              in     404   404   404   404 404    404     404 404   404     404
case-act course state                           405    405   405   405   405 405    405     405 405   405     405
policies                                        in     200   200   200   200 200    200     200 200   200     403
policy info-service 1                           in     200   200   200   200 200    200     200 200   200     403
policy info-service 9                           in     404   404   404   404 404    404     404 404   404     403
applications                                    in     200   200   200   200 200    403     200 403   200     403
application-new                                 405    405   405   405   405 405    405     405 405   405     405
application app_own                             in     200   200   200   200 404    404     200 200   200     404
application A-99999                             in     404   404   404   404 404    404     404 404   404     404
application-file app_own 999999                 in     404   404   404   404 404    404     404 404   404     404
decisions                                       in     403   403   403   403 403    403     200 403   403     403
notices                                         in     200   200   200   200 200    200     200 200   200     200
my-objections                                   in     200   200   200   403 403    403     403 403   403     403
notice notice                                   in     200   200   200   200 200    200     200 200   200     200
notice nobody                                   in     404   404   404   404 404    404     404 404   404     404
notice-object notice                            in     200   200   200   403 403    403     403 403   403     403
letter nobody                                   in     404   404   404   404 404    404     404 404   404     404
judging                                         in     403   403   403   403 403    403     403 200   403     403
judging-round round                             in     403   403   403   403 403    403     403 200   403     403
judging-declare round                           405    405   405   405   405 405    405     405 405   405     405
judging-sheet round 1                           in     403   403   403   403 403    403     403 200   403     403
judging-draft round 1                           405    405   405   405   405 405    405     405 405   405     405
judging-file round 1                            in     403   403   403   403 403    403     403 200   403     403
judging-attachment round 1 999999               in     403   403   403   403 403    403     403 404   403     403
judging-round round_closed                      in     403   403   403   403 403    403     403 200   403     403
my-round round                                  in     200   404   404   404 404    404     404 404   404     404
my-round round_closed                           in     404   404   404   404 404    404     404 404   404     404
round-minutes round                             in     403   403   404   404 404    403     404 403   404     403
round-minutes round_closed                      in     403   403   200   200 404    403     200 403   200     403
tie round_closed                                in     403   403   403   403 403    403     200 403   403     403
tie round                                       in     403   403   403   403 403    403     404 403   403     403
doubts                                          in     403   200   200   403 403    403     403 403   403     403
doubt doubt_own                                 in     200   200   200   200 404    404     200 404   200     404
doubt doubt_other                               in     404   404   404   200 404    404     200 404   200     404
doubt 999999                                    in     404   404   404   404 404    404     404 404   404     404
doubt-pass-on doubt_own                         405    405   405   405   405 405    405     405 405   405     405
doubt-withdraw doubt_own                        405    405   405   405   405 405    405     405 405   405     405
doubt-pass-on doubt_other                       405    405   405   405   405 405    405     405 405   405     405
doubt-withdraw doubt_other                      405    405   405   405   405 405    405     405 405   405     405
inbox                                           in     200   200   200   200 200    200     200 200   200     200
inbox-read                                      405    405   405   405   405 405    405     405 405   405     405
inbox-count                                     in     200   200   200   200 200    200     200 200   200     200
message 999999                                  in     404   404   404   404 404    404     404 404   404     404
vacancies                                       in     403   403   200   200 200    403     200 403   200     403
vacancy 999999                                  in     403   403   404   404 404    403     404 403   404     403
deputies                                        in     200   200   200   200 200    200     200 200   200     200
deputy-back                                     405    405   405   405   405 405    405     405 405   405     405
deputy-act 999999                               405    405   405   405   405 405    405     405 405   405     405
deputy-end 999999                               405    405   405   405   405 405    405     405 405   405     405
calendar                                        in     200   200   200   200 200    200     200 200   200     200
settings                                        in     200   200   200   200 200    200     200 200   200     200
language                                        405    405   405   405   405 405    405     405 405   405     405
theme                                           405    405   405   405   405 405    405     405 405   405     405
mail-choice                                     405    405   405   405   405 405    405     405 405   405     405
password                                        in     200   200   200   200 200    200     200 200   200     200
second-factor                                   in     200   200   200   200 200    200     200 200   200     200
second-factor-set-up                            in     200   200   200   200 200    200     200 200   200     200
recovery-codes                                  in     200   200   200   200 200    200     200 200   200     200
second-factor-remove                            in     200   200   200   200 200    200     200 200   200     200
devices                                         in     200   200   200   200 200    200     200 200   200     200
devices-end-others                              405    405   405   405   405 405    405     405 405   405     405
device-end 999999                               405    405   405   405   405 405    405     405 405   405     405
tokens                                          in     200   200   200   200 200    200     200 200   200     200
token-new                                       in     200   200   200   200 200    200     200 200   200     200
token-revoke token_own                          405    405   405   405   405 405    405     405 405   405     405
token-revoke token_hr                           405    405   405   405   405 405    405     405 405   405     405
invitation nonsense                             410    410   410   410   410 410    410     410 410   410     410
intake                                          in     403   200   200   200 200    403     403 403   403     403
intake-month open                               in     403   200   200   200 200    403     403 403   403     403
intake-month sealed                             in     403   200   200   200 200    403     403 403   403     403
intake-month later                              in     403   404   404   404 404    403     403 403   403     403
intake-month open ?team=K1000                   in     403   404   200   200 200    403     403 403   403     403
intake-month open ?team=K1001                   in     403   200   200   200 404    403     403 403   403     403
intake-month open ?team=K2031                   in     403   404   404   404 404    403     403 403   403     403
intake-cells open                               405    405   405   405   405 405    405     405 405   405     405
intake-cells sealed                             405    405   405   405   405 405    405     405 405   405     405
intake-changes open                             401    403   200   200   200 200    403     403 403   403     403
intake-changes open ?team=K1001                 401    403   200   200   200 404    403     403 403   403     403
intake-changes open ?team=K1000                 401    403   404   200   200 200    403     403 403   403     403
intake-hand-in open                             405    405   405   405   405 405    405     405 405   405     405
intake-hand-in open ?team=K1001                 405    405   405   405   405 405    405     405 405   405     405
intake-hand-in open ?team=K1000                 405    405   405   405   405 405    405     405 405   405     405
intake-hand-in sealed                           405    405   405   405   405 405    405     405 405   405     405
intake-take-back open                           405    405   405   405   405 405    405     405 405   405     405
intake-take-back open ?team=K1001               405    405   405   405   405 405    405     405 405   405     405
intake-events open                              in     403   200   200   200 200    403     403 403   403     403
intake-events sealed                            in     403   200   200   200 200    403     403 403   403     403
intake-events open ?team=K1001                  in     403   200   200   200 404    403     403 403   403     403
intake-events open ?team=K1000                  in     403   404   200   200 200    403     403 403   403     403
my-changes                                      in     200   200   200   302 302    302     302 302   302     302
my-month later                                  in     404   404   404   302 302    302     302 302   302     302
set_language                                    302    302   302   302   302 302    302     302 302   302     302
account_login                                   200    302   302   302   302 302    302     302 302   302     302
account_logout                                  in     200   200   200   200 200    200     200 200   200     200
account_inactive                                200    200   200   200   200 200    200     200 200   200     200
account_signup                                  404    404   404   404   404 404    404     404 404   404     404
account_reauthenticate                          404    404   404   404   404 404    404     404 404   404     404
account_email                                   404    404   404   404   404 404    404     404 404   404     404
account_email_verification_sent                 404    404   404   404   404 404    404     404 404   404     404
account_change_password                         404    404   404   404   404 404    404     404 404   404     404
account_set_password                            404    404   404   404   404 404    404     404 404   404     404
account_reset_password                          404    404   404   404   404 404    404     404 404   404     404
account_confirm_login_code                      404    404   404   404   404 404    404     404 404   404     404
account_confirm_email nonsense                  404    404   404   404   404 404    404     404 404   404     404
account_reset_password_from_key_done            404    404   404   404   404 404    404     404 404   404     404
account_reset_password_from_key 1 nonsense      404    404   404   404   404 404    404     404 404   404     404
account_reset_password_done                     404    404   404   404   404 404    404     404 404   404     404
mfa_authenticate                                in     302   302   302   302 302    302     302 302   302     302
schema                                          200    200   200   200   200 200    200     200 200   200     200
api-docs                                        200    200   200   200   200 200    200     200 200   200     200
api-problems                                    200    200   200   200   200 200    200     200 200   200     200
api-problem forbidden                           200    200   200   200   200 200    200     200 200   200     200
api-problem nonsense                            404    404   404   404   404 404    404     404 404   404     404
"""
#: An empty POST.
SENT = """
                                                nobody K2031 K1001 K1000 hr  hr-two payroll gm  judge auditor operator
POST home                                       405    405   405   405   405 405    405     405 405   405     405
POST me                                         405    405   405   405   405 405    405     405 405   405     405
POST people                                     405    405   405   405   405 405    405     405 405   405     405
POST person K2031                               405    405   405   405   405 405    405     405 405   405     405
POST person K2032                               405    405   405   405   405 405    405     405 405   405     405
POST person K1001                               405    405   405   405   405 405    405     405 405   405     405
POST person K1002                               405    405   405   405   405 405    405     405 405   405     405
POST person K2052                               405    405   405   405   405 405    405     405 405   405     405
POST person nobody                              405    405   405   405   405 405    405     405 405   405     405
POST my-months                                  405    405   405   405   405 405    405     405 405   405     405
POST my-month sealed                            405    405   405   405   405 405    405     405 405   405     405
POST team-results                               405    405   405   405   405 405    405     405 405   405     405
POST my-results                                 405    405   405   405   405 405    405     405 405   405     405
POST results-of K2031                           405    405   405   405   405 405    405     405 405   405     405
POST doubt-raise sealed                         in     404   404   404   302 302    302     302 302   302     302
POST cases                                      405    405   405   405   405 405    405     405 405   405     405
POST case case_own                              405    405   405   405   405 405    405     405 405   405     405
POST case case_other                            405    405   405   405   405 405    405     405 405   405     405
POST case 999999                                405    405   405   405   405 405    405     405 405   405     405
POST case course                                405    405   405   405   405 405    405     405 405   405     405
POST case-evidence course                       405    405   405   405   405 405    405     405 405   405     405
POST case-file course 1                         405    405   405   405   405 405    405     405 405   405     405
POST case-act course read                       in     404   403   403   403 404    404     403 404   403     404
POST case-act course state                      in     404   403   403   403 404    404     403 404   403     404
POST case-act course appeal                     in     404   403   403   403 404    404     403 404   403     404
POST case-act course check                      in     404   403   403   422 404    404     403 404   403     404
POST case-act course serve                      in     404   403   403   422 404    404     403 404   403     404
POST case-act course name                       in     404   403   403   422 404    404     403 404   403     404
POST case-act course arrange                    in     404   403   403   422 404    404     403 404   403     404
POST case-act course reassess                   in     404   403   403   422 404    404     403 404   403     404
POST case-act course record                     in     404   403   403   422 404    404     403 404   403     404
POST case-act course decide                     in     404   403   422   403 404    404     403 404   403     404
POST case-act course answer                     in     404   403   403   403 404    404     422 404   403     404
POST case-act course restore                    in     404   403   403   403 404    404     422 404   403     404
POST case-act course note                       in     404   422   422   422 404    404     403 404   403     404
POST case-act course nothing                    in     404   404   404   404 404    404     404 404   404     404
POST policies                                   405    405   405   405   405 405    405     405 405   405     405
POST policy info-service 1                      405    405   405   405   405 405    405     405 405   405     405
POST policy info-service 9                      405    405   405   405   405 405    405     405 405   405     405
POST applications                               405    405   405   405   405 405    405     405 405   405     405
POST application-new                            in     302   302   302   403 403    403     403 403   403     403
POST application app_own                        in     404   404   404   404 404    404     404 404   404     404
POST application A-99999                        in     404   404   404   404 404    404     404 404   404     404
POST application-file app_own 999999            405    405   405   405   405 405    405     405 405   405     405
POST decisions                                  in     403   403   403   403 403    403     302 403   403     403
POST notices                                    405    405   405   405   405 405    405     405 405   405     405
POST my-objections                              405    405   405   405   405 405    405     405 405   405     405
POST notice notice                              405    405   405   405   405 405    405     405 405   405     405
POST notice nobody                              405    405   405   405   405 405    405     405 405   405     405
POST notice-object notice                       in     422   422   422   403 403    403     403 403   403     403
POST letter nobody                              405    405   405   405   405 405    405     405 405   405     405
POST judging                                    405    405   405   405   405 405    405     405 405   405     405
POST judging-round round                        405    405   405   405   405 405    405     405 405   405     405
POST judging-declare round                      in     403   403   403   403 403    403     403 422   403     403
POST judging-sheet round 1                      in     403   403   403   403 403    403     403 422   403     403
POST judging-draft round 1                      in     403   403   403   403 403    403     403 400   403     403
POST judging-file round 1                       405    405   405   405   405 405    405     405 405   405     405
POST judging-attachment round 1 999999          405    405   405   405   405 405    405     405 405   405     405
POST judging-round round_closed                 405    405   405   405   405 405    405     405 405   405     405
POST my-round round                             in     422   404   404   404 404    404     404 404   404     404
POST my-round round_closed                      in     404   404   404   404 404    404     404 404   404     404
POST round-minutes round                        405    405   405   405   405 405    405     405 405   405     405
POST round-minutes round_closed                 405    405   405   405   405 405    405     405 405   405     405
POST tie round_closed                           in     403   403   403   403 403    403     422 403   403     403
POST tie round                                  in     403   403   403   403 403    403     404 403   403     403
POST feedback-list                              405    405   405   405   405 405    405     405 405   405     405
POST feedback-talk sealed K2031                 in     403   302   302   403 404    403     403 403   403     403
POST feedback fed_own                           in     403   403   422   422 404    404     403 404   403     404
POST feedback 999999                            in     404   404   404   404 404    404     404 404   404     404
POST doubts                                     405    405   405   405   405 405    405     405 405   405     405
POST doubt doubt_own                            in     403   422   422   422 404    404     403 404   403     404
POST doubt doubt_other                          in     404   404   404   422 404    404     403 404   403     404
POST doubt 999999                               in     404   404   404   404 404    404     404 404   404     404
POST doubt-pass-on doubt_own                    in     409   403   403   403 404    404     403 404   403     404
POST doubt-withdraw doubt_own                   in     302   403   403   403 404    404     403 404   403     404
POST doubt-pass-on doubt_other                  in     404   404   404   403 404    404     403 404   403     404
POST doubt-withdraw doubt_other                 in     404   404   404   403 404    404     403 404   403     404
POST inbox                                      405    405   405   405   405 405    405     405 405   405     405
POST inbox-read                                 in     302   302   302   302 302    302     302 302   302     302
POST inbox-count                                405    405   405   405   405 405    405     405 405   405     405
POST message 999999                             405    405   405   405   405 405    405     405 405   405     405
POST vacancies                                  405    405   405   405   405 405    405     405 405   405     405
POST vacancy 999999                             in     403   403   404   404 404    403     404 403   404     403
POST deputies                                   in     403   422   422   403 403    403     422 403   403     403
POST deputy-back                                in     302   302   302   302 302    302     302 302   302     302
POST deputy-act 999999                          in     404   404   404   404 404    404     404 404   404     404
POST deputy-end 999999                          in     404   404   404   404 404    404     404 404   404     404
POST calendar                                   405    405   405   405   405 405    405     405 405   405     405
POST settings                                   405    405   405   405   405 405    405     405 405   405     405
POST language                                   302    302   302   302   302 302    302     302 302   302     302
POST theme                                      302    302   302   302   302 302    302     302 302   302     302
POST mail-choice                                in     302   302   302   302 302    302     302 302   302     302
POST password                                   in     200   200   200   200 200    200     200 200   200     200
POST second-factor                              405    405   405   405   405 405    405     405 405   405     405
POST second-factor-set-up                       in     422   422   422   422 422    422     422 422   422     422
POST recovery-codes                             in     422   422   422   422 422    422     422 422   422     422
POST second-factor-remove                       in     422   422   422   422 422    422     422 422   422     422
POST devices                                    405    405   405   405   405 405    405     405 405   405     405
POST devices-end-others                         in     302   302   302   302 302    302     302 302   302     302
POST device-end 999999                          in     404   404   404   404 404    404     404 404   404     404
POST tokens                                     405    405   405   405   405 405    405     405 405   405     405
POST token-new                                  in     422   422   422   422 422    422     422 422   422     422
POST token-revoke token_own                     in     302   404   404   404 404    404     404 404   404     404
POST token-revoke token_hr                      in     404   404   404   302 404    404     404 404   404     404
POST invitation nonsense                        410    410   410   410   410 410    410     410 410   410     410
POST intake                                     405    405   405   405   405 405    405     405 405   405     405
POST intake-month open                          405    405   405   405   405 405    405     405 405   405     405
POST intake-month sealed                        405    405   405   405   405 405    405     405 405   405     405
POST intake-month later                         405    405   405   405   405 405    405     405 405   405     405
POST intake-month open ?team=K1000              405    405   405   405   405 405    405     405 405   405     405
POST intake-month open ?team=K1001              405    405   405   405   405 405    405     405 405   405     405
POST intake-month open ?team=K2031              405    405   405   405   405 405    405     405 405   405     405
POST intake-cells open                          401    403   409   409   409 409    403     403 403   403     403
POST intake-cells sealed                        401    403   409   409   409 409    403     403 403   403     403
POST intake-changes open                        405    405   405   405   405 405    405     405 405   405     405
POST intake-changes open ?team=K1001            405    405   405   405   405 405    405     405 405   405     405
POST intake-changes open ?team=K1000            405    405   405   405   405 405    405     405 405   405     405
POST intake-hand-in open                        in     403   422   302   403 403    403     403 403   403     403
POST intake-hand-in open ?team=K1001            in     403   422   422   403 404    403     403 403   403     403
POST intake-hand-in open ?team=K1000            in     403   404   302   403 403    403     403 403   403     403
POST intake-hand-in sealed                      in     403   422   422   403 403    403     403 403   403     403
POST intake-take-back open                      in     403   409   409   403 403    403     403 403   403     403
POST intake-take-back open ?team=K1001          in     403   409   409   403 404    403     403 403   403     403
POST intake-events open                         in     403   422   422   422 422    403     403 403   403     403
POST intake-events sealed                       in     403   422   422   422 422    403     403 403   403     403
POST intake-events open ?team=K1001             in     403   422   422   422 404    403     403 403   403     403
POST intake-events open ?team=K1000             in     403   404   422   422 422    403     403 403   403     403
POST my-changes                                 405    405   405   405   405 405    405     405 405   405     405
POST my-month later                             405    405   405   405   405 405    405     405 405   405     405
POST set_language                               302    302   302   302   302 302    302     302 302   302     302
POST account_login                              200    302   302   302   302 302    302     302 302   302     302
POST account_logout                             in     in    in    in    in  in     in      in  in    in      in
POST account_inactive                           405    405   405   405   405 405    405     405 405   405     405
POST account_signup                             404    404   404   404   404 404    404     404 404   404     404
POST account_reauthenticate                     404    404   404   404   404 404    404     404 404   404     404
POST account_email                              404    404   404   404   404 404    404     404 404   404     404
POST account_email_verification_sent            404    404   404   404   404 404    404     404 404   404     404
POST account_change_password                    404    404   404   404   404 404    404     404 404   404     404
POST account_set_password                       404    404   404   404   404 404    404     404 404   404     404
POST account_reset_password                     404    404   404   404   404 404    404     404 404   404     404
POST account_confirm_login_code                 404    404   404   404   404 404    404     404 404   404     404
POST account_confirm_email nonsense             404    404   404   404   404 404    404     404 404   404     404
POST account_reset_password_from_key_done       404    404   404   404   404 404    404     404 404   404     404
POST account_reset_password_from_key 1 nonsense 404    404   404   404   404 404    404     404 404   404     404
POST account_reset_password_done                404    404   404   404   404 404    404     404 404   404     404
POST mfa_authenticate                           in     in    in    in    in  in     in      in  in    in      in
POST schema                                     405    405   405   405   405 405    405     405 405   405     405
POST api-docs                                   405    405   405   405   405 405    405     405 405   405     405
POST api-problems                               405    405   405   405   405 405    405     405 405   405     405
POST api-problem forbidden                      405    405   405   405   405 405    405     405 405   405     405
POST api-problem nonsense                       405    405   405   405   405 405    405     405 405   405     405
"""
