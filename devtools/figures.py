"""Writes the catalogue of figures in words: docs/statistics/<version>.<language>.md, for statisticians; a test compares."""

import sys
from pathlib import Path

from caseapp.reference.statistics import Catalogue, Dimension, TableKind, newest

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "statistics"
LANGUAGES = ("zh", "en")
LEVELS = {
    "province": ("省级", "province"),
    "city": ("市（州）级", "city"),
    "management_area": ("管理区", "management area"),
    "county": ("县（市、区）级", "county"),
    "township": ("乡镇（街道）级", "township"),
}
OVER_TIME = {
    "sum": ("各月之和等于本季", "months add up to their quarter"),
    "stock": ("期末时点数", "as of the last day"),
    "distinct": ("每期每人算一次，各月不能相加", "each person once a period; months do not add up"),
}


def documents(found: Catalogue) -> dict[str, str]:
    """File name → text, one for each language."""
    return {f"{found.version}.{language}.md": _document(found, language) for language in LANGUAGES}


def _document(found: Catalogue, language: str) -> str:
    zh = language == "zh"
    lines = [
        f"# {'统计表目录' if zh else 'Catalogue of figures'} {found.version}",
        "",
        f"{'自' if zh else 'From'} {found.valid_from}{'起' if zh else ''}. "
        f"{'本文件由 devtools.figures 从目录数据生成，请勿手改。' if zh else 'Written by devtools.figures from the data of the catalogue; not edited by hand.'}",
        "",
        f"## {'通则' if zh else 'Rules for all tables'}",
        "",
    ]
    lines += [f"- {said.label(language)}" for said in found.words.values()]
    lines += [f"- {_limits(found, zh)}", ""]
    for subject, tables in found.by_subject():
        lines += [f"## {subject.label(language)}", ""]
        for table in tables:
            lines += _table(found, table, language)
    lines += [f"## {'分组' if zh else 'What tables are divided by'}", ""]
    for dimension in found.dimensions.values():
        lines += _dimension(dimension, found, language)
    lines += [f"## {'数与数的关系' if zh else 'How numbers hang together'}", ""]
    lines += _relations(found, language)
    return "\n".join(lines).rstrip() + "\n"


def _limits(found: Catalogue, zh: bool) -> str:
    if zh:
        return (
            f"不足 {found.threshold} 人的格子不显示，标明更高阈值的按其阈值；时长不足 {found.contributors} 人的不显示；"
            f"在册不足 {found.area_minimum} 人的乡镇（街道）并入发布区；分母不足 {found.compare_least} 的不作比较。"
        )
    return (
        f"Cells of fewer than {found.threshold} persons are not shown, where a higher threshold is named fewer than that; service time of "
        f"fewer than {found.contributors} persons is not shown; townships with fewer than {found.area_minimum} persons on file join a "
        f"publication area; nothing is compared over fewer than {found.compare_least}."
    )


def _table(found: Catalogue, table: TableKind, language: str) -> list[str]:
    zh, place = language == "zh", 0 if language == "zh" else 1
    measure = found.measures[table.measure]
    parts = "、".join if zh else ", ".join
    by = parts(d.label(language) for d in table.dimensions) or ("无" if zh else "nothing")
    monthly = LEVELS[table.months[-1]][place] if table.months else ("不公布" if zh else "not issued")
    sensitive = parts(found.dimensions[name].label(language) for name in table.sensitive)
    lines = [
        f"### {table.label(language)}",
        "",
        table.fact("definition", language),
        "",
        f"- `{table.code}` · {'单位' if zh else 'unit'}: {table.fact('unit', language)} · {found.words[measure.counts].label(language)}",
        f"- {'分组' if zh else 'divided by'}: {by} · {'最低层级' if zh else 'down to'}: {LEVELS[table.levels[-1]][place]} · "
        f"{'月报最低层级' if zh else 'months down to'}: {monthly}",
        f"- {OVER_TIME[measure.over_time][place]}"
        + (f" · {'合计阈值' if zh else 'threshold of totals'}: {table.k}" if table.k else ""),
    ]
    if sensitive:
        lines.append(
            f"- {'同质保护' if zh else 'not to be told of everybody in a small total'}: {sensitive}",
        )
    return [*lines, ""]


def _dimension(dimension: Dimension, found: Catalogue, language: str) -> list[str]:
    zh = language == "zh"
    notes = []
    if dimension.overlap:
        notes.append("一人可属几类，不能相加" if zh else "one person may have several; values do not add up")
    if dimension.within:
        coarser = found.dimensions[dimension.within].label(language)
        notes.append(f"{'细分自' if zh else 'parts of'} {coarser}")
    if dimension.at_end:
        notes.append("按本期最后一天" if zh else "as of the last day of the period")
    lines = [f"### {dimension.label(language)} `{dimension.code}`", ""]
    if notes:
        lines += [("；" if zh else "; ").join(notes), ""]
    lines += [f"| {'代码' if zh else 'code'} | {'名称' if zh else 'name'} | {'阈值' if zh else 'threshold'} |", "|---|---|---|"]
    lines += [f"| `{value.code}` | {value.label(language)} | {value.k} |" for value in dimension.values]
    return [*lines, ""]


def _relations(found: Catalogue, language: str) -> list[str]:
    zh = language == "zh"

    def name(code: str) -> str:
        return f"{found.measures[code].label(language)} `{code}`"

    lines = []
    for pair in found.balances:
        if zh:
            lines.append(f"- {name(pair.came)}减{name(pair.went)}，大体等于{name(pair.stock)}两期末之差，一并保护。")
        else:
            lines.append(
                f"- {name(pair.came)} less {name(pair.went)} is about the change of {name(pair.stock)}: protected together."
            )
    for rule in found.never_more:
        at = f" `{rule.at}`" if rule.at else ""
        lines.append(f"- {name(rule.small)} ≤ {name(rule.large)}{at}")
    for dimension in found.dimensions.values():
        for value in dimension.values:
            if value.ages:
                ages = ", ".join(value.ages)
                lines.append(f"- {value.label(language)}: {ages}")
    return lines


def main() -> None:
    """Writes the files of the newest version."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in documents(newest()).items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/statistics/{name}\n")


if __name__ == "__main__":
    main()
