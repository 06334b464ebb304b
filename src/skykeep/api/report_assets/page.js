// The page works without this: it only adds the device's own position and prevents a second tap.
"use strict";
const form = document.querySelector("form");
const locate = document.getElementById("locate");
if (form && locate && "geolocation" in navigator && window.isSecureContext) {
  const said = document.getElementById("located");
  const field = (name) => form.elements.namedItem(name);
  for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
  locate.addEventListener("click", () => {
    said.textContent = "…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field("latitude").value = coords.latitude.toFixed(6);
        field("longitude").value = coords.longitude.toFixed(6);
        field("accuracy").value = Math.min(coords.accuracy, 1e6).toFixed(0);
        document.getElementById("where-device").checked = true;
        said.textContent = said.dataset.found.replace("{}", Math.ceil(coords.accuracy).toString());
      },
      () => { said.textContent = said.dataset.missing; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}
if (form) {
  for (const [name, choice] of [["minutes", "when-minutes"], ["time", "when-time"]]) {
    form.elements.namedItem(name).addEventListener("input", () => { document.getElementById(choice).checked = true; });
  }
  form.addEventListener("submit", () => { form.querySelector("[type=submit]").disabled = true; });
  window.addEventListener("pageshow", () => { form.querySelector("[type=submit]").disabled = false; });
}
const wrong = document.getElementById("wrong");
if (wrong) wrong.focus();
