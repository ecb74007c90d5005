"""A profile with every file it uses, as text; and back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from service.adapters.profiles import Profile
from service.configuration import profile
from service.errors import ConfigFault, ConfigurationFault
from service.ports.profile_versions import Bundle


def bundle_of(config_dir: Path, file: Path) -> Bundle:
    """The profile of a file with every mapping and form it uses. Raises `ConfigurationFault` with all its faults.

    The file may lie elsewhere: it then stands in for the one of its name in `config_dir/authorities`.
    """
    with _with_this_file(config_dir, file) as folder:
        read = profile(folder, folder / "authorities" / file.name)
        files = {name: (folder / name).read_text(encoding="utf-8") for name in read.files}
    return Bundle(read.authority, read.file, read.digest, files)


@contextmanager
def _with_this_file(config_dir: Path, file: Path) -> Iterator[Path]:
    """The configuration as it would be with this file in it."""
    with TemporaryDirectory(prefix="wise-profile-") as made:
        folder = Path(made) / "config"
        shutil.copytree(config_dir, folder)
        target = folder / "authorities" / file.name
        if not file.exists():
            raise ConfigurationFault([ConfigFault(str(file), None, "", "There is no such file.", "Check the path.")])
        if not (target.exists() and target.samefile(file)):
            shutil.copyfile(file, target)
        yield folder


def profile_from(bundle: Bundle) -> Profile:
    """The profile of a bundle. Raises `ConfigurationFault`, also when its files are not those of its digest."""
    with TemporaryDirectory(prefix="wise-profile-") as made:
        folder = Path(made)
        unpack(bundle, folder)
        read = profile(folder, folder / bundle.file)
    if (read.authority, read.digest) != (bundle.authority, bundle.digest):
        fault = ConfigFault(bundle.file, None, "digest", "These are not the files of this version.", "Draft it again.")
        raise ConfigurationFault([fault])
    return read


def unpack(bundle: Bundle, folder: Path) -> None:
    """Write the files below a folder, each under its name."""
    root = folder.resolve()
    for name, text in bundle.files.items():
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            fault = ConfigFault(name, None, "", "This name leads out of the folder.", "Draft the profile again.")
            raise ConfigurationFault([fault])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
