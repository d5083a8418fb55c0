// The page: shows the conversation and takes what the person types, taps or presses.

import { Connection } from "./connection.js";

const { texts, longest } = JSON.parse(document.getElementById("settings").textContent);
const [thread, log, choices, writing, status, composer, field] = [
  "thread", "log", "choices", "writing", "status", "composer", "message",
].map((id) => document.getElementById(id));

const WRITING_MS = 30000; // after this the dots would only make a silence longer
const UNSENT_MS = 2500; // a message that takes no longer needs no remark
const OFFLINE_MS = 1000; // nor does a short break
const HINT_MS = 2000;
const ESC_MS = 1500;
const DOUBLE_TAP_MS = 500;

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
const bubbleOf = new Map(); // message on its way -> its bubble
const timers = {};
let atEnd = true;
let lastEscape = -Infinity;
let lastChoice = -Infinity;

// ---- what stands in the thread

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text; // never as HTML
  return made;
}

function addBubble(who, text, unseenAfter) {
  const bubble = element("div", `bubble ${who}`);
  const words = element("p", "words", text);
  words.dir = "auto";
  bubble.append(element("span", "unseen", who === "you" ? texts.said_by_you : texts.said_by_coach), words);
  if (unseenAfter) bubble.append(element("span", "unseen", unseenAfter));
  const time = element("time", "", clock.format(new Date()));
  time.dateTime = new Date().toISOString();
  const last = log.lastElementChild;
  if (last?.classList.contains(who) && last.querySelector("time").textContent === time.textContent) {
    last.classList.add("followed"); // one time for bubbles of the same minute
  }
  bubble.append(time);
  add(bubble, who === "you");
  return bubble;
}

function addNotice(text) {
  add(element("p", "notice", text), true);
}

function add(node, mine) {
  atEnd = isAtEnd();
  log.append(node);
  if (mine) toEnd();
  else follow();
}

function toEnd() {
  thread.scrollTop = thread.scrollHeight;
}

function isAtEnd() {
  return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
}

// Scrolls down, unless the person is reading further up.
function follow() {
  if (atEnd) toEnd();
}

function showChoices(titles, bubble) {
  choices.replaceChildren(
    ...titles.map((title, index) => {
      const choose = (event) => {
        lastChoice = performance.now();
        say(title, { bubble, choice: index });
        if (event.detail === 0) field.focus(); // pressed by keyboard, and now the button is gone
      };
      const button = element("button", "choice", title);
      button.type = "button";
      button.dir = "auto";
      button.addEventListener("mousedown", keepFocus);
      button.addEventListener("click", choose, { once: true });
      return button;
    }),
  );
  choices.hidden = titles.length === 0;
}

// A tap leaves the focus where it is: in the text field, or nowhere (so that a phone's keyboard stays closed).
function keepFocus(event) {
  event.preventDefault();
}

function showWriting(shown) {
  clearTimeout(timers.writing);
  writing.hidden = !shown;
  if (!shown) return;
  timers.writing = setTimeout(() => showWriting(false), WRITING_MS);
  follow();
}

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

function mark(bubble, text) {
  bubble.querySelector(".mark")?.remove();
  if (text) bubble.append(element("span", "mark", text));
}

function settle(message, remark) {
  const bubble = bubbleOf.get(message);
  bubbleOf.delete(message);
  if (bubble) mark(bubble, remark); // what the page itself sent has none
}

function submit() {
  const text = field.value;
  field.focus();
  if (text.trim() === "") return;
  if (text.length > longest) {
    addNotice(texts.too_long);
    return;
  }
  field.value = "";
  grow();
  if (text.trim().toLowerCase() === "/clear") clear();
  else say(text);
}

// Empties what can be seen here. What is on its way stays on its way.
function clear() {
  log.replaceChildren();
  showChoices([]);
  addNotice(texts.cleared);
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
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
    addBubble("coach", text, titles.length ? texts.choices_spoken.replace("{choices}", titles.join(", ")) : "");
    showChoices(titles, id);
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

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit();
});
field.addEventListener("input", grow);
document.getElementById("help").addEventListener("mousedown", keepFocus);
document.getElementById("help").addEventListener("click", helpNow);
document.getElementById("leave").addEventListener("click", leave);
thread.addEventListener("mousedown", (event) => {
  // The second half of a double tap meets the place where the button was.
  if (performance.now() - lastChoice < DOUBLE_TAP_MS) keepFocus(event);
});
thread.addEventListener("keydown", (event) => {
  // Typing after a click somewhere in the thread goes into the field.
  if (event.target === thread && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
    field.focus();
  }
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.repeat) escape();
});
addEventListener("online", () => connection.hurry());
document.addEventListener("visibilitychange", () => document.hidden || connection.hurry());
thread.addEventListener("scroll", () => {
  atEnd = isAtEnd();
});
new ResizeObserver(follow).observe(thread);

if (Connection.resumes()) addNotice(texts.resumed);
grow();
field.focus({ preventScroll: true });

// A counsellor's link carries a code. It leaves the address, so that neither history nor a shared link keeps it.
const code = new URLSearchParams(location.search).get("code");
if (code !== null) {
  history.replaceState(null, "", location.pathname);
  if (/^[a-z0-9]{6,16}$/i.test(code)) connection.send(`/start ${code}`);
}
