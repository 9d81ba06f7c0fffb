from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from sarif_pydantic import Sarif
from support import OUT, run

from llmd_render.diagnostics import Diagnostic, Location, Severity
from llmd_render.report import CI_FORMATS, count, to_format, to_json, to_text
from llmd_render.report.ci import to_github, to_gitlab, to_junit
from llmd_render.report.sarif import to_sarif

ERROR = Diagnostic(
    Location("a b.yaml", 2, 5),
    "replicas is 'x'",
    "schema-wrong-type",
    Severity.ERROR,
    "write a number",
    ("spec", "replicas"),
    "  replicas: x",
)
WARNING = Diagnostic(Location("a b.yaml"), "old", "image-tag-not-pinned", Severity.WARNING)
KNOWN = Diagnostic(
    Location("p.yaml", 1, 1), "moves", "kserve-images-move", Severity.ERROR, acknowledged="why not"
)
ALL = [KNOWN, WARNING, ERROR]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_text_shows_place_sentence_line_caret_and_hint() -> None:
    assert to_text([ERROR]) == (
        "a b.yaml:2:5: error: replicas is 'x' [schema-wrong-type]\n"
        "  2 |   replicas: x\n"
        "    |     ^\n"
        "  hint: write a number\n"
    )


def test_text_is_sorted_by_place_and_leaves_out_what_is_not_known() -> None:
    assert to_text(ALL).splitlines()[0] == "a b.yaml: warning: old [image-tag-not-pinned]"
    assert to_text([KNOWN]).splitlines()[1] == "  acknowledged: why not"


def test_the_caret_stands_under_its_column_after_tabs() -> None:
    item = Diagnostic(Location("f", 1, 3), "m", "some-code-here", excerpt="\ta: b")
    assert to_text([item]).splitlines()[1:] == ["  1 |     a: b", "    |      ^"]


def test_counts_keep_acknowledged_findings_apart() -> None:
    assert count(ALL) == {"errors": 1, "warnings": 1, "infos": 0, "acknowledged": 1}


def test_json_has_findings_files_and_summary() -> None:
    document = json.loads(to_json(ALL, ["x"], {"errors": 1}))
    assert [item["code"] for item in document["diagnostics"]] == [
        "image-tag-not-pinned",
        "schema-wrong-type",
        "kserve-images-move",
    ]
    assert document["diagnostics"][1]["path"] == "$.spec.replicas"
    assert document["written"] == ["x"]


def test_sarif_has_regions_rules_fingerprints_and_suppressions() -> None:
    document = json.loads(to_sarif(ALL))
    (run_,) = document["runs"]
    rules = [rule["id"] for rule in run_["tool"]["driver"]["rules"]]
    for result in run_["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    warning, error, known = run_["results"]
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.yaml"
    assert place["region"] == {"startLine": 2, "startColumn": 5}
    assert "region" not in warning["locations"][0]["physicalLocation"]
    assert known["suppressions"] == [{"kind": "external", "justification": "why not"}]


def test_a_fingerprint_stays_when_lines_move_and_differs_between_findings() -> None:
    moved = Diagnostic(
        Location("a b.yaml", 9, 5),
        ERROR.message,
        ERROR.code,
        path=ERROR.path,
        excerpt=ERROR.excerpt,
    )

    def prints(*items: Diagnostic) -> list[str]:
        results = json.loads(to_sarif(items))["runs"][0]["results"]
        return [result["partialFingerprints"]["llmdRender/v1"] for result in results]

    assert prints(ERROR) == prints(moved)
    assert len(set(prints(*ALL, ERROR, moved))) == 5


def test_github_lines_are_escaped() -> None:
    item = Diagnostic(Location("a,b:c.yaml", 1, 2), "100% of\nit", "some-code-here")
    assert to_github([item]) == (
        "::error file=a%2Cb%3Ac.yaml,title=some-code-here,line=1,col=2::100%25 of%0Ait\n"
    )
    assert to_github([KNOWN]).startswith("::notice ")


def test_gitlab_lines_begin_at_one_and_severities_are_its_own() -> None:
    report = json.loads(to_gitlab(ALL))
    assert [item["location"]["lines"]["begin"] for item in report] == [1, 2, 1]
    assert [item["severity"] for item in report] == ["minor", "major", "info"]
    assert len({item["fingerprint"] for item in report}) == 3


def test_junit_fails_for_what_blocks_and_skips_the_rest() -> None:
    suite = ET.fromstring(to_junit(ALL))[0]  # noqa: S314 - our own output
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "2")
    empty = ET.fromstring(to_junit([]))[0]  # noqa: S314 - our own output
    assert (empty.get("tests"), empty.get("failures")) == ("1", "0")


def test_sarif_is_what_an_independent_model_of_the_standard_takes() -> None:
    document = json.loads(to_sarif(ALL))
    Sarif.model_validate(document)
    rules = document["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["shortDescription"]["text"] for rule in rules)
    document["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(ValidationError):
        Sarif.model_validate(document)


GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_gitlab_has_every_field_that_its_documentation_demands() -> None:
    Draft202012Validator(GITLAB).validate(json.loads(to_gitlab(ALL)))


@pytest.mark.parametrize(
    "arguments",
    [
        ("--profile", "qwen-3b-v6e", "--dry-run"),
        ("--profile", "no-such-profile"),
        ("check", "--profile", "qwen-3b-v6e"),
        ("check", "--profile", "qwen-3b-v6e", "--out", "/nowhere"),
        ("lint", str(OUT)),
        ("lint", "-"),
        ("lint", "/nowhere"),
    ],
)
def test_json_of_every_command_fits_the_published_schema(arguments: tuple[str, ...]) -> None:
    schema = json.loads(run("schema", "report").stdout)
    Draft202012Validator.check_schema(schema)
    shown = run(*arguments, "--format", "json", stdin="kind: x\n").stdout
    Draft202012Validator(schema).validate(json.loads(shown))


@given(TEXT, TEXT, TEXT)
def test_any_text_gives_well_formed_output_in_every_format(a: str, b: str, c: str) -> None:
    item = Diagnostic(Location(a, 1, 1), b, "some-code-here", hint=c, excerpt=b)
    ET.fromstring(to_junit([item]))  # noqa: S314 - our own output
    for name in ("sarif", "gitlab"):
        json.loads(to_format(name, [item]))
    assert to_github([item]).count("\n") == 1
    json.loads(to_json([item], [], {}))


@pytest.mark.parametrize("format_", sorted(CI_FORMATS))
def test_the_command_prints_one_document_in_each_format(format_: str) -> None:
    manifest = "apiVersion: v1\nkind: Namespace\nmetadata: {name: Bad}\n"
    result = run("lint", "-", "--format", format_, stdin=manifest)
    assert result.exit_code == 1
    assert result.stderr == ""
    assert "metadata-invalid-name" in result.stdout
