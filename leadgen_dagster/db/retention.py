"""What a source's terms let nobody keep goes when its time is up."""

from datetime import datetime

from sqlalchemy import delete, select, update

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import ExpiringContentModel, PlaceAnswerModel


def delete_expired(database: Database, *, now: datetime) -> None:
    """Deletes what businesses may be called and reached by no longer, and empties the answers that it came in.

    That an answer was given stays known, so that nothing is paid again unasked. Cheap where nothing is due, so every
    stage, the sensor `orders` and every command that reads runs calls it.
    """
    content = ExpiringContentModel.expires_at <= now
    answers = (PlaceAnswerModel.expires_at <= now, PlaceAnswerModel.answer.is_not(None))
    with database.read() as session:
        is_due = session.execute(
            select(select(ExpiringContentModel.id).where(content).exists()).add_columns(
                select(PlaceAnswerModel.id).where(*answers).exists()
            )
        ).one()
    if not any(is_due):
        return
    with database.write() as session:
        session.execute(delete(ExpiringContentModel).where(content))
        session.execute(update(PlaceAnswerModel).where(*answers).values(answer=None))
    database.forget_deleted()
