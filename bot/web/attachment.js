// What comes with a bubble: {type: "image" | "file", payload: {src, alt?, title?}}, in the form of Rasa's attachments.
// The bytes stand in `src` as a data address: they came over the person's own connection, and no address outlives it.

import { element } from "./element.js";

// A download may open as one of these. Anything else, above all a page, would run as a part of this one.
const HARMLESS = new Set(["text/calendar", "application/pdf", "application/json", "image/png", "image/jpeg"]);
const DATA = /^data:([\w.+-]+\/[\w.+-]+)[^,]*?(;base64)?,/;

// What is shown above the words, and the link that stands under them; null for what there is not.
// shown: called when a picture has its height.
export function attached({ type, payload = {} }, texts, shown) {
  const { src = "", alt = "", title = "" } = payload;
  const picture = type === "image" && /^data:image\//.test(src) ? element("img", "picture") : null;
  if (picture) {
    picture.alt = alt;
    picture.addEventListener("load", shown);
    picture.src = src;
  }
  return [picture, DATA.test(src) ? download(src, title, texts) : null];
}

function download(src, name, texts) {
  const link = element("a", "file", texts.download.replace("{name}", name).trim());
  link.href = URL.createObjectURL(blob(src));
  link.download = name;
  return link;
}

function blob(src) {
  const [start, type, base64] = DATA.exec(src);
  const content = src.slice(start.length);
  const bytes = base64
    ? Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))
    : new TextEncoder().encode(decodeURIComponent(content));
  return new Blob([bytes], { type: HARMLESS.has(type) ? type : "application/octet-stream" });
}
