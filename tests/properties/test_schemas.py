"""What our schemas allow passes with us and with the real CRD, and what is spoilt with neither."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from documents import Fault, Path, documents_of, faults_of, fields_in, fields_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from real_crds import CASES, Case, real_store
from support import CRDS, absent

from llmd_render.validate import Schema, SchemaStore, check_object

OURS = SchemaStore("1.34")
KINDS = OURS.known_kinds()
# What CEL rules say is tested with them: most documents drawn here break one.
STRUCTURE = ("schema-", "metadata-", "manifest-")
# The messages name the place; to shrink documents of hundreds of fields would take minutes.
PHASES = (Phase.generate,)
FAULTS_A_DOCUMENT = 8


def verdict(document: Any, store: SchemaStore) -> set[tuple[Any, str]]:
    """Say where a document is wrong and how, in each place."""
    found = check_object(document, store)
    return {(item.path, item.code) for item in found if item.code.startswith(STRUCTURE)}


def some_faults(document: Any, schema: Schema, data: st.DataObject) -> list[Fault]:
    """Take a few of the ways to spoil a document, as many as there is time for."""
    found = faults_of(document, schema)
    step = -(-len(found) // FAULTS_A_DOCUMENT)
    return found[data.draw(st.integers(0, step - 1)) :: step]


@pytest.mark.parametrize("schema", KINDS, ids=lambda item: f"{item.api_version} {item.kind}")
@settings(max_examples=4, phases=PHASES)
@given(data=st.data())
def test_what_a_schema_of_ours_allows_passes_and_what_it_forbids_does_not(
    schema: Schema, data: st.DataObject
) -> None:
    document = data.draw(documents_of(schema))
    assert verdict(document, OURS) == set()
    for fault in some_faults(document, schema, data):
        assert verdict(fault.spoil(document), OURS), fault


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
@settings(max_examples=8, phases=PHASES)
@given(data=st.data())
def test_the_real_crd_says_the_same_of_right_documents_and_of_spoilt_ones(
    case: Case, data: st.DataObject
) -> None:
    if not CRDS.is_dir():
        absent(f"NOT CHECKED against real CRDs: {CRDS} is absent")
    schema = OURS.find(case.api_version, case.kind)
    assert schema
    document = data.draw(documents_of(schema))
    real = real_store(case)
    assert verdict(document, OURS) == verdict(document, real) == set()
    for fault in some_faults(document, schema, data):
        spoilt = fault.spoil(document)
        found = verdict(spoilt, OURS)
        assert found, fault
        assert found == verdict(spoilt, real), fault


def test_the_documents_reach_every_field_and_are_spoilt_in_every_way() -> None:
    ways: Counter[str] = Counter()
    for schema in KINDS:
        missed = fields_of(schema)
        # The config of a HealthCheckPolicy has two of its six fields at a time.
        examples = 40 if schema.kind == "HealthCheckPolicy" else 2

        @settings(max_examples=examples, phases=PHASES, database=None)
        @given(document=documents_of(schema, full=True))
        def look(schema: Schema, missed: set[Path], document: Any) -> None:
            missed -= fields_in(document, schema)
            ways.update(item.way for item in faults_of(document, schema))

        look(schema, missed)
        assert missed == set(), f"{schema.api_version} {schema.kind}"
    wanted = {"required", "unknown", "type", "enum", "pattern", "format", "least", "most"}
    assert set(ways) == wanted | {"duplicate"}
