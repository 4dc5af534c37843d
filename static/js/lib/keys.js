// Single-key shortcuts can be switched off in the list of keys (WCAG 2.1.4).
const singleKeysOn = () => document.documentElement.dataset.keys !== "off";
