from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import health, metrics
from staff.kernel.admin import site

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", site.urls),
    path("", include("staff.web.urls")),
    path("", include("assessment.web.urls_people")),
    path("", include("assessment.web.urls_intake")),
    path("", include("promotion.web.urls")),
    path("", include("policy.web.urls")),
    path("api/", include("config.api")),
]

handler400 = "staff.web.errors.bad_request"
handler403 = "staff.web.errors.forbidden"
handler404 = "staff.web.errors.not_found"
handler500 = "staff.web.errors.server_error"

if settings.DEBUG:
    from django.contrib.staticfiles.urls import staticfiles_urlpatterns

    urlpatterns += staticfiles_urlpatterns()
