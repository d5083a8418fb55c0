// The chat page: shows the conversation and takes what the person types, taps or presses.

import { Connection } from "./connection.js";
import {
  addBubble, addNotice, follow, keepFocus, log, mark, settings, showChoices, showWriting, takeWords,
} from "./thread.js";

const { texts } = settings;
const status = document.getElementById("status");

const UNSENT_MS = 2500; // a message that takes no longer needs no remark
const OFFLINE_MS = 1000; // nor does a short break
const HINT_MS = 2000;
const ESC_MS = 1500;

const bubbleOf = new Map(); // message on its way -> its bubble
const timers = {};
let lastEscape = -Infinity;

function showStatus(text, ms) {
  clearTimeout(timers.status);
  status.textContent = text;
  status.hidden = text === "";
  if (ms) timers.status = setTimeout(() => showStatus(connection.online ? "" : texts.offline), ms);
}

// ---- what the person does

function say(text, metadata) {
  showChoices([]);
  const bubble = addBubble("you", text);
  const message = connection.send(text, metadata);
  bubbleOf.set(message, bubble);
  setTimeout(() => bubbleOf.has(message) && mark(bubble, texts.unsent), connection.online ? UNSENT_MS : 0);
  showWriting(connection.online);
}

function settle(message, remark) {
  const bubble = bubbleOf.get(message);
  bubbleOf.delete(message);
  if (bubble) mark(bubble, remark); // what the page itself sent has none
}

// Empties what can be seen here. What is on its way stays on its way.
function clear() {
  log.replaceChildren();
  showChoices([]);
  addNotice(texts.cleared);
}

function helpNow() {
  if (!connection.online) addNotice(texts.help_offline);
  say(texts.help_sends);
}

// Replaces this page, so that "back" doesn't lead here, and shows nothing while the other one loads.
function leave() {
  connection.leave();
  document.body.replaceChildren();
  location.replace(texts.leave_to);
}

function escape() {
  const now = performance.now();
  if (now - lastEscape < ESC_MS) leave();
  else showStatus(texts.leave_again, HINT_MS);
  lastEscape = now;
}

// ---- wiring

const connection = new Connection({
  online(isOnline) {
    if (isOnline) {
      clearTimeout(timers.offline);
      timers.offline = undefined;
      if (status.textContent === texts.offline) showStatus(texts.online, HINT_MS);
      if (bubbleOf.size > 0) showWriting(true);
      return;
    }
    showWriting(false);
    timers.offline ??= setTimeout(() => showStatus(texts.offline), OFFLINE_MS);
  },
  bubble(text, titles, id) {
    showWriting(false);
    addBubble("coach", text, titles);
    showChoices(titles, (title, index) => say(title, { bubble: id, choice: index }));
    follow();
  },
  notice: (text) => {
    showWriting(false);
    addNotice(text);
  },
  delivered: (message) => settle(message, ""),
  refused: (message) => {
    showWriting(false);
    settle(message, texts.refused);
  },
});

document.getElementById("help").addEventListener("mousedown", keepFocus);
document.getElementById("help").addEventListener("click", helpNow);
document.getElementById("leave").addEventListener("click", leave);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.repeat) escape();
});
addEventListener("online", () => connection.hurry());
document.addEventListener("visibilitychange", () => document.hidden || connection.hurry());

if (Connection.resumes()) addNotice(texts.resumed);
takeWords((text) => (text.trim().toLowerCase() === "/clear" ? clear() : say(text)));

// A counsellor's link carries a code. It leaves the address, so that neither history nor a shared link keeps it.
const code = new URLSearchParams(location.search).get("code");
if (code !== null) {
  history.replaceState(null, "", location.pathname);
  if (/^[a-z0-9]{6,16}$/i.test(code)) connection.send(`/start ${code}`);
}
