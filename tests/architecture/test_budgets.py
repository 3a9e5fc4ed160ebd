"""Small on purpose: modules, functions, templates and test files have budgets. Exceptions carry a reason."""

import ast

from tests.architecture.conftest import ROOT, SOURCE

MODULE, FUNCTION, FUNCTION_HARD, TEMPLATE, TEST_FILE, PARAMETERS = 300, 30, 50, 150, 400, 7
LONG_FUNCTIONS_SHARE = 0.03
EXCEPTIONS = {
    # path below the root: reason
}


def _sources():
    return [path for path in [*SOURCE.rglob("*.py"), ROOT / "bootstrap.py"] if "migrations" not in path.parts]


def _functions():
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def _body_lines(node):
    """The lines of a function without its signature and docstring."""
    body = node.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1:
        body = body[1:]
    return (node.end_lineno or 0) - body[0].lineno + 1


def _over(paths, limit):
    return [
        f"{path.relative_to(ROOT)}: {lines}"
        for path in paths
        if (lines := len(path.read_text().splitlines())) > limit and str(path.relative_to(ROOT)) not in EXCEPTIONS
    ]


def test_modules_are_small():
    assert _over(_sources(), MODULE) == []


def test_templates_are_small():
    assert _over(SOURCE.glob("**/*.html"), TEMPLATE) == []


def test_test_files_are_small():
    assert _over((ROOT / "tests").rglob("*.py"), TEST_FILE) == []


def test_no_function_is_long():
    long = [f"{p.name}:{n.lineno} {n.name}" for p, n in _functions() if _body_lines(n) > FUNCTION_HARD]
    assert long == []


def test_few_functions_pass_the_budget():
    sizes = [(_body_lines(node), f"{path.name}:{node.lineno} {node.name}") for path, node in _functions()]
    over = [name for lines, name in sizes if lines > FUNCTION]
    assert len(over) <= len(sizes) * LONG_FUNCTIONS_SHARE, over


def test_functions_take_few_positional_values():
    wrong = [
        f"{path.name}:{node.lineno} {node.name}"
        for path, node in _functions()
        if len(node.args.args) + len(node.args.posonlyargs) > PARAMETERS
    ]
    assert wrong == []


def test_exceptions_are_still_needed():
    assert [path for path in EXCEPTIONS if not (ROOT / path).exists()] == []
