"""What the benchmarks measure."""

ROUNDS = 4


def sum_of(numbers):
    total = 0
    for _ in range(ROUNDS):
        for number in numbers:
            total = (total ^ number) * 31 % 65521
    return total


def last_of(numbers):
    last = 0
    for number in numbers:
        last = (last + number) * 31 % 65521
    return last


def is_usable(numbers):
    return len(numbers) > 0
