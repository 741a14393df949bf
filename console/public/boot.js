// Runs before the first paint, as a file of its own because the content security policy admits no inline script:
// without it a dark console would flash white, and a Japanese one would be read out as English.
(function () {
  var root = document.documentElement;
  // A browser drops what is under way whenever the computer's network changes (a cluster's is made, a cable is pulled). A page without
  // its script would stay white, so it is loaded again; three times, not for ever.
  window.addEventListener(
    "error",
    function (event) {
      var tag = event.target && event.target.tagName;
      if (tag !== "SCRIPT" && tag !== "LINK") {
        return;
      }
      var tries = reloads();
      if (tries < 3) {
        write("nagaya.reloads", String(tries + 1));
        setTimeout(function () {
          location.reload();
        }, 500);
      }
    },
    true,
  );
  window.addEventListener("load", function () {
    setTimeout(function () {
      write("nagaya.reloads", "0");
    }, 5000);
  });

  function reloads() {
    try {
      return Number(sessionStorage.getItem("nagaya.reloads") || 0);
    } catch {
      return 3; // without a memory it would reload for ever
    }
  }
  function write(key, value) {
    try {
      sessionStorage.setItem(key, value);
    } catch {
      // as above
    }
  }
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
