# Two stages: the installer stays behind in the first. The application runs as an account without rights, from a read-only file system.
FROM python:3.13-slim AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy PATH=/venv/bin:$PATH
WORKDIR /app
COPY requirements.txt requirements-dev.txt ./
RUN python -m venv /venv \
 && sed -n '/^uv==/,/[^\\]$/p' requirements-dev.txt >/tmp/uv.txt \
 && python -m venv /installer && /installer/bin/pip install --no-cache-dir --require-hashes -r /tmp/uv.txt \
 && /installer/bin/uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements.txt
COPY . .
RUN python -m deploy.messages compile \
 && PRODUCTION=1 SECRET_KEY=for-building-only ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nobody@127.0.0.1:9/none \
    STATIC_ROOT=/app/staticfiles python manage.py collectstatic --no-input

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=config.settings
RUN useradd --system --uid 10001 --no-create-home promotion
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
RUN install -d -o promotion -g promotion -m 700 /app/var
USER promotion
EXPOSE 8000
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000"]
