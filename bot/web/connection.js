// The line to the server: the session, messages in order until each is acknowledged, bubbles once each.

import { io } from "./vendor/socket.io.esm.min.js";

import * as store from "./store.js";

const ACK_MS = 8000;
const RETRY_MS = 2000;

export class Connection {
  #socket;
  #on;
  #queue = [];
  #seen = new Set();
  #ready = false;
  #busy = false;

  // base: address of the server's pages.
  // on: {online(isOnline), bubble(bubble, id), notice(text), delivered(message), refused(message)}
  constructor(base, on) {
    this.#on = on;
    this.#socket = io(base.origin, {
      path: new URL("socket.io/", base).pathname,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    this.#socket.on("connect", () => this.#introduce());
    this.#socket.on("session_confirm", (token) => this.#confirmed(token));
    this.#socket.on("bot_uttered", (bubble, acknowledge) => this.#uttered(bubble, acknowledge));
    this.#socket.on("notice", ({ text }) => on.notice(text));
    this.#socket.on("connect_error", () => this.#lost());
    this.#socket.on("disconnect", (reason) => {
      this.#lost();
      if (reason === "io server disconnect") setTimeout(() => this.hurry(), RETRY_MS);
    });
  }

  get online() {
    return this.#ready;
  }

  // How many messages have not arrived yet.
  get waiting() {
    return this.#queue.length;
  }

  // Send a text, or a tap on a button: metadata {bubble, choice}. Returns the message; it waits here until it has arrived.
  send(text, metadata = null) {
    const message = { message: text, message_id: randomId(), ...(metadata && { metadata }) };
    this.#queue.push(message);
    this.#next();
    return message;
  }

  // Try to connect now instead of at the end of a pause.
  hurry() {
    if (!this.#socket.connected) this.#socket.disconnect().connect();
  }

  // End the conversation in this browser, without a way back to it.
  leave() {
    this.#queue = [];
    store.forget();
    this.#socket.disconnect();
  }

  #introduce() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone; // so that nobody has to be asked for it
    this.#socket.emit("session_request", { session_id: store.token(), acks: true, zone });
  }

  #confirmed(token) {
    store.keep(token);
    this.#ready = true;
    this.#on.online(true);
    this.#next();
  }

  #lost() {
    this.#ready = false;
    this.#on.online(false);
  }

  #uttered(bubble, acknowledge) {
    const id = bubble.metadata?.id;
    if (!this.#seen.has(id)) {
      if (id !== undefined) this.#seen.add(id);
      this.#on.bubble(bubble, id);
    }
    acknowledge?.();
  }

  // One message at a time: the next goes out when the server has stored this one, so their order holds.
  async #next() {
    if (!this.#ready || this.#busy || this.#queue.length === 0) return;
    this.#busy = true;
    const message = this.#queue[0];
    const answer = await this.#emit(message);
    this.#busy = false;
    if (this.#queue[0] !== message) return;
    if (answer.again) {
      setTimeout(() => this.#next(), RETRY_MS);
      return;
    }
    this.#queue.shift();
    (answer.received ? this.#on.delivered : this.#on.refused)(message);
    this.#next();
  }

  async #emit(message) {
    try {
      const packet = { ...message, session_id: store.token() };
      return await this.#socket.timeout(ACK_MS).emitWithAck("user_uttered", packet);
    } catch {
      return { again: true }; // not acknowledged in time, or the connection broke
    }
  }
}

function randomId() {
  // crypto.randomUUID exists only on https pages.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
