// All that the browser keeps: the session's token, gone with the tab unless the person asks to be remembered here,
// and whether the widget was open in this tab.

const TOKEN = "notes-session";
const OPEN = "notes-open";

// A storage that is switched off throws; the conversation then ends with the page.
function safely(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

export function token() {
  return safely(() => sessionStorage.getItem(TOKEN)) || safely(() => localStorage.getItem(TOKEN)) || null;
}

export function keep(value) {
  safely(() => sessionStorage.setItem(TOKEN, value));
  if (isRemembered()) remember(true);
}

export function forget() {
  safely(() => sessionStorage.removeItem(TOKEN));
  safely(() => sessionStorage.removeItem(OPEN));
  remember(false);
}

export function isRemembered() {
  return safely(() => localStorage.getItem(TOKEN)) !== null;
}

// Returns whether it could be done. Before there is a session, only the wish is noted; `keep` does the rest.
export function remember(wanted) {
  safely(() => (wanted ? localStorage.setItem(TOKEN, token() ?? "") : localStorage.removeItem(TOKEN)));
  return isRemembered() === wanted;
}

export function wasOpen() {
  return safely(() => sessionStorage.getItem(OPEN)) !== null;
}

export function noteOpen(isOpen) {
  safely(() => (isOpen ? sessionStorage.setItem(OPEN, "1") : sessionStorage.removeItem(OPEN)));
}
