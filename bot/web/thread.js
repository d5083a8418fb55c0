// The thread wherever somebody talks: bubbles, pictures, buttons, the dots, and the field to write in.

import { attached } from "./attachment.js";
import { element } from "./element.js";

const WRITING_MS = 30000; // after this the dots would only make a silence longer
const DOUBLE_TAP_MS = 500;

export class Thread {
  #root;
  #texts;
  #longest;
  #spoken;
  #clock;
  #thread;
  #choices;
  #writing;
  #field;
  #dots;
  #atEnd = true;
  #lastChoice = -Infinity;

  // root: the document or a shadow root that holds chat.html or try.html.
  // spoken: the language that the coach speaks, whatever that of the page is.
  constructor(root, { texts, longest, language, spoken }) {
    this.#root = root;
    this.#texts = texts;
    this.#longest = longest;
    this.#spoken = spoken;
    this.#clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
    [this.log, this.#thread, this.#choices, this.#writing, this.#field] = [
      "log", "thread", "choices", "writing", "message",
    ].map((id) => root.getElementById(id));
    this.#watch();
  }

  // ---- what stands in it

  // who: "you" or "coach". What can be chosen is read aloud after the words.
  addBubble(who, text, titles = [], attachment = null) {
    const bubble = element("div", `bubble ${who}`);
    bubble.append(element("span", "unseen", who === "you" ? this.#texts.said_by_you : this.#texts.said_by_coach));
    const follows = this.#isAtEnd(); // a picture gets its height only later
    const shown = () => follows && this.#toEnd();
    const [picture, link] = attachment ? attached(attachment, this.#texts, shown) : [];
    if (picture) bubble.append(picture);
    if (text) {
      const words = element("p", "words", text);
      words.dir = "auto";
      if (who === "coach") words.lang = this.#spoken;
      bubble.append(words);
    }
    if (link) bubble.append(link);
    if (titles.length) bubble.append(element("span", "unseen", spoken(titles, this.#texts)));
    bubble.append(this.#time(who));
    this.#add(bubble, who === "you");
    return bubble;
  }

  #time(who) {
    const now = new Date();
    const time = element("time", "", this.#clock.format(now));
    time.dateTime = now.toISOString();
    const last = this.log.lastElementChild;
    if (last?.classList.contains(who) && last.querySelector("time").textContent === time.textContent) {
      last.classList.add("followed"); // one time for bubbles of the same minute
    }
    return time;
  }

  // unseenBefore: what a screen reader says first.
  addNotice(text, unseenBefore) {
    const notice = element("p", "notice", text);
    if (unseenBefore) notice.prepend(element("span", "unseen", unseenBefore));
    this.#add(notice, true);
  }

  #add(node, mine) {
    this.#atEnd = this.#isAtEnd();
    this.log.append(node);
    if (mine) this.#toEnd();
    else this.follow();
  }

  // A remark under a bubble; none for an empty text.
  mark(bubble, text) {
    bubble.querySelector(".mark")?.remove();
    if (text) bubble.append(element("span", "mark", text));
  }

  #toEnd() {
    this.#thread.scrollTop = this.#thread.scrollHeight;
  }

  #isAtEnd() {
    return this.#thread.scrollHeight - this.#thread.scrollTop - this.#thread.clientHeight < 80;
  }

  // Scrolls down, unless the person is reading further up, or nothing was said yet and the welcome is read from its top.
  follow() {
    if (this.#atEnd && this.log.hasChildNodes()) this.#toEnd();
  }

  // Calls choose(title, index) when one is chosen.
  showChoices(titles, choose) {
    // Whoever stands on a button that goes away must not be thrown to the top of the page.
    if (this.#choices.contains(this.#root.activeElement)) this.focus();
    this.#choices.replaceChildren(
      ...titles.map((title, index) => {
        const chosen = () => {
          this.#lastChoice = performance.now();
          choose(title, index);
        };
        const button = element("button", "choice", title);
        button.type = "button";
        button.dir = "auto";
        button.lang = this.#spoken;
        button.addEventListener("mousedown", keepFocus);
        button.addEventListener("click", chosen, { once: true });
        return button;
      }),
    );
    this.#choices.hidden = titles.length === 0;
  }

  showWriting(shown) {
    clearTimeout(this.#dots);
    this.#writing.hidden = !shown;
    if (!shown) return;
    this.#dots = setTimeout(() => this.showWriting(false), WRITING_MS);
    this.follow();
  }

  // ---- what the person writes

  // Calls say(text) with each message that is written.
  takeWords(say) {
    const submit = () => {
      const text = this.#field.value;
      this.focus();
      if (text.trim() === "") return;
      if (text.length > this.#longest) {
        this.addNotice(this.#texts.too_long);
        return;
      }
      this.#field.value = "";
      this.#grow();
      say(text);
    };
    this.#root.getElementById("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      submit();
    });
    this.#field.addEventListener("input", () => this.#grow());
    this.#grow();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  // Puts words back into the field, unless others stand there already.
  putBack(text) {
    if (this.#field.value === "") this.#field.value = text;
    this.#grow();
  }

  #grow() {
    const { style } = this.#field;
    style.height = "auto";
    style.height = `${this.#field.scrollHeight + this.#field.offsetHeight - this.#field.clientHeight}px`;
  }

  #watch() {
    this.#thread.addEventListener("mousedown", (event) => {
      // The second half of a double tap meets the place where the button was.
      if (performance.now() - this.#lastChoice < DOUBLE_TAP_MS) keepFocus(event);
    });
    this.#thread.addEventListener("keydown", (event) => {
      // Typing after a click somewhere in the thread goes into the field.
      const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey;
      if (event.target === this.#thread && letter) this.focus();
    });
    this.#thread.addEventListener("scroll", () => {
      this.#atEnd = this.#isAtEnd();
    });
    new ResizeObserver(() => this.follow()).observe(this.#thread);
  }
}

// A tap leaves the focus where it is: in the text field, or nowhere (so that a phone's keyboard stays closed).
export function keepFocus(event) {
  event.preventDefault();
}

function spoken(titles, texts) {
  return texts.choices_spoken.replace("{choices}", titles.join(", "));
}
