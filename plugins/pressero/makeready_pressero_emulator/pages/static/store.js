// The product page: prices after every change, then draws the options again and re-enables the button,
// as real pages were seen to do. Scripts of the site hook in by calcStart and calcFinish.
(function () {
  "use strict";

  var latest = 0;

  function node(id) { return document.getElementById(id); }

  function parameters() {
    var options = [];
    document.querySelectorAll('[name^="Options["][name$="].Key"]').forEach(function (key, n) {
      options.push({ Key: key.value, Value: node("Options_" + n + "_Value").value });
    });
    return {
      pricingParameters: {
        Q1: node("Q1").value, Options: options, SelectedUom: null,
        hdnTotalCost: node("hdnTotalCost").value, hdnTotalWeight: node("hdnTotalWeight").value, KitParameters: []
      }
    };
  }

  function post(path, content) {
    return fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content)
    });
  }

  function call(names, sender, data) {
    names.forEach(function (name) {
      if (typeof window[name] === "function") window[name](sender, data);
    });
  }

  function mask(on) {
    var area = node("pricingArea"), old = area.querySelector(".k-loading-mask");
    document.body.dataset.updatingPrice = on ? "true" : "false";
    if (on && !old) {
      var cover = document.createElement("div");
      cover.className = "k-loading-mask";
      area.appendChild(cover);
    }
    if (!on && old) old.remove();
  }

  function show(data) {
    var failed = Boolean(data.ErrorMessage);
    window.hasPricingEngineError = failed;
    node("priceErrorMessage").textContent = data.ErrorMessage || "";
    node("pricingEngine_lblFinalPrice").textContent = data.FormattedCost;
    node("pricingEngine_lblPerPiecePrice").textContent = failed ? "" : data.FormattedPerUnitCost + " each";
    node("hdnTotalCost").value = data.Cost;
    node("hdnTotalWeight").value = data.Weight;
  }

  async function drawOptions(base, asked) {
    var answer = await post(base + "/options/" + node("orderItemId").value, asked);
    if (answer.ok) node("pricingEngineArea").innerHTML = await answer.text();
  }

  async function price(sender) {
    var mine = ++latest, base = "/product/" + encodeURIComponent(node("urlName").value);
    var asked = parameters(), data;
    call(["calcStart", "intCalcStart"], sender, asked);
    mask(true);
    try {
      data = await (await post(base + "/pricing", asked)).json();
      if (mine === latest) await drawOptions(base, asked);
    } catch (error) {
      data = { Cost: 0, Weight: 0, FormattedCost: "", FormattedPerUnitCost: "", ErrorMessage: "No price just now.", Attributes: [] };
    }
    if (mine !== latest) return;
    show(data);
    mask(false);
    node("btnAddToCartButton").disabled = false;
    call(["calcFinish", "intCalcFinish"], sender, data);
  }

  function changed(event) {
    var target = event.target;
    if (target.dataset && target.dataset.sets) {
      node(target.dataset.sets).value = target.value;
      node(target.dataset.sets).dispatchEvent(new Event("change", { bubbles: true }));
    } else if (target.matches(".pricingGridQuantity") || /^Options\[\d+\]\.Value$/.test(target.name)) {
      price(target);
    }
  }

  function uploading() {
    document.body.dataset.uploadingFiles = "true";
  }

  document.addEventListener("DOMContentLoaded", function () {
    var form = node("productForm");
    if (!form) return;
    node("pricingArea").addEventListener("change", changed);
    form.addEventListener("submit", uploading);
    price(node("Q1"));
  });
})();
