// The page of a trial: sends all that was answered so far, and shows what follows. Nothing outlasts the page.

import { Thread } from "./thread.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const { texts, script } = settings;
const thread = new Thread(document, settings);

let answers = []; // of this trial, in order
let version; // the one that this trial began with
let offered = []; // titles of the buttons under the last bubble that has some
let trial = 0; // what comes back after "begin again" belongs to an earlier one
let waiting = false;

function begin() {
  trial += 1;
  answers = [];
  version = undefined;
  offered = [];
  thread.log.replaceChildren();
  ask();
}

async function say(text) {
  if (waiting) {
    thread.putBack(text); // one at a time
    return;
  }
  const bubble = thread.addBubble("you", text);
  answers.push(text);
  if (await ask()) return;
  answers.pop();
  thread.mark(bubble, texts.refused);
  thread.putBack(text);
}

// Shows what follows the last answer; false where the server did not take it.
async function ask() {
  const asked = trial;
  waiting = true;
  thread.showChoices([]);
  thread.showWriting(true);
  const reply = await post({ script, version, answers });
  if (asked !== trial) return true;
  waiting = false;
  thread.showWriting(false);
  if (reply.error) {
    thread.addNotice(reply.error);
    if (reply.again && answers.length) thread.showChoices(offered, say);
    else thread.showChoices([texts.begin_again], begin);
    thread.follow();
    return false;
  }
  version = reply.version;
  offered = reply.bubbles.filter(({ buttons }) => buttons.length).at(-1)?.buttons ?? [];
  reply.bubbles.forEach(show);
  if (reply.done) thread.addNotice(texts.ended);
  if (reply.done) thread.showChoices([texts.begin_again], begin);
  else thread.showChoices(offered, say);
  thread.follow();
  return true;
}

async function post(content) {
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch("try", { method: "POST", headers, body: JSON.stringify(content) });
    return await response.json();
  } catch {
    return { error: texts.offline, again: true };
  }
}

function show({ text, buttons, aside }) {
  if (aside) thread.addNotice(text, texts.aside_spoken);
  else thread.addBubble("coach", text, buttons);
}

document.getElementById("again").addEventListener("click", begin);
thread.takeWords(say);
thread.focus();
begin();
