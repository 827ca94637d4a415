from django.urls import path

from promotion.web import applications, cases, decisions, judging, notices, people, rounds, shortlist, standing

urlpatterns = [
    path("applications/", applications.applications, name="applications"),
    path("applications/new/", applications.begin, name="application-new"),
    path("applications/<str:number>/", applications.application, name="application"),
    path("applications/<str:number>/files/<int:pk>/", applications.file, name="application-file"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("vacancies/", shortlist.overview, name="vacancies"),
    path("vacancies/<int:pk>/", shortlist.vacancy, name="vacancy"),
    path("notices/", notices.notices, name="notices"),
    path("notices/objections/", notices.my_objections, name="my-objections"),
    path("notices/<str:number>/", notices.notice, name="notice"),
    path("notices/<str:number>/object/", notices.notice_object, name="notice-object"),
    path("letters/<str:number>/", notices.letter, name="letter"),
    path("me/", standing.me, name="me"),
    path("people/", people.people_list, name="people"),
    path("judging/", judging.judging, name="judging"),
    path("judging/<int:pk>/", judging.judging_round, name="judging-round"),
    path("judging/<int:pk>/declare/", judging.judging_declare, name="judging-declare"),
    path("judging/<int:pk>/<int:ordinal>/", judging.judging_sheet, name="judging-sheet"),
    path("judging/<int:pk>/<int:ordinal>/draft/", judging.judging_draft, name="judging-draft"),
    path("judging/<int:pk>/<int:ordinal>/file/", judging.judging_file, name="judging-file"),
    path("judging/<int:pk>/<int:ordinal>/file/<int:file>/", judging.judging_attachment, name="judging-attachment"),
    path("rounds/<int:pk>/", rounds.my_round, name="my-round"),
    path("rounds/<int:pk>/minutes/", rounds.minutes, name="round-minutes"),
    path("rounds/<int:pk>/tie/", rounds.tie, name="tie"),
    path("cases/<int:pk>/evidence/", cases.case_evidence, name="case-evidence"),
    path("cases/<int:pk>/files/<int:file>/", cases.case_file, name="case-file"),
    path("cases/<int:pk>/<slug:act>/", cases.case_act, name="case-act"),
    path("people/<path:employee_no>/", standing.person, name="person"),
]
