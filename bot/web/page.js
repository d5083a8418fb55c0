// The chat's own page.

import { Chat } from "./chat.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const chat = new Chat(document, new URL(document.baseURI), settings);

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.repeat) chat.escape();
});
chat.focus();

// A counsellor's link carries a code. It leaves the address, so that neither history nor a shared link keeps it.
const address = new URL(location);
const code = address.searchParams.get("code");
if (code !== null) {
  address.searchParams.delete("code");
  history.replaceState(null, "", address.pathname + address.search);
  if (/^[a-z0-9]{6,16}$/i.test(code)) chat.send(`/start ${code}`);
}
