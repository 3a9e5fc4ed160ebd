"""The first steps of every cell: plain characters, trimmed, emptied (``texts.cell`` and ``texts.clean``).

One look tells the cells that are plain already, which nearly all are; only the others take the steps, which for the
plain ones run over NULL.
"""

from collections.abc import Mapping

from guanxi.foundation.columnar import literal
from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.services.columns import plan

# Characters that folding leaves alone.
_KEPT = "!-~\u4e00-\u9fff\u3001-\u3020\u00b7\u00a5\u2010-\u2027"
# First characters of a plain cell: none of the words for an empty one begins with them, no quote and no formula.
_FIRST = (
    "0-9A-MO-TV-Za-mo-tv-z+\u00a5\u4e00-\u4e0c\u4e0e-\u5f84\u5f86-\u65df\u65e1-\u6681\u6683-\u6729\u672b-\u6c90\u6c92-\u7a79"
    "\u7a7b-\u7f39\u7f3b-\u9fff"
)
PLAIN = f"[{_FIRST}](?:[ {_KEPT}]*[{_KEPT}])?"


def _translate(name: str, table: Mapping[str, str]) -> str:
    return f"translate({name}, {literal(''.join(table))}, {literal(''.join(table.values()))})"


def _characters(name: str, spaces: str, wide: Mapping[str, str]) -> str:
    """Return a text in plain characters; long tables are only used where they have to be."""
    visible = plan.sub(plan.sub(name, f"[{texts.INVISIBLE}]"), f"[{spaces}]", " ")
    narrow = plan.cases((plan.has(name, "[\uff01-\uffee]"), _translate(visible, wide)), other=visible)
    radicals = plan.has(name, "[\u2e80-\u2fd5\uf900-\ufad9]")
    return plan.cases((radicals, _translate(narrow, texts.RADICALS)), other=narrow)


def _unwrapped(name: str) -> str:
    """Return what stands in ``="…"``."""
    wrapped = f"""starts_with({name}, '="') AND ends_with({name}, '"') AND length({name}) > 2"""
    return plan.cases((wrapped, f"{name}[3:-2]"), other=name)


def cell(source: str, target: str) -> tuple[Mapping[str, str], ...]:
    """Return the stages that make the column ``target`` of ``source`` like ``texts.cell``, NULL for empty."""
    plain, folded, inner, bare = f"{target}_p", f"{target}_f", f"{target}_i", f"{target}_q"
    quoted = f"contains({literal(texts.SIGNS_BEFORE)}, left({inner}, 1))"
    longest = max(map(len, texts.EMPTY))
    empty = f"length({bare}) <= {longest} AND {plan.among(f'lower({bare})', texts.EMPTY)}"
    return (
        {plain: plan.full(source, PLAIN)},
        {folded: plan.cases((f"NOT {plain}", f"trim({_characters(source, texts.SPACES, texts.WIDE)}, ' ')"))},
        {inner: f"trim({_unwrapped(folded)}, ' ')"},
        {bare: plan.cases((quoted, f"trim(ltrim({inner}, {literal(texts.SIGNS_BEFORE)}), ' ')"), other=inner)},
        {target: plan.cases((plain, source), (empty, "NULL"), other=bare)},
    )


def words(key: str, source: str) -> plan.Plan:
    """Return the plan of running text (``texts.clean``)."""
    plain, lined, folded, bare, whole = (f"{key}__{part}" for part in ("p", "l", "f", "b", "v"))
    spaces = texts.SPACES.replace("\u0009-\u000d", "\u0009\u000b\u000c")
    lines = f"replace(replace({source}, chr(13) || chr(10), chr(10)), chr(13), chr(10))"
    empty = f"length({bare}) <= 12 AND {plan.among(f'lower({bare})', texts.EMPTY_WORDS)}"
    return plan.Plan(
        stages=(
            {plain: plan.full(source, PLAIN)},
            {lined: plan.cases((f"NOT {plain}", lines))},
            {folded: f"trim({_characters(lined, spaces, texts.WIDE_WORDS)}, chr(32) || chr(10))"},
            {bare: f"trim({_unwrapped(folded)}, chr(32) || chr(10))"},
            {whole: plan.cases((plain, source), (empty, "NULL"), other=bare)},
            {
                f"{key}__w": plan.cases(
                    (f"length({whole}) > {texts.LONGEST}", plan.flaw(Flaw.TEXT_LONG)),
                    (plan.damaged(whole, texts.DAMAGED), plan.flaw(Flaw.TEXT_DAMAGED)),
                ),
                f"{key}__c": plan.cases(
                    (f"length({whole}) > {texts.LONGEST}", f"left({whole}, {texts.LONGEST})"), other=whole
                ),
            },
        ),
        outputs={key: f"{key}__c"},
        value=f"{key}__c",
        flaw=f"{key}__w",
    )
