"""The library as a whole: what importing it costs, and what it promises of every function."""

import inspect
import subprocess
import sys

import pytest

from vicus import analysis
from vicus.analysis.errors import AnalysisError

FUNCTIONS = [n for n in analysis.__all__ if inspect.isfunction(getattr(analysis, n))]
RESULTS = [n for n in analysis.__all__ if hasattr(getattr(analysis, n), "__dataclass_fields__")]


def test_importing_loads_no_library_and_compiles_nothing() -> None:
    code = (
        "import sys; from vicus import analysis;"
        "print([m for m in ('numba', 'numpy', 'pandas', 'scipy', 'geopandas') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_library_needs_no_web_framework() -> None:
    code = (
        "import sys; from vicus import analysis; [getattr(analysis, n) for n in analysis.__all__];"
        "print([m for m in ('django', 'altair', 'ibis', 'duckdb', 'matplotlib') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="kernel_magic"):
        _ = analysis.kernel_magic
    assert set(analysis.__all__) <= set(dir(analysis))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_complete_docstring(name: str) -> None:
    text = inspect.getdoc(getattr(analysis, name)) or ""
    for section in ("Parameters", "Returns", "Raises", "Examples"):
        assert f"{section}\n{'-' * len(section)}" in text, section
    assert ">>>" in text


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_is_frozen_and_sums_itself_up(name: str) -> None:
    kind = getattr(analysis, name)
    assert kind.__dataclass_params__.frozen
    assert callable(kind.summary)


def test_every_error_is_an_analysis_error_and_a_value_error() -> None:
    from vicus.analysis import errors

    kinds = [v for v in vars(errors).values() if inspect.isclass(v)]
    assert len(kinds) > 10
    assert all(issubclass(k, AnalysisError) and issubclass(k, ValueError) and k.__doc__ for k in kinds)
