from django.urls import path

from assessment.web import intake, intake_events

urlpatterns = [
    path("intake/", intake.intake, name="intake"),
    path("intake/<str:month>/", intake.intake, name="intake-month"),
    path("intake/<str:month>/cells/", intake.cells, name="intake-cells"),
    path("intake/<str:month>/changes/", intake.changes, name="intake-changes"),
    path("intake/<str:month>/hand-in/", intake.hand_in, name="intake-hand-in"),
    path("intake/<str:month>/take-back/", intake.take_back, name="intake-take-back"),
    path("intake/<str:month>/events/", intake_events.events, name="intake-events"),
]
