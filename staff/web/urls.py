from django.urls import include, path, re_path

from staff.web import errors, preferences, views

#: Doors of allauth that this product keeps shut: accounts come by invitation, and no mail is sent.
_SHUT = r"^accounts/(?:signup|email|confirm-email|login/code|reauthenticate|password/(?:set|reset))"

urlpatterns = [
    path("", views.home, name="home"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/language/", preferences.language, name="language"),
    path("settings/theme/", preferences.theme, name="theme"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    re_path(_SHUT, errors.not_found),
    path("accounts/", include("allauth.urls")),
]
