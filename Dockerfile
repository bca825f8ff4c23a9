# Builds the environment and the encoder in one stage and serves from a slim one as a plain user.
FROM python:3.11-slim-bookworm AS build
WORKDIR /odzew
ARG TORCH_CPU_INDEX=
COPY pyproject.toml constraints.txt README.md ./
COPY tools tools
COPY models models
COPY pipelines pipelines
COPY service service
COPY eval eval
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc g++ \
    && rm -rf /var/lib/apt/lists/*
RUN PYTHON=python3 VENV=/odzew/.venv TORCH_CPU_INDEX=$TORCH_CPU_INDEX EXTRAS= sh tools/install.sh
RUN .venv/bin/python -m models.prepare /odzew/weights

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 odzew \
    && mkdir /data && chown odzew:odzew /data
WORKDIR /odzew
COPY --from=build /odzew /odzew
COPY LICENSE NOTICE ./
ENV PATH=/odzew/.venv/bin:$PATH \
    ODZEW_HOME=/data \
    ODZEW_ENCODER_CACHE=/odzew/weights \
    ODZEW_HOST=0.0.0.0
USER odzew
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["odzew", "serve"]
