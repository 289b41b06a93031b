"use strict";
(() => {
  const form = document.querySelector("form.edit"), text = form.elements.words;
  const kept = document.getElementById("kept"), look = document.getElementById("look");
  const key = `tminus notes ${form.dataset.key}`, first = text.value;
  const waits = { look: 0, keep: 0 };
  let again = 1000, left = false, sent = first;

  const store = {
    get() { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set() { try { localStorage.setItem(key, JSON.stringify({ words: text.value, base: form.elements.base.value })); } catch { /* a full or forbidden store */ } },
    drop() { try { localStorage.removeItem(key); } catch { /* the same */ } },
  };
  const say = (words) => { if (kept.textContent !== words) kept.textContent = words; };
  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const post = (what) => {
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("code");
    fields.set("what", what);
    return fetch(form.action, { method: "POST", body: fields, credentials: "same-origin", redirect: "error" });
  };
  const later = (which, act, time) => { clearTimeout(waits[which]); waits[which] = setTimeout(act, time); };

  const showLook = async () => {
    const words = text.value;
    try {
      const answer = await post("look");
      if (answer.ok && text.value === words) look.innerHTML = await answer.text();
    } catch { /* keeping says that the connection is lost */ }
  };
  const keep = async () => {
    if (left) return;
    const words = text.value;
    try {
      const answer = await post("keep");
      const said = answer.ok ? await answer.json() : { said: "reload" };
      if (said.said === "kept") {
        again = 1000;
        sent = words;
        if (text.value === words) store.drop();
        say(said.by ? `Kept ${clock()}, not saved. ${said.by} has saved other words meanwhile; Save shows you both.` : `Kept ${clock()}, not saved yet.`);
      } else {
        say(said.said === "unknown" ? "Kept on this device, not saved yet." : "This page is too old to keep anything. Copy your words, and load it again.");
      }
    } catch {
      say("No connection. Your words are kept on this device, and sent when it is back.");
      again = Math.min(again * 2, 30000);
      later("keep", keep, again);
    }
  };

  const changed = () => {
    store.set();
    say("Not saved yet.");
    later("look", showLook, 400);
    later("keep", keep, 1200);
  };
  if (!text.readOnly) {
    form.querySelector("[value=preview]").hidden = true;  // it is there all the time
    text.addEventListener("input", changed);
    addEventListener("online", () => { if (text.value !== sent) keep(); });
    addEventListener("beforeunload", (event) => { if (!left && text.value !== sent) event.preventDefault(); });
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        form.requestSubmit(form.querySelector("[value=save]"));
      }
    });
    form.addEventListener("submit", () => { left = true; clearTimeout(waits.keep); });
  }

  const before = store.get();
  if (document.querySelector("[data-saved]") || (before && before.words === first)) store.drop();
  else if (before && !text.readOnly) {
    const box = document.getElementById("on-device");
    box.hidden = false;
    box.querySelector("[data-take]").addEventListener("click", () => { text.value = before.words; box.hidden = true; changed(); text.focus(); });
    box.querySelector("[data-forget]").addEventListener("click", () => { store.drop(); box.hidden = true; text.focus(); });
  }
})();
