"""The name of a device from what its browser says of itself: "Chrome on Android", good enough to recognise one's own."""

BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
PHONES = ("HarmonyOS", "Android", "iPhone")


def device_name(agent: str) -> str:
    """Browser and system by name, nothing else of the string is kept."""
    return f"{_first(BROWSERS, agent) or 'Browser'} on {_first(SYSTEMS, agent) or 'computer'}"


def device_kind(agent: str) -> str:
    """phone or web."""
    return "phone" if _first(SYSTEMS, agent) in PHONES else "web"


def _first(marks: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for mark, name in marks if mark in agent), None)
