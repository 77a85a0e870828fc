"use strict";
// Asks the browser for a passkey, and sends the form with its answer.

const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (keys = []) => keys.map((one) => ({ ...one, id: bytesOf(one.id) }));

async function answerTo(asked) {
  const publicKey = { ...asked, challenge: bytesOf(asked.challenge) };
  if (asked.user) {
    publicKey.user = { ...asked.user, id: bytesOf(asked.user.id) };
    publicKey.excludeCredentials = named(asked.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  }
  publicKey.allowCredentials = named(asked.allowCredentials);
  return navigator.credentials.get({ publicKey });
}

function asJson(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) {
      response[name] = textOf(made.response[name]);
    }
  }
  return JSON.stringify({ id: made.id, rawId: textOf(made.rawId), type: made.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const says = form.querySelector("[data-says]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      form.elements.answer.value = asJson(await answerTo(JSON.parse(form.dataset.passkey)));
    } catch {
      says.textContent = says.dataset.none;
      return;
    }
    form.submit();
  });
}
