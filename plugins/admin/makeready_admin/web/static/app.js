"use strict";
// Pages work without this file. It adds: times in the viewer's zone, ticking all, copying, progress as it happens,
// the keyboard for what scrolls, further lines of a form, and what vendors answer after the page is there.

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

function improve(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) {
      const timeStyle = time.closest(".timeline") || "seconds" in time.dataset ? "medium" : "short";
      time.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle });
    }
  }

  for (const all of root.querySelectorAll("input[data-ticks]")) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const one of all.form.querySelectorAll(`input[name="${all.dataset.ticks}"]:not(:disabled)`)) {
        one.checked = all.checked;
      }
    });
  }

  for (const button of root.querySelectorAll("button[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copies);
      await navigator.clipboard.writeText(from.value ?? from.textContent);
      button.textContent = "Copied";
    });
  }

  for (const button of root.querySelectorAll("button[data-adds]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const line = button.previousElementSibling.cloneNode(true);
      for (const one of line.querySelectorAll("input, select")) {
        one.value = "";
      }
      button.before(line);
      line.querySelector("input, select").focus();
    });
  }

  for (const one of root.querySelectorAll(".wide, pre")) {
    scrolling.observe(one);
  }
}
improve(document);

// What a vendor answers is put in when it is there.
for (const part of document.querySelectorAll("[data-part]")) {
  fetch(part.dataset.part, { credentials: "same-origin" })
    .then((answer) => {
      if (!answer.ok || answer.redirected) {
        throw new Error(answer.status);
      }
      return answer.text();
    })
    .then((html) => {
      part.innerHTML = html;
      improve(part);
    })
    .catch(() => {
      part.textContent = "The answer could not be had. Load the page again.";
    })
    .finally(() => part.setAttribute("aria-busy", "false"));
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
