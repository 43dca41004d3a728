"""Identifiers that problems and programs use."""

PARAMETER_NAMES = {
    "LI": "xs nums numbers values arr items data seq elements ints".split(),
    "S": "s text word string line phrase".split(),
    "LS": "words strs names strings tokens texts labels".split(),
    "I": "n num number value m".split(),
    "MSI": "d scores counts table prices stock ages".split(),
    "LLI": "grid rows matrix table lists".split(),
}
SECOND_NAMES = {"LI": "ys others second right weights limits".split(), "S": "t letters chars other pattern".split()}
LIMIT_NAMES = "k t limit threshold bound p q step".split()
SENTENCE_NAMES = "text sentence line phrase".split()
ELEMENT_NAMES = {
    "I": "x v num n e value item".split(),
    "C": "c ch letter symbol".split(),
    "S": "w word s token name".split(),
}
INDEX_NAMES = "i idx pos j".split()
PAIR_NAMES = [("a", "b"), ("x", "y"), ("u", "v"), ("left", "right")]
STAGE_NAMES = "mid first picked inner part kept chosen".split()
SECOND_STAGE_NAMES = "last later outcome rest outer stage".split()
RESULT_NAME_PAIRS = [("a", "b"), ("first", "second"), ("left", "right"), ("one", "two")]
ACCUMULATORS = {
    "sum": ["total", "result", "acc"],
    "count": ["count", "cnt", "total"],
    "freq": ["counts", "freq", "result"],
    "max": ["best", "top", "result"],
    "min": ["best", "low", "result"],
    "other": ["result", "res", "out"],
}
FUNCTION_NAMES = (
    "solve compute process evaluate transform analyze answer run_task handle apply_rule summarize find_result "
    "get_value calculate derive work_out build_result pick collect check_values measure inspect reduce_all "
    "combine examine determine resolve select_values produce tally make_result convert extract scan"
).split()
SPELLED_OUT = dict(
    pair.split("=")
    for pair in (
        "dcount=count_distinct cat=concat asc=sort desc=sort_down cgt=has_many cpar=even_count prod=product "
        "sq=square pos=positive neg=negative div=divisible gt=above lt=below vow=vowel up=upper ds=digit_sum "
        "adj=neighbours win=windows divs=divisors freq=frequency run=running long=longest short=shortest len=length "
        "alt=alternate pal=palindrome rev=reverse btw=between mul=scaled add=shifted cons=consonant top=largest "
        "ints=nums str=chars strs=words"
    ).split()
)
# other names for the variables of a hand-written family, used when two stages would share one
OTHER_NAMES = {
    "result": ["out", "res", "answer", "found_values"],
    "total": ["acc", "amount", "running_total"],
    "count": ["cnt", "hits", "how_many"],
    "best": ["record", "top", "best_so_far"],
    "cur": ["current", "length", "streak"],
}


def camel_case(name):
    """``run_task`` as ``runTask``."""
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def pick_name(rng, names, taken):
    """One of the names that is not taken; a longer one when all are."""
    free = [name for name in names if name not in taken]
    return rng.choice(free) if free else pick_name(rng, [name + "s" for name in names], taken)
