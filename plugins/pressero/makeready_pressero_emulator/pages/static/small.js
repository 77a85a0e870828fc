// What scripts on a storefront may expect of jQuery: ready, find, read, set, listen. Ours, and no more.
(function () {
  "use strict";

  function Found(nodes) {
    this.length = nodes.length;
    Array.prototype.forEach.call(nodes, function (node, n) { this[n] = node; }, this);
  }

  Found.prototype.each = function (work) {
    for (var n = 0; n < this.length; n++) work.call(this[n], n, this[n]);
    return this;
  };
  Found.prototype.on = function (event, work) {
    return this.each(function () { this.addEventListener(event, work); });
  };
  Found.prototype.trigger = function (event) {
    return this.each(function () { this.dispatchEvent(new Event(event, { bubbles: true })); });
  };

  function accessor(read, write) {
    return function (value) {
      if (value === undefined) return this.length ? read(this[0]) : undefined;
      return this.each(function () { write(this, value); });
    };
  }

  Found.prototype.val = accessor(function (n) { return n.value; }, function (n, v) { n.value = v; });
  Found.prototype.html = accessor(function (n) { return n.innerHTML; }, function (n, v) { n.innerHTML = v; });
  Found.prototype.text = accessor(function (n) { return n.textContent; }, function (n, v) { n.textContent = v; });
  Found.prototype.prop = function (name, value) {
    if (value === undefined) return this.length ? this[0][name] : undefined;
    return this.each(function () { this[name] = value; });
  };
  Found.prototype.attr = function (name, value) {
    if (value === undefined) return this.length ? this[0].getAttribute(name) : undefined;
    return this.each(function () { this.setAttribute(name, value); });
  };

  function small(what) {
    if (typeof what === "function") {
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", what);
      else what();
      return new Found([document]);
    }
    if (typeof what === "string") return new Found(document.querySelectorAll(what));
    return new Found([what]);
  }
  small.fn = Found.prototype;
  window.$ = window.jQuery = small;
})();
