"use strict";
// Pages work without this file. It adds: times in the viewer's zone, ticking all, copying, progress as it happens.

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) {
    time.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle: "seconds" in time.dataset ? "medium" : "short" });
  }
}

for (const all of document.querySelectorAll("input[data-ticks]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const one of all.form.querySelectorAll(`input[name="${all.dataset.ticks}"]:not(:disabled)`)) {
      one.checked = all.checked;
    }
  });
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = "Copied";
  });
}

const live = document.querySelector("[data-events]");
if (live && window.EventSource) {
  const events = new EventSource(live.dataset.events);
  events.addEventListener("progress", (event) => {
    const now = JSON.parse(event.data);
    live.querySelector("progress").max = now.total;
    live.querySelector("progress").value = now.settled;
    live.querySelector("[data-sentence]").textContent = now.sentence;
  });
  events.addEventListener("end", () => {
    events.close();
    window.location.reload();
  });
}
