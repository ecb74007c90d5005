"""A KMS nobody of this project wrote: moto, as a process of its own, which checks signatures and policies.

Its account is set up with Amazon's own client. Three machines are known: `bridge` may encrypt and decrypt, `stranger`
may nothing, `administrator` everything. `CLOSED` credentials are of nobody.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import boto3
from botocore.config import Config

from tests.support.waiting import eventually

REGION = "eu-west-2"
Keys = Mapping[str, str]
"""`AccessKeyId`, `SecretAccessKey`, and `SessionToken` of temporary ones, as AWS hands them out."""
CLOSED: Keys = {"AccessKeyId": "AKIA-FICTIONAL-NOBODY", "SecretAccessKey": "fictional-secret-of-nobody"}
_RUNNING = re.compile(r"Running on (https?)://127\.0\.0\.1:(\d+)")
_MAY = {"bridge": ["kms:Encrypt", "kms:Decrypt"], "stranger": ["sqs:ListQueues"], "administrator": ["*"]}


@dataclass
class KmsServer:
    """A running one. `machines` are the credentials by name."""

    url: str
    process: subprocess.Popen[bytes]
    ca_file: Path | None
    machines: dict[str, Keys] = field(default_factory=dict)
    role: str = ""

    def client(self, service: str = "kms", machine: str = "administrator") -> Any:
        """Amazon's own client."""
        keys = self.machines.get(machine, CLOSED)
        return boto3.client(
            service,
            REGION,
            endpoint_url=self.url,
            verify=str(self.ca_file) if self.ca_file else None,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )

    def new_key(self) -> str:
        """The ARN of a new symmetric key."""
        return str(self.client().create_key()["KeyMetadata"]["Arn"])

    def temporary(self) -> Keys:
        """Credentials with a session's token, of a role that may encrypt and decrypt."""
        given: Keys = self.client("sts").assume_role(RoleArn=self.role, RoleSessionName="bridge")["Credentials"]
        return given

    def set_up(self) -> None:
        """Machines and their policies; from then on every request is checked."""
        iam = self.client("iam")
        for name, actions in _MAY.items():
            iam.create_user(UserName=name)
            iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=_policy(Action=actions, Resource="*"))
            self.machines[name] = iam.create_access_key(UserName=name)["AccessKey"]
        trust = _policy(Action="sts:AssumeRole", Principal={"AWS": "*"})
        self.role = iam.create_role(RoleName="bridge", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        may = _policy(Action=_MAY["bridge"], Resource="*")
        iam.put_role_policy(RoleName="bridge", PolicyName="may", PolicyDocument=may)
        self._check_from_now_on()

    def _check_from_now_on(self) -> None:
        assert self.ca_file is None, "only the plain one is asked without Amazon's client"
        plain = {"Content-Type": "text/plain"}
        request = urllib.request.Request(f"{self.url}/moto-api/reset-auth", b"0", plain, method="POST")
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20).close()

    def leave(self) -> None:
        """Answers nothing more, and goes on listening."""
        self.process.send_signal(signal.SIGSTOP)

    def come_back(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def kms_server(certificate: Path | None = None, ca_file: Path | None = None) -> Iterator[KmsServer]:
    """On a free port of this machine; with a certificate (PEM, and its key) over TLS, where nothing is set up."""
    words = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    words += ["-c", str(certificate), "-k", str(certificate)] if certificate else []
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(words, env=environ, stdout=log, stderr=log)
        try:
            server = KmsServer(_address(process, log, ca_file), process, ca_file)
            if ca_file is None:
                server.set_up()
            yield server
        finally:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], log: IO[bytes], ca_file: Path | None) -> str:
    def said() -> re.Match[str] | None:
        text = os.pread(log.fileno(), 64 * 1024, 0).decode()  # the process writes on from where it was
        assert process.poll() is None, f"moto did not start: {text[-2000:]}"
        return _RUNNING.search(text)

    found = eventually(said, seconds=60)
    return f"{found[1]}://{'localhost' if ca_file else '127.0.0.1'}:{found[2]}"


def _policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
