// Runs before the first paint, as a file of its own because the content security policy admits no inline script:
// without it a dark console would flash white, and a Japanese one would be read out as English.
(function () {
  var root = document.documentElement;
  var read = function (key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be denied: the defaults serve
    }
  };
  var theme = read("nagaya.theme");
  var dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("pf-v6-theme-dark", dark);
  root.lang = read("nagaya.language") || ((navigator.language || "").toLowerCase().indexOf("ja") === 0 ? "ja" : "en");
})();
