# The production image: the same for the web server, the worker, the clock and one-off commands.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MASUME_ENV=production MASUME_HOME=/var/lib/masume
# The folders exist here so that their volumes belong to the same user.
RUN useradd --system --no-create-home masume \
    && install --directory --owner masume /var/lib/masume /var/lib/masume/media /var/lib/masume/mail
WORKDIR /opt/masume

COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
RUN MASUME_SECRET_KEY=only-while-building MASUME_ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput

USER masume
EXPOSE 8000
CMD ["gunicorn", "cs_planner.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--max-requests", "2000", "--max-requests-jitter", "200", "--no-control-socket", \
     "--worker-tmp-dir", "/dev/shm"]
