"""What the domain asks of a language model; `clients/llm.py` provides it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmAnswer:
    """One parsed answer; only its form as a JSON object is certain, its content is not trusted."""

    data: Mapping[str, Any]
    prompt_tokens: int
    completion_tokens: int
    model: str


class LanguageModel(Protocol):
    """Answers a prompt with a JSON object."""

    def complete_json(
        self, *, schema_name: str, schema: Mapping[str, Any], system: str, user: str
    ) -> LlmAnswer:
        """One answer.

        Raises:
            LlmError: the model gave nothing usable.
            BudgetExceededError: the order's budget does not allow the call.
        """
        ...
