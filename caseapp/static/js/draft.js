// A form with data-draft-url saves itself some seconds after typing stops. The answer may carry a new version
// ({"version": n}), which goes into the hidden field of that name. Texts come from the form's data attributes.

const WAIT = 4000;
const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const clock = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

function keep(form) {
  const state = form.querySelector("[data-draft-state]");
  const say = (text) => {
    if (state) state.textContent = text;
  };
  let timer = 0;
  let running = false;
  let again = false;
  let ended = false;

  async function save() {
    if (ended) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: form.dataset.draftMethod || "POST",
        body: new URLSearchParams(data),
        headers: { "X-CSRFToken": token, Accept: "application/json" },
        credentials: "same-origin",
      });
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
  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  }
  form.addEventListener("input", later);
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
