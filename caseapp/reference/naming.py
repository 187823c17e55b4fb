"""Official names of stations and service points, generated from division names and kind (S-4.13)."""

from functools import cache
from typing import Any

from caseapp.reference.files import read_json


@cache
def _patterns() -> dict[str, Any]:
    return read_json("naming.json")


def station_name(county: str, township: str) -> tuple[str, str]:
    """Official and short name of the station of a township; a township right below a city or area names that."""
    facts = {"county": county, "township": township}
    return _patterns()["station"].format(**facts), _patterns()["station_short"].format(**facts)


def point_name(township: str, village: str, ending: str) -> tuple[str, str]:
    """Official and short name of the service point of a village; `ending` is one of `endings()`."""
    facts = {"township": township, "village": village, "ending": ending}
    return _patterns()["point"].format(**facts), _patterns()["point_short"].format(**facts)


def endings() -> tuple[str, ...]:
    """The two words a service point's name may end with, chosen once."""
    return tuple(_patterns()["endings"])


def office_name(kind: str, name: str, county: str = "") -> str:
    """What the office of a division is called: bureau, department, township office; an area keeps its own name."""
    pattern = {"province": "province", "city": "bureau", "county": "bureau", "township": "township_office"}.get(kind)
    return _patterns()[pattern].format(name=name, county=county, township=name) if pattern else name


def spoken(village: str) -> str:
    """A village as people call it: the division list names its committee, an address the village itself, without remarks."""
    name = village.partition(_patterns()["remark"])[0]
    for committee, word in _patterns()["spoken"]:
        if name.endswith(committee):
            return str(name.removesuffix(committee) + word)
    return name
