"""What a profile must say to connect a file exchange, or a document system that takes files."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

MANIFESTS = ("csv", "xml", "json")
ANSWERS = ("json", "csv")
LACKING = ("answers", "document", "restricted", "correction", "retract", "raise_task")
"""What an importer may have been built without; the words of `service.ports.Ability`."""

_SERVER = {
    "host": Setting(meaning="the server's name or address"),
    "port": Setting(kind="number", meaning="its SFTP port"),
    "user": Setting(meaning="who we are there"),
    "private_key": Setting(secret=True, meaning="our unencrypted key: Ed25519, ECDSA, or RSA of 2048 bits or more"),
    "host_keys": Setting(several=True, meaning="the only host keys we believe, as ssh-keygen -l prints them"),
}

SCHEMA = ConnectorSchema(
    kind="generic_sftp",
    connection={
        **_SERVER,
        "manifest": Setting(choices=MANIFESTS, meaning="the format agreed for manifests"),
        "answers": Setting(choices=ANSWERS, meaning="the format agreed for answers"),
        "in_folder": Setting(required=False, meaning="where we put sets; 'in' if not given"),
        "archive_folder": Setting(required=False, meaning="where markers go that were picked up; 'archive'"),
        "out_folder": Setting(required=False, meaning="where answers appear; 'out'"),
        "collected_folder": Setting(required=False, meaning="where we put answers we have read; 'out/collected'"),
        "lacks": Setting(
            required=False, several=True, choices=LACKING, meaning="what the importer there was built without"
        ),
    },
    target={
        "form": Setting(meaning="the form's code there"),
        "document_type": Setting(meaning="the document type's code"),
        "document_sub_type": Setting(required=False, meaning="the sub-type's code, where there are sub-types"),
    },
    task={"team": Setting(meaning="the code of the team or queue a review task goes to")},
)

DOCUMENT = ConnectorSchema(
    kind="generic_sftp",
    connection={
        **_SERVER,
        "in_folder": Setting(required=False, meaning="where we put documents; 'in' if not given"),
        "archive_folder": Setting(required=False, meaning="where the index files go of documents taken; 'archive'"),
    },
    target={
        "document_type": Setting(meaning="the document type's code in the document system"),
        "document_sub_type": Setting(required=False, meaning="the sub-type's code, where there are sub-types"),
    },
    task={},
)
"""A document system of its own, beside another case system: see `documents.py`."""
