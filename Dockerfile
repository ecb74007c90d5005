# One image for every process of the service; what a container is, its command and its secrets say.
# Not built yet: this was written where no Docker engine was at hand.
FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/base.txt /requirements/base.txt
COPY requirements/kms.txt /requirements/kms.txt
# REQUIREMENTS=kms where a cloud's KMS holds the master key (docs/encryption.md).
ARG REQUIREMENTS=base
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes --only-binary :all: --requirement /requirements/$REQUIREMENTS.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin wise
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY migrations migrations
COPY config/authorities config/authorities
COPY config/catalogue config/catalogue
COPY config/codes config/codes
COPY config/deidentify config/deidentify
COPY config/language config/language
COPY config/mappings config/mappings
COPY config/forms config/forms
COPY service service
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
ENTRYPOINT ["python", "-m", "service"]
CMD ["--help"]
