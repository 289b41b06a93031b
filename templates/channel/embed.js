// "What's new" for any page: a button with the number of unread changes, and a dialog that lists the newest.
//
//   <script src="https://launches.example.com/changes/embed.js" data-product="acme" defer></script>
//
// It speaks data-lang, else the language of its page, in the words that come with the feed; attributes count before them.
// It needs script-src and connect-src for that origin and nothing else: no inline style, no eval, no cookie, no markup
// made of what somebody wrote. Where the feed cannot be read the page stays as it is.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !window.HTMLDialogElement || !("adoptedStyleSheets" in document)) return;
  const said = script.dataset;
  const feed = new URL("../changes.json", script.src);
  for (const name of ["product", "topic", "type", "audience"]) if (said[name]) feed.searchParams.set(name, said[name]);
  const key = `tminus:seen:${feed}`;
  const spoken = said.lang || document.documentElement.lang;
  if (spoken) feed.searchParams.set("lang", spoken);
  feed.searchParams.set("limit", String(Math.min(Number(said.limit) || 10, 50)));
  const MONTH = 30 * 24 * 3600 * 1000;
  let inMemory = null;

  const remember = (moment) => {
    inMemory = moment;
    try { localStorage.setItem(key, moment); } catch { /* storage is blocked: until the page is left */ }
  };
  const remembered = () => {
    try { return localStorage.getItem(key) || inMemory; } catch { return inMemory; }
  };
  const unread = (items) => {
    const seen = Date.parse(remembered() || "") || Date.now() - MONTH;
    return items.filter((item) => Date.parse(item.date_published) > seen).length;
  };
  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };
  const safe = (address) => {
    try {
      const found = new URL(address);
      return found.protocol === "https:" || found.protocol === "http:" ? found.href : "";
    } catch { return ""; }
  };
  const link = (address, text) =>
    safe(address) ? make("a", { href: safe(address), target: "_blank", rel: "noopener noreferrer" }, text) : make("span", {}, text);
  const day = (moment, language) => {
    const at = new Date(moment);
    const said = at.toLocaleDateString(language, { dateStyle: "long" });
    return make("time", { datetime: at.toISOString(), lang: language }, /^fr\b/.test(language) ? said.replace(/^1 /, "1er ") : said);
  };
  const entry = (item, language) =>
    make("li", { dir: "auto", lang: item.language }, make("h3", {}, link(item.url, String(item.title))),
      make("p", { class: "day" }, day(item.date_published, language)), make("p", {}, String(item.summary || "")));

  // What a page says of all its divs counts before what is said of :host here, unless that is important.
  const STYLE = `
    :host { all: initial !important; }
    :host(.loose) { position: fixed !important; inset-block-end: 20px !important; inset-inline-end: 20px !important; z-index: 2147483000 !important; }
    button, dialog { --ink: #14171f; --soft: #5b6474; --card: #fff; --line: #e2e5eb; --accent: #1f5fd6; --on: #fff; }
    @media (prefers-color-scheme: dark) { button, dialog { --ink: #f3f5f9; --soft: #98a1b2; --card: #1b1e26; --line: #2c313d; --accent: #8ab4ff; --on: #0c1a33; } }
    * { box-sizing: border-box; font: 16px/1.5 system-ui, sans-serif; }
    button { min-height: 44px; padding: 8px 18px; color: var(--on); background: var(--accent); border: 1px solid transparent; border-radius: 22px; font-weight: 650; cursor: pointer; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .count { display: inline-block; min-width: 22px; margin-inline-start: 4px; padding: 0 6px; border-radius: 11px; background: var(--on); color: var(--accent); font-size: 14px; line-height: 22px; text-align: center; }
    .count[hidden] { display: none; }
    dialog { width: min(440px, calc(100vw - 24px)); max-height: min(640px, calc(100vh - 24px)); padding: 0; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
    dialog::backdrop { background: rgb(0 0 0 / 0.45); }
    header { display: flex; gap: 12px; align-items: center; justify-content: space-between; position: sticky; top: 0; padding: 14px 20px; background: var(--card); border-bottom: 1px solid var(--line); }
    h2 { margin: 0; font-size: 19px; font-weight: 650; }
    header button { color: var(--ink); background: none; border-color: var(--line); }
    ul { margin: 0; padding: 0 20px; list-style: none; }
    li { padding: 16px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    h3 { margin: 0; font-weight: 650; } h3 a { font-weight: 650; }
    a { color: var(--accent); text-underline-offset: 2px; }
    p { margin: 4px 0 0; } .day, .day * { font-size: 14px; color: var(--soft); }
    footer, .none { padding: 14px 20px 18px; }
    @media (prefers-reduced-motion: no-preference) { dialog[open] { animation: come 0.15s ease-out; } @keyframes come { from { opacity: 0; translate: 0 8px; } } }`;

  const show = (items, { home_page_url: home, language, _tminus: { words } }) => {
    const say = (name) => said[name] || words[name];
    const label = say("label");
    const count = make("span", { class: "count", "aria-hidden": "true" });
    const open = make("button", { type: "button", "aria-haspopup": "dialog" }, label, " ", count);
    const close = make("button", { type: "button" }, say("close"));
    const list = items.length ? make("ul", {}, ...items.map((item) => entry(item, language))) : make("p", { class: "none" }, say("none"));
    const title = make("h2", { id: "title" }, label);
    const dialog = make("dialog", { "aria-labelledby": "title" }, make("header", {}, title, close), list,
      make("footer", {}, link(home, say("all"))));
    const tell = () => {
      const left = unread(items);
      count.hidden = !left;
      count.textContent = left > 9 ? "9+" : String(left);
      open.setAttribute("aria-label", left ? `${label}, ${left} ${say("unread")}` : label);
    };
    open.addEventListener("click", () => {
      dialog.showModal();
      if (items.length) remember(items[0].date_published);
      tell();
    });
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    const place = (said.target && document.querySelector(said.target)) || document.body;
    const host = make("div", { "data-tminus": "changes", lang: language });
    if (place === document.body) host.className = "loose";
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(open, dialog);
    place.append(host);
    tell();
  };

  const begin = async () => {
    try {
      const answer = await fetch(feed, { credentials: "omit", referrerPolicy: "no-referrer" });
      if (!answer.ok) return;
      const told = await answer.json();
      show(told.items.filter((item) => !(item._tminus && item._tminus.withdrawn)), told);
    } catch { /* no button is better than a broken page */ }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
