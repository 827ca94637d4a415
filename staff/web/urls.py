from allauth.account.views import PasswordChangeView
from django.urls import include, path, re_path

from staff.web import changes, delegations, devices, errors, inbox, preferences, second_factor, tokens, views

#: Doors of allauth that this product keeps shut: accounts come by invitation, no mail is sent, and what somebody changes of
#: their own sign-in stands under /settings/.
_SHUT = r"^accounts/(?:signup|email|confirm-email|login/code|reauthenticate|password/)"

urlpatterns = [
    path("", views.home, name="home"),
    path("settings/", views.settings_page, name="settings"),
    path("settings/language/", preferences.language, name="language"),
    path("settings/theme/", preferences.theme, name="theme"),
    path("settings/mail/", preferences.mail, name="mail-choice"),
    path("settings/password/", PasswordChangeView.as_view(extra_context={"here": "settings"}), name="password"),
    path("settings/second-factor/", second_factor.overview, name="second-factor"),
    path("settings/second-factor/set-up/", second_factor.set_up, name="second-factor-set-up"),
    path("settings/second-factor/codes/", second_factor.codes, name="recovery-codes"),
    path("settings/second-factor/remove/", second_factor.remove, name="second-factor-remove"),
    path("settings/devices/", devices.overview, name="devices"),
    path("settings/devices/end-others/", devices.end_others, name="devices-end-others"),
    path("settings/devices/<int:pk>/end/", devices.end, name="device-end"),
    path("settings/tokens/", tokens.overview, name="tokens"),
    path("settings/tokens/new/", tokens.new, name="token-new"),
    path("settings/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/count/", inbox.count, name="inbox-count"),
    path("inbox/read/", inbox.mark_all, name="inbox-read"),
    path("inbox/<int:pk>/", inbox.open_message, name="message"),
    path("deputies/", delegations.overview, name="deputies"),
    path("deputies/back/", delegations.back, name="deputy-back"),
    path("deputies/<int:pk>/act/", delegations.act, name="deputy-act"),
    path("deputies/<int:pk>/end/", delegations.end, name="deputy-end"),
    path("calendar/", inbox.due_calendar, name="calendar"),
    path("my/changes/", changes.my_changes, name="my-changes"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    re_path(_SHUT, errors.not_found),
    path("accounts/second-factor/", second_factor.ask, name="mfa_authenticate"),
    path("accounts/", include("allauth.account.urls")),
]
