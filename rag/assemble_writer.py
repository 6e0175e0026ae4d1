"""The chat model of the settings as a writer, where one is wanted."""

from rag.chain.writing.verify import Verifier
from rag.chain.writing.writer import Writer, WritingLimits
from rag.errors import SettingsError
from rag.settings import Settings
from rag.types import Encoder


def make_writer(settings: Settings, encoder: Encoder, *, mode: str | None = None) -> Writer | None:
    """Return the writer with the chat model of the settings; None when answers are to be quoted.

    Args:
        settings: name the model.
        encoder: embeds what is to be checked.
        mode: auto, quoting or writing in place of the one in the settings.

    Raises:
        SettingsError: writing is wanted and no chat model is named, or it cannot be used as named.
    """
    chat = settings.chat
    mode = mode or settings.answer.mode
    if mode == "quoting" or (mode == "auto" and not chat.model):
        return None
    if not chat.model:
        raise SettingsError("writing needs a chat model; set CITEWELL_CHAT__MODEL, for instance to openai:gpt-4o-mini")

    from rag.chain.writing.chat_model import LangChainModel, load_chat_model  # LangChain takes a second to import

    model = load_chat_model(
        chat.model,
        base_url=chat.base_url,
        api_key=chat.api_key.get_secret_value() if chat.api_key else None,
        timeout_s=chat.timeout_s,
    )
    limits = WritingLimits(settings.answer.max_sentences, settings.answer.max_words, chat.timeout_s)
    written_by = LangChainModel(model, traced=settings.log.tracing)
    return Writer(written_by, Verifier(encoder), limits=limits, rewrites=chat.rewrite_follow_ups)
