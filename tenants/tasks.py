"""The doorbell: it may ring late, twice or not at all; ``JobSlot`` knows what is to be done."""

from celery import shared_task

from tenants import jobs


@shared_task  # type: ignore[untyped-decorator]
def work() -> None:
    jobs.work()
