"""The committed third-party files are the ones that were built, nothing more and nothing less."""

import hashlib
import json
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "web" / "static" / "web" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())


@pytest.mark.parametrize("package", MANIFEST, ids=lambda package: package["name"])
def test_every_vendored_file_has_the_recorded_sha256(package):
    folder = VENDOR / package["name"]
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == package["sha256"]


@pytest.mark.parametrize("package", MANIFEST, ids=lambda package: package["name"])
def test_every_vendored_package_names_its_version_and_carries_its_licence(package):
    folder = VENDOR / package["name"]
    assert (folder / "VERSION").read_text().strip() == package["version"]
    assert len((folder / "LICENSE").read_text()) > 500
    pinned = json.loads((VENDOR.parents[3] / "package.json").read_text())["devDependencies"]
    assert pinned[package["name"]] == package["version"]


def test_the_vendor_folder_holds_only_what_the_manifest_names():
    on_disk = {path.name for path in VENDOR.iterdir() if path.is_dir()}
    assert on_disk == {package["name"] for package in MANIFEST}
