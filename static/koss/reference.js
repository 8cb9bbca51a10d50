// Draws the description of the bulk interface. The viewer is Swagger UI, which ninja brings along.
"use strict";

(() => {
  const place = document.querySelector("[data-koss-description]");
  const shown = document.createElement("div");
  place.append(shown);
  window.SwaggerUIBundle({
    url: place.dataset.kossDescription,
    domNode: shown,
    layout: "BaseLayout",
    presets: [window.SwaggerUIBundle.presets.apis],
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
})();
