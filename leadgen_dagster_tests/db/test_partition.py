import pytest
from sqlalchemy import delete

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.models import WebsiteScoreModel
from leadgen_dagster.db.partition import Partition
from leadgen_dagster.errors import StageError
from leadgen_dagster_tests.db.orders import place_order
from leadgen_dagster_tests.db.rows import publish_run


def test_no_lead_is_lost_where_a_business_has_not_been_scored_yet(sqlite_database: Database) -> None:
    run = place_order(sqlite_database)
    publish_run(sqlite_database, run.id, 3)
    partition = Partition(sqlite_database, run.id)
    assert partition.all_leads() == partition.leads()

    unscored = partition.leads()[0].business
    with sqlite_database.write() as session:
        session.execute(delete(WebsiteScoreModel).where(WebsiteScoreModel.business_id == unscored.id))

    with pytest.raises(StageError, match=f"1 businesses have no score yet, e.g. {unscored.name}"):
        partition.all_leads()
    assert len(partition.leads()) == 2
