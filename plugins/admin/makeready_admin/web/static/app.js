"use strict";
// Pages work without this file. It adds: times in the viewer's zone, ticking all, copying, progress as it happens,
// the keyboard for what scrolls and for lists, further lines of a form, what vendors answer after the page is there, and
// what has changed since.

const page = document.documentElement.dataset; // How the viewer reads: language, time zone, what this file says.

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
      time.textContent = at.toLocaleString(page.locale, { dateStyle: "medium", timeStyle, timeZone: page.timeZone });
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
      button.textContent = page.copied;
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

  // How many products are ticked, with those of other pages; without any there is nothing to go on with.
  for (const told of root.querySelectorAll("[data-picked]")) {
    const form = told.closest("form");
    const count = () => {
      const ticked = form.querySelectorAll('input[name="product"]:checked').length + Number(told.dataset.elsewhere);
      told.textContent = told.dataset.picked.replace("#", ticked);
      form.querySelector("[data-needs-picks]").disabled = !ticked && !form.elements.pasted.value.trim();
    };
    form.addEventListener("input", count);
    form.addEventListener("change", count);
    count();
  }

  for (const button of root.querySelectorAll("button[data-counts]")) {
    const count = () => {
      const ticked = button.form.querySelectorAll('input[name="key"]:checked').length;
      button.textContent = button.dataset.counts.replace("#", ticked);
      button.disabled = !ticked;
    };
    const whole = button.form.elements.whole;
    button.form.addEventListener("change", () => (whole?.checked ? (button.disabled = false) : count()));
  }
}
improve(document);

// What a vendor answers is put in when it is there.
for (const zone of document.querySelectorAll("[data-zone]")) {
  zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;
}

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
      part.textContent = page.unanswered;
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

// A page that hears of news fetches itself again, and puts in what differs. What somebody is filling in stays.
const watching = document.querySelector("[data-watch]");
if (watching && window.EventSource) {
  const touched = new WeakSet();
  document.addEventListener("input", (event) => {
    const region = event.target.closest("[data-live]");
    if (region) {
      touched.add(region);
    }
  });

  const name = (details) => details.querySelector("summary").textContent;

  async function refresh() {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { "makeready-by-itself": "yes" } });
    if (!answer.ok || answer.redirected) {
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const region of document.querySelectorAll("[data-live]")) {
      const now = fresh.querySelector(`[data-live="${region.dataset.live}"]`);
      if (!now || touched.has(region) || region.dataset.made === now.innerHTML) {
        continue;
      }
      const focused = region.contains(document.activeElement) ? document.activeElement : null;
      const open = new Set(Array.from(region.querySelectorAll("details[open]"), name));
      region.dataset.made = now.innerHTML;
      region.replaceChildren(...now.childNodes);
      for (const details of region.querySelectorAll("details")) {
        details.open ||= open.has(name(details));
      }
      improve(region);
      if (focused) {
        const same = [...region.querySelectorAll("a, button, summary")].find(
          (one) => one.textContent === focused.textContent && one.getAttribute("href") === focused.getAttribute("href"),
        );
        same?.focus();
      }
    }
  }

  // A browser has few connections to one server: a page that nobody sees holds none, and asks again when it is seen.
  let news, due;
  let seen = watching.dataset.watch;
  function listen() {
    news = new EventSource(seen);
    news.addEventListener("changed", (event) => {
      seen = seen.replace(/seen=[^&]*/, `seen=${event.data}`);
      clearTimeout(due);
      due = setTimeout(() => refresh().catch(() => {}), 150);
    });
  }
  document.addEventListener("visibilitychange", () => {
    news?.close();
    if (!document.hidden) {
      listen();
    }
  });
  if (!document.hidden) {
    listen();
  }
}

// Lists by the keyboard: j and k go down and up, x ticks, Enter opens as ever, / searches.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea")) {
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector('.find input[type="search"]')?.focus();
    return;
  }
  const links = [...document.querySelectorAll("[data-rows] td.id a")];
  const row = document.activeElement?.closest("tr");
  const at = links.findIndex((link) => link.closest("tr") === row);
  if (event.key === "j" || event.key === "k") {
    const next = at < 0 ? 0 : at + (event.key === "j" ? 1 : -1);
    links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
  } else if (event.key === "x" && at >= 0) {
    row.querySelector('input[type="checkbox"]')?.click();
    links[at].focus();
  }
});
