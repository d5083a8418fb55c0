// The page of a trial: sends all that was answered so far, and shows what follows. Nothing outlasts the page.

import {
  addBubble, addNotice, follow, log, mark, putBack, settings, showChoices, showWriting, takeWords,
} from "./thread.js";

const { texts, script } = settings;

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
  log.replaceChildren();
  ask();
}

async function say(text) {
  if (waiting) {
    putBack(text); // one at a time
    return;
  }
  const bubble = addBubble("you", text);
  answers.push(text);
  if (await ask()) return;
  answers.pop();
  mark(bubble, texts.refused);
  putBack(text);
}

// Shows what follows the last answer; false where the server did not take it.
async function ask() {
  const asked = trial;
  waiting = true;
  showChoices([]);
  showWriting(true);
  const reply = await post({ script, version, answers });
  if (asked !== trial) return true;
  waiting = false;
  showWriting(false);
  if (reply.error) {
    addNotice(reply.error);
    if (reply.again && answers.length) showChoices(offered, say);
    else showChoices([texts.begin_again], begin);
    follow();
    return false;
  }
  version = reply.version;
  offered = reply.bubbles.filter(({ buttons }) => buttons.length).at(-1)?.buttons ?? [];
  reply.bubbles.forEach(show);
  if (reply.done) addNotice(texts.ended);
  if (reply.done) showChoices([texts.begin_again], begin);
  else showChoices(offered, say);
  follow();
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
  if (aside) addNotice(text, texts.aside_spoken);
  else addBubble("coach", text, buttons);
}

document.getElementById("again").addEventListener("click", begin);
takeWords(say);
begin();
