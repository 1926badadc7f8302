// Passkeys: create one, or show one, and send what the browser says with the form that asked for it.
const decoded = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encoded = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const withBytes = (key) => ({ ...key, id: decoded(key.id) });

const creationOptions = ({ publicKey }, isPasswordless) => ({
  publicKey: {
    ...publicKey,
    challenge: decoded(publicKey.challenge),
    user: withBytes(publicKey.user),
    excludeCredentials: (publicKey.excludeCredentials ?? []).map(withBytes),
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: isPasswordless ? "required" : "discouraged",
      requireResidentKey: isPasswordless,
      ...(isPasswordless ? { userVerification: "required" } : {}),
    },
  },
});

const requestOptions = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: decoded(publicKey.challenge),
    allowCredentials: (publicKey.allowCredentials ?? []).map(withBytes),
  },
});

const asJson = (credential) => {
  const { response } = credential;
  const optional = (name) => (response[name] ? { [name]: encoded(response[name]) } : {});
  return JSON.stringify({
    id: credential.id,
    rawId: encoded(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      clientDataJSON: encoded(response.clientDataJSON),
      ...optional("attestationObject"),
      ...optional("authenticatorData"),
      ...optional("signature"),
      ...optional("userHandle"),
      ...(response.getTransports ? { transports: response.getTransports() } : {}),
    },
  });
};

const credentialFor = async (form) => {
  const kind = form.dataset.passkey;
  if (kind === "create") {
    const options = JSON.parse(form.querySelector("#passkey-options").textContent);
    return navigator.credentials.create(creationOptions(options, form.elements.passwordless?.checked ?? false));
  }
  if (kind === "get") {
    const options = JSON.parse(form.querySelector("#passkey-options").textContent);
    return navigator.credentials.get(requestOptions(options));
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return navigator.credentials.get(requestOptions((await answer.json()).request_options));
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (globalThis.PublicKeyCredential) form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const error = form.querySelector("[data-passkey-error]");
    error.hidden = true;
    try {
      form.elements.credential.value = asJson(await credentialFor(form));
      form.submit();
    } catch {
      error.textContent = form.dataset.failed;
      error.hidden = false;
    }
  });
}
