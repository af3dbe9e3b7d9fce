"""Files made to harm: what must be refused, and what may pass because it does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from building import HEAD, boundary, call, el, end, event, flows, par, process, script, start, timer, xor

REFUSED, SAFE = "refused", "safe"  # SAFE: it may pass or not, and does no harm either way
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
GOOD = process(start(), el("task", "a"), end(), flows("start", "a", "koniec"))
TEXT = GOOD.decode()


@dataclass(frozen=True)
class Case:
    """One hostile file."""

    name: str
    data: bytes
    expected: str = REFUSED


def line(*inner: str, **attributes: str) -> bytes:
    """Start, one step `a` made of `inner`, end."""
    return process(start(), *inner, end(), flows("start", "a", "koniec"), **attributes)


def files() -> list[Case]:
    """Every hand-written and generated file."""
    return [*outside(), *encodings(), *sizes(), *spaces(), *identities(), *calls(), *shapes(), *times(), *foreign()]


def outside() -> Iterator[Case]:
    """Files that want to read, load or grow something else."""
    doctype = "<!DOCTYPE d [{}]>"
    lol = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    entities = {
        "external entity": '<!ENTITY x SYSTEM "file:///etc/passwd">',
        "network entity": '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
        "parameter entity": '<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;',
        "billion laughs": lol,
        "quadratic blow-up": f'<!ENTITY x "{"a" * 100_000}">',
        "public identifier": '<!ENTITY x PUBLIC "-//X//Y//EN" "file:///etc/hosts">',
        "notation": '<!NOTATION n SYSTEM "calc.exe">',
        "attribute defaults": '<!ATTLIST x isExecutable CDATA "true">',
        "self-reference": '<!ENTITY a "&b;"><!ENTITY b "&a;">',
        "empty subset": "",
    }
    for name, said in entities.items():
        body = TEXT.replace('id="a"', 'id="a" name="&x;"') if "ENTITY x" in said else TEXT
        body = body.replace('id="a"', 'id="a" name="&l9;"') if name == "billion laughs" else body
        yield Case(name, (doctype.format(said) + body).encode())
    yield Case("doctype with system id", b'<!DOCTYPE d SYSTEM "file:///etc/passwd">' + GOOD)
    yield Case("doctype after declaration", b'<?xml version="1.0"?>\n<!DOCTYPE d>' + GOOD)
    yield Case("doctype after comment", b"<!-- x --><!DOCTYPE d>" + GOOD)
    yield Case("undeclared entity", TEXT.replace('id="a"', 'id="a" name="&nic;"').encode())
    xi = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    yield Case("xinclude in the root", TEXT.replace("<bpmn:process", xi + "<bpmn:process").encode(), SAFE)
    yield Case("xinclude in a process", process(start(), xi, end(), flows("start", "koniec")), SAFE)
    yield Case("stylesheet", b'<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>' + GOOD, SAFE)
    yield Case("php", process("<?php system('id'); ?>", start(), end(), flows("start", "koniec")), SAFE)
    schema = 'xsi:schemaLocation="http://x http://127.0.0.1:9/x.xsd" xsi:noNamespaceSchemaLocation="file:///etc/passwd"'
    yield Case("schema location", TEXT.replace("<bpmn:definitions", f"<bpmn:definitions {schema}").encode(), SAFE)
    wsdl = '<bpmn:import importType="http://schemas.xmlsoap.org/wsdl/" location="http://127.0.0.1:9/x" namespace="x"/>'
    yield Case("wsdl import", TEXT.replace("<bpmn:process", wsdl + "<bpmn:process").encode(), SAFE)
    yield Case("base url", TEXT.replace("<bpmn:definitions", '<bpmn:definitions xml:base="http://x/"').encode(), SAFE)


def encodings() -> Iterator[Case]:
    """Files in odd letters."""
    polish = TEXT.replace('id="a"', 'id="a" name="Żółć"')
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        yield Case(name, polish.encode(name))
        yield Case(f"{name} doctype", ("<!DOCTYPE d>" + polish).encode(name))
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-be": b"\x00\x00\xfe\xff"}
    for name, mark in bom.items():
        yield Case(f"{name} with mark", mark + polish.encode(name))
    declared = '<?xml version="1.0" encoding="{}"?>'
    yield Case("windows-1250", declared.format("windows-1250").encode() + polish.encode("windows-1250"), SAFE)
    yield Case("iso-8859-2", declared.format("ISO-8859-2").encode() + polish.encode("iso-8859-2"), SAFE)
    yield Case("utf-8 with mark", b"\xef\xbb\xbf" + polish.encode(), SAFE)
    yield Case("windows-1250 undeclared", polish.encode("windows-1250"))
    yield Case("broken utf-8", polish.encode().replace("Ż".encode(), b"\xc5"))
    yield Case("overlong utf-8", GOOD.replace(b'id="a"', b'id="a" name="\xc0\xaf"'))
    yield Case("surrogates", GOOD.replace(b'id="a"', b'id="a" name="\xed\xa0\x80"'))
    for name in ("utf-16", "UCS-4", "IBM037", "utf-7", "nie-ma-takiego", "hex", "rot13", "zlib", "../../etc/passwd"):
        yield Case(f"declared {name}", declared.format(name).encode() + GOOD)
    yield Case("nul in a name", GOOD.replace(b'id="a"', b'id="a" name="x\x00y"'))
    yield Case("nul at the end", GOOD + b"\x00")
    yield Case("nul reference", TEXT.replace('id="a"', 'id="a" name="&#0;"').encode())
    yield Case("control character", GOOD.replace(b'id="a"', b'id="a" name="x\x08y"'))
    yield Case("huge reference", TEXT.replace('id="a"', 'id="a" name="&#99999999999;"').encode())
    yield Case("xml 1.1", b'<?xml version="1.1"?>' + GOOD, SAFE)
    yield Case("empty", b"")
    yield Case("blank", b" \n" * 1000)
    yield Case("zip", b"PK\x03\x04" + bytes(range(1, 256)) * 20)
    yield Case("text after the end", GOOD + b"<x/>")
    yield Case("json", b'{"process": "x"}')


def sizes() -> Iterator[Case]:
    """Files that are too long, too deep or too broad."""
    mega = 1024 * 1024
    yield Case("over two megabytes", GOOD + b" " * (2 * mega))
    yield Case("two megabytes of blanks", GOOD + b"\n" * (2 * mega - len(GOOD)), SAFE)
    yield Case("name of a megabyte", line(el("task", "a", name="x" * mega)))
    yield Case(
        "id of a megabyte", process(start(), el("task", "a" * mega), end(), flows("start", "a" * mega, "koniec"))
    )
    yield Case("documentation of a megabyte", line(el("task", "a", el("documentation", "d", "x" * mega))))
    yield Case("condition of a megabyte", line(el("task", "a"), flows("a", "koniec", when="x + " * (mega // 4))))
    yield Case("comment of a megabyte", process(start(), f"<!--{'x' * mega}-->", end(), flows("start", "koniec")), SAFE)
    yield Case(
        "cdata of a megabyte",
        line(el("task", "a", f"<bpmn:documentation><![CDATA[{'<' * mega}]]></bpmn:documentation>")),
    )
    deep = 5000
    yield Case("deep xml", f"{HEAD}{'<a>' * deep}{'</a>' * deep}</bpmn:definitions>".encode())
    inside = "<x>" * 240 + "</x>" * 240
    yield Case(
        "deep extension", line(el("task", "a", f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>")), SAFE
    )
    for depth in (14, 60, 200, 2000):
        yield Case(f"{depth} levels", line(_nested(depth)))
    yield Case("lanes in lanes", process(_lanes(120), start(), end(), flows("start", "koniec")), SAFE)
    for count in (301, 3000, 12_000):
        names = [f"k{number}" for number in range(count)]
        steps = "".join(el("task", name) for name in names)
        yield Case(f"{count} steps", process(start(), steps, end(), flows("start", *names, "koniec")))
    wide = "".join(flows("start", "a") for _ in range(9000))
    yield Case("9000 flows", process(start(), el("task", "a"), end(), wide, flows("a", "koniec")))
    many = " ".join(f'a{number}="x"' for number in range(20_000))
    yield Case("20000 attributes", TEXT.replace('id="a"', f'id="a" {many}').encode(), SAFE)
    spaces = " ".join(f'xmlns:n{number}="urn:{number}"' for number in range(10_000))
    yield Case("10000 namespaces", TEXT.replace("<bpmn:definitions", f"<bpmn:definitions {spaces}").encode(), SAFE)
    yield Case(
        "20000 roots", process(start(), end(), flows("start", "koniec"), roots='<bpmn:message id="m"/>' * 20_000), SAFE
    )
    inner = "".join(
        el("subProcess", f"p{n}", start(f"s{n}"), end(f"e{n}"), flows(f"s{n}", f"e{n}")) for n in range(290)
    )
    chain = flows("start", *(f"p{n}" for n in range(290)), "koniec")
    yield Case("290 sub-processes", process(start(), inner, end(), chain), SAFE)
    guards = "".join(boundary(f"b{n}", "a", timer("Duration", "P1D")) for n in range(290))
    yield Case("290 guards", line(el("userTask", "a"), guards))
    yield Case("attribute twice", TEXT.replace('id="a"', 'id="a" id="a"').encode())


def _nested(depth: int) -> str:
    opening = "".join(
        f'<bpmn:subProcess id="{_id(n)}">{start(f"s{n}")}{flows(f"s{n}", _id(n + 1))}' for n in range(depth)
    )
    return opening + el("task", _id(depth)) + "</bpmn:subProcess>" * depth


def _id(number: int) -> str:
    return "a" if number == 0 else f"p{number}"


def _lanes(depth: int) -> str:
    opening = '<bpmn:laneSet id="ls"><bpmn:lane id="l0">'
    opening += "".join(f'<bpmn:childLaneSet id="c{n}"><bpmn:lane id="l{n}">' for n in range(1, depth))
    return opening + "</bpmn:lane></bpmn:childLaneSet>" * (depth - 1) + "</bpmn:lane></bpmn:laneSet>"


def spaces() -> Iterator[Case]:
    """Files that play with namespaces."""
    yield Case("prefix means something else", TEXT.replace(MODEL, "urn:nic").encode())
    yield Case("upper case namespace", TEXT.replace(MODEL, MODEL.upper()).encode())
    yield Case("namespace with a blank", TEXT.replace(MODEL, MODEL + " ").encode())
    plain = TEXT.replace("<bpmn:", "<").replace("</bpmn:", "</").replace("xmlns:bpmn=", "xmlns=")
    yield Case("default namespace", plain.encode(), SAFE)
    fake = '<zly:userTask xmlns:zly="urn:zly" id="b"/>'
    yield Case("step of another namespace", process(start(), fake, end(), flows("start", "b", "koniec")))
    yield Case(
        "step without namespace", process(start(), '<task id="b" xmlns=""/>', end(), flows("start", "b", "koniec"))
    )
    rebound = '<x xmlns:bpmn="urn:zly"><bpmn:task id="b"/></x>'
    yield Case("prefix rebound inside", process(start(), rebound, end(), flows("start", "b", "koniec")))
    hidden = '<bpmn:extensionElements><bpmn:serviceTask id="z"/></bpmn:extensionElements>'
    yield Case("step in extensions", line(el("task", "a", hidden)))
    yield Case("process in a process", line(el("task", "a"), '<bpmn:process id="drugi" isExecutable="true"/>'))
    yield Case(
        "two processes",
        TEXT.replace("</bpmn:definitions>", '<bpmn:process id="x" isExecutable="1"/></bpmn:definitions>').encode(),
    )
    yield Case("two definitions", f"<x>{TEXT}{TEXT}</x>".encode())
    yield Case("nothing to run", TEXT.replace('isExecutable="true"', 'isExecutable="false"').encode())
    yield Case("invented element", line(el("task", "a"), '<bpmn:superTask id="b"/>'))
    yield Case(
        "invented event", process(start("start", "<bpmn:magicEventDefinition/>"), end(), flows("start", "koniec"))
    )
    yield Case("attribute with namespace", TEXT.replace('id="a"', 'bpmn:id="a"').encode())


def identities() -> Iterator[Case]:
    """Ids and names that clash, hide or break out."""
    for odd in (
        "Start",
        "End",
        "Root",
        "b [child]",
        "b->c",
        "x/y",
        "../../etc",
        "a b",
        "a\tb",
        "-",
        "1",
        "a" * 300,
        "'",
        "a;b",
    ):
        body = process(start(), el("task", "ID"), end(), flows("start", "ID", "koniec"))
        yield Case(f"id {odd[:12]!r}", body.replace(b"ID", odd.encode()))
    yield Case("no id", process(start(), "<bpmn:task/>", end(), flows("start", "koniec")))
    yield Case("empty id", line(el("task", "")))
    yield Case("id twice", line(el("task", "a"), el("task", "a")))
    yield Case(
        "id of a flow twice", line(el("task", "a"), flows("start", "a", named="f"), flows("a", "koniec", named="f"))
    )
    yield Case(
        "step called like the process",
        process(start(), el("task", "proces"), end(), flows("start", "proces", "koniec")),
    )
    yield Case("id inside and outside", line(el("subProcess", "a", start("start"), end("e"), flows("start", "e"))))
    for key in ("../../etc", "a/b", "a b", "", "?", "a" * 200, "<script>", "%2e%2e"):
        yield Case(f"key {key[:10]!r}", GOOD.replace(b'id="proces"', f'id="{key.replace("<", "&lt;")}"'.encode()))
    for name, said in {
        "right to left": "zgoda\u202eadogzein",
        "isolates": "\u2066x\u2069",
        "zero width": "Wój\u200bt",
        "byte order mark": "x\ufeffy",
        "c1 controls": "x\u0085y",
    }.items():
        yield Case(f"name {name}", line(el("task", "a", name=said)))
    for name, said in {
        "script": "<script>alert(1)</script>",
        "svg": "<svg onload=alert(1)>",
        "attribute": '" onmouseover="alert(1)',
        "template": "{{ config }}{% debug %}",
        "format": "{0.__class__} %s %n ${x}",
        "sql": "'; DROP TABLE instance; --",
        "emoji": "👩‍👧 rodzina",
        "typename": "typename",
    }.items():
        yield Case(f"name with {name}", line(el("task", "a", el("documentation", "d", _cdata(said)), name=said)), SAFE)
    yield Case("variable typename", line(script("a", '{"typename": "UUID", "value": "x"}', "typename")), SAFE)
    yield Case("variable of the language", line(script("a", "1", "__class__")), SAFE)
    yield Case("variable with blanks", line(script("a", "1", "   ")))


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def calls() -> Iterator[Case]:
    """Processes that call themselves or what is not there; the others stand in `KNOWN`."""
    yield Case("self call", line(call("a", "proces")))
    yield Case("ring of two", line(call("a", "wola_proces")))
    yield Case("ring of three", line(call("a", "wola_wola_proces")))
    yield Case("unknown process", line(call("a", "nie_ma")))
    yield Case("called by path", line(call("a", "../../etc/passwd")))
    yield Case("broken process", line(call("a", "zepsuty")))
    yield Case("called process with a script", line(call("a", "skrypt")))
    yield Case(
        "global task",
        process(start(), call("a", "g"), end(), flows("start", "a", "koniec"), roots='<bpmn:globalUserTask id="g"/>'),
    )
    many = "".join(call(f"c{n}", "wola_proces") for n in range(200))
    yield Case(
        "200 ring calls", process(start(), many, end(), flows("start", *(f"c{n}" for n in range(200)), "koniec"))
    )


def shapes() -> Iterator[Case]:
    """Diagrams whose tokens or ways multiply."""
    for rows, wide in ((20, 8), (16, 2), (10, 10)):
        yield Case(f"{rows} blocks of {wide}", _blocks(rows, wide), SAFE)
    yield Case("tokens double 25 times", _doubling(25))
    yield Case("30 choices of 8", _choices(30, 8), SAFE)
    ring = "".join([start(), el("task", "a"), el("task", "b"), end(), flows("start", "a", "b", "a")])
    yield Case("round without a way out", process(ring))
    yield Case(
        "round of links",
        process(
            start(),
            _link("Throw", "t"),
            _link("Catch", "c"),
            _link("Throw", "t2"),
            flows("start", "t"),
            flows("c", "t2"),
        ),
    )
    many = el("multiInstanceLoopCharacteristics", "", "<bpmn:loopCardinality>{}</bpmn:loopCardinality>").replace(
        ' id=""', ""
    )
    for count in ("1000000000", "10**12", "-1", "0.5", '"x"'):
        yield Case(f"{count} instances", line(el("task", "a", many.format(count))), SAFE)
    inner = el("subProcess", "b", many.format("1000"), start("s2"), el("task", "c"), end("e2"), flows("s2", "c", "e2"))
    yield Case(
        "1000 by 1000 instances",
        line(el("subProcess", "a", many.format("1000"), start("s1"), inner, end("e1"), flows("s1", "b", "e1"))),
        SAFE,
    )
    yield Case("marker only", line(el("task", "a", "<bpmn:multiInstanceLoopCharacteristics/>")))
    yield Case("loop for ever", line(el("task", "a", "<bpmn:standardLoopCharacteristics/>")))
    holds = "<bpmn:loopCondition>true</bpmn:loopCondition>"
    loop = f"<bpmn:standardLoopCharacteristics{{}}>{holds}</bpmn:standardLoopCharacteristics>"
    yield Case("loop always true", line(el("task", "a", loop.format(""))), SAFE)
    yield Case("loop maximum of 10^30", line(el("task", "a", loop.format(f' loopMaximum="{10**30}"'))))
    yield Case("loop maximum of words", line(el("task", "a", loop.format(' loopMaximum="dużo"'))))
    yield Case("tokens by quantity", line(el("task", "a", completionQuantity="1000000000")))


def _blocks(rows: int, wide: int) -> bytes:
    parts, last = [start(), end()], "start"
    for row in range(rows):
        parts += [par(f"s{row}"), par(f"j{row}"), flows(last, f"s{row}")]
        for one in range(wide):
            parts += [el("task", f"t{row}_{one}"), flows(f"s{row}", f"t{row}_{one}", f"j{row}")]
        last = f"j{row}"
    return process(*parts, flows(last, "koniec"))


def _doubling(rows: int) -> bytes:
    parts = [start(), end()]
    for row in range(rows):
        parts += [el("task", f"t{row}"), flows(f"t{row}", f"t{row + 1}" if row + 1 < rows else "koniec") * 2]
    return process(*parts, flows("start", "t0"))


def _choices(rows: int, wide: int) -> bytes:
    parts, last = [start(), end()], "start"
    for row in range(rows):
        parts += [
            xor(f"s{row}", f"d{row}"),
            xor(f"j{row}"),
            flows(last, f"s{row}"),
            flows(f"s{row}", f"j{row}", named=f"d{row}"),
        ]
        for one in range(wide):
            parts.append(flows(f"s{row}", f"j{row}", when=f"x = {one}"))
        last = f"j{row}"
    return process(*parts, flows(last, "koniec"))


def _link(kind: str, identity: str) -> str:
    return el(f"intermediate{kind}Event", identity, event("link", name="L"))


def times() -> Iterator[Case]:
    """Timers that are absurd, or no times at all."""
    for said in (
        "P51Y",
        "P999999999Y",
        "P1" + "0" * 5000 + "D",
        "PT" + "9" * 400 + "S",
        "-P1D",
        "P",
        "PT",
        "P1.5M",
        "14 dni",
        "",
        "P1D;ls",
    ):
        yield Case(f"duration {said[:14]}", _waits("Duration", said))
    for said in (
        "9999-12-31",
        "2999-01-01T00:00:00Z",
        "2026-13-01",
        "0000-00-00",
        "99999-01-01",
        "jutro",
        "2026-02-30",
        "1" * 5000,
    ):
        yield Case(f"date {said[:14]}", _waits("Date", said))
    for said in (
        "R",
        "R/",
        "R3",
        "R-1/P1D",
        "R3/P0D",
        "R3/2026-01-01/x/P1D",
        "R" + "9" * 5000 + "/P60Y",
        "0 0 * * *",
        "R/PT0S",
    ):
        yield Case(f"cycle {said[:14]}", _waits("Cycle", said))
    yield Case("cycle of a second", _waits("Cycle", "R/PT1S"), SAFE)
    bombs = [
        "= for i in 1..1000000000 return i",
        '= duration("P" + string(10**30) + "Y")',
        '= date("9999-12-31") + duration("P999Y")',
    ]
    for said in bombs:
        yield Case(f"timer {said[:20]}", _waits("Duration", said), SAFE)
    several = el("intermediateCatchEvent", "a", timer("Duration", "P1D"), timer("Duration", "P2D"))
    yield Case("two timers in one", line(several))


def _waits(kind: str, said: str) -> bytes:
    return line(el("intermediateCatchEvent", "a", timer(kind, said)))


def foreign() -> Iterator[Case]:
    """Code that other engines would run."""
    zeebe = {
        "spiff pre-script": (
            'xmlns:x="http://spiffworkflow.org/bpmn/schema/1.0/core"',
            "<x:preScript>import os</x:preScript>",
        ),
        "spiff post-script": (
            'xmlns:x="http://spiffworkflow.org/bpmn/schema/1.0/core"',
            "<x:postScript>1</x:postScript>",
        ),
        "camunda listener": (
            'xmlns:x="http://camunda.org/schema/1.0/bpmn"',
            '<x:executionListener class="a.B" event="start"/>',
        ),
        "camunda task listener": (
            'xmlns:x="http://camunda.org/schema/1.0/bpmn"',
            '<x:taskListener event="create"><x:script scriptFormat="groovy">1</x:script></x:taskListener>',
        ),
        "camunda mapping": (
            'xmlns:x="http://camunda.org/schema/1.0/bpmn"',
            '<x:inputOutput><x:inputParameter name="a">${b}</x:inputParameter></x:inputOutput>',
        ),
        "camunda connector": (
            'xmlns:x="http://camunda.org/schema/1.0/bpmn"',
            "<x:connector><x:connectorId>http</x:connectorId></x:connector>",
        ),
        "zeebe task": ('xmlns:x="http://camunda.org/schema/zeebe/1.0"', '<x:taskDefinition type="payment"/>'),
        "flowable field": (
            'xmlns:x="http://flowable.org/bpmn"',
            '<x:field name="command"><x:string>rm</x:string></x:field>',
        ),
    }
    for name, (space, inner) in zeebe.items():
        said = (
            inner.replace(" ", f" {space} ", 1) if " " in inner.split(">")[0] else inner.replace(">", f" {space}>", 1)
        )
        yield Case(name, line(el("userTask", "a", f"<bpmn:extensionElements>{said}</bpmn:extensionElements>")))
    for name in ("class", "expression", "delegateExpression", "type", "topic"):
        tag = f'<bpmn:sendTask id="a" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:{name}="x"/>'
        yield Case(f"camunda {name}", line(tag))
        yield Case(f"service task {name}", line(tag.replace("sendTask", "serviceTask")))
    for language in ("python", "javascript", "groovy", "juel", "text/x-python", "feel"):
        inner = "<bpmn:script>__import__('os').system('id')</bpmn:script>"
        yield Case(f"{language} script", line(el("scriptTask", "a", inner, scriptFormat=language)))
    yield Case("script without a result", line('<bpmn:scriptTask id="a"/>'))
