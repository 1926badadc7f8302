"""Addresses of allauth: sign-out, passwords, second factor, sessions."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
