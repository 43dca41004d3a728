"""Random arguments for tests and examples. Every function takes the random generator first."""

WORDS = (
    "apple banana cat dog egg fig grape house ink jam kite lemon moon night orange pear queen river sun tree "
    "umbrella violin water yellow zebra level radar noon civic stats area aroma echo edge trust plant start "
    "stone paper tiger salad onion ideal ocean idea mom dad pop eve bob anna otto data note test tent toast "
    "bread read red blue green code list map sort deed maple sand rain snow seed root leaf bark"
).split()
_TELLING = [0, 1, 2, 4, 7, 9, 11, 16, 22, 25, 32, 33, 36]


def integers(rng, size=None, low=-20, high=60):
    """A list of 0 to 8 integers, often with a repeated one and a square, palindrome or power of two."""
    size = rng.choice([0, 1, 2, 3, 4, 5, 5, 6, 7, 8]) if size is None else size
    scale = rng.random()
    high = 12 if scale < 0.25 else 150 if scale > 0.85 else high
    numbers = [rng.randint(low, high) for _ in range(size)]
    if size > 2 and rng.random() < 0.5:
        numbers[rng.randrange(size)] = numbers[rng.randrange(size)]
    if size > 2 and rng.random() < 0.3:
        numbers[rng.randrange(size)] = rng.choice(_TELLING)
    return numbers


def positive_integers(rng):
    """As ``integers``, without zero and negative ones."""
    return integers(rng, low=1)


def some_integers(rng):
    """As ``integers``, never empty."""
    return integers(rng, rng.randint(1, 7))


def digits_list(rng):
    """A list of 0 to 8 integers between 0 and 9."""
    return [rng.randint(0, 9) for _ in range(rng.randint(0, 8))]


def whole(low, high):
    """A drawer of integers from ``low`` to ``high``."""
    return lambda rng: rng.randint(low, high)


def one_of(*values):
    """A drawer of one of the values."""
    return lambda rng: rng.choice(values)


def text_over(alphabet, low, high):
    """A drawer of strings of ``low`` to ``high`` characters from an alphabet."""
    return lambda rng: "".join(rng.choice(alphabet) for _ in range(rng.randint(low, high)))


def word(rng):
    """An English word, or up to seven letters."""
    if rng.random() < 0.7:
        return rng.choice(WORDS)
    return "".join(rng.choice("aabcdeeiimnorsstu") for _ in range(rng.randint(1, 7)))


def words(rng, size=None, least=0):
    """A list of 0 to 6 words."""
    size = max(rng.choice([0, 1, 2, 3, 4, 4, 5, 6]) if size is None else size, least)
    result = [word(rng) for _ in range(size)]
    if size > 2 and rng.random() < 0.4:
        result[rng.randrange(size)] = result[rng.randrange(size)]
    return result


def some_words(rng):
    """As ``words``, never empty."""
    return words(rng, least=1)


def sentence(rng):
    """Words separated by single spaces."""
    return " ".join(some_words(rng))


def string(rng):
    """A string of mixed characters, sometimes empty."""
    kind = rng.random()
    if kind < 0.3:
        result = " ".join(word(rng) for _ in range(rng.randint(1, 3)))
    elif kind < 0.6:
        parts = [word(rng), word(rng).capitalize(), str(rng.randint(0, 99)), word(rng).upper()]
        result = "".join(rng.choice(parts) for _ in range(rng.randint(1, 2)))
    elif kind < 0.9:
        result = "".join(rng.choice("aAbBcdeEfgiklmnoprsSttTuxyz  019") for _ in range(rng.randint(1, 10))).strip()
    else:
        result = "".join(rng.choice("aabbcc") for _ in range(rng.randint(1, 8)))
    return "" if rng.random() < 0.05 else result


def some_string(rng):
    """As ``string``, never empty."""
    return string(rng) or "abca"


def grid(rng):
    """A rectangular matrix of 1 to 4 rows and columns."""
    width = rng.randint(1, 4)
    return [[rng.randint(-9, 20) for _ in range(width)] for _ in range(rng.randint(1, 4))]


def square_grid(rng):
    """A square matrix of 1 to 4 rows."""
    width = rng.randint(1, 4)
    return [[rng.randint(-9, 20) for _ in range(width)] for _ in range(width)]


def ragged_rows(rng):
    """0 to 4 rows of 1 to 4 integers."""
    return [integers(rng, rng.randint(1, 4)) for _ in range(rng.randint(0, 4))]


def word_map(rng):
    """A map from 1 to 5 words to integers."""
    return {name: rng.randint(-9, 40) for name in sorted(set(words(rng, rng.randint(1, 5))))}


def integers_between(low, high, least, most):
    """A drawer of lists of ``least`` to ``most`` integers from ``low`` to ``high``."""
    return lambda rng: [rng.randint(low, high) for _ in range(rng.randint(least, most))]


def composite(rng):
    """An integer of at least 2, often with several small prime factors."""
    product = rng.choice([2, 3, 4, 5, 6]) * rng.choice([2, 3, 7, 12, 10, 11]) * rng.choice([1, 2, 3, 5])
    return rng.choice([rng.randint(2, 60), product])


def short_or_long(rng):
    """A whole number of one to six digits."""
    return rng.choice([rng.randint(0, 99), rng.randint(100, 99999), rng.choice([153, 370, 407, 999999])])


def perhaps_perfect(rng):
    """A whole number up to 60, often a perfect one."""
    return rng.choice([6, 28, rng.randint(1, 60), rng.randint(1, 60)])


def perhaps_sorted(rng):
    """A list of integers, often in ascending or descending order."""
    numbers = integers(rng)
    return rng.choice([numbers, sorted(numbers), sorted(numbers)[::-1], sorted(set(numbers))])


def perhaps_balanced(rng):
    """A list of small integers, often with an index that balances both sides."""
    if rng.random() < 0.4:
        return rng.choice([[1, 2, 3, 3], [1, 7, 3, 6, 5, 6], [2, 1, 1, 2], [0, 0]])
    return integers_between(-2, 5, 0, 7)(rng)


def perhaps_palindrome(rng):
    """A string, often the same in both directions."""
    half = word(rng)
    return rng.choice([half, half + half[::-1], half + half[::-1].upper(), half + " " + half[::-1], half])


def brackets(rng):
    """A string of brackets."""
    if rng.random() < 0.5:
        return text_over("(())[]a", 0, 8)(rng)
    return rng.choice(["()", "(())", "()()", "((()))()", "(a)(b)", "((a)", ")(", ""])


def word_after(*starts):
    """A drawer of a word with one of the starts before it."""
    return lambda rng: rng.choice(starts) + word(rng)
