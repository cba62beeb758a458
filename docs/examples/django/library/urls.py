from django.urls import path
from library import views

urlpatterns = [
    path("documents", views.documents),
    path("documents/<str:document_id>", views.document),
    path("documents/<str:document_id>/content", views.content),
    path("search", views.search),
]
