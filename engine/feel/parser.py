"""The grammar of FEEL: from text to syntax tree, by recursive descent.

Written by hand because names may hold spaces: what a run of words means depends on the names that
the context and the expression itself declare, which no table-driven grammar can know.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.errors import ExpressionFailed
from engine.feel import budget, moments, names, nodes, numbers
from engine.feel import durations as durations_
from engine.feel.scanner import Scanner
from engine.feel.type_parser import read_type

_COMPARISONS = ("=", "!=", "<=", ">=", "<", ">")
_LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}  # the higher, the tighter
_GOES_ON = frozenset({*_LEVELS, ".", "[", "("})
_SECOND_LOOKS = 20


def at_literal(text: str) -> object:
    """The value of `@"…"`, or None when it is no date, time or duration."""
    return (
        moments.read_date(text)
        or (moments.read_date_time(text) if "T" in text else None)
        or moments.read_time(text)
        or durations_.read(text)
    )


class Parser(Scanner):
    """One reading of one text."""

    def __init__(self, text: str, special: frozenset[str] = frozenset()) -> None:
        super().__init__(text)
        self.known = {*names.ALWAYS_KNOWN, *special}
        self.depth = 0
        self.second_looks = 0
        self.questions = 0  # how often `?` was read
        self.open_end = False  # inside `[a..b[`, where the last bracket is no filter
        if len(text) > budget.TEXT:
            raise ExpressionFailed("Wyrażenie jest zbyt długie. Podziel je na prostsze części.")

    # --- whole texts --------------------------------------------------------------------------

    def whole_expression(self) -> nodes.Node:
        """The expression that the whole text is.

        Raises:
            ExpressionFailed: with the position of the first piece that does not fit.
        """
        node = self.expression()
        self.must_end()
        return node

    def whole_tests(self) -> nodes.UnaryTests:
        """The unary tests that the whole text is.

        Raises:
            ExpressionFailed: with the position of the first piece that does not fit.
        """
        start = self.skip()
        if self.text.strip() == "-":
            return nodes.UnaryTests(tests=(), negated=False, position=start)
        negated = self._negated_tests()
        tests = negated if negated is not None else self.tests()
        self.must_end()
        return nodes.UnaryTests(tests=tests, negated=negated is not None, position=start)

    def _negated_tests(self) -> tuple[nodes.Node, ...] | None:
        start = self.position
        if self.take_word("not") and self.take("("):
            tests = self.tests()
            if self.take(")") and self.at_end():
                return tests
        self.position = start
        return None

    def must_end(self) -> None:
        """Refuse what stands behind the end."""
        if not self.at_end():
            raise self.failed("tego fragmentu nie da się odczytać; może brakuje operatora")

    # --- operators ----------------------------------------------------------------------------

    def nested(self, read: Callable[[], nodes.Node]) -> nodes.Node:
        """Read something inside brackets or a branch, within the limit of nesting."""
        self.depth += 1
        if self.depth > budget.NESTING:
            raise budget.too_deep()
        outer, self.open_end = self.open_end, False
        try:
            return read()
        finally:
            self.depth -= 1
            self.open_end = outer

    def expression(self) -> nodes.Node:
        """Any expression."""
        return self.nested(self._disjunction)

    def _disjunction(self) -> nodes.Node:
        start = self.skip()
        parts = [self._conjunction()]
        while self.take_word("or"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else nodes.Disjunction(parts=tuple(parts), position=start)

    def _conjunction(self) -> nodes.Node:
        start = self.skip()
        parts = [self._comparison()]
        while self.take_word("and"):
            parts.append(self._comparison())
        return parts[0] if len(parts) == 1 else nodes.Conjunction(parts=tuple(parts), position=start)

    def _comparison(self) -> nodes.Node:
        left = self.arithmetic()
        while True:
            place = self.skip()
            operator = self.take(*_COMPARISONS)
            if operator:
                left = nodes.Comparison(operator=operator, left=left, right=self.arithmetic(), position=place)
            elif self.take_word("between"):
                low = self.arithmetic()
                self.expect_word("and")
                left = nodes.Between(operand=left, low=low, high=self.arithmetic(), position=place)
            elif self.take_word("in"):
                left = nodes.Membership(operand=left, tests=self._membership(), position=place)
            elif self.word() == "instance":
                self.take_word("instance")
                self.expect_word("of")
                left = nodes.InstanceOf(operand=left, type=read_type(self, frozenset(self.known)), position=place)
            else:
                return left

    def arithmetic(self, loosest: int = 1) -> nodes.Node:
        """Sums, products and powers, each of them grouped from the left."""
        left = self._unary()
        while True:
            place = self.skip()
            sign = self.sign()
            level = _LEVELS.get(sign, 0)
            if level < loosest:
                return left
            self.take(sign)
            left = nodes.Arithmetic(operator=sign, left=left, right=self.arithmetic(level + 1), position=place)

    def _unary(self) -> nodes.Node:
        places: list[int] = []
        while self.take("-"):
            places.append(self.position - 1)
        node = self._postfix()
        if len(places) > budget.NESTING:
            raise budget.too_deep()
        for place in reversed(places):
            node = nodes.Negation(operand=node, position=place)
        return node

    def _postfix(self) -> nodes.Node:
        node = self._primary()
        for _ in range(budget.NESTING):
            place = self.skip()
            if self.take("."):
                node = nodes.Path(operand=node, name=self._name(property_=True), position=place)
            elif self.sign() == "[" and not self.open_end:
                self.take("[")
                node = nodes.Filter(operand=node, condition=self.expression(), position=place)
                self.expect("]")
            elif self.take("("):
                node = self._invocation(node, place)
            else:
                return node
        raise budget.too_deep()

    # --- tests --------------------------------------------------------------------------------

    def tests(self) -> tuple[nodes.Node, ...]:
        """Tests with commas between them."""
        found = [self._test()]
        while self.take(","):
            found.append(self._test())
        return tuple(found)

    def _test(self) -> nodes.Node:
        place = self.skip()
        operator = self.take(*_COMPARISONS)
        if operator:
            return nodes.UnaryRange(operator=operator, operand=self.nested(self.arithmetic), position=place)
        asked = self.questions
        test = self.expression()
        return nodes.Asking(test=test, position=place) if self.questions > asked else test

    def _membership(self) -> tuple[nodes.Node, ...]:
        if self.sign() != "(":
            place = self.skip()
            operator = self.take(*_COMPARISONS)
            operand = self.nested(self.arithmetic)
            return (nodes.UnaryRange(operator=operator, operand=operand, position=place) if operator else operand,)
        start = self.skip()
        self.take("(")
        tests = self.tests()
        if len(tests) == 1 and self.take(".."):
            tests = (self._interval_end(tests[0], False, start),)
        else:
            self.expect(")")
        if len(tests) == 1 and self.sign() in _GOES_ON:  # `x in (a + b) * c`: the brackets were a sum's
            return self._once_more(start)
        return tests

    def _once_more(self, start: int) -> tuple[nodes.Node, ...]:
        self.second_looks += 1
        if self.second_looks > _SECOND_LOOKS:
            raise budget.too_deep()
        self.position = start
        return (self.nested(self.arithmetic),)

    # --- primaries ----------------------------------------------------------------------------

    def _primary(self) -> nodes.Node:
        place = self.skip()
        sign = self.sign()
        if sign == "(":
            return self._brackets(place)
        if sign in {"[", "]"}:
            return self._list_or_interval(place)
        if sign == "{":
            return self.nested(self._context)
        if sign == "@":
            return self._at_literal(place)
        if self.text[place : place + 1] == '"':
            return nodes.Literal(value=self.string(), position=place)
        digits = self.number()
        if digits:
            number = numbers.read(digits)
            if number is None:
                raise self.failed("liczba jest zbyt duża", at=place)
            return nodes.Literal(value=number, position=place)
        return self._worded(place)

    def _at_literal(self, place: int) -> nodes.Node:
        self.take("@")
        if self.text[self.skip() : self.position + 1] != '"':
            raise self.failed("po znaku „@” oczekiwano tekstu w cudzysłowie")
        return nodes.Literal(value=at_literal(self.string()), position=place)

    def _brackets(self, place: int) -> nodes.Node:
        self.take("(")
        operator = self.take(*_COMPARISONS)
        node = self.expression()
        if operator:
            self.expect(")")
            return nodes.UnaryRange(operator=operator, operand=node, position=place)
        if self.take(".."):
            return self._interval_end(node, False, place)
        self.expect(")")
        return node

    def _list_or_interval(self, place: int) -> nodes.Node:
        opening = self.expect("[", "]")
        if opening == "[" and self.take("]"):
            return nodes.ListLiteral(items=(), position=place)
        first = self.expression()
        if opening == "]" or self.sign() == "..":
            self.expect("..")
            return self._interval_end(first, opening == "[", place)
        items = [first]
        while self.take(","):
            items.append(self.expression())
        self.expect("]")
        return nodes.ListLiteral(items=tuple(items), position=place)

    def _interval_end(self, low: nodes.Node, low_included: bool, place: int) -> nodes.Node:
        high = self.nested(self._end_point)
        closing = self.expect("]", ")", "[")
        return nodes.Interval(
            low=low, low_included=low_included, high=high, high_included=closing == "]", position=place
        )

    def _end_point(self) -> nodes.Node:
        self.open_end = True
        return self.arithmetic()

    def _worded(self, place: int) -> nodes.Node:
        found = names.at(self.known, self.text, place)
        word = self.word()
        if found is None or len(found[0]) <= len(word):
            reader = {"if": self._if, "for": self._for, "some": self._quantified, "every": self._quantified}.get(word)
            if reader:
                return self.nested(reader)
            if word == "function":
                return self._function(place)
            if word in {"null", "true", "false"}:
                self.take_word(word)
                return nodes.Literal(value={"null": None, "true": True, "false": False}[word], position=place)
        name = self._name()
        self.questions += name == "?"
        return nodes.Name(name=name, position=place)

    def _name(self, property_: bool = False) -> str:
        """A name: the longest known one, else a run of words up to the next keyword or sign."""
        place = self.skip()
        found = names.at(self.known, self.text, place)
        words = [self.word()]
        if found is None and (not words[0] or (words[0] in names.KEYWORDS and not property_)):
            raise self.failed("oczekiwano wartości, nazwy lub nawiasu")
        if words[0]:
            self.position += len(words[0])
            self._more_words(words)
        if found and found[1] >= self.position:
            self.position = found[1]
            return found[0]
        return " ".join(words)

    def _more_words(self, words: list[str]) -> None:
        while True:
            end = self.position
            match = names.MORE.match(self.text, self.skip())
            if not match or self.position == end or match[0] in names.STOPS or self._instance_of():
                self.position = end
                return
            words.append(match[0])
            self.position = match.end()

    def _instance_of(self) -> bool:
        start = self.position
        found = bool(self.take_word("instance") and self.take_word("of"))
        self.position = start
        return found

    # --- forms with words -----------------------------------------------------------------------

    def _if(self) -> nodes.Node:
        place = self.position
        self.expect_word("if")
        condition = self.expression()
        self.expect_word("then")
        yes = self.expression()
        self.expect_word("else")
        return nodes.Conditional(condition=condition, yes=yes, no=self.expression(), position=place)

    def _for(self) -> nodes.Node:
        place = self.position
        self.expect_word("for")
        iterators = self._iterators()
        self.expect_word("return")
        start = self.position
        result = self.expression()
        partial = "partial" in self.text[start : self.position]
        return nodes.For(iterators=iterators, result=result, partial=partial, position=place)

    def _quantified(self) -> nodes.Node:
        place = self.position
        every = self.take_word("some", "every") == "every"
        iterators = self._iterators()
        self.expect_word("satisfies")
        return nodes.Quantified(every=every, iterators=iterators, condition=self.expression(), position=place)

    def _iterators(self) -> tuple[nodes.Iterator, ...]:
        found = [self._iterator()]
        while self.take(","):
            found.append(self._iterator())
        return tuple(found)

    def _iterator(self) -> nodes.Iterator:
        name = self._name()
        self.expect_word("in")
        source = self.expression()
        end = self.expression() if self.take("..") else None
        return nodes.Iterator(name=name, source=source, end=end)

    def _function(self, place: int) -> nodes.Node:
        self.expect_word("function")
        self.expect("(")
        parameters: list[nodes.Parameter] = []
        while not self.take(")"):
            if parameters:
                self.expect(",")
            name = self._declared()
            type_ = read_type(self, frozenset(self.known)) if self.take(":") else None
            parameters.append(nodes.Parameter(name=name, type=type_))
        if self.take_word("external"):
            self.nested(self._context)
            return nodes.FunctionLiteral(parameters=tuple(parameters), body=None, position=place)
        return nodes.FunctionLiteral(parameters=tuple(parameters), body=self.expression(), position=place)

    def _context(self) -> nodes.Node:
        place = self.position
        self.expect("{")
        entries: list[tuple[str, nodes.Node]] = []
        while not self.take("}"):
            if entries:
                self.expect(",")
            self.skip()
            key = self.string() if self.text[self.position : self.position + 1] == '"' else self._declared()
            self.expect(":")
            entries.append((key, self.expression()))
        return nodes.ContextLiteral(entries=tuple(entries), position=place)

    def _declared(self) -> str:
        """A name where it is declared; from here on the text may use it, whatever signs it holds."""
        match = names.ENTRY.match(self.text, self.skip())
        if not match:
            raise self.failed("oczekiwano nazwy")
        self.position += len(match[0].rstrip())
        name = names.normal(match[0])
        if names.special(name):
            self.known.add(name)
        return name

    def _invocation(self, function: nodes.Node, place: int) -> nodes.Node:
        arguments: list[nodes.Node] = []
        labels: list[str] = []
        while not self.take(")"):
            if arguments:
                self.expect(",")
            match = names.LABEL.match(self.text, self.skip())
            if match:
                labels.append(names.normal(match[1]))
                self.position = match.end()
            arguments.append(self.expression())
            if labels and len(labels) != len(arguments):
                raise self.failed("argumenty podaje się albo wszystkie z nazwą, albo wszystkie bez")
        return nodes.Invocation(function=function, arguments=tuple(arguments), names=tuple(labels), position=place)
