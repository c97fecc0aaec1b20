"""Who may do what: the roles of a zone, as one table that the person who signs it off can read."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Where a session notes that its user set up the second factor in it.
ENROLLED_HERE = "vicus_second_factor_enrolled"


class Permission(StrEnum):
    """What a role may do. The names are the words of the field."""

    READ_FIGURES = "read_figures"
    READ_COUNTS = "read_counts"
    OPEN_INCIDENT_POINTS = "open_incident_points"
    IMPORT_FACTS = "import_facts"
    EXPORT_FACTS = "export_facts"
    PROPOSE_PERIMETERS = "propose_perimeters"
    DECIDE_PERIMETERS = "decide_perimeters"
    ASK_PHASES = "ask_phases"
    DECIDE_PHASES = "decide_phases"
    ASSIGN_MANAGERS = "assign_managers"
    PLAN_ACTIONS = "plan_actions"
    EVALUATE_ACTIONS = "evaluate_actions"
    DECIDE_ACTIONS = "decide_actions"
    DRAW_REPORTS = "draw_reports"
    READ_SHEETS = "read_sheets"
    READ_VALIDATED_SHEETS = "read_validated_sheets"
    WRITE_SHEETS = "write_sheets"
    VALIDATE_SHEETS = "validate_sheets"
    READ_MEETINGS = "read_meetings"
    WRITE_MEETINGS = "write_meetings"
    KEEP_COMMITMENTS = "keep_commitments"
    DECIDE_PLAN = "decide_plan"
    WRITE_PLAN = "write_plan"
    READ_KNOWLEDGE = "read_knowledge"
    WRITE_KNOWLEDGE = "write_knowledge"
    PLAN_REPORTS = "plan_reports"
    WRITE_BULLETINS = "write_bulletins"
    PUBLISH_BULLETINS = "publish_bulletins"
    SET_CLOCK = "set_clock"
    READ_TERRITORY = "read_territory"
    IMPORT_TERRITORY = "import_territory"
    MANAGE_USERS = "manage_users"
    READ_AUDIT = "read_audit"
    EXPORT_AUDIT = "export_audit"


WORDS: dict[Permission, Promise] = {
    Permission.READ_FIGURES: _("see the figures of hotspots"),
    Permission.READ_COUNTS: _(
        "see counts and the ranking of hotspots, without cells, files or incident points"
    ),
    Permission.OPEN_INCIDENT_POINTS: _("open incident points, giving a reason"),
    Permission.IMPORT_FACTS: _("import registered facts"),
    Permission.EXPORT_FACTS: _("export facts, giving a reason"),
    Permission.PROPOSE_PERIMETERS: _("propose perimeters"),
    Permission.DECIDE_PERIMETERS: _("decide perimeters"),
    Permission.ASK_PHASES: _("ask that a hotspot passes to another phase"),
    Permission.DECIDE_PHASES: _("decide phases"),
    Permission.ASSIGN_MANAGERS: _("say who manages which hotspot"),
    Permission.PLAN_ACTIONS: _("plan actions and note visits, in own hotspots"),
    Permission.EVALUATE_ACTIONS: _("design and judge the evaluation of actions"),
    Permission.DECIDE_ACTIONS: _("decide whether actions go on"),
    Permission.DRAW_REPORTS: _("draw monthly reports"),
    Permission.READ_SHEETS: _("read the SARA sheets of hotspots"),
    Permission.READ_VALIDATED_SHEETS: _("read SARA sheets once they are validated"),
    Permission.WRITE_SHEETS: _("write the SARA sheets of own hotspots"),
    Permission.VALIDATE_SHEETS: _("validate SARA sheets, or return them with a comment"),
    Permission.READ_MEETINGS: _("read meetings and commitments of the own places"),
    Permission.WRITE_MEETINGS: _("prepare, hold and minute meetings of the own places"),
    Permission.KEEP_COMMITMENTS: _("say how far commitments of the own organisation are"),
    Permission.DECIDE_PLAN: _("decide the Zonal Security Plan and yearly evaluations"),
    Permission.WRITE_PLAN: _("write the Zonal Security Plan and yearly evaluations"),
    Permission.READ_KNOWLEDGE: _("read the cards of what is known to work"),
    Permission.WRITE_KNOWLEDGE: _("write cards, and turn lessons into cards"),
    Permission.PLAN_REPORTS: _("say which reports are drawn when, for whom"),
    Permission.WRITE_BULLETINS: _("write neighbourhood bulletins and read the feedback"),
    Permission.PUBLISH_BULLETINS: _("publish neighbourhood bulletins"),
    Permission.SET_CLOCK: _("say how often the bodies of each level meet, and who drives them"),
    Permission.READ_TERRITORY: _("see the areas of the zone"),
    Permission.IMPORT_TERRITORY: _("import the areas of the zone"),
    Permission.MANAGE_USERS: _("manage users and their roles"),
    Permission.READ_AUDIT: _("read and verify the audit trail"),
    Permission.EXPORT_AUDIT: _("export the audit trail, giving a reason"),
}


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role in a zone. Police roles, and those who guard the installation, sign in with a second factor.

    Without `whole_zone` it holds in the areas named on the account only; with `own_points` incident points are
    those of the hotspots that the account manages.
    """

    code: str
    name: Promise
    description: Promise
    permissions: frozenset[Permission]
    second_factor: bool = True
    whole_zone: bool = True
    own_points: bool = False


