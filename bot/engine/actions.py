"""Custom actions in the same process: what they remember commits with the turn, and one that fails answers kindly."""

from __future__ import annotations

import json
import logging
import traceback
from typing import Any, Optional, Text

import aiohttp
from rasa.core.actions.action import ClientResponseError, RemoteAction
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

__all__ = ["InProcessActions"]

log = logging.getLogger(__name__)

#: Response of domain.yml that is said when an action fails.
SORRY = "say_something_went_wrong"


class InProcessActions(EndpointConfig):
    """An action server without a server: Rasa asks it as it would ask one over HTTP."""

    def __init__(self, package: Text = "actions") -> None:
        super().__init__(url="http://in-process")
        logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
        # Rasa compiles its JSON schema of an action's answer anew for every action, 20 ms each time; the executor in
        # this process has checked the answer before.
        RemoteAction._validate_action_result = staticmethod(lambda result: None)
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    def register(self, action: Action) -> None:
        """Add one action (for tests)."""
        self.executor.register_action(action)

    async def request(
        self,
        method: Text = "post",
        subpath: Optional[Text] = None,
        content_type: Optional[Text] = "application/json",
        compress: bool = False,
        return_method: Text = "json",
        **kwargs: Any,
    ) -> Optional[Any]:
        """Run the action that Rasa calls.

        Raises:
            ClientResponseError: 400 when the action refuses to run (a form hands over to the rules).
        """
        call = kwargs["json"]
        name = call.get("next_action")
        try:
            return await self.executor.run(call)
        except ActionExecutionRejection as rejection:
            raise ClientResponseError(
                400, "rejected", json.dumps({"action_name": rejection.action_name, "error": rejection.message})
            ) from rejection
        except aiohttp.ClientError:
            raise
        except Exception as error:
            # The place, never the text of the error: it may quote the person.
            frames = traceback.extract_tb(error.__traceback__)
            where = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"
            log.error("The action %s failed with %s at %s", name, type(error).__name__, where)
            return {"events": [], "responses": [{"response": SORRY}]}
