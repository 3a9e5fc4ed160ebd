from django.urls import path

from guanxi.access.views import joining, people, rights

app_name = "access"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/change/", people.change, name="change-person"),
    path("people/<int:pk>/active/", people.set_active, name="set-active"),
    path("people/<int:pk>/grant/", people.grant, name="grant-role"),
    path("people/<int:pk>/recover/", joining.recover, name="recover"),
    path("memberships/<int:pk>/end/", people.end, name="end-membership"),
    path("invitations/", joining.invitations, name="invitations"),
    path("invitations/new/", joining.invite, name="invite"),
    path("invitations/<int:pk>/revoke/", joining.revoke_link, name="revoke-link"),
    path("node-people/<int:subject_id>/", people.node_people, name="node-people"),
    path("roles/", rights.roles, name="roles"),
    path("roles/<slug:code>/", rights.role, name="role"),
    path("responsibilities/", rights.responsibilities, name="responsibilities"),
    path("responsibilities/<str:process>/", rights.responsibility, name="responsibility"),
    path("sessions/<int:pk>/end/", rights.end_session, name="end-session"),
    path("tokens/", rights.my_tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", rights.revoke_token, name="revoke-token"),
    path("integrations/", rights.integrations, name="integrations"),
    path("integrations/new/", rights.add_integration, name="add-integration"),
    path("integrations/<int:pk>/", rights.integration_tokens, name="integration-tokens"),
]
