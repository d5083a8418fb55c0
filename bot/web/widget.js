// <toward-chat>: the chat on somebody else's page. A button that opens a panel; with `inline`, the panel alone.

import { element } from "./element.js";
import * as store from "./store.js";

const SMALL = matchMedia("(max-width: 40em), (max-height: 30em)");
const DARK = { auto: "(prefers-color-scheme: dark)", dark: "all", light: "not all" };

let base;
let settings;
let options;

// Called by toward.js. from: address of the server's pages. chosen: the tag's data-..., by name.
export async function begin(from, chosen) {
  base = from;
  options = chosen;
  settings = await load(options.language);
  if (document.readyState === "loading") await new Promise((ready) => addEventListener("DOMContentLoaded", ready));
  customElements.define("toward-chat", TowardChat);
  if (!document.querySelector("toward-chat")) document.body.append(document.createElement("toward-chat"));
}

async function load(language = "") {
  const address = new URL("widget", base);
  address.searchParams.set("lang", language);
  const response = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

class TowardChat extends HTMLElement {
  #chat;
  #panel;
  #launcher;
  #news;

  async connectedCallback() {
    if (this.shadowRoot) return; // moved within the page
    const root = this.attachShadow({ mode: "open" });
    const inline = this.hasAttribute("inline");
    const box = element("div", inline ? "inline" : "corner");
    box.lang = settings.language;
    box.dir = settings.direction;
    box.hidden = true; // until it is dressed
    this.#build(box, inline);
    root.append(...styles(), box);
    await dressed(root);
    box.hidden = false;
    if (inline) await this.#begin();
    else if (store.wasOpen() && !SMALL.matches) await this.#open(false); // it would cover a small screen
  }

  #build(box, inline) {
    const panel = element(inline ? "div" : "dialog", "chat");
    panel.setAttribute("role", inline ? "region" : "dialog");
    panel.setAttribute("aria-label", settings.texts.title);
    panel.innerHTML = settings.html; // the server's own, filled with its texts
    for (const link of panel.querySelectorAll("a")) {
      link.href = new URL(link.getAttribute("href"), base);
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    }
    this.#panel = panel;
    box.append(panel);
    box.addEventListener("keydown", (event) => this.#key(event, inline));
    if (!inline) this.#buildLauncher(box);
  }

  #buildLauncher(box) {
    const { texts } = settings;
    this.#launcher = element("button", "launcher", options.label || texts.open);
    this.#launcher.type = "button";
    this.#launcher.setAttribute("aria-haspopup", "dialog");
    this.#launcher.addEventListener("click", () => this.#open());
    this.#news = element("p", "unseen");
    this.#news.setAttribute("role", "status");
    box.prepend(this.#launcher, this.#news);
    const close = this.#panel.querySelector("#close");
    close.hidden = false;
    close.addEventListener("click", () => this.#close());
    this.#panel.addEventListener("cancel", (event) => {
      event.preventDefault(); // "back" on a phone
      this.#close();
    });
  }

  // The conversation, and with it the connection, begins when somebody opens it.
  async #begin() {
    if (this.#chat) return;
    const { Chat } = await import("./chat.js");
    const leaveTo = options.leaveTo || undefined;
    this.#chat ??= new Chat(this.shadowRoot, base, settings, { heard: () => this.#heard(), leaveTo });
  }

  async #open(byHand = true) {
    if (this.#panel.open) return;
    // Over a whole small screen nothing behind it may be reached.
    if (SMALL.matches) this.#panel.showModal();
    else this.#panel.open = true; // unlike show(), this takes the focus from nobody
    this.#launcher.hidden = true;
    this.#launcher.classList.remove("new");
    this.#news.textContent = "";
    store.noteOpen(true);
    await this.#begin();
    if (byHand) this.#chat.focus();
  }

  #close() {
    this.#panel.close();
    store.noteOpen(false);
    this.#launcher.hidden = false;
    this.#launcher.focus();
  }

  // The first Esc puts the conversation out of sight, the second leaves the page around it.
  #key(event, inline) {
    if (event.key !== "Escape" || event.isComposing || event.repeat || !this.#chat) return;
    event.preventDefault();
    event.stopPropagation(); // what is open on the page around it stays open
    if (!inline && this.#panel.open) this.#close();
    this.#chat.escape(inline);
  }

  #heard() {
    if (!this.#launcher || this.#panel.open) return;
    this.#launcher.classList.add("new");
    this.#news.textContent = settings.texts.news;
  }
}

function styles() {
  return [
    ["chat.css", "all"],
    ["dark.css", DARK[options.theme] ?? DARK.auto],
    ["widget.css", "all"],
  ].map(([name, media]) => {
    const link = element("link");
    link.rel = "stylesheet";
    link.href = new URL(`static/${name}`, base);
    link.media = media;
    return link;
  });
}

function dressed(root) {
  const sheets = [...root.querySelectorAll("link")];
  const loaded = (sheet) => new Promise((done) => ["load", "error"].forEach((event) => sheet.addEventListener(event, done)));
  return Promise.all(sheets.filter((sheet) => !sheet.sheet).map(loaded));
}
