"""The places of the demo: every division and office of the province, forty stations, and who works there under which role."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from caseapp import reference
from caseapp.access.limits import CONTROLS
from caseapp.adapters import passwords
from caseapp.cli.demo.batch import Batch
from caseapp.cli.demo.names import Namer
from caseapp.cli.demo.source import Source, at, pool
from caseapp.models import organisation as o
from caseapp.reference import naming
from caseapp.services.organisation.divisions import DIGITS, OFFICES

PASSWORD = "caseapp-demo"  # known on purpose, and only where the settings say demo
COUNTIES = {"222403": 14, "220122": 13, "220183": 13}  # how many stations at least; the first lies in Yanbian
OF_A_STATION = 400  # people on file beyond which there are more stations, as in a province (domain.md 7)
HOME = "222403101000"  # the township of `worker`
HOSTS = ("township_office", "township_office", "day_care", "community", "elderly_centre")


@dataclass
class Place:
    """A station with its people; `villages` are (code, name)."""

    id: UUID
    path: str
    code: str
    name: str
    opened: date
    head: UUID
    workers: list[UUID]
    supervisor: UUID | None
    township: UUID
    villages: list[tuple[str, str]]
    prefix: str  # six digits that identity numbers of the place begin with
    is_korean: bool
    grants: dict[UUID, UUID] = field(default_factory=dict)  # user → grant


@dataclass
class World:
    """What the rest needs to know of the places."""

    province: UUID
    stations: list[Place] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)  # user name → role
    users: dict[str, UUID] = field(default_factory=dict)


class Builder:
    """Makes the rows of places and accounts."""

    def __init__(self, source: Source, batch: Batch) -> None:
        self.source, self.batch, self.namer = source, batch, Namer(source)
        self.start = source.today - timedelta(days=950)
        self.offices: dict[str, dict[str, Any]] = {}
        self.children: dict[str, list[tuple[str, str]]] = {}
        self.hash = passwords.hashed(PASSWORD)
        self.world: World

    def build(self, clients: int) -> World:
        """Everything that stands before the first person is on file; more counties take part when there are many people."""
        self._divisions()
        self.world = World(self.offices["220000000000"]["id"])
        contractors = [self._contractor(name, place) for place, name in enumerate(pool("words")["contractor"])]
        administrator = self._account("sysadmin", "system_admin", [self.offices["220000000000"]])
        for county, wanted in COUNTIES.items():
            self._county(f"{county}000000", wanted, contractors)
        for county in sorted(code for code, row in self.offices.items() if row["kind"] == "county" and code[:6] not in COUNTIES):
            missing = clients // OF_A_STATION - len(self.world.stations)
            if missing > 0:
                self._county(county, missing, contractors)
        self._bureaus(contractors, administrator)
        self.batch.add(  # many people try the same few accounts at a time, whose passwords are as old as the stations
            o.Setting,
            id=self.source.key(at(date(2021, 2, 1), 9)),
            organisation_id=self.offices["220000000000"]["id"],
            name=CONTROLS,
            value={"limits": {"sessions_each": 0, "inactive_days": 0}},
            from_on=date(2021, 2, 1),
            note="demo",
            set_at=at(date(2021, 2, 1), 9),
        )
        return self.world

    def _divisions(self) -> None:
        for row in reference.divisions():
            self.batch.add(
                o.Division,
                code=row.code,
                name=row.name,
                level=row.level,
                parent_code=row.parent,
                source=row.source,
                counts_for_coverage=row.counts_for_coverage,
            )
            if row.level == "village":
                self.children.setdefault(str(row.parent), []).append((row.code, row.name))
            if row.level in OFFICES:
                self._office(row)
        for code, (name, now) in reference.historic_codes().items():
            whole = code.ljust(12, "0")
            if whole not in self.offices:
                gone = {"level": "county", "source": "historic", "to_on": date(2020, 12, 31), "now_code": now.ljust(12, "0")}
                self.batch.add(o.Division, code=whole, name=name, counts_for_coverage=False, **gone)

    def _office(self, row: Any) -> None:
        parent = self.offices.get(row.parent or "")
        digits = DIGITS.get(row.level)
        county = parent["short_name"] if parent and parent["kind"] == "county" else ""
        own = row.code[:digits] if digits else row.code.lower()
        self.offices[row.code] = self._organisation(
            row.level, naming.office_name(row.level, row.name, county), row.name, f"{parent['path'] if parent else '/'}{own}/",
            parent_id=parent["id"] if parent else None, division_code=row.code,
        )  # fmt: skip

    def _organisation(self, kind: str, name: str, short: str, path: str, **more: Any) -> dict[str, Any]:
        made = at(self.start)
        return self.batch.add(
            o.Organisation, id=self.source.key(made), kind=kind, name=name, short_name=short, path=path,
            created_at=made, version=1, **more,
        )  # fmt: skip

    def _contractor(self, name: str, place: int) -> dict[str, Any]:
        code = ("52220000MJD000001", "52222400MJD000002")[place]
        code += _credit_end(code)
        return self._organisation("contractor", name, name, f"/c/{code.lower()}/", credit_code=code)

    def _county(self, code: str, wanted: int, contractors: list[dict[str, Any]]) -> None:
        county = self.offices[code]
        contractor = contractors[1 if code.startswith("2224") else 0]
        made = at(self.start)
        self.batch.add(
            o.Purchase, id=self.source.key(made), contractor_id=contractor["id"], organisation_id=county["id"], from_on=self.start
        )
        towns = [
            row for row in self.offices.values() if row["parent_id"] == county["id"] and self.children.get(row["division_code"])
        ]
        if not towns:
            return
        first = code == "222403000000"
        towns.sort(key=lambda row: (row["division_code"] != HOME, row["division_code"][6] == "0", row["division_code"]))
        chosen = towns[:wanted]
        supervisors: list[tuple[dict[str, Any], int]] = []  # and where in the list of stations they begin
        for number, town in enumerate(chosen):
            if number % 5 == 0:
                supervisors.append((self._person(), number))
            self._station(county, town, contractor, supervisors[-1][0], has_supervisor=number != len(chosen) - 1)
        mine = self.world.stations[-len(chosen) :]
        for user, begins in supervisors:
            paths = [station for station in mine[begins : begins + 5] if station.supervisor]
            if not paths:
                continue  # the last station of a county has none, so its head reviews the plans
            self._named(
                user, "supervisor", [{"id": s.id, "path": s.path} for s in paths], "supervisor" if first and not begins else None
            )
            for station in paths:
                station.grants[user["id"]] = user["grant"]
        self._named(self._person(), "county_officer", [county], "county" if first else None)
        if first:
            self._account("county2", "county_officer", [county])

    def _station(
        self,
        county: dict[str, Any],
        town: dict[str, Any],
        contractor: dict[str, Any],
        supervisor: dict[str, Any],
        *,
        has_supervisor: bool,
    ) -> None:
        code = town["division_code"]
        opened = self.start + timedelta(days=self.source.between(30, 180))
        name, short = naming.station_name(county["short_name"], town["short_name"])
        row = self._organisation(
            "station", name, short, f"{town['path']}s1/", parent_id=town["id"], division_code=code, opened_on=opened,
            contractor_id=contractor["id"], host=self.source.pick(HOSTS), phone=f"0433-50{10000 + len(self.world.stations)}",
        )  # fmt: skip
        number = len(self.world.stations)
        names = {0: ("head", "worker"), 1: (None, "worker2"), 14: (None, "worker3")}.get(number, (None, None))
        head = self._named(self._person(), "station_head", [row], names[0])
        team = [self._named(self._person(), "worker", [row], names[1])]
        team += [self._named(self._person(), "worker", [row]) for _more in range(2 if number % 4 == 0 else 1)]
        office = self._named(self._person(), "township_supervisor", [town], "township" if number == 0 else None)
        self.world.stations.append(
            Place(
                row["id"], row["path"], code, short, opened, head["id"], [user["id"] for user in team],
                supervisor["id"] if has_supervisor else None, office["id"], self.children[code], code[:6],
                county["division_code"].startswith("2224"),
                {user["id"]: user["grant"] for user in (head, office, *team)},
            )
        )  # fmt: skip

    def _bureaus(self, contractors: list[dict[str, Any]], administrator: dict[str, Any]) -> None:
        province, city, county = (self.offices[f"{code:0<12}"] for code in ("22", "2224", "222403"))
        self._account("contractor", "contractor_manager", [contractors[1]])
        self._account("city", "city_officer", [city])
        self._named(self._person(), "city_officer", [self.offices["220100000000"]])
        self._account("province", "province_officer", [province])
        self._account("province2", "province_officer", [province])
        self._account("evaluator", "evaluator", [county])
        self._account("secadmin", "security_admin", [province])
        self._account("auditor", "auditor", [province])
        self._confirm(administrator)

    def _person(self) -> dict[str, Any]:
        """A user without an account name yet."""
        sex = "1" if self.source.hit(0.25) else "2"
        return {"id": self.source.key(at(self.start)), "name": self.namer.name(sex, self.source.between(24, 45), is_korean=False)}

    def _account(self, username: str, role: str, places: list[dict[str, Any]]) -> dict[str, Any]:
        return self._named(self._person(), role, places, username)

    def _named(
        self, user: dict[str, Any], role: str, places: list[dict[str, Any]], username: str | None = None
    ) -> dict[str, Any]:
        """The account and its one grant; only named accounts have a password."""
        made = at(self.start)
        self.batch.add(
            o.User, id=user["id"], username=username or f"u{len(self.batch.rows[o.User]) + 1:03d}", name=user["name"],
            home_path=places[0]["path"], created_at=made, version=1, language=None,
        )  # fmt: skip
        if username:
            self.batch.add(o.Credential, user_id=user["id"], password_hash=self.hash, changed_at=made)
            self.world.accounts[username], self.world.users[username] = role, user["id"]
        user["grant"] = self.source.key(made)
        self.batch.add(
            o.Grant, id=user["grant"], user_id=user["id"], role=role, organisation_id=places[0]["id"], state="active",
            from_on=self.start, reason="demo", proposed_at=made, version=1,
        )  # fmt: skip
        for place in places:
            self.batch.add(o.GrantPlace, grant_id=user["grant"], organisation_id=place["id"], path=place["path"])
        return user

    def _confirm(self, administrator: dict[str, Any]) -> None:
        """Every grant was proposed by the administrator and confirmed by those whom its role asks for."""
        from caseapp.access.roles import ROLES

        by_role: dict[str, list[tuple[str, UUID]]] = {}
        first_path = {row["grant_id"]: row["path"] for row in reversed(self.batch.rows[o.GrantPlace])}
        for grant in self.batch.rows[o.Grant]:
            by_role.setdefault(grant["role"], []).append((first_path[grant["id"]], grant["user_id"]))
            grant["proposed_by_id"] = administrator["id"] if grant["user_id"] != administrator["id"] else None
        for grant in self.batch.rows[o.Grant]:
            path = first_path[grant["id"]]
            for role in ROLES[grant["role"]].confirmed_by:
                near = [user for place, user in by_role.get(role, ()) if user != grant["user_id"] and _related(place, path)]
                if near:
                    made = at(self.start, 600)
                    self.batch.add(
                        o.GrantConfirmation, id=self.source.key(made), grant_id=grant["id"], as_role=role, by_id=near[0], at=made,
                        agreed=True,
                    )  # fmt: skip


def _related(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _credit_end(code17: str) -> str:
    """The check character of a unified social credit code (GB 32100-2015)."""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return signs[-sum(signs.index(sign) * pow(3, place, 31) for place, sign in enumerate(code17)) % 31]
