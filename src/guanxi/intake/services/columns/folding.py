"""The first steps of every cell: plain characters, trimmed, emptied (``texts.cell`` and ``texts.clean``)."""

from collections.abc import Mapping

from guanxi.foundation.columnar import literal
from guanxi.foundation.values import texts
from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.services.columns import plan

# Characters that folding leaves alone: nearly every cell consists of them and skips the rest.
PLAIN = "[^ -~\u4e00-\u9fff\u3001-\u3020\u00b7\u00a5\u2010-\u2027]"


def _translate(name: str, table: Mapping[str, str]) -> str:
    return f"translate({name}, {literal(''.join(table))}, {literal(''.join(table.values()))})"


def _characters(name: str, spaces: str, wide: Mapping[str, str]) -> str:
    """Return a text in plain characters; the long table of radicals is only used where there are any."""
    visible = plan.sub(name, f"[{texts.INVISIBLE}]")
    narrow = _translate(plan.sub(visible, f"[{spaces}]", " "), wide)
    radicals = plan.has(name, "[\u2e80-\u2fd5\uf900-\ufad9]")
    folded = plan.cases((radicals, _translate(narrow, texts.RADICALS)), other=narrow)
    return plan.cases((plan.has(name, PLAIN), folded), other=name)


def _unwrapped(name: str) -> str:
    """Return what stands in ``="…"``."""
    wrapped = f"""starts_with({name}, '="') AND ends_with({name}, '"') AND length({name}) > 2"""
    return plan.cases((wrapped, f"{name}[3:-2]"), other=name)


def cell(source: str, target: str) -> tuple[Mapping[str, str], ...]:
    """Return the stages that make the column ``target`` of ``source`` like ``texts.cell``, NULL for empty."""
    folded, inner, bare = f"{target}_f", f"{target}_i", f"{target}_q"
    quoted = f"starts_with({inner}, '''') OR starts_with({inner}, '`')"
    longest = max(map(len, texts.EMPTY))
    empty = f"length({bare}) <= {longest} AND {plan.among(f'lower({bare})', texts.EMPTY)}"
    return (
        {folded: f"trim({_characters(source, texts.SPACES, texts.WIDE)}, ' ')"},
        {inner: f"trim({_unwrapped(folded)}, ' ')"},
        {bare: plan.cases((quoted, f"trim(ltrim({inner}, '''`'), ' ')"), other=inner)},
        {target: plan.cases((empty, "NULL"), other=bare)},
    )


def words(key: str, source: str) -> plan.Plan:
    """Return the plan of running text (``texts.clean``)."""
    lined, folded, bare, full = f"{key}__l", f"{key}__f", f"{key}__b", f"{key}__v"
    inner = texts.SPACES.replace("\u0009-\u000d", "\u0009\u000b\u000c")
    carriage = plan.cases(
        (f"contains({source}, chr(13))", f"replace(replace({source}, chr(13) || chr(10), chr(10)), chr(13), chr(10))"),
        other=source,
    )
    empty = f"length({bare}) <= 12 AND {plan.among(f'lower({bare})', texts.EMPTY_WORDS)}"
    return plan.Plan(
        stages=(
            {lined: carriage},
            {folded: f"trim({_characters(lined, inner, texts.WIDE_WORDS)}, chr(32) || chr(10))"},
            {bare: f"trim({_unwrapped(folded)}, chr(32) || chr(10))"},
            {full: plan.cases((empty, "NULL"), other=bare)},
            {
                f"{key}__w": plan.cases(
                    (f"length({full}) > {texts.LONGEST}", plan.flaw(Flaw.TEXT_LONG)),
                    (plan.damaged(full, texts.DAMAGED), plan.flaw(Flaw.TEXT_DAMAGED)),
                ),
                f"{key}__c": plan.cases(
                    (f"length({full}) > {texts.LONGEST}", f"{full}[1:{texts.LONGEST}]"), other=full
                ),
            },
        ),
        outputs={key: f"{key}__c"},
        value=f"{key}__c",
        flaw=f"{key}__w",
    )
