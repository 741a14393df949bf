import "@patternfly/react-core/dist/styles/base.css";
import "./app/app.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { chosenLanguage, setUpLanguage } from "./app/i18n";

const root = document.getElementById("root");
if (root) {
  void setUpLanguage(chosenLanguage()).then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
