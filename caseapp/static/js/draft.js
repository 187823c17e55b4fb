// A form with data-draft-url saves itself some seconds after typing stops. The answer may carry a new version
// ({"version": n}), which goes into the hidden field of that name. Texts come from the form's data attributes.
// Where the session has ended meanwhile, the page says so; once one is signed in again (in another window), it fetches a
// fresh token and goes on saving.

const WAIT = 4000;
const PATIENCE = 8000;
const meta = document.querySelector('meta[name="csrf-token"]');
const clock = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

// True when this page works again: somebody is signed in and the forms carry their token.
async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return false;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector('meta[name="csrf-token"]')?.content;
  if (!fresh) return false;
  meta.content = fresh;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = fresh;
  return true;
}

function keep(form) {
  const state = form.querySelector("[data-draft-state]");
  const say = (text) => {
    if (state) state.textContent = text;
  };
  let timer = 0;
  let running = false;
  let again = false;
  let ended = false;

  function send() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return fetch(form.dataset.draftUrl, {
      method: form.dataset.draftMethod || "POST",
      body: new URLSearchParams(data),
      headers: { "X-CSRFToken": meta?.content ?? "", Accept: "application/json" },
      credentials: "same-origin",
    });
  }
  async function save() {
    if (ended) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      let answer = await send();
      if (answer.status === 400 || answer.status === 401) {
        if (!(await renew())) {
          say(form.dataset.draftEnded || "");
          running = false;
          return later(PATIENCE);
        }
        answer = await send();
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json().catch(() => ({}));
      const version = form.elements.namedItem("draft_version");
      if (version && body.version !== undefined) version.value = body.version;
      say((form.dataset.draftSaved || "").replace("{time}", clock()));
      if (!again) form.dispatchEvent(new CustomEvent("draft:saved"));
    } catch {
      say(form.dataset.draftFailed || "");
    }
    running = false;
    if (again) {
      again = false;
      later();
    }
  }
  function later(wait = WAIT) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }
  form.addEventListener("input", () => later());
  form.addEventListener("submit", () => {
    ended = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) save();
  });
  window.addEventListener("pageshow", () => {
    ended = false;
  });
}

for (const form of document.querySelectorAll("form[data-draft-url]")) keep(form);
