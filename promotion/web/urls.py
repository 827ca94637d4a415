from django.urls import path

from promotion.web import people, standing

urlpatterns = [
    path("me/", standing.me, name="me"),
    path("people/", people.people_list, name="people"),
    path("people/<path:employee_no>/", standing.person, name="person"),
]
