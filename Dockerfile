# UNTESTED: written with care, never built by us. The supported way is `make run` (README.md).
# Two stages: the console and the wheel are built with Node at hand; what runs has Python alone.
FROM python:3.12-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make git && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN tools/setup.sh && .venv/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.12-slim-bookworm
RUN useradd --create-home --uid 10001 wellspring && install -d -o wellspring /data
COPY requirements.lock /tmp/
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock \
 && pip install --no-cache-dir --no-deps /wheels/*.whl && rm -rf /wheels /tmp/requirements.lock
USER wellspring
ENV WELLSPRING_HOME=/data WELLSPRING_PRODUCTION=1
VOLUME /data
EXPOSE 8800
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8800/health')"]
CMD ["wellspring", "run", "--host", "0.0.0.0", "--port", "8800"]
