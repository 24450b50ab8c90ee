# Matchmaker as one image. It serves the web by default; `docker run … matchmaker jobs` is the worker, and
# `docker run … matchmaker db upgrade` migrates the database. It needs SECRET_KEY, DATABASE_URL,
# PUBLIC_URL and SMTP_HOST. /var/lib/matchmaker holds the matching index, which web and worker share, and
# the database where that is SQLite.

FROM node:24-slim AS front-end
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts
COPY static/src static/src
RUN npm run build

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/build && python -m venv /opt/matchmaker
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN /opt/build/bin/pip install --require-hashes -r requirements/build.txt \
    && /opt/matchmaker/bin/pip install --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY tools/packaging.py tools/packaging.py
COPY migrations migrations
COPY templates templates
COPY matchmaker matchmaker
COPY --from=front-end /src/static/build static/build
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/matchmaker/bin/pip install --no-deps /wheels/matchmaker-*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home matchmaker \
    && install -d -o matchmaker -g matchmaker -m 0700 /var/lib/matchmaker
COPY --from=build /opt/matchmaker /opt/matchmaker
COPY gunicorn.conf.py /etc/matchmaker/gunicorn.conf.py
ENV PATH=/opt/matchmaker/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MATCHMAKER_INSTANCE=/var/lib/matchmaker \
    BIND=0.0.0.0:8000
USER 10001:10001
WORKDIR /etc/matchmaker
VOLUME /var/lib/matchmaker
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn"]
