"""What keeps templates free of logic, quoted, and in step with the stack."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import BaseLoader, Environment, StrictUndefined, nodes
from support import CHECKOUT, profile, tree

from llmd_render.catalog import load_catalog
from llmd_render.diagnostics import Diagnostic, InputError
from llmd_render.render import TemplateFolder, render
from llmd_render.render.allowed import find_forbidden
from llmd_render.render.render import make_environment
from llmd_render.stack import Stack, resolve

SHIPPED = TemplateFolder("templates", CHECKOUT / "templates")
ALL = sorted((CHECKOUT / "templates").rglob("*.j2"))


def parse(text: str) -> nodes.Template:
    return make_environment().parse(text)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_a_shipped_template_only_prints_and_loops(path: Path) -> None:
    assert list(find_forbidden(parse(path.read_text()), path.name)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh.j2", "X={{ stack.name | yaml }}"),
        ("a.sh.j2", "X={{ stack.name | md }}"),
        ("a.yaml.j2", "x: {{ stack.name | sh }}"),
        ("a.json.j2", "{{ stack.name | md }}"),
        ("a.md.j2", "{{ stack.name | yaml }}"),
        ("a.sh.j2", 'X="{{ stack.name | sh }}"'),
        ("a.sh.j2", "echo 'a' 'b {{ stack.name | sh }}'"),
        ("a.sh.j2", "true\n# {{ stack.name | sh }}"),
        ("a.sh.j2", "true # {{ stack.name | sh }}"),
        ("a.sh.j2", "{% if stack.a %}# {{ stack.name | sh }}{% endif %}"),
    ],
)
def test_a_print_that_its_file_would_not_keep_in_quotes_is_refused(name: str, text: str) -> None:
    assert len(list(find_forbidden(parse(text), name))) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh.j2", "X={{ stack.name | sh }} Y='a'{{ stack.b | sh }}"),
        ("a.sh.j2", "# said\nX={{ stack.name | sh }}"),
        ("a.sh.j2", "a#b{{ stack.name | sh }}"),
        ("a.md.j2", "`{{ stack.name | sh }}` {{ stack.name | md }}"),
        ("_part.j2", "{{ stack.name | yaml }}"),
    ],
)
def test_a_print_that_its_file_keeps_in_quotes_is_allowed(name: str, text: str) -> None:
    assert list(find_forbidden(parse(text), name)) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ stack.name }}",
        "{{ stack.name | upper }}",
        "{{ stack.name | yaml | sh }}",
        "{{ stack.name | default('x') | yaml }}",
        "{{ stack.port + 1 | yaml }}",
        "{{ (stack.port + 1) | yaml }}",
        "{{ stack.name() | yaml }}",
        "{{ stack['name'] | yaml }}",
        "{{ stack.__class__ | yaml }}",
        "{{ 'text' | yaml }}",
        "{% set x = 1 %}",
        "{% if stack.a == 1 %}{% endif %}",
        "{% if not stack.a %}{% endif %}",
        "{% if stack.a %}{{ stack.b }}{% endif %}",
        "{% if stack.a %}{% else %}{{ stack.b }}{% endif %}",
        "{% for x in stack.f() %}{% endfor %}",
        "{% for x in stack.a if x %}{% endfor %}",
        "{% for a, b in stack.a %}{% endfor %}",
        "{% for x in stack.a %}{{ x }}{% endfor %}",
        "{% macro m() %}{% endmacro %}",
        "{% include stack.name %}",
        "{% include 'x' ignore missing %}",
        "{% filter yaml %}{% endfilter %}",
        "{% import 'x' as y %}",
        "{% block b %}{% endblock %}",
    ],
)
def test_a_template_that_computes_or_does_not_quote_is_refused(text: str) -> None:
    assert len(list(find_forbidden(parse(text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "{{ stack.name | yaml }} {{ stack.a.b | sh }} {{ x | md }}",
        "{% if stack.a.b %}x{% else %}y{% endif %}",
        "{% for x in stack.list %}{{ x.name | yaml }}{% else %}none{% endfor %}",
        "{% include '_part.j2' %}",
        "{% raw %}{{ .GoTemplate }}{% endraw %}",
    ],
)
def test_a_template_that_prints_and_loops_is_allowed(text: str) -> None:
    assert list(find_forbidden(parse(text))) == []


def misspelt(tree_: nodes.Node, names: dict[str, Any]) -> Iterator[str]:
    """Resolve each dotted name of a template against the annotations of the stack."""
    if isinstance(tree_, nodes.For):
        kind = kind_of(tree_.iter, names)
        yield from [] if kind else [f"line {tree_.lineno}"]
        assert isinstance(tree_.target, nodes.Name)
        names = {**names, tree_.target.name: item_of(kind)}
        for child in (*tree_.body, *tree_.else_):
            yield from misspelt(child, names)
        return
    if isinstance(tree_, nodes.Getattr | nodes.Name):
        if kind_of(tree_, names) is None:
            yield f"line {tree_.lineno}: {getattr(tree_, 'attr', getattr(tree_, 'name', ''))}"
        return
    for child in tree_.iter_child_nodes():
        yield from misspelt(child, names)


def kind_of(node: nodes.Node, names: dict[str, Any]) -> Any:
    if isinstance(node, nodes.Name):
        return names.get(node.name)
    assert isinstance(node, nodes.Getattr)
    parent = kind_of(node.node, names)
    if not dataclasses.is_dataclass(parent):
        return None
    kind = typing.get_type_hints(parent).get(node.attr)
    if isinstance(kind, types.UnionType):
        kind = next(option for option in kind.__args__ if option is not type(None))
    return kind


def item_of(kind: Any) -> Any:
    return typing.get_args(kind)[0] if kind else None


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_each_name_in_a_template_is_a_field_of_the_stack(path: Path) -> None:
    # Included partials share the names of their includer, and are checked there and here.
    assert list(misspelt(parse(path.read_text()), {"stack": Stack})) == []


def test_a_misspelt_name_in_a_branch_that_nothing_reaches_is_found() -> None:
    text = "{% if stack.server.cache %}\n{{ stack.server.cache.pth | yaml }}\n{% endif %}"
    assert list(misspelt(parse(text), {"stack": Stack})) == ["line 2: pth"]


def render_with(folder: Path) -> tuple[list[str], dict[str, str]]:
    stack = resolve(profile(), load_catalog())
    files = render(stack, [TemplateFolder("mine", folder), SHIPPED])
    return [item.path for item in files], {item.path: item.text for item in files}


def finding(folder: Path) -> Diagnostic:
    with pytest.raises(InputError) as caught:
        render_with(folder)
    return caught.value.diagnostics[0]


def test_a_users_template_replaces_ours_and_adds_to_them(tmp_path: Path) -> None:
    tree(tmp_path, {"gateway/gateway.yaml.j2": "a: b\n", "mine/new.yaml.j2": "c: d\n"})
    paths, texts = render_with(tmp_path)
    assert texts["gateway/gateway.yaml"] == "a: b\n"
    assert texts["mine/new.yaml"] == "c: d\n"
    assert "workload/llminferenceservice.yaml" in paths
    assert paths == sorted(paths)


def test_white_space_partials_and_other_files_make_no_file(tmp_path: Path) -> None:
    files = {"a.yaml.j2": " \n\n", "_b.yaml.j2": "x", "c.yaml": "x", "d.yaml.j2~": "x"}
    tree(tmp_path, files)
    paths, _ = render_with(tmp_path)
    assert not {"a.yaml", "_b.yaml", "c.yaml", "d.yaml"} & set(paths)


def test_a_template_that_computes_is_refused_with_its_line(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "x: 1\ny: {{ stack.profile | upper }}\n"})
    found = finding(tmp_path)
    assert str(found.location) == "mine/a.yaml.j2:2:1"
    assert found.code == "template-not-allowed"
    assert found.excerpt == "y: {{ stack.profile | upper }}"


def test_an_undefined_name_is_found_with_its_line(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "x: 1\n\ny: {{ stack.tpu.topolgy | yaml }}\n"})
    found = finding(tmp_path)
    assert (str(found.location), found.code) == ("mine/a.yaml.j2:3:1", "template-name-undefined")
    assert "topolgy" in found.message


def test_an_undefined_name_in_a_partial_is_found_in_the_partial(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "{% include '_b.j2' %}", "_b.j2": "\n{{ nobody | yaml }}\n"})
    assert str(finding(tmp_path).location) == "mine/_b.j2:2:1"


def test_a_broken_template_is_found_with_its_line(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "x: 1\n{% if stack.tpu %}\n"})
    found = finding(tmp_path)
    assert found.code == "template-syntax-error"
    assert found.location.file == "mine/a.yaml.j2"
    assert found.location.line == 2


def test_an_include_of_nothing_is_found(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "{% include '_none.j2' %}"})
    assert finding(tmp_path).code == "template-include-unknown"


def test_templates_that_include_each_other_are_found(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "{% include '_b.j2' %}", "_b.j2": "{% include '_b.j2' %}"})
    assert finding(tmp_path).code == "template-include-cycle"


def test_a_value_that_does_not_print_is_found(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "x: {{ stack.tpu | yaml }}\n"})
    found = finding(tmp_path)
    assert found.code == "template-value-unprintable"
    assert str(found.location) == "mine/a.yaml.j2:1:1"


def test_a_loop_over_no_list_is_found(tmp_path: Path) -> None:
    tree(tmp_path, {"a.yaml.j2": "x\n{% for x in stack.profile %}{% endfor %}\n"})
    found = finding(tmp_path)
    assert (str(found.location), found.code) == (
        "mine/a.yaml.j2:2:1",
        "template-value-unprintable",
    )


class FolderLoader(BaseLoader):
    def get_source(self, _: Environment, template: str) -> tuple[str, str, None]:
        return (CHECKOUT / "templates" / template).read_text(), template, None


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"routing": "managed", "secrets": {"hfToken": "t"}, "server": {"compileCache": {}}},
        {"gateway": {"tls": {"secret": "s"}, "allowedSourceRanges": ["203.0.113.0/24"]}},
        {"networkPolicies": {"enabled": False}, "monitoring": {"enabled": False}},
        {"service": {"replicas": 3}, "cluster": {"capacity": {"kind": "spot"}}},
    ],
)
def test_templates_mean_to_us_exactly_what_they_mean_to_jinja(changes: dict[str, Any]) -> None:
    stack = resolve(profile(**changes), load_catalog())
    environment = make_environment()
    environment.loader = FolderLoader()
    environment.undefined = StrictUndefined
    for item in render(stack, [SHIPPED]):
        assert item.text == environment.get_template(f"{item.path}.j2").render(stack=stack)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% for a in stack.cluster.apis %}" * 12 + "x" + "{% endfor %}" * 12, "100,000 steps"),
        ("{% if stack %}" * 2000 + "{% endif %}" * 2000, "the template is nested too deep"),
        ("x" * 1_000_001, "the template is larger than 1,000,000 bytes"),
    ],
)
def test_a_template_without_measure_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml.j2").write_text(text)
    found = finding(tmp_path)
    assert found.code == "template-too-large"
    assert message in found.message
