from django.urls import path

from assessment.web import cases, doubts, feedback, months, own_results, team_results

urlpatterns = [
    path("my/months/", months.my_months, name="my-months"),
    path("my/months/<str:month>/", months.my_month, name="my-month"),
    path("my/months/<str:month>/doubt/", doubts.raise_one, name="doubt-raise"),
    path("my/results/", own_results.my_results, name="my-results"),
    path("team/feedback/", feedback.feedback_list, name="feedback-list"),
    path("team/feedback/<str:month>/<path:employee_no>/", feedback.talk, name="feedback-talk"),
    path("feedback/<int:pk>/", feedback.feedback, name="feedback"),
    path("team/results/", team_results.team_results, name="team-results"),
    path("results/<path:employee_no>/", own_results.results_of_person, name="results-of"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("doubts/", doubts.doubts, name="doubts"),
    path("doubts/<int:pk>/", doubts.doubt, name="doubt"),
    path("doubts/<int:pk>/pass-on/", doubts.pass_on, name="doubt-pass-on"),
    path("doubts/<int:pk>/withdraw/", doubts.withdraw, name="doubt-withdraw"),
]
