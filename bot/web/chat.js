// A chat, on its own page or in a widget: shows the conversation and takes what the person types, taps or presses.

import { Connection } from "./connection.js";
import * as store from "./store.js";
import { Thread, keepFocus } from "./thread.js";

const UNSENT_MS = 2500; // a message that takes no longer needs no remark
const OFFLINE_MS = 1000; // nor does a short break
const HINT_MS = 2000;
const ESC_MS = 1500;

export class Chat {
  #root;
  #texts;
  #thread;
  #connection;
  #heard;
  #leaveTo;
  #bubbleOf = new Map(); // message on its way -> its bubble
  #timers = {};
  #lastEscape = -Infinity;
  #tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("notes");

  // root: the document or a shadow root that holds chat.html. base: address of the server's pages.
  // settings: {texts, longest, language}. heard(): called when the coach has said something.
  constructor(root, base, settings, { heard = () => {}, leaveTo = settings.texts.leave_to } = {}) {
    this.#root = root;
    this.#texts = settings.texts;
    this.#heard = heard;
    this.#leaveTo = leaveTo;
    this.#thread = new Thread(root, settings);
    const resumes = store.token() !== null;
    this.#connection = new Connection(base, this.#hears());
    this.#wire();
    if (resumes) this.#thread.addNotice(this.#texts.resumed);
  }

  focus() {
    this.#thread.focus();
  }

  // Sends a text that the person doesn't see.
  send(text) {
    this.#connection.send(text);
  }

  // One Esc of the person; the second leaves. hint: whether the first is answered by a line that says so.
  escape(hint = true) {
    const now = performance.now();
    if (now - this.#lastEscape < ESC_MS) this.leave();
    else if (hint) this.#showStatus(this.#texts.leave_again, HINT_MS);
    this.#lastEscape = now;
  }

  // Replaces the page, so that "back" doesn't lead here, and shows nothing while the other one loads.
  leave() {
    this.#tell({ leave: true });
    this.#connection.leave();
    document.body.replaceChildren();
    replacePage(this.#leaveTo);
  }

  // ---- what the person does

  #say(text, metadata) {
    const connection = this.#connection;
    const bubble = this.#showOwn(text);
    const message = connection.send(text, metadata);
    this.#bubbleOf.set(message, bubble);
    const remark = () => this.#bubbleOf.has(message) && this.#thread.mark(bubble, this.#texts.unsent);
    setTimeout(remark, connection.online ? UNSENT_MS : 0);
    this.#thread.showWriting(connection.online);
    this.#tell({ said: text });
  }

  #showOwn(text) {
    this.#thread.showChoices([]);
    return this.#thread.addBubble("you", text);
  }

  #settle(message, remark) {
    const bubble = this.#bubbleOf.get(message);
    this.#bubbleOf.delete(message);
    if (bubble) this.#thread.mark(bubble, remark); // what the page itself sent has none
  }

  // Empties what can be seen here. What is on its way stays on its way.
  #clear() {
    this.#thread.log.replaceChildren();
    this.#thread.showChoices([]);
    this.#thread.addNotice(this.#texts.cleared);
  }

  #helpNow() {
    if (!this.#connection.online) this.#thread.addNotice(this.#texts.help_offline);
    this.#say(this.#texts.help_sends);
  }

  // ---- what comes back

  #hears() {
    return {
      online: (isOnline) => this.#line(isOnline),
      bubble: (bubble, id) => this.#show(bubble, id),
      notice: (text) => {
        this.#thread.showWriting(false);
        this.#thread.addNotice(text);
      },
      delivered: (message) => this.#settle(message, ""),
      refused: (message) => {
        this.#thread.showWriting(false);
        this.#settle(message, this.#texts.refused);
      },
    };
  }

  #show({ text, quick_replies: replies = [], attachment }, id) {
    const titles = replies.map((reply) => reply.title);
    this.#thread.showWriting(false);
    this.#thread.addBubble("coach", text, titles, attachment);
    this.#thread.showChoices(titles, (title, index) => this.#say(title, { bubble: id, choice: index }));
    this.#thread.follow();
    this.#heard();
  }

  #line(isOnline) {
    if (isOnline) {
      clearTimeout(this.#timers.offline);
      this.#timers.offline = undefined;
      if (this.#root.getElementById("status").textContent === this.#texts.offline) {
        this.#showStatus(this.#texts.online, HINT_MS);
      }
      if (this.#bubbleOf.size > 0) this.#thread.showWriting(true);
      return;
    }
    this.#thread.showWriting(false);
    this.#timers.offline ??= setTimeout(() => this.#showStatus(this.#texts.offline), OFFLINE_MS);
  }

  #showStatus(text, ms) {
    const status = this.#root.getElementById("status");
    clearTimeout(this.#timers.status);
    status.textContent = text;
    status.hidden = text === "";
    if (!ms) return;
    const after = () => this.#showStatus(this.#connection.online ? "" : this.#texts.offline);
    this.#timers.status = setTimeout(after, ms);
  }

  // ---- other tabs of the same conversation

  #tell(what) {
    this.#tabs?.postMessage({ ...what, session: store.token() });
  }

  #told({ session, said, leave }) {
    if (session === null || session !== store.token()) return;
    if (leave) this.leave();
    else if (said) this.#showOwn(said);
  }

  // ---- wiring

  #wire() {
    const on = (id, event, act) => this.#root.getElementById(id)?.addEventListener(event, act);
    on("help", "mousedown", keepFocus);
    on("help", "click", () => this.#helpNow());
    on("leave", "click", () => this.leave());
    this.#thread.takeWords((text) => (text.trim().toLowerCase() === "/clear" ? this.#clear() : this.#say(text)));
    this.#wireRemember();
    this.#tabs?.addEventListener("message", (event) => this.#told(event.data));
    addEventListener("online", () => this.#connection.hurry());
    addEventListener("pageshow", (event) => event.persisted && this.#connection.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#connection.hurry());
    addEventListener("beforeunload", (event) => {
      if (this.#connection.waiting > 0) event.preventDefault(); // the browser asks: what isn't sent would be lost
    });
  }

  #wireRemember() {
    const box = this.#root.getElementById("remember");
    box.checked = store.isRemembered();
    box.addEventListener("change", () => {
      if (!store.remember(box.checked)) box.checked = store.isRemembered();
    });
  }
}

// In a frame, the page around it goes, too.
function replacePage(address) {
  try {
    window.top.location.replace(address);
  } catch {
    location.replace(address); // the page around it doesn't let itself be replaced
  }
}
