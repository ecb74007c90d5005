"""What each rule of house.yml finds, and what it leaves alone. Read by `make scan`; nothing runs or imports this file."""

import hashlib
import random
import uuid
from hmac import compare_digest
from os import urandom
from pathlib import Path

import flask
import paramiko
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwt
from lxml import etree
from markupsafe import Markup
from sqlalchemy import text


def statements(connection, name):
    # ruleid: sql-made-of-strings
    connection.execute(f"SELECT * FROM {name}")
    # ruleid: sql-made-of-strings
    connection.execute(text("SELECT '%s'" % name))
    # ok: sql-made-of-strings
    connection.execute(text("SELECT :name"), {"name": name})


def tenants(connection):
    # ruleid: tenant-beyond-its-transaction
    connection.execute(text("SELECT set_config('wise.authority', :authority, false)"))
    # ruleid: tenant-beyond-its-transaction
    connection.execute("SET wise.authority = 'E08000007'")
    # ok: tenant-beyond-its-transaction
    connection.execute(text("SELECT set_config('wise.authority', :authority, true)"))


def secrets_told(client_secret, given, kind):
    # ruleid: secret-compared-in-its-own-time
    if client_secret == given:
        return True
    # ok: secret-compared-in-its-own-time
    if client_secret == "":
        return False
    # ok: secret-compared-in-its-own-time
    return kind == "secret" or compare_digest(client_secret, given)


def chances():
    # ruleid: chance-that-can-be-guessed
    random.randbytes(32)
    # ruleid: chance-that-can-be-guessed
    uuid.uuid1()
    # ok: chance-that-can-be-guessed
    return uuid.uuid4(), random.random()


def nonces(key, plain):
    # ruleid: nonce-that-is-not-new
    AESGCM(key).encrypt(b"000000000000", plain, None)
    # ok: nonce-that-is-not-new
    return AESGCM(key).encrypt(urandom(12), plain, None)


def digests(content):
    # ruleid: weak-digest
    hashlib.sha1(content)
    # ok: weak-digest
    return hashlib.sha256(content)


def documents(content):
    # ruleid: xml-that-may-fetch
    etree.fromstring(content)
    # ruleid: xml-that-may-fetch
    etree.XMLParser(no_network=True)
    # ok: xml-that-may-fetch
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    # ok: xml-that-may-fetch
    return etree.fromstring(content, parser)


def tokens(token, key):
    # ruleid: token-of-any-algorithm
    jwt.decode(token, key)
    # ok: token-of-any-algorithm
    return jwt.decode(token, key, algorithms=["ES256"])


def hosts(client):
    # ruleid: host-taken-at-its-word
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ok: host-taken-at-its-word
    client.set_missing_host_key_policy(paramiko.RejectPolicy())


def pages(words):
    # ruleid: template-from-data
    flask.render_template_string(words)
    # ruleid: template-from-data
    Markup(words)
    # ok: template-from-data
    return flask.render_template("page.html", words=words)


def names():
    # ruleid: name-chosen-by-others
    open(flask.request.args["file"])
    # ok: name-chosen-by-others
    return Path("fixed.txt")
