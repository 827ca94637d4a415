from django.urls import path

from assessment.web import doubts, months

urlpatterns = [
    path("my/months/", months.my_months, name="my-months"),
    path("my/months/<str:month>/", months.my_month, name="my-month"),
    path("my/months/<str:month>/doubt/", doubts.raise_one, name="doubt-raise"),
    path("doubts/", doubts.doubts, name="doubts"),
    path("doubts/<int:pk>/", doubts.doubt, name="doubt"),
    path("doubts/<int:pk>/pass-on/", doubts.pass_on, name="doubt-pass-on"),
    path("doubts/<int:pk>/withdraw/", doubts.withdraw, name="doubt-withdraw"),
]
