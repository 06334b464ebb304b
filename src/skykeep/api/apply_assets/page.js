// The page works without this: it only adds the device's own position and prevents a second tap.
"use strict";
const form = document.querySelector("form.apply");
const locate = document.getElementById("locate");
if (form && locate && "geolocation" in navigator && window.isSecureContext) {
  const said = document.getElementById("located");
  for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
  locate.addEventListener("click", () => {
    said.textContent = "…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.namedItem("centre").value = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`;
        document.getElementById("shape-circle").checked = true;
        said.textContent = said.dataset.found.replace("{}", Math.ceil(coords.accuracy).toString());
      },
      () => { said.textContent = said.dataset.missing; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 },
    );
  });
}
for (const one of document.querySelectorAll("form")) {
  one.addEventListener("submit", () => { for (const button of one.querySelectorAll("[type=submit]")) button.disabled = true; });
}
window.addEventListener("pageshow", () => { for (const button of document.querySelectorAll("[type=submit]")) button.disabled = false; });
document.getElementById("wrong")?.focus();
