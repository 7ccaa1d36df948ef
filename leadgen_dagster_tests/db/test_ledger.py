import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from leadgen_dagster.db.engine import Database
from leadgen_dagster.db.ledger import Ledger
from leadgen_dagster.db.models import OutsideCallModel
from leadgen_dagster.errors import BudgetExceededError
from leadgen_dagster_tests.db.orders import place_order
from leadgen_dagster_tests.db.rows import dump


def ledger_of(database: Database, budget_usd: str | None) -> Ledger:
    return Ledger(database, place_order(database, budget_usd=budget_usd).id)


def reserve(ledger: Ledger, micro_usd: int) -> int:
    return ledger.reserve(
        service="llm", endpoint="chat.completions", model="small", worst_case_micro_usd=micro_usd
    )


def settle(ledger: Ledger, call_id: int, micro_usd: int) -> None:
    ledger.settle(
        call_id, cost_micro_usd=micro_usd, prompt_tokens=900, completion_tokens=80, status="answered"
    )


def spent(ledger: Ledger) -> int:
    return ledger.usage()["cost_micro_usd"]


def test_a_reservation_counts_as_spent_until_it_is_settled(database: Database) -> None:
    ledger = ledger_of(database, None)
    assert spent(ledger) == 0
    call_id = reserve(ledger, 500)
    assert spent(ledger) == 500
    settle(ledger, call_id, 120)
    assert spent(ledger) == 120
    reserve(ledger, 30)
    assert spent(Ledger(database, ledger.run_id)) == 150


def test_a_call_that_turned_out_free_costs_nothing(database: Database) -> None:
    ledger = ledger_of(database, None)
    settle(ledger, reserve(ledger, 500), 0)
    assert spent(ledger) == 0


def test_the_last_micro_dollar_may_be_spent_and_not_one_more(database: Database) -> None:
    ledger = ledger_of(database, "0.001")
    reserve(ledger, 400)
    with pytest.raises(BudgetExceededError, match=r"0\.000400 of the budget of 0\.001000 USD"):
        reserve(ledger, 601)
    reserve(ledger, 600)
    with pytest.raises(BudgetExceededError):
        reserve(ledger, 1)
    assert spent(ledger) == 1_000


def test_a_refused_reservation_leaves_no_trace(database: Database) -> None:
    ledger = ledger_of(database, "0.000001")
    with pytest.raises(BudgetExceededError):
        reserve(ledger, 2)
    assert dump(database, OutsideCallModel)["outside_calls"] == []


def test_settling_below_the_worst_case_gives_room_for_more(database: Database) -> None:
    ledger = ledger_of(database, "0.001")
    call_id = reserve(ledger, 1_000)
    with pytest.raises(BudgetExceededError):
        reserve(ledger, 900)
    settle(ledger, call_id, 100)
    reserve(ledger, 900)


def test_a_budget_of_nothing_allows_what_is_free(database: Database) -> None:
    ledger = ledger_of(database, "0")
    reserve(ledger, 0)
    with pytest.raises(BudgetExceededError):
        reserve(ledger, 1)


def test_without_a_budget_nothing_is_refused(database: Database) -> None:
    ledger = ledger_of(database, None)
    reserve(ledger, 10**12)
    reserve(ledger, 10**12)
    assert spent(ledger) == 2 * 10**12


def test_each_run_spends_its_own_budget(database: Database) -> None:
    first, second = (ledger_of(database, "0.001") for _ in range(2))
    reserve(first, 1_000)
    reserve(second, 1_000)
    assert spent(first) == spent(second) == 1_000


def test_calls_at_the_same_moment_never_exceed_the_budget_together(database: Database) -> None:
    callers = 6
    ledger = ledger_of(database, "0.001")
    barrier = threading.Barrier(callers)

    def call(_number: int) -> int:
        barrier.wait()
        granted = 0
        for _ in range(3):
            try:
                reserve(ledger, 150)
            except BudgetExceededError:
                continue
            granted += 1
        return granted

    with ThreadPoolExecutor(callers) as pool:
        assert sum(pool.map(call, range(callers))) == 6
    assert spent(ledger) == 900


def test_the_usage_sums_every_attempt(database: Database) -> None:
    ledger = ledger_of(database, None)
    assert ledger.usage() == {"calls": 0, "prompt_tokens": 0, "completion_tokens": 0, "cost_micro_usd": 0}
    settle(ledger, reserve(ledger, 500), 120)
    settle(ledger, reserve(ledger, 500), 130)
    reserve(ledger, 500)
    assert ledger.usage() == {
        "calls": 3,
        "prompt_tokens": 1_800,
        "completion_tokens": 160,
        "cost_micro_usd": 750,
    }
