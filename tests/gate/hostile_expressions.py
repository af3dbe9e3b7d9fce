"""Expressions made to harm, and every place of a diagram that holds one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from building import call, el, end, flows, process, script, start, timer, xor
from hostile import REFUSED, SAFE, Case, line

CODE = (  # code of other languages; CANARY is a file that must never appear
    "__import__('os').system('touch CANARY')",
    "open('CANARY','w').write('x')",
    "exec(\"open('CANARY','w')\")",
    "eval('1+1')",
    "().__class__.__bases__[0].__subclasses__()",
    "(lambda: open('CANARY','w'))()",
    "[x for x in (1).__class__.__base__.__subclasses__()]",
    "require('child_process').execSync('touch CANARY')",
    "new java.lang.ProcessBuilder('touch','CANARY').start()",
    "T(java.lang.Runtime).getRuntime().exec('touch CANARY')",
    "${execution.setVariable('x', 1)}",
    "#{bean.run()}",
    "{{ cycler.__init__.__globals__.os.popen('touch CANARY').read() }}",
    "`touch CANARY`; $(touch CANARY)",
    'function(x) external {java: {class: "java.lang.Runtime", method signature: "exec(java.lang.String)"}}',
)
BOMBS = (
    "for i in 1..1000000000 return i",
    "for i in 1..10000, j in 1..10000, k in 1..10000 return i * j * k",
    "count(1..1000000000)",
    "sum(for i in 1..100000 return sum(for j in 1..100000 return j))",
    "some x in 1..1000000000 satisfies x < 0",
    "every x in 1..1000000000 satisfies x > 0",
    "9 ** 9 ** 9 ** 9",
    "10 ** 999999999",
    "2 ** 1000000 ** 2",
    "exp(1000000000)",
    "1" * 15_000,
    "1e999999999",
    'number("1e999999999")',
    "decimal(1/3, 100000000)",
    "round half up(1/3, 6111)",
    'string join(for i in 1..200000 return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")',
    '{a: "aaaaaaaaaa", '
    + ", ".join(f"{b}: {a} + {a} + {a} + {a}" for a, b in zip("abcdefghij", "bcdefghijk", strict=True))
    + "}",
    "for i in 1..40 return append(partial, partial)",
    "for i in 1..30 return concatenate(partial, partial, [i])",
    "{f: function(n) f(n + 1), r: f(1)}.r",
    "{f: function(n) if n < 1 then 1 else f(n - 1) + f(n - 1), r: f(60)}.r",
    "{f: function(g) g(g), r: f(f)}.r",
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$")',
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(.*a){30}")',
    'matches("a", "a{1000000000}")',
    'matches("a", "((((a{100}){100}){100}){100}){100}")',
    'replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a*)*b", "x")',
    'replace("a", "", "$1$2$3")',
    'split("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a|a)*b")',
    "sort(for i in 1..50000 return i, function(x, y) true)",
    "sort([3, 1, 2], function(x, y) sort([x, y], function(a, b) count(1..1000000000) > 0))",
    "sort(for i in 1..5000 return 5000 - i, function(x, y) count(for z in 1..5000 return z) > x)",
    "for i in [1..1000000000] return i",
    "1000000000000 in [1..999999999999999999]",
    "list replace(1..1000000000, 1, 2)",
    "distinct values(for i in 1..100000 return i)",
    "flatten(for i in 1..100000 return [[[[i]]]])",
    'date("999999999-12-31") + duration("P999999999Y")',
    'duration("P999999999999999999999Y")',
    'date and time("2026-01-01T00:00:00@../../etc/passwd")',
    'time("25:61:61")',
    '@"2026-01-01T00:00:00@' + "x" * 5000 + '"',
    'substring("a", -1000000000, 1000000000)',
    "(" * 5000 + "1" + ")" * 5000,
    "[" * 5000 + "]" * 5000,
    "{a: " * 3000 + "1" + "}" * 3000,
    "-" * 10_000 + "1",
    "not(" * 3000 + "true" + ")" * 3000,
    "if true then " * 3000 + "1" + " else 2" * 3000,
    "1 + " * 4000 + "1",
    "x" + "[x" * 3000 + "]" * 3000,
    "a" + ".a" * 6000,
    "function(x) " * 3000 + "x",
    "for i in [1] return " * 2000 + "i",
    '"' + "\\u0041" * 3000 + '"',
    '"' + "a" * 30_000 + '"',
    "a b c d e f g h " * 1000,
    "and " * 4000,
    "\u202e1 + 1",
    "1 + 1 // x\n/* " * 500,
)


def cases() -> Iterator[Case]:
    """Code in every place, bombs in a script that runs at once and in a condition."""
    for place, put in PLACES.items():
        for number, text in enumerate(CODE):
            yield Case(f"{place}: code {number}", put(text), SAFE)
    for number, text in enumerate(BOMBS):
        yield Case(f"bomb {number} in a script", line(script("a", text, "x")), SAFE)
        yield Case(f"bomb {number} in a condition", PLACES["condition"](text), SAFE)
    for number, text in enumerate(CODE[10:14]):  # no FEEL at all
        yield Case(f"no FEEL {number}", line(script("a", text, "x")), REFUSED)


def _condition(text: str) -> bytes:
    ways = flows("start", "a") + flows("a", "koniec", when=text) + flows("a", "koniec", named="inaczej")
    return process(start(), xor("a", "inaczej"), end(), ways)


def _said(tag: str, text: str) -> str:
    return f"<bpmn:{tag}>{escape(text)}</bpmn:{tag}>"


def _loop(kind: str, *inner: str) -> bytes:
    return line(el("task", "a", f"<bpmn:{kind}>{''.join(inner)}</bpmn:{kind}>"))


def _mapped(way: str, text: str) -> bytes:
    said = f"<bpmn:extensionElements><bieg:{way} source={quoteattr(text)} target='x'/></bpmn:extensionElements>"
    return line(el("task", "a", said))


def _correlated(text: str) -> bytes:
    roots = (
        '<bpmn:message id="m" name="pismo"/><bpmn:correlationProperty id="p" name="nr">'
        '<bpmn:correlationPropertyRetrievalExpression messageRef="m">'
        f"{_said('messagePath', text)}</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    )
    step = el("intermediateCatchEvent", "a", '<bpmn:messageEventDefinition messageRef="m"/>')
    return process(start(), step, end(), flows("start", "a", "koniec"), roots=roots)


def _called(text: str) -> bytes:
    said = f"<bpmn:extensionElements><bieg:in source={quoteattr(text)} target='x'/></bpmn:extensionElements>"
    return line(call("a", "dobry", said))


WHEN = "bpmn:conditionalEventDefinition"
MANY = "multiInstanceLoopCharacteristics"
PLACES: Mapping[str, Callable[[str], bytes]] = {
    "condition": _condition,
    "script": lambda text: line(script("a", text, "x")),
    "loop": lambda text: _loop("standardLoopCharacteristics", _said("loopCondition", text)),
    "cardinality": lambda text: _loop(MANY, _said("loopCardinality", text)),
    "collection": lambda text: _loop(MANY, _said("loopDataInputRef", text)),
    "completion": lambda text: _loop(MANY, _said("loopCardinality", "3"), _said("completionCondition", text)),
    "timer": lambda text: line(el("intermediateCatchEvent", "a", timer("Duration", f"= {text}"))),
    "plain timer": lambda text: line(el("intermediateCatchEvent", "a", timer("Cycle", text))),
    "conditional event": lambda text: line(
        el(
            "intermediateCatchEvent",
            "a",
            f"<{WHEN}>{_said('condition', text)}</{WHEN}>",
        )
    ),
    "correlation": _correlated,
    "mapping in": lambda text: _mapped("in", text),
    "mapping out": lambda text: _mapped("out", text),
    "mapping of a call": _called,
}
