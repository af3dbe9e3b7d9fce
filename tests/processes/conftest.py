"""A furnished centre, made once for each worker and copied for each test that changes it."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from process_centre import ALL_BUT_CONTRACTS, Centre, furnish

from engine import circumstances
from engine.actions import keeping
from engine.bpmn.bundle import Programs

_ROOM = 1024**3  # bytes


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory):
    """In memory where there is room, because every deed is flushed to the disk."""
    memory = Path("/dev/shm")
    if not (memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM):
        yield tmp_path_factory.mktemp("centres")
        return
    folder = Path(tempfile.mkdtemp(prefix="bieg-processes-", dir=memory))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def furnished(quick_folder):
    """The data folder of a centre without authorisations and cases."""
    return furnish(quick_folder / "template")


@pytest.fixture(scope="module")
def own_caches():
    """What a process keeps of a database is kept by id: another database needs other caches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "PROGRAMS", Programs())
        patch.setattr(circumstances, "_FORMS", {})
        yield


@pytest.fixture
def bare_centre(furnished, quick_folder, own_caches, request):
    """A centre in which the wójt has given no authorisation yet."""
    folder = Path(tempfile.mkdtemp(dir=quick_folder)) / "data"
    centre = Centre.copied(furnished, folder)
    yield centre
    centre.parts.database.close()
    shutil.rmtree(folder.parent)


@pytest.fixture
def centre(bare_centre):
    """A centre whose kierownik may decide on forms, competitions and supervision, not on contracts."""
    bare_centre.authorise(*ALL_BUT_CONTRACTS)
    return bare_centre


@pytest.fixture(scope="module")
def busy_centre(furnished, quick_folder, own_caches):
    """One centre for many cases."""
    folder = Path(tempfile.mkdtemp(dir=quick_folder)) / "data"
    centre = Centre.copied(furnished, folder)
    centre.authorise(*ALL_BUT_CONTRACTS)
    yield centre
    centre.parts.database.close()
    shutil.rmtree(folder.parent)
