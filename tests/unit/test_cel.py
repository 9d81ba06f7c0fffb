"""Rules in CEL, one sentence a test: what they see, what they say, and what becomes of errors."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from llmd_render.validate import Schema, SchemaStore, apply_defaults
from llmd_render.validate.cel import CelReport, check_rules, gather_missing
from llmd_render.validate.cel import engine as engine_module
from llmd_render.validate.cel.engine import NotEvaluatedError, load_engine
from llmd_render.validate.cel.places import find_places
from llmd_render.validate.cel.source import read
from llmd_render.validate.cel.times import Duration, parse_duration, parse_time

TEXT = {"type": "string"}
INTEGER = {"type": "integer"}


def schema_of(spec: dict[str, Any], **root: Any) -> Schema:
    """Make the schema of a kind whose spec is this."""
    return replace(thing(), root={"type": "object", "properties": {"spec": spec}} | root)


@cache
def thing() -> Schema:
    crd = {
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com",
            "scope": "Namespaced",
            "names": {"kind": "Thing", "plural": "things"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"type": "object"}}}],
        },
    }
    schema = SchemaStore("1.34", [crd]).find("example.com/v1", "Thing")
    assert schema is not None
    return schema


def rule(text: str, **others: Any) -> list[dict[str, Any]]:
    return [{"rule": text, **others}]


def ask(
    text: str, properties: dict[str, Any] | None = None, spec: Any = None, **others: Any
) -> CelReport:
    """Ask one rule on spec about a document."""
    node = {
        "type": "object",
        "properties": properties or {},
        "x-kubernetes-validations": rule(text, **others),
    }
    schema = schema_of(node)
    return check_rules(apply_defaults({"spec": spec or {}}, schema), schema)


def verdict(report: CelReport) -> str:
    """Give the one message of a report, or nothing; a rule that was not judged fails the test."""
    assert all(item.code == "cel-rule-violated" for item in report.violations), report.violations
    assert len(report.violations) <= 1
    assert report.evaluated == 1
    return report.violations[0].message if report.violations else ""


def reason(report: CelReport) -> str:
    """Give the reason for which the one rule of a report was not evaluated."""
    (item,) = report.violations
    assert item.code == "cel-rule-not-evaluated"
    assert report.evaluated == 0
    return item.message.partition(" was not evaluated: ")[2]


def test_a_rule_that_holds_says_nothing() -> None:
    report = ask("self.a > 1", {"a": INTEGER}, {"a": 2})
    assert report == CelReport((), 1, 0)


def test_a_violated_rule_names_its_place_and_speaks_its_message() -> None:
    report = ask("self.a\n  > 1", {"a": INTEGER}, {"a": 1}, message=" a must exceed 1 \n")
    (item,) = report.violations
    assert (item.path, item.message, item.code) == (
        ("spec",),
        "a must exceed 1",
        "cel-rule-violated",
    )
    assert item.hint == "the rule is `self.a > 1`"


def test_a_rule_without_a_message_is_quoted() -> None:
    assert verdict(ask("self.a > 1", {"a": INTEGER}, {"a": 1})) == "failed rule: self.a > 1"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("'a is %d'.format([self.a])", "a is 1"),
        ("' a '", "a"),
        ("' '", "plain"),
        ("'two\\nlines'", "plain"),
        ("self.missing", "plain"),
        ("self.a", "plain"),
        ("not CEL", "plain"),
        ("self.b", "text"),
    ],
)
def test_a_message_expression_counts_if_it_gives_one_line(expression: str, message: str) -> None:
    properties = {"a": INTEGER, "b": TEXT}
    spec = {"a": 1, "b": "text"}
    report = ask("self.a > 1", properties, spec, message="plain", messageExpression=expression)
    assert verdict(report) == message


@pytest.mark.parametrize(
    ("field_path", "path"),
    [
        (".a", ("spec", "a")),
        (".a.b-c", ("spec", "a", "b-c")),
        (".a['x.y/z']", ("spec", "a", "x.y/z")),
        ("['a'].b", ("spec", "a", "b")),
        ("", ("spec",)),
    ],
)
def test_a_field_path_moves_the_finding(field_path: str, path: tuple[str, ...]) -> None:
    assert ask("false", fieldPath=field_path).violations[0].path == path


def test_a_missing_key_is_an_error_and_an_error_is_a_rejection() -> None:
    report = ask("self.a == 1", {"a": INTEGER}, {}, message="a must be 1")
    assert verdict(report) == "no such key: a evaluating rule: a must be 1"
    report = ask("self.a == 1", {"a": INTEGER}, {})
    assert verdict(report) == "no such key: a evaluating rule: self.a == 1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / self.a == 1", "divide by zero"),
        ("self.list[3] == 'x'", "index out of bounds: 3"),
        ("self.map['x'] == 'x'", "no such key: x"),
        ("int(self.b) == 1", "cannot convert string to int"),
        ("self.list.min() == 'x'", "min called on empty list"),
    ],
)
def test_errors_read_as_the_server_words_them(text: str, message: str) -> None:
    properties = {
        "a": INTEGER,
        "b": TEXT,
        "list": {"type": "array", "items": TEXT},
        "map": {"type": "object", "additionalProperties": TEXT},
    }
    report = ask(text, properties, {"a": 0, "b": "b", "list": [], "map": {}})
    assert verdict(report) == f"{message} evaluating rule: {text}"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("self.a == 1 || true", True),
        ("true || self.a == 1", True),
        ("!(self.a == 1 && false)", True),
        ("self.a == 1 && true", False),
        ("self.items.exists(x, x.n == 2)", True),
        ("!self.items.all(x, x.n == 1)", True),
        ("self.items.all(x, x.n == 2)", False),
    ],
)
def test_and_or_and_loops_absorb_errors_that_do_not_decide(text: str, holds: bool) -> None:
    items = {"type": "array", "items": {"type": "object", "properties": {"n": INTEGER}}}
    report = ask(text, {"a": INTEGER, "items": items}, {"items": [{}, {"n": 2}]})
    assert (verdict(report) == "") is holds


def test_defaults_are_seen() -> None:
    assert verdict(ask("self.a == 3", {"a": INTEGER | {"default": 3}})) == ""


TYPED = {
    "duration": TEXT | {"format": "duration"},
    "time": TEXT | {"format": "date-time"},
    "date": TEXT | {"format": "date"},
    "bytes": TEXT | {"format": "byte"},
    "number": {"type": "number"},
    "integer": INTEGER,
    "port": {"x-kubernetes-int-or-string": True},
    "durations": {"type": "array", "items": TEXT | {"format": "duration"}},
    "maybe": TEXT | {"nullable": True},
    "nulls": {"type": "array", "items": TEXT | {"nullable": True}},
    "nullMap": {"type": "object", "additionalProperties": TEXT | {"nullable": True}},
}


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("self.duration <= duration('30s')", {"duration": "5s"}),
        ("self.duration == duration('48h')", {"duration": "2 days"}),
        ("self.duration > duration('0s')", {"duration": "1.5ms"}),
        ("self.durations.all(d, d < duration('1m'))", {"durations": ["1s", "59s"]}),
        ("self.time < timestamp('2026-01-02T00:00:00Z')", {"time": "2026-01-01T23:59:59.5Z"}),
        ("self.time == timestamp('2026-01-01T00:00:00Z')", {"time": "2026-01-01T01:00:00+01:00"}),
        ("self.date.getFullYear() == 2026", {"date": "2026-01-01"}),
        ("self.bytes == b'abc'", {"bytes": "YWJj"}),
        ("type(self.number) == double && self.number == 1.0", {"number": 1}),
        ("type(self.integer) == int && self.integer == 1", {"integer": 1.0}),
        ("type(self.port) == int && self.port != 0", {"port": 80}),
        ("type(self.port) == string && self.port != 0", {"port": "http"}),
        ("!has(self.maybe)", {"maybe": None}),
        ("self.nulls[0] == null", {"nulls": [None]}),
        ("self.nullMap['a'] == null", {"nullMap": {"a": None}}),
    ],
)
def test_values_have_the_types_of_their_schema(text: str, spec: dict[str, Any]) -> None:
    assert verdict(ask(text, TYPED, spec)) == ""


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("namespace", "__namespace__"),
        ("in", "__in__"),
        ("a.b", "a__dot__b"),
        ("a-b", "a__dash__b"),
        ("a/b", "a__slash__b"),
        ("a__b", "a__underscores__b"),
        ("int", "int"),
    ],
)
def test_properties_are_known_under_escaped_names(key: str, name: str) -> None:
    assert verdict(ask(f"self.{name} == 'x'", {key: TEXT}, {key: "x"})) == ""


def test_keys_of_maps_are_not_escaped() -> None:
    properties = {"labels": {"type": "object", "additionalProperties": TEXT}}
    spec = {"labels": {"namespace": "x", "a-b": "y"}}
    assert verdict(ask("self.labels.all(k, k in ['namespace', 'a-b'])", properties, spec)) == ""


OPEN = {"x-kubernetes-preserve-unknown-fields": True}


@pytest.mark.parametrize(
    "text",
    [
        "has(self.open) && !has(self.open.unknown) && has(self.open.known)",
        "has(self.free) && !has(self.free.unknown)",
        "!has(self.anything)",
        "!has(self.__dot__)",
    ],
)
def test_what_no_schema_declares_is_not_visible(text: str) -> None:
    properties = {
        "open": {"type": "object", "properties": {"known": TEXT}} | OPEN,
        "free": {"type": "object"} | OPEN,
        "anything": OPEN,
        "1st": TEXT,
    }
    fields = {"known": "x", "unknown": "x"}
    spec = {"open": fields, "free": fields, "anything": fields, "1st": "x"}
    assert verdict(ask(text, properties, spec)) == ""


RESOURCE = "self.kind == 'Thing' && self.metadata.name == 'a' && !has(self.metadata.labels)"


def test_of_an_object_rules_see_kind_and_name() -> None:
    root = {"x-kubernetes-validations": rule(RESOURCE)}
    metadata = {"name": "a", "labels": {"x": "y"}}
    report = check_rules({"kind": "Thing", "metadata": metadata}, schema_of(TEXT, **root))
    assert verdict(report) == ""


def test_an_embedded_resource_is_seen_like_an_object() -> None:
    embedded = {"type": "object", "x-kubernetes-embedded-resource": True} | OPEN
    data = {"kind": "Thing", "metadata": {"name": "a", "labels": {}}}
    inside = embedded | {"x-kubernetes-validations": rule(RESOURCE)}
    assert verdict(check_rules({"spec": data}, schema_of(inside))) == ""
    outside = RESOURCE.replace("self.", "self.template.")
    assert verdict(ask(outside, {"template": embedded}, {"template": data})) == ""


def test_rules_are_asked_at_every_level_where_data_stands() -> None:
    bad = rule("self != 'bad'", message="bad")
    text = TEXT | {"x-kubernetes-validations": bad}
    list_of = {"type": "array", "items": text, "x-kubernetes-validations": rule("size(self) < 2")}
    spec = {
        "type": "object",
        "properties": {
            "one": text,
            "absent": text,
            "list": list_of,
            "map": {"type": "object", "additionalProperties": text},
            "null": text | {"nullable": True},
        },
    }
    data = {
        "spec": {"one": "bad", "list": ["ok", "bad"], "map": {"x": "bad", "y": "ok"}, "null": None}
    }
    report = check_rules(data, schema_of(spec))
    assert [(item.path[1:], item.message) for item in report.violations] == [
        (("one",), "bad"),
        (("list",), "failed rule: size(self) < 2"),
        (("list", 1), "bad"),
        (("map", "x"), "bad"),
    ]
    assert report.evaluated == 6


@pytest.mark.parametrize(
    "outer", ["has(self.a)", "self.a.n == 1", "size(self.other) == 1", "self.__namespace__.n == 2"]
)
def test_rules_inside_of_each_other_each_see_their_own_place(outer: str) -> None:
    inner = {
        "type": "object",
        "properties": {"n": INTEGER, "__namespace__": INTEGER},
        "x-kubernetes-validations": rule("self.n == 1 && !has(self.a)"),
    }
    outside = {
        "type": "object",
        "properties": {"a": inner, "namespace": inner, "__namespace__": inner, "other": TEXT},
        "x-kubernetes-validations": rule(outer),
    }
    place = {"n": 1}
    spec = {"a": place, "namespace": {"n": 2}, "__namespace__": place, "other": "x"}
    report = check_rules({"spec": spec}, schema_of(outside))
    assert [item.path for item in report.violations] == [("spec", "namespace")]
    assert report.evaluated == 4


def test_rules_about_a_change_are_skipped_on_create() -> None:
    assert ask("self == oldSelf") == CelReport((), 0, 1)
    assert ask("self.oldSelf == 'x'", {"oldSelf": TEXT}, {"oldSelf": "x"}).evaluated == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!oldSelf.hasValue() || oldSelf.value() == self", ""),
        ("oldSelf.orValue(self) == self", ""),
        ("oldSelf.hasValue()", "failed rule: oldSelf.hasValue()"),
        ("self.a == 1 // oldSelf", ""),
    ],
)
def test_an_optional_old_self_is_empty_on_create(text: str, message: str) -> None:
    assert verdict(ask(text, {"a": INTEGER}, {"a": 1}, optionalOldSelf=True)) == message


SET = {"type": "array", "items": TEXT, "x-kubernetes-list-type": "set"}


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("self.set == ['a', 'b']", "self.set"),
        ("['a'] + self.set != []", "self.set"),
        ("self.deep == self.deep", "self.deep"),
        ("self.more.all(x, x.set == ['a'])", "x.set"),
        ("self.more[0].set == ['a']", "set"),
    ],
)
def test_a_comparison_that_order_could_decide_is_not_evaluated(text: str, compared: str) -> None:
    deep = {"type": "object", "properties": {"set": SET}}
    properties = {"set": SET, "deep": deep, "more": {"type": "array", "items": deep}}
    data = {"set": ["b", "a"], "deep": {"set": []}, "more": [{"set": []}]}
    why = reason(ask(text, properties, data))
    assert why == f"it compares {compared}, a list in which the order does not count"
    assert verdict(ask("self.set.size() == 2 && 'a' in self.set", properties, data)) == ""
    assert verdict(ask("self.set[0] == 'b'", properties, data)) == ""


FUNCTIONS = [
    "'a,b'.split(',') == ['a', 'b']",
    "['a', 'b'].join('-') == 'a-b'",
    "'aXa'.replace('a', 'b', 1) == 'bXa'",
    "'Ab'.lowerAscii() + 'Ab'.upperAscii() == 'abAB'",
    "'abcb'.indexOf('b') == 1 && 'abcb'.lastIndexOf('b') == 3 && 'abcb'.indexOf('b', 2) == 3",
    "'abcb'.lastIndexOf('b', 2) == 1 && 'abc'.lastIndexOf('d') == -1",
    "'abc'.substring(1, 2) == 'b' && ' a '.trim() == 'a' && 'abc'.charAt(1) == 'b'",
    "isURL('https://a.b:80/c?d') && isURL('/a') && !isURL('a') && !isURL('http://a b')",
    "!isURL('') && !isURL('http://a:b') && !isURL('/%zz') && isURL('mailto:a') && isURL('*')",
    "url('https://u@[::1]:80/a%20b?c=d').getHostname() == '::1'",
    "url('https://u@a:80/b c?d=e&d=f').getPort() == '80'",
    "url('https://u@a:80/b c?d=e&d=f').getEscapedPath() == '/b%20c'",
    "url('https://u@a:80/b?d=e&d=f').getQuery() == {'d': ['e', 'f']}",
    "url('HTTPS://a:80/').getScheme() == 'https' && url('https://a:80/').getHost() == 'a:80'",
    "isIP('::1') && !isIP('1.2.3') && !isIP('fe80::1%eth0') && !isIP('::ffff:1.2.3.4')",
    "ip('10.0.0.1').family() == 4 && ip('::1').isLoopback() && ip('0.0.0.0').isUnspecified()",
    "ip('fe80::1').isLinkLocalUnicast() && ip('224.0.0.1').isLinkLocalMulticast()",
    "ip('10.0.0.1').isGlobalUnicast() && !ip('127.0.0.1').isGlobalUnicast()",
    "ip('::1') == ip('0::1') && string(ip('0::1')) == '::1' && !ip.isCanonical('0::1')",
    "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/33')",
    "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('::1'))",
    "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.0.0/16').prefixLength() == 16",
    "!cidr('10.1.0.0/16').containsCIDR('10.1.0.0/8')",
    "string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8' && cidr('::1/64').ip() == ip('::1')",
    "'a1b22'.find('[0-9]+') == '1' && 'a'.find('x') == ''",
    "'a1b22'.findAll('[a-z]([0-9]+)') == ['a1', 'b22'] && 'a1b2'.findAll('[0-9]', 1) == ['1']",
    "[1, 2].isSorted() && !['b', 'a'].isSorted() && [1, 2].sum() == 3 && [1.5, 2.0].sum() == 3.5",
    "[2, 1].min() == 1 && ['a', 'b'].max() == 'b'",
    "[1, 2, 1].indexOf(1) == 0 && [1, 2, 1].lastIndexOf(1) == 2 && [true].indexOf(1) == -1",
    "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1k') == quantity('1000')",
    "quantity('500m').add(quantity('500m')).asInteger() == 1 && quantity('3').sub(1).sign() == 1",
    "isQuantity('1.5Ki') && !isQuantity('1.5K') && !quantity('1.5').isInteger()",
    "quantity('1500m').asApproximateFloat() == 1.5 && quantity('1').compareTo(quantity('2')) == -1",
    "quantity('1e3').isLessThan(quantity('1M'))",
    "semver('1.2.3-rc.1').isLessThan(semver('1.2.3')) && semver('1.10.0').minor() == 10",
    "isSemver('1.2.3+build') && !isSemver('v1.2') && isSemver('v1.2', true)",
    "semver('v01.2', true).compareTo(semver('1.2.0')) == 0 && semver('1.0.9').patch() == 9",
    "!format.dns1123Label().validate('a-b').hasValue()",
    "format.dns1123Label().validate('A').value()[0].startsWith('a lowercase RFC 1123 label')",
    "format.dns1035Label().validate('1a').hasValue() && format.uuid().validate('x').hasValue()",
    "!format.dns1123LabelPrefix().validate('a-').hasValue()",
    "!format.qualifiedName().validate('a.b/C').hasValue()",
    "format.qualifiedName().validate('A_b/C').hasValue() && format.uri().validate('a').hasValue()",
    "format.named('date').value().validate('soon').hasValue() && !format.named('x').hasValue()",
    "sets.contains([1, 2], [2]) && sets.intersects([1], [1]) && sets.equivalent([1, 2], [2, 1])",
    "self.?missing.orValue('x') == 'x' && !self.?missing.hasValue() && [1][?5].orValue(2) == 2",
    "[1, 2].all(i, v, v > i) && cel.bind(x, 2, x * x) == 4",
    "'abc'.matches('^(?i)A')",
    "'%s %d %.1f'.format(['a', 1, 1.5]) == 'a 1 1.5'",
    "'string(' + string(1) + ').validate(' == 'string(1).validate('",
    'r"""\\d"""' + " == '\\\\d' && 'a' in ['a'] && size('héllo') == 5",
]


@pytest.mark.parametrize("text", FUNCTIONS)
def test_the_functions_of_kubernetes_are_there(text: str) -> None:
    assert verdict(ask(text)) == ""
    assert verdict(ask(f"!({text})")) != ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("self.a ==", "Syntax error: mismatched input '<EOF>'"),
        ("unknown(self)", "undeclared reference to 'unknown' (in container '')"),
        ("[duration('1s')].sum() > duration('0s')", "not supported: the sum of what are not"),
        ("[duration('1s')].max() > duration('0s')", "a function gives a timedelta, which is not"),
        ("self.a", "it does not give true or false"),
    ],
)
def test_a_rule_that_cannot_be_judged_is_told_with_the_reason(text: str, why: str) -> None:
    assert reason(ask(text, {"a": INTEGER}, {"a": 1})).startswith(why)


def test_a_rule_that_cannot_be_judged_is_told_once_for_all_items() -> None:
    items = {"type": "array", "items": TEXT | {"x-kubernetes-validations": rule("unknown(self)")}}
    report = check_rules({"spec": ["a", "b"]}, schema_of(items))
    assert [item.path for item in report.violations] == [("spec", 0)]


def test_without_the_engine_that_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cel_expr_python", None)
    load_engine.cache_clear()
    try:
        items = TEXT | {"x-kubernetes-validations": rule("self == 'a'") * 2}
        report = check_rules({"spec": ["a", "b"]}, schema_of({"type": "array", "items": items}))
    finally:
        load_engine.cache_clear()
    (item,) = report.violations
    assert item.code == "cel-rule-not-evaluated"
    assert item.message == "the rules in CEL were not evaluated: cel-expr-python is not installed"
    assert report.evaluated == 0


def test_the_engine_is_not_loaded_where_no_rule_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        pytest.fail("the engine was loaded")

    monkeypatch.setattr(engine_module, "load_engine", fail)
    monkeypatch.setattr("llmd_render.validate.cel.walk.load_engine", fail)
    ruled = TEXT | {"x-kubernetes-validations": rule("false")}
    schema = schema_of({"type": "object", "properties": {"a": ruled, "b": TEXT}})
    assert check_rules({"spec": {"b": "x"}}, schema) == CelReport()
    core = SchemaStore("1.34").find("v1", "Service")
    assert core is not None
    assert check_rules({"spec": {}}, core) == CelReport()


def test_parts_of_a_schema_without_rules_are_not_walked() -> None:
    ruled = TEXT | {"x-kubernetes-validations": rule("true")}
    place = find_places(schema_of({"type": "object", "properties": {"a": ruled, "b": TEXT}}))
    assert place is not None
    assert set(place.fields) == {"spec"}
    assert set(place.fields["spec"].fields) == {"a"}
    assert find_places(schema_of({"type": "object", "properties": {"b": TEXT}})) is None


def test_a_rule_is_compiled_once() -> None:
    engine = load_engine()
    assert engine is not None
    program = engine.compile("self == 'once'")
    assert engine.compile("self == 'once'") is program
    for _ in range(2):
        with pytest.raises(NotEvaluatedError, match="undeclared reference to 'twice'"):
            engine.compile("twice()")


NAMES = {"type": "array", "items": {"type": "object", "properties": {"name": TEXT}}}
UNIQUE = "self.names.all(a, self.names.exists_one(b, a.name == b.name))"


def test_a_huge_list_does_not_hang_a_rule_that_compares_all_pairs() -> None:
    names = [{"name": f"n{index}"} for index in range(20_000)]
    start = time.process_time()
    why = reason(ask(UNIQUE, {"names": NAMES}, {"names": names}))
    assert why == "it may take 400,000,020 steps on this data, of which it gets 1,000,000"
    why = reason(ask(UNIQUE, {"names": NAMES}, {"names": names[:500]}))
    assert why == "it goes over more than 10,000 items, which is all that the engine does"
    assert verdict(ask(UNIQUE, {"names": NAMES}, {"names": names[:99]})) == ""
    assert time.process_time() - start < 10


def test_a_huge_list_elsewhere_does_not_count() -> None:
    properties = {"names": NAMES, "other": {"type": "array", "items": TEXT}}
    spec = {"names": [{"name": "a"}], "other": ["x"] * 20_000}
    assert verdict(ask(UNIQUE, properties, spec)) == ""


UNIQUE_ITEMS = "self.all(a, self.exists(b, a.name == b.name)) || true"


def test_the_rules_of_one_document_share_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llmd_render.validate.cel.budget.STEPS_OF_A_DOCUMENT", 50_000)
    node = {"type": "array", "items": NAMES | {"x-kubernetes-validations": rule(UNIQUE_ITEMS)}}
    names = [{"name": f"n{index}"} for index in range(60)]
    report = check_rules({"spec": [names] * 20}, schema_of(node))
    (item,) = report.violations
    assert item.path == ("spec", 13)
    assert item.message.endswith("the rules of one document get 50,000 steps, which are used up")
    assert report.evaluated == 13


@pytest.mark.parametrize(
    "text",
    [
        "cel.bind(a, self.t + self.t, " * 12 + "size(a + a) > 0" + ")" * 12,
        "[1].map(a, self.t + self.t)" + ".map(a, a + a)" * 20 + ".size() == 1",
        "self.t.replace('', self.t).size() > 0",
    ],
)
def test_a_rule_that_multiplies_its_data_is_not_run(text: str) -> None:
    why = reason(ask(text, {"t": TEXT}, {"t": "x" * 1_500_000}))
    assert "steps" in why


@pytest.mark.parametrize(
    "text",
    [
        " + ".join("(self.names.exists(a, a.name == 'n1') ? 1 : 0)" for _ in range(8)) + " == 8",
        "self.names.map(a, a.name + '-').filter(n, n != '').map(n, n + '.').size() == 60",
        "self.names.map(a, a.name).join(',').replace('n', '').size() > 0",
    ],
)
def test_an_ordinary_rule_stays_within_its_bounds(text: str) -> None:
    names = [{"name": f"n{index}"} for index in range(60)]
    assert verdict(ask(text, {"names": NAMES}, {"names": names})) == ""


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("self.a == 1", 0),
        ("self.a.all(x, x > 1) && self.b.all(x, x > 1)", 1),
        ("self.a.all(x, self.b.exists(y, y == x))", 2),
        ("self.a.all(x, x in self.b)", 2),
        ("self.a.all(x, x in ['b'])", 1),
        ("self.all == 'a.all(x, y.all(z, 1))'", 0),
    ],
)
def test_the_depth_of_a_rule_is_that_of_its_loops(text: str, depth: int) -> None:
    assert read(text).depth == depth


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("has(self.a) && self.b.c > 1 && x.self.d", {"a", "b"}),
        ("self.?a.orValue(1) == 1", {"a"}),
        ("self.size() == 1", None),
        ("self['a'] == 1", None),
        ("other == self", None),
        ("self.a == 'self.b'", {"a"}),
    ],
)
def test_what_a_rule_reads_of_self_is_known(text: str, fields: set[str] | None) -> None:
    assert read(text).fields == (None if fields is None else frozenset(fields))


@pytest.mark.parametrize(
    ("text", "seconds", "nanos"),
    [
        ("0", 0, 0),
        ("1h1m1s", 3661, 0),
        ("-1.5s", -1, -500_000_000),
        (".5us", 0, 500),
        ("1 week", 604_800, 0),
        ("2 hours 30 mins", 9000, 0),
    ],
)
def test_durations_are_read_as_go_reads_them(text: str, seconds: int, nanos: int) -> None:
    assert parse_duration(text) == Duration(seconds, nanos)


def test_times_keep_their_fraction_and_their_zone() -> None:
    moment = parse_time("1970-01-01t01:00:00.000000001+01:00")
    assert (moment.seconds, moment.nanos) == (0, 1)
    assert parse_time("1970-01-02").seconds == 86_400


def test_what_several_rules_say_for_want_of_a_field_is_said_once() -> None:
    mode = {"type": "string", "enum": ["A", "B", "C"]}
    rules = [
        *rule("self.mode == 'A' ? has(self.a) : true", message="mode A needs a"),
        *rule("self.mode == 'B' ? has(self.b) : true", message="mode B needs b"),
        *rule("has(self.mode) || !has(self.a)", message="a needs mode"),
        *rule("self.size < 3", message="size is too large"),
    ]
    fields = {"mode": mode, "a": TEXT, "b": TEXT, "size": INTEGER}
    item = {"type": "object", "properties": fields, "x-kubernetes-validations": rules}
    schema = schema_of(
        {"type": "object", "properties": {"items": {"type": "array", "items": item}}}
    )
    report = check_rules({"spec": {"items": [{"a": "x", "size": 5}]}}, schema)
    assert len(report.violations) == 4
    found = list(gather_missing(report.violations, schema))
    assert [(item.path, item.message, item.hint) for item in found] == [
        (
            ("spec", "items", 0),
            "mode is not given, and this rule relies on it: mode A needs a (no such key: mode)",
            "write mode: A, B or C",
        ),
        (("spec", "items", 0), "size is too large", "the rule is `self.size < 3`"),
    ]
