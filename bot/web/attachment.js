// What comes with a bubble: {type: "image" | "file", payload: {src, alt?, title?}}, in the form of Rasa's attachments.
// The bytes stand in `src` as a data address: they came over the person's own connection, and no address outlives it.

import { element } from "./element.js";

// A download may open as one of these. Anything else, above all a page, would run as a part of this one.
const HARMLESS = new Set(["text/calendar", "application/pdf", "application/json", "image/png", "image/jpeg"]);
const DATA = /^data:([\w.+-]+\/[\w.+-]+)[^,]*?(;base64)?,/;

// shown: called when a picture has its height.
export function attached({ type, payload = {} }, texts, shown) {
  const { src = "", alt = "", title = "" } = payload;
  const box = element("figure", "attached");
  if (type === "image" && /^data:image\//.test(src)) {
    const picture = element("img");
    picture.alt = alt;
    picture.addEventListener("load", shown);
    picture.src = src;
    box.append(picture);
  }
  if (DATA.test(src)) box.append(download(src, title, texts));
  return box;
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
