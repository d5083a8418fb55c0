// The thread on every page where somebody talks: bubbles, buttons, the dots, and the field to write in.

export const settings = JSON.parse(document.getElementById("settings").textContent);
const { texts, longest } = settings;
export const log = document.getElementById("log");
const [thread, choices, writing, composer, field] = [
  "thread", "choices", "writing", "composer", "message",
].map((id) => document.getElementById(id));

const WRITING_MS = 30000; // after this the dots would only make a silence longer
const DOUBLE_TAP_MS = 500;

const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
let dots;
let atEnd = true;
let lastChoice = -Infinity;

// ---- what stands in it

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text; // never as HTML
  return made;
}

// who: "you" or "coach". What can be chosen is read aloud after the words.
export function addBubble(who, text, titles = []) {
  const bubble = element("div", `bubble ${who}`);
  const words = element("p", "words", text);
  words.dir = "auto";
  bubble.append(element("span", "unseen", who === "you" ? texts.said_by_you : texts.said_by_coach), words);
  if (titles.length) bubble.append(element("span", "unseen", texts.choices_spoken.replace("{choices}", titles.join(", "))));
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

// unseenBefore: what a screen reader says first.
export function addNotice(text, unseenBefore) {
  const notice = element("p", "notice", text);
  if (unseenBefore) notice.prepend(element("span", "unseen", unseenBefore));
  add(notice, true);
}

function add(node, mine) {
  atEnd = isAtEnd();
  log.append(node);
  if (mine) toEnd();
  else follow();
}

// A remark under a bubble; none for an empty text.
export function mark(bubble, text) {
  bubble.querySelector(".mark")?.remove();
  if (text) bubble.append(element("span", "mark", text));
}

function toEnd() {
  thread.scrollTop = thread.scrollHeight;
}

function isAtEnd() {
  return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
}

// Scrolls down, unless the person is reading further up.
export function follow() {
  if (atEnd) toEnd();
}

// Calls choose(title, index) when one is chosen.
export function showChoices(titles, choose) {
  choices.replaceChildren(
    ...titles.map((title, index) => {
      const chosen = (event) => {
        lastChoice = performance.now();
        choose(title, index);
        if (event.detail === 0) field.focus(); // pressed by keyboard, and now the button is gone
      };
      const button = element("button", "choice", title);
      button.type = "button";
      button.dir = "auto";
      button.addEventListener("mousedown", keepFocus);
      button.addEventListener("click", chosen, { once: true });
      return button;
    }),
  );
  choices.hidden = titles.length === 0;
}

// A tap leaves the focus where it is: in the text field, or nowhere (so that a phone's keyboard stays closed).
export function keepFocus(event) {
  event.preventDefault();
}

export function showWriting(shown) {
  clearTimeout(dots);
  writing.hidden = !shown;
  if (!shown) return;
  dots = setTimeout(() => showWriting(false), WRITING_MS);
  follow();
}

// ---- what the person writes

// Calls say(text) with each message that is written.
export function takeWords(say) {
  const submit = () => {
    const text = field.value;
    field.focus();
    if (text.trim() === "") return;
    if (text.length > longest) {
      addNotice(texts.too_long);
      return;
    }
    field.value = "";
    grow();
    say(text);
  };
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
  grow();
  field.focus({ preventScroll: true });
}

// Puts words back into the field, unless others stand there already.
export function putBack(text) {
  if (field.value === "") field.value = text;
  grow();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
}

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
thread.addEventListener("scroll", () => {
  atEnd = isAtEnd();
});
new ResizeObserver(follow).observe(thread);
