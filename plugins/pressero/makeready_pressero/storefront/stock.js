/* Tells buyers on a shop's pages what is out of stock. It does nothing, silently, wherever it cannot help. */
(function (w, d) {
  "use strict";

  var script = d.currentScript, base;
  if (w.makereadyStock || !script || !w.fetch || !w.MutationObserver) return;
  try { base = new URL(".", script.src).href; } catch (error) { return; }

  var BUTTONS = "#btnAddToCartButton, .addToCartButton";
  var QUANTITIES = "#Q1, .pricingGridQuantity";
  var LINKS = 'a[href*="/product/"]';
  var KEPT_MS = 300000, TIMEOUT_MS = 8000, AT_ONCE = 40;

  var TEXTS = {
    en: {
      out: "Out of stock.", few: "Only a few left.", left: "Only {left} left.",
      short: "There are not {quantity} in stock.", short_left: "Only {left} of {quantity} are in stock.",
      back: "More expected on {date}.",
      blocked: "It cannot be ordered now. Please ask us, or choose another product.",
      most: "At most {left} can be ordered now.", fewer: "Please order fewer.",
      rest: "Only {left} left, the rest ships later.", later: "You can order; what is missing ships later.",
      longer: "You can still order; delivery may take longer."
    },
    fr: {
      out: "En rupture de stock.", few: "Plus que quelques exemplaires.", left: "Plus que {left} en stock.",
      short: "Le stock ne suffit pas pour {quantity}.", short_left: "Seulement {left} sur {quantity} en stock.",
      back: "Réapprovisionnement prévu le {date}.",
      blocked: "Commande impossible pour le moment. Contactez-nous ou choisissez un autre produit.",
      most: "Vous pouvez en commander {left} au maximum pour le moment.", fewer: "Veuillez en commander moins.",
      rest: "Plus que {left} en stock, le reste sera expédié plus tard.",
      later: "Vous pouvez commander ; ce qui manque sera expédié plus tard.",
      longer: "Vous pouvez commander ; la livraison peut prendre plus de temps."
    },
    de: {
      out: "Nicht auf Lager.", few: "Nur noch wenige auf Lager.", left: "Nur noch {left} auf Lager.",
      short: "Der Bestand reicht nicht für {quantity} Stück.", short_left: "Nur {left} von {quantity} sind auf Lager.",
      back: "Nachschub wird am {date} erwartet.",
      blocked: "Er kann gerade nicht bestellt werden. Fragen Sie uns, oder wählen Sie einen anderen Artikel.",
      most: "Zurzeit können höchstens {left} bestellt werden.", fewer: "Bitte bestellen Sie weniger.",
      rest: "Nur noch {left} auf Lager, der Rest wird später geliefert.",
      later: "Sie können bestellen; was fehlt, wird später geliefert.",
      longer: "Sie können trotzdem bestellen; die Lieferung kann länger dauern."
    },
    es: {
      out: "Agotado.", few: "Quedan pocas unidades.", left: "Solo quedan {left}.",
      short: "No hay {quantity} unidades en stock.", short_left: "Solo hay {left} de {quantity} en stock.",
      back: "Se espera reposición el {date}.",
      blocked: "No se puede pedir ahora. Consúltenos o elija otro producto.",
      most: "Ahora se pueden pedir {left} como máximo.", fewer: "Pida menos unidades.",
      rest: "Solo quedan {left}; el resto se enviará más tarde.",
      later: "Puede pedirlo; lo que falta se enviará más tarde.",
      longer: "Puede pedirlo; la entrega puede tardar más."
    },
    nl: {
      out: "Niet op voorraad.", few: "Nog maar weinig op voorraad.", left: "Nog maar {left} op voorraad.",
      short: "Er zijn er geen {quantity} op voorraad.", short_left: "Slechts {left} van {quantity} op voorraad.",
      back: "Nieuwe voorraad verwacht op {date}.",
      blocked: "Kan nu niet worden besteld. Vraag het ons of kies een ander product.",
      most: "Er kunnen nu hoogstens {left} worden besteld.", fewer: "Bestel er minder.",
      rest: "Nog maar {left} op voorraad, de rest volgt later.",
      later: "U kunt bestellen; wat ontbreekt volgt later.",
      longer: "U kunt bestellen; de levering kan langer duren."
    }
  };

  var known = Object.create(null); // what was answered, by URL name
  var asked = Object.create(null); // what was asked about, by URL name
  var shop = null;                 // settings, from the first answer
  var note = null, blocked = false, asking = false, again = false, failures = 0, timer = 0, drawing = 0;
  var wrapper = null, wraps = 0;

  // What is on the page

  function all(selector, work) { Array.prototype.forEach.call(d.querySelectorAll(selector), work); }

  function nameIn(path) {
    var found = /\/product\/([^/?#]+)/i.exec(path);
    try { return found ? decodeURIComponent(found[1]) : ""; } catch (error) { return ""; }
  }

  function product() {
    var field = d.getElementById("urlName");
    return (field && field.value) || script.getAttribute("data-url-name") || nameIn(w.location.pathname);
  }

  function quantity() {
    var field = d.querySelector(QUANTITIES), count = field ? parseInt(field.value, 10) : 1;
    return count > 0 ? Math.min(count, 1e9) : 1;
  }

  function place() { return d.querySelector(BUTTONS) || d.querySelector("#pricingArea, .product-form"); }

  function linked(link) { return link.hostname === w.location.hostname ? nameIn(link.pathname) : ""; }

  // Words

  function language() { return String((shop && shop.language) || d.documentElement.lang || "en").toLowerCase(); }

  function say(name, values) {
    var code = language(), short = code.slice(0, 2), given = (shop && shop.texts) || {};
    var text = (given[code] || {})[name] || (given[short] || {})[name] || (TEXTS[short] || TEXTS.en)[name];
    return String(text).replace(/\{(\w+)\}/g, function (whole, key) {
      return values && key in values ? values[key] : whole;
    });
  }

  function date(text) {
    var day = new Date(text + "T12:00:00");
    try { return isNaN(day) ? "" : day.toLocaleDateString(language()); } catch (error) { return text; }
  }

  // What is so

  function answerFor(name) {
    var found = known[name];
    return found && Date.now() - found.at < KEPT_MS ? found : null;
  }

  // What is missing, when more comes, and what a buyer can do: as the shop's rules have it.

  function told(name, values) {
    var stops = !!(shop && shop.block), later = !!(shop && shop.back_orders), whole = name === "short_left" && (stops || later);
    var texts = [say(whole ? (stops ? "most" : "rest") : name, values)];
    if (values.date) texts.push(say("back", values));
    if (!whole) texts.push(say(stops ? (name === "out" ? "blocked" : "fewer") : later ? "later" : "longer", values));
    return texts.join(" ");
  }

  function judge(found, count) {
    var left = found.left, values = { left: left, quantity: count, date: date(found.expected || "") };
    var short = left >= 0 ? count > left : found.short && count >= found.count;
    var name = found.state === "out" ? "out"
      : short ? (left >= 0 ? "short_left" : "short")
      : found.state === "few" ? (left >= 0 ? "left" : "few") : "";
    var missing = name === "out" || short, text = name && say(name, values);
    if (missing) text = told(name, values);
    return { text: text, kind: name === "out" ? "out" : name ? "few" : "", block: missing && !!(shop && shop.block) };
  }

  // What is shown

  function set(node, name, value) { if (node[name] !== value) node[name] = value; }

  function drawNote(verdict) {
    var at = place();
    if (!at) return;
    if (!note || !note.isConnected) note = d.getElementById("makeready-stock") || note; // a redraw may have copied it
    if (!note) {
      note = d.createElement("div");
      note.id = "makeready-stock";
      note.setAttribute("role", "status");
      note.setAttribute("aria-live", "polite");
    }
    if (!note.isConnected) {
      if (at.matches(BUTTONS)) at.parentNode.insertBefore(note, at); else at.appendChild(note);
    }
    set(note, "className", "makeready-stock" + (verdict.kind ? " makeready-" + verdict.kind : ""));
    set(note, "textContent", verdict.text);
  }

  function drawButtons() {
    all(BUTTONS, function (button) {
      var ours = button.hasAttribute("data-makeready");
      if (blocked) {
        if (!ours) { button.setAttribute("data-makeready", "off"); button.setAttribute("aria-describedby", "makeready-stock"); }
        set(button, "disabled", true);
      } else if (ours) {
        button.removeAttribute("data-makeready");
        button.removeAttribute("aria-describedby");
        if (d.body.getAttribute("data-updating-price") !== "true") button.disabled = false;
      }
    });
  }

  function drawBadges() {
    var own = product();
    all(LINKS, function (link) {
      var name = linked(link), found = shop && shop.badges && name !== own ? answerFor(name) : null;
      var kind = found && found.state !== "in" ? found.state : "", badge = link.querySelector(".makeready-badge");
      if (!kind) { if (badge) badge.remove(); return; }
      if (!badge) { badge = d.createElement("span"); link.appendChild(badge); }
      set(badge, "className", "makeready-badge makeready-" + kind);
      set(badge, "textContent", say(kind).replace(/\.$/, ""));
    });
  }

  function draw() {
    drawing = 0;
    wrap();
    var found = place() && answerFor(product()), verdict = found ? judge(found, quantity()) : { text: "", kind: "" };
    blocked = !!verdict.block;
    if (product()) { drawNote(verdict); drawButtons(); }
    drawBadges();
  }

  function redraw() {
    draw();
    if (wanted().names.some(function (name) { return !asked[name]; })) ask();
  }

  // Not at once: a script that fights us over a button must not make the page hang.
  function drawSoon() { if (!drawing) drawing = setTimeout(redraw, 16); }

  // After each price the page enables its button again, and tells whoever has hung in here.

  function wrap() {
    var before = w.calcFinish;
    if (before === wrapper && wrapper || wraps > 20) return;
    wraps++;
    wrapper = w.calcFinish = function () {
      try { return typeof before === "function" ? before.apply(this, arguments) : undefined; } finally { draw(); }
    };
  }

  function guard(event) {
    if (!blocked || !event.target.closest) return;
    var hit = event.type === "click" ? event.target.closest(BUTTONS) : event.target.querySelector(BUTTONS);
    if (hit) { event.preventDefault(); event.stopImmediatePropagation(); }
  }

  // Asking

  function wanted() {
    var names = [], own = place() ? product() : "";
    if (!shop || shop.badges) {
      all(LINKS, function (link) {
        var name = linked(link);
        if (name && name !== own && names.indexOf(name) < 0) names.push(name);
      });
    }
    return { own: own, names: own ? [own].concat(names) : names };
  }

  function address(names, own, count) {
    var query = ["site=" + encodeURIComponent(script.getAttribute("data-site") || w.location.hostname)];
    names.forEach(function (name) { query.push("product=" + encodeURIComponent(name + (name === own ? ":" + count : ""))); });
    return base + "availability?" + query.join("&") + (shop ? "" : "&shop=1");
  }

  function read(answer, names, count) {
    var products = answer.products, has = Object.prototype.hasOwnProperty;
    names.forEach(function (name) {
      var one = has.call(products, name) ? products[name] : null;
      if (!one || !/^(in|few|out)$/.test(one.state)) { delete known[name]; return; }
      known[name] = {
        state: one.state, left: one.left >= 0 ? Math.floor(one.left) : -1, short: one.short === true,
        expected: one.expected, count: count, at: Date.now()
      };
    });
    if (answer.shop && typeof answer.shop === "object") shop = answer.shop;
    return Math.min(Math.max(Number(answer.again) || 15, 2), 600);
  }

  function get(names, own, count) {
    var stop = w.AbortController ? new AbortController() : null;
    var late = setTimeout(function () { if (stop) stop.abort(); }, TIMEOUT_MS);
    return fetch(address(names, own, count), { credentials: "omit", signal: stop ? stop.signal : undefined })
      .then(function (response) { if (!response.ok) throw new Error(response.status); return response.json(); })
      .then(function (answer) { return read(answer, names, count); })
      .finally(function () { clearTimeout(late); });
  }

  function ask() {
    clearTimeout(timer);
    if (asking) { again = true; return; }
    var about = wanted(), count = quantity(), calls = [];
    for (var start = 0; start < about.names.length; start += AT_ONCE) {
      calls.push(get(about.names.slice(start, start + AT_ONCE), about.own, count));
    }
    if (!calls.length) return;
    about.names.forEach(function (name) { asked[name] = true; });
    asking = true;
    Promise.all(calls).then(
      function (pauses) { failures = 0; return Math.min.apply(null, pauses); },
      function () { return Math.min(15 * Math.pow(2, failures++), 300); }
    ).then(function (pause) {
      asking = false;
      draw();
      timer = setTimeout(next, again ? 0 : pause * 1000);
      again = false;
    });
  }

  function next() { if (!d.hidden) ask(); }

  function edited(event) {
    if (!event.target.matches || !event.target.matches(QUANTITIES)) return;
    draw();
    clearTimeout(timer);
    timer = setTimeout(next, 300);
  }

  function useStyles() {
    all('link[rel="stylesheet"][media="print"]', function (link) {
      if (link.href === script.src.replace(/\.js(?=$|\?)/, ".css")) link.media = "all";
    });
  }

  function start() {
    useStyles();
    draw();
    new MutationObserver(drawSoon).observe(d.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"]
    });
    d.addEventListener("input", edited);
    d.addEventListener("change", edited);
    d.addEventListener("click", guard, true);
    d.addEventListener("submit", guard, true);
    d.addEventListener("visibilitychange", next);
    ask();
  }

  w.makereadyStock = { refresh: ask };
  if (d.readyState === "loading") d.addEventListener("DOMContentLoaded", start); else start();
})(window, document);
