"""Jobs whose worker died go to another."""

from api.core.log import log
from api.jobs.queue import queue


@queue.periodic(cron="* * * * *")
@queue.task(queueing_lock="retry_stalled", pass_context=False)
async def retry_stalled(timestamp: int) -> None:
    """Every minute: put back what a worker without a heartbeat had begun."""
    stalled = list(await queue.job_manager.get_stalled_jobs())
    for job in stalled:
        await queue.job_manager.retry_job(job)
    if stalled:
        log.warning("jobs.retried", count=len(stalled), seconds=timestamp)
