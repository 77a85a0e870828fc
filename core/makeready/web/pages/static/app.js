"use strict";
// Pages work without this file. It adds: times in the viewer's zone, ticking all, copying, progress as it happens,
// and the keyboard for what scrolls sideways.

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) {
    const timeStyle = time.closest(".timeline") || "seconds" in time.dataset ? "medium" : "short";
    time.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle });
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

const scrolling = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (scrolls) {
      target.tabIndex = 0;
    } else {
      target.removeAttribute("tabindex");
    }
  }
});
for (const one of document.querySelectorAll(".wide, pre")) {
  scrolling.observe(one);
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