_TABLE = (
    Role(
        code="hotspot_manager",
        name=_("hotspot manager"),
        description=_("Own hotspots fully, figures of the others."),
        permissions=frozenset(
            {
                Permission.READ_MEETINGS,
                Permission.WRITE_MEETINGS,
                Permission.READ_KNOWLEDGE,
                Permission.WRITE_KNOWLEDGE,
                Permission.WRITE_BULLETINS,
                Permission.WRITE_SHEETS,
                Permission.PLAN_ACTIONS,
                Permission.ASK_PHASES,
                Permission.READ_FIGURES,
                Permission.OPEN_INCIDENT_POINTS,
                Permission.DRAW_REPORTS,
                Permission.READ_TERRITORY,
            }
        ),
        own_points=True,
    ),
    Role(
        code="analyst",
        name=_("analyst"),
        description=_("All figures and incidents; imports, defines selections, proposes perimeters."),
        permissions=frozenset(
            {
                Permission.READ_MEETINGS,
                Permission.READ_KNOWLEDGE,
                Permission.WRITE_KNOWLEDGE,
                Permission.WRITE_PLAN,
                Permission.PLAN_REPORTS,
                Permission.EVALUATE_ACTIONS,
                Permission.READ_FIGURES,
                Permission.OPEN_INCIDENT_POINTS,
                Permission.IMPORT_FACTS,
                Permission.EXPORT_FACTS,
                Permission.PROPOSE_PERIMETERS,
                Permission.ASK_PHASES,
                Permission.DRAW_REPORTS,
                Permission.READ_TERRITORY,
                Permission.IMPORT_TERRITORY,
            }
        ),
    ),
    Role(
        code="division_head",
        name=_("division head"),
        description=_("Own communes; validates sheets, assigns hotspot managers."),
        permissions=frozenset(
            {
                Permission.READ_MEETINGS,
                Permission.WRITE_MEETINGS,
                Permission.READ_KNOWLEDGE,
                Permission.WRITE_KNOWLEDGE,
                Permission.WRITE_PLAN,
                Permission.PLAN_REPORTS,
                Permission.WRITE_BULLETINS,
                Permission.READ_SHEETS,
                Permission.VALIDATE_SHEETS,
                Permission.ASK_PHASES,
                Permission.ASSIGN_MANAGERS,
                Permission.DECIDE_ACTIONS,
                Permission.READ_FIGURES,
                Permission.OPEN_INCIDENT_POINTS,
                Permission.DRAW_REPORTS,
                Permission.READ_TERRITORY,
            }
        ),
        whole_zone=False,
    ),
    Role(
        code="direction",
        name=_("zone direction"),
        description=_("Everything operational; decides perimeters and phases."),
        permissions=frozenset(
            {
                Permission.READ_MEETINGS,
                Permission.WRITE_MEETINGS,
                Permission.READ_KNOWLEDGE,
                Permission.WRITE_KNOWLEDGE,
                Permission.WRITE_PLAN,
                Permission.DECIDE_PLAN,
                Permission.SET_CLOCK,
                Permission.PLAN_REPORTS,
                Permission.WRITE_BULLETINS,
                Permission.PUBLISH_BULLETINS,
                Permission.READ_SHEETS,
                Permission.DECIDE_ACTIONS,
                Permission.READ_FIGURES,
                Permission.OPEN_INCIDENT_POINTS,
                Permission.EXPORT_FACTS,
                Permission.DECIDE_PERIMETERS,
                Permission.DECIDE_PHASES,
                Permission.ASSIGN_MANAGERS,
                Permission.DRAW_REPORTS,
                Permission.READ_TERRITORY,
            }
        ),
    ),
    Role(
        code="mayor",
        name=_("mayor's office"),
        description=_("Own commune: validated sheets, packs and commitments; no incident points."),
        permissions=frozenset(
            {
                Permission.READ_MEETINGS,
                Permission.WRITE_MEETINGS,
                Permission.KEEP_COMMITMENTS,
                Permission.READ_KNOWLEDGE,
                Permission.WRITE_BULLETINS,
                Permission.PUBLISH_BULLETINS,
                Permission.READ_COUNTS,
                Permission.READ_VALIDATED_SHEETS,
            }
        ),
        second_factor=False,
        whole_zone=False,
    ),
    Role(
        code="partner",
        name=_("partner"),
        description=_("Meetings attended, own commitments, shared actions."),
        permissions=frozenset({Permission.READ_MEETINGS, Permission.KEEP_COMMITMENTS}),
        second_factor=False,
    ),
    Role(
        code="youth_coordinator",
        name=_("youth coordinator"),
        description=_("The youth programme only."),
        permissions=frozenset(),
        second_factor=False,
    ),
    Role(
        code="planner",
        name=_("planner"),
        description=_("Public spaces only, with aggregated figures."),
        permissions=frozenset({Permission.READ_COUNTS}),
        second_factor=False,
    ),
    Role(
        code="auditor",
        name=_("auditor or data protection officer"),
        description=_("Audit trail, processing register, retention; no operational text."),
        permissions=frozenset({Permission.READ_AUDIT, Permission.EXPORT_AUDIT}),
    ),
    Role(
        code="administrator",
        name=_("administrator"),
        description=_("Users, roles and settings; no operational text."),
        permissions=frozenset(
            {Permission.MANAGE_USERS, Permission.READ_TERRITORY, Permission.IMPORT_TERRITORY}
        ),
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in _TABLE}


def permissions_of(role: str) -> frozenset[Permission]:
    """What a role may do; nothing when the role is unknown."""
    return ROLES[role].permissions if role in ROLES else frozenset()


def bounds(role: Role) -> list[Promise]:
    """Where a role sees hotspots, in words; empty for a role that sees none."""
    if not role.permissions & {Permission.READ_FIGURES, Permission.READ_COUNTS}:
        return []
    found: list[Promise] = [
        _("the whole zone, or the areas named on the account")
        if role.whole_zone
        else _("only the areas named on the account")
    ]
    if role.own_points:
        found.append(_("incident points: own hotspots only"))
    return found
