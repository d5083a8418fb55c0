"""What the Bot API answers, method by method."""

from __future__ import annotations

import re
import time

from tests.telegram_double.limits import Rates
from tests.telegram_double.records import ApiError, Json, Sent
from tests.telegram_double.state import State

__all__ = ["Methods"]


class Methods(State):
    """`api_...` answers the bot."""

    rates: Rates

    def api_get_me(self, _params: Json) -> Json:
        """getMe."""
        return {
            **self._myself(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def api_set_webhook(self, params: Json) -> bool:
        """setWebhook."""
        if not re.fullmatch(r"https?://\S+", params["url"]):
            raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", params.get("secret_token", "")):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        self._webhook = {name: params[name] for name in ("url", "secret_token", "max_connections") if name in params}
        self._allowed = tuple(params["allowed_updates"]) if params.get("allowed_updates") else self._allowed
        self._poll += 1  # whoever polls is told
        self._notify()
        return True

    def api_delete_webhook(self, _params: Json) -> bool:
        """deleteWebhook."""
        self._webhook = {"url": ""}
        return True

    def api_get_webhook_info(self, _params: Json) -> Json:
        """getWebhookInfo."""
        error = {"last_error_date": int(time.time()), "last_error_message": self._delivery_error}
        return {
            "url": self._webhook["url"],
            "has_custom_certificate": False,
            "pending_update_count": len(self._waiting),
            **(error if self._delivery_error else {}),
        }

    def api_set_my_description(self, params: Json) -> bool:
        """setMyDescription."""
        return self._describe(params.get("description", ""), 512)

    def api_set_my_short_description(self, params: Json) -> bool:
        """setMyShortDescription."""
        return self._describe(params.get("short_description", ""), 120)

    @staticmethod
    def _describe(text: str, most: int) -> bool:
        if len(text) > most:
            raise ApiError(400, "Bad Request: description is too long")
        return True

    def api_set_my_commands(self, params: Json) -> bool:
        """setMyCommands."""
        for command in params["commands"]:
            if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    def api_send_chat_action(self, params: Json) -> bool:
        """sendChatAction."""
        self._check_reachable(params["chat_id"])
        return True

    def api_send_message(self, params: Json) -> Json:
        """sendMessage."""
        text = str(params.get("text", "")).strip()
        if not text:
            raise ApiError(400, "Bad Request: message text is empty")
        if _units(text) > 4096:
            raise ApiError(400, "Bad Request: message is too long")
        return self._send(params, Sent(params["chat_id"], 0, text, entities=params.get("entities", [])))

    def api_send_photo(self, params: Json) -> Json:
        """sendPhoto."""
        return self._send(params, self._file(params, "photo"))

    def api_send_document(self, params: Json) -> Json:
        """sendDocument."""
        return self._send(params, self._file(params, "document"))

    def _file(self, params: Json, sort: str) -> Sent:
        name, content = params[sort]
        caption = str(params.get("caption", "")).strip()
        if not content:
            raise ApiError(400, "Bad Request: file must be non-empty")
        if sort == "photo" and not content.startswith((b"\x89PNG", b"\xff\xd8")):
            raise ApiError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        if _units(caption) > 1024:
            raise ApiError(400, "Bad Request: message caption is too long")
        entities, spoiler = params.get("caption_entities", []), params.get("has_spoiler") in ("true", "True", True)
        return Sent(params["chat_id"], 0, caption, sort, content, name, entities, spoiler)

    def _send(self, params: Json, message: Sent) -> Json:
        self._check_reachable(message.chat_id)
        message.rows = message.shown = _keyboard(params)
        if (pause := self.rates.too_fast(message.chat_id)) is not None:
            raise ApiError(429, f"Too Many Requests: retry after {pause}", pause)
        self._last_message += 1
        message.message_id, message.at = self._last_message, time.monotonic()
        self._sent[message.message_id] = message
        self._sent_to[message.chat_id].append(message)
        return self._as_message(message)

    def api_delete_messages(self, params: Json) -> bool:
        """deleteMessages: numbers that are not there are passed over, as Telegram does."""
        numbers = params["message_ids"]
        if not 1 <= len(numbers) <= 100:
            raise ApiError(400, "Bad Request: wrong number of messages to delete")
        for number in numbers:
            message = self._sent.get(number)
            if message is not None and message.chat_id == params["chat_id"]:
                del self._sent[number]
                self._sent_to[message.chat_id].remove(message)
        return True

    def api_answer_callback_query(self, params: Json) -> bool:
        """answerCallbackQuery."""
        query, text = params["callback_query_id"], params.get("text")
        if self._queries.get(query, True):
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if text is not None and len(text) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self._queries[query] = True
        self._toasts.append(text)
        return True

    def api_edit_message_reply_markup(self, params: Json) -> Json:
        """editMessageReplyMarkup."""
        message = self._sent.get(params["message_id"])
        if message is None or message.chat_id != params["chat_id"]:
            raise ApiError(400, "Bad Request: message to edit not found")
        rows = _keyboard(params)
        if rows == message.shown:
            raise ApiError(400, "Bad Request: message is not modified")
        message.shown = rows
        return self._as_message(message)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _keyboard(params: Json) -> list[list[tuple[str, str]]]:
    """The inline keyboard in a request: rows of (title, callback data)."""
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return [[(button["text"], button["callback_data"]) for button in row] for row in rows]
