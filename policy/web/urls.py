from django.urls import path

from policy.web import views

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/<slug:key>/<int:number>/", views.policy, name="policy"),
]
