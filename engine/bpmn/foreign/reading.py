"""Reads JUEL, and the conditions that Python, JavaScript and Groovy share; what could mean two things is refused."""

from __future__ import annotations

from engine.bpmn.foreign.scanning import Unclear, words
from engine.bpmn.foreign.syntax import Call, Choice, Constant, Empty, Item, Items, Minus, Not, Pair, Path, Said, Text

DEEPEST = 60
WORDED = {"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
EQUAL = {"==": "=", "!=": "!=", "===": "=", "!==": "!="}
ORDER = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
CONSTANTS = {"true": "true", "false": "false", "null": "null"}
PYTHON = {"True": "true", "False": "false", "None": "null"}
# Methods whose meaning does not hang on the kind of value: FEEL function, number of arguments.
METHODS = {
    "startsWith": ("starts with", 1),
    "startswith": ("starts with", 1),
    "endsWith": ("ends with", 1),
    "endswith": ("ends with", 1),
    "toLowerCase": ("lower case", 0),
    "toUpperCase": ("upper case", 0),
    "lower": ("lower case", 0),
    "upper": ("upper case", 0),
    "length": ("string length", 0),
    "size": ("count", 0),
}
# What Camunda, Flowable and Activiti call the counters of a repeated activity.
COUNTERS = {
    "nrOfInstances": "numberOfInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
}
SIGNS_OF_CODE = frozenset({"&&", "||", "!", "?"})


def read(text: str, *, juel: bool) -> Said:
    """What an expression says.

    Args:
        text: the expression without the braces of JUEL.
        juel: whether it stood in such braces; else it is Python, JavaScript or Groovy.

    Raises:
        Unclear: when it cannot be read, or its meaning hangs on the language or on the kind of a variable.
    """
    reader = _Reader(text, juel)
    found = reader.choice()
    if reader.kind != "end":
        raise Unclear(f"nie wiadomo, co znaczy „{reader.value}” w tym miejscu")
    return found


class _Reader:
    """Recursive descent over the words."""

    def __init__(self, text: str, juel: bool) -> None:
        self._words = words(text)
        self._place = 0
        self._depth = 0
        self._juel = juel
        if not juel and any(one.value in SIGNS_OF_CODE for one in self._words if one.kind == "sign"):
            mixed = [one.value for one in self._words if one.kind == "name" and one.value in ("not", "and", "or", "is")]
            if mixed:
                raise Unclear(f"„{mixed[0]}” i znaki takie jak && czytają różne języki inaczej")

    @property
    def kind(self) -> str:
        return self._words[self._place].kind

    @property
    def value(self) -> str:
        return self._words[self._place].value

    def choice(self) -> Said:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unclear("wyrażenie jest zbyt złożone")
        found = self._any()
        if self._sign("?"):
            then = self.choice()
            self._need(":")
            found = Choice(found, then, self.choice())
        elif not self._juel and self._name("if"):
            condition = self._any()
            if not self._name("else"):
                raise Unclear("po „if” brakuje „else”")
            found = Choice(condition, found, self.choice())
        self._depth -= 1
        return found

    def _any(self) -> Said:
        found = self._all()
        while self._sign("||") or self._name("or"):
            found = Pair("or", found, self._all())
        return found

    def _all(self) -> Said:
        found = self._loose_not()
        while self._sign("&&") or self._name("and"):
            found = Pair("and", found, self._loose_not())
        return found

    def _loose_not(self) -> Said:
        if not self._juel and self._name("not"):
            return Not(self._loose_not())
        return self._equal() if self._juel else self._compared()

    def _equal(self) -> Said:
        """JUEL: comparing for order binds tighter than for equality."""
        found = self._ordered()
        while (operator := self._one_of(EQUAL)) or (operator := self._word_of(("eq", "ne"))):
            found = Pair(operator, found, self._ordered())
        return found

    def _ordered(self) -> Said:
        found = self._sum()
        while (operator := self._one_of(ORDER)) or (operator := self._word_of(("lt", "le", "gt", "ge"))):
            found = Pair(operator, found, self._sum())
        return found

    def _compared(self) -> Said:
        """Python: `1 < x < 5` means both; other languages do not chain."""
        left = self._sum()
        found: Said | None = None
        while (pair := self._comparison(left)) is not None:
            if found is not None and not (_is_order(pair) and _is_order(found)):
                raise Unclear("kilka porównań naraz czytają różne języki inaczej")
            found = pair if found is None else Pair("and", found, pair)
            left = pair.right if isinstance(pair, Pair) else left
        return left if found is None else found

    def _comparison(self, left: Said) -> Said | None:
        if operator := self._one_of({**EQUAL, **ORDER}):
            return Pair(operator, left, self._sum())
        if self._name("in"):
            return self._member(left)
        if self._name("is"):
            opposite = self._name("not")
            right = self._sum()
            if not isinstance(right, Constant):
                raise Unclear("„is” porównuje tu coś innego niż None, True albo False")
            return Pair("!=" if opposite else "=", left, right)
        if self.kind == "name" and self.value == "not":
            self._place += 1
            if not self._name("in"):
                raise Unclear("po „not” brakuje „in”")
            return Not(self._member(left))
        return None

    def _member(self, left: Said) -> Said:
        right = self._sum()
        if not isinstance(right, Items):
            raise Unclear("„in” szuka w czymś, co może być listą albo tekstem")
        return Pair("in", left, right)

    def _sum(self) -> Said:
        found = self._product()
        while operator := self._one_of({"+": "+", "-": "-"}):
            right = self._product()
            texts = isinstance(found, Text) + isinstance(right, Text)
            if operator == "+" and texts and (self._juel or texts == 1):
                raise Unclear("„+” łączy tekst z czymś, co może nie być tekstem")
            found = Pair(operator, found, right)
        return found

    def _product(self) -> Said:
        found = self._signed()
        while operator := self._one_of({"*": "*", "/": "/", "%": "%", "//": "//"}) or self._word_of(("div", "mod")):
            if operator in ("%", "//"):
                raise Unclear("resztę z dzielenia liczą różne języki inaczej")
            found = Pair(operator, found, self._signed())
        return found

    def _signed(self) -> Said:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unclear("wyrażenie jest zbyt złożone")
        found = self._unary()
        self._depth -= 1
        return found

    def _unary(self) -> Said:
        if self._sign("!") or (self._juel and self._name("not")):
            return Not(self._signed())
        if self._sign("-"):
            return Minus(self._signed())
        if self._juel and self._name("empty"):
            return Empty(self._signed())
        found = self._postfix()
        if not self._juel and self._sign("**"):
            return Pair("**", found, self._signed())
        return found

    def _postfix(self) -> Said:
        found = self._primary()
        while True:
            if self._sign("."):
                found = self._part(found)
            elif self._sign("["):
                found = self._indexed(found)
            else:
                return found

    def _primary(self) -> Said:
        kind, value = self.kind, self.value
        self._place += 1
        if kind == "number":
            return Constant(value if not value.startswith(".") else f"0{value}")
        if kind == "text":
            return Text(value)
        if kind == "name":
            return self._named(value)
        if value == "(" and kind == "sign":
            found = self.choice()
            self._need(")")
            return found
        if value == "[" and not self._juel:
            return Items(self._listed("]"))
        raise Unclear(f"nie wiadomo, co znaczy „{value}” w tym miejscu" if value else "wyrażenie jest niepełne")

    def _named(self, name: str) -> Said:
        constants = CONSTANTS if self._juel else {**CONSTANTS, **PYTHON}
        if name in constants:
            return Constant(constants[name])
        if self.kind == "sign" and self.value == "(":
            raise Unclear(f"funkcji „{name}” tu nie ma")
        if name == "loopCounter":
            raise Unclear("„loopCounter” liczą jedne programy od 0, inne od 1")
        return Path((COUNTERS.get(name, name),))

    def _part(self, of: Said) -> Said:
        if self.kind != "name":
            raise Unclear("po kropce brakuje nazwy")
        name = self.value
        self._place += 1
        if self._sign("("):
            return self._method(of, name, self._listed(")"))
        if name == "length" or not isinstance(of, Path):
            raise Unclear(f"nie wiadomo, co znaczy „.{name}”")
        return Path((*of.names, name))

    def _method(self, of: Said, name: str, given: tuple[Said, ...]) -> Said:
        if name == "equals" and len(given) == 1:
            return Pair("=", of, given[0])
        if name == "equalsIgnoreCase" and len(given) == 1:
            return Pair("=", Call("lower case", (of,)), Call("lower case", given))
        if name == "getVariable" and of == Path(("execution",)) and len(given) == 1 and isinstance(given[0], Text):
            return Path((given[0].value,))
        function, count = METHODS.get(name, ("", -1))
        if len(given) != count:
            raise Unclear(f"znaczenie „.{name}()” nie jest pewne")
        return Call(function, (of, *given))

    def _indexed(self, of: Said) -> Said:
        backwards = self._sign("-")
        kind, value = self.kind, self.value
        self._place += 1
        self._need("]")
        if kind == "text" and not backwards and isinstance(of, Path):
            return Path((*of.names, value))
        if kind == "number" and value.isdigit() and not (backwards and self._juel):
            return Item(of, -int(value) if backwards else int(value) + 1)
        raise Unclear("nie wiadomo, który element listy jest wskazany")

    def _listed(self, end: str) -> tuple[Said, ...]:
        found: list[Said] = []
        while not self._sign(end):
            if found:
                self._need(",")
            found.append(self.choice())
        return tuple(found)

    def _sign(self, value: str) -> bool:
        if self.kind == "sign" and self.value == value:
            self._place += 1
            return True
        return False

    def _name(self, value: str) -> bool:
        if self.kind == "name" and self.value == value:
            self._place += 1
            return True
        return False

    def _one_of(self, known: dict[str, str]) -> str:
        if self.kind == "sign" and self.value in known:
            self._place += 1
            return known[self._words[self._place - 1].value]
        return ""

    def _word_of(self, known: tuple[str, ...]) -> str:
        if self._juel and self.kind == "name" and self.value in known:
            self._place += 1
            return {**WORDED, "div": "/", "mod": "%"}[self._words[self._place - 1].value]
        return ""

    def _need(self, value: str) -> None:
        if not self._sign(value):
            raise Unclear(f"brakuje „{value}”")


def _is_order(one: Said) -> bool:
    if isinstance(one, Pair) and one.operator == "and":
        return _is_order(one.right)
    return isinstance(one, Pair) and one.operator in ORDER
