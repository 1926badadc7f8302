from django.urls import path

from kabinet.web.ui import views

app_name = "ui"

urlpatterns = [
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("ui/gallery/", views.gallery, name="gallery"),
]
