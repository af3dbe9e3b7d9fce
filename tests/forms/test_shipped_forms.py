"""The forms of the shipped processes can be read, and what they point at exists."""

from pathlib import Path

import jsonschema
import pytest
from form_building import context

from engine.forms import answers, json_schema, reference, schema

FOLDER = Path(__file__).resolve().parents[2] / "forms"
FILES = sorted(path for path in FOLDER.glob("*/*.json") if path.parent.name != "dane")
TABLES = {path.stem: path for path in (FOLDER / "dane").glob("*.json")}


def name(path):
    return path.stem


@pytest.fixture(scope="module")
def forms():
    return {path.stem: schema.read(path.read_bytes()) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_shipped_form_can_be_read_drawn_and_exported(path):
    made = schema.read(path.read_bytes())

    view = answers.shown(made, {}, context())

    assert made.key == path.stem
    assert view.title == made.title
    jsonschema.Draft202012Validator.check_schema(json_schema.export(made))


def test_form_keys_are_unique():
    assert len({path.stem for path in FILES}) == len(FILES)


def test_shipped_forms_read_only_fields_and_tables_that_exist(forms):
    missing = []
    for made in forms.values():
        for one in made.fields:
            pairs = [(one.from_form, one.from_field)] if one.from_form else []
            pairs += [(one.prefill.form, one.prefill.field)] if one.prefill and one.prefill.form else []
            missing += [
                f"{made.key}.{one.id} -> {key}.{id}"
                for key, id in pairs
                if key not in forms or id not in forms[key].by_id
            ]
        missing += [f"{made.key} -> dane/{table}" for table in made.references - set(TABLES)]

    assert missing == []


@pytest.mark.parametrize("path", TABLES.values(), ids=name)
def test_a_shipped_reference_table_can_be_read(path):
    assert reference.read(path.read_bytes()).rows
