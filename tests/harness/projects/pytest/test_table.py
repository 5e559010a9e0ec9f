import pytest
from table import is_usable, last_of, sum_of


def test_sum(benchmark):
    benchmark(sum_of, list(range(1000)))


@pytest.mark.parametrize("count", [500, 2000])
def test_last(benchmark, count):
    benchmark(last_of, list(range(count)))


def test_checked(benchmark):
    numbers = list(range(1000))
    benchmark(last_of, numbers)
    assert is_usable(numbers)
