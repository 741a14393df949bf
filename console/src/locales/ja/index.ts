import common from "./common.json";
import app from "./app.json";
import login from "./login.json";
import home from "./home.json";
import workspaces from "./workspaces.json";
import desktop from "./desktop.json";
import clusters from "./clusters.json";
import groups from "./groups.json";
import bundles from "./bundles.json";
import sources from "./sources.json";
import catalogue from "./catalogue.json";
import repositories from "./repositories.json";
import releases from "./releases.json";
import teams from "./teams.json";
import users from "./users.json";
import templates from "./templates.json";
import images from "./images.json";
import audit from "./audit.json";
import settings from "./settings.json";
import reasons from "./reasons.json";

/** Every text in Japanese, by noun. */
export const resources = {
  common,
  app,
  login,
  home,
  workspaces,
  desktop,
  clusters,
  groups,
  bundles,
  sources,
  catalogue,
  repositories,
  releases,
  teams,
  users,
  templates,
  images,
  audit,
  settings,
  reasons,
};
