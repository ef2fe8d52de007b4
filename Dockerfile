# One image, two ways: with DATABASE_URL it uses that PostgreSQL; without, it starts its own in /data.
# In production set MAZORCA_ENVIRONMENT=production, MAZORCA_KEYS_DIR and MAZORCA_ISSUER as well.
FROM python:3.13.9-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN ["python", "-m", "venv", "/opt/venv"]
COPY requirements.lock requirements-build.lock ./
RUN ["/opt/venv/bin/pip", "install", "--require-hashes", \
     "-r", "requirements.lock", "-r", "requirements-build.lock"]
COPY . .
RUN ["/opt/venv/bin/pip", "install", "--no-deps", "--no-build-isolation", "--editable", "."]


FROM python:3.13.9-slim-bookworm

ENV PATH=/opt/venv/bin:$PATH \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MAZORCA_HOST=0.0.0.0 \
    MAZORCA_PORT=8000 \
    MAZORCA_DATA_DIR=/data
RUN useradd --no-log-init --uid 10001 --create-home --shell /usr/sbin/nologin mazorca \
    && install --directory --owner mazorca --group mazorca --mode 0700 /data /keys
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
VOLUME /data /keys
EXPOSE 8000
# PostgreSQL needs time to write its data down.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as http; http.urlopen(f'http://127.0.0.1:{os.environ[\"MAZORCA_PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["mazorca"]
CMD ["run"]
