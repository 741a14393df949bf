// noVNC without Nagaya: a page with nothing but noVNC, and a bridge from its WebSocket into the pod's own network, where the desktop listens.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { WebSocketServer } from "ws";

const novnc = new URL("../node_modules/@novnc/novnc/", import.meta.url).pathname;
const TYPES = { ".js": "text/javascript", ".html": "text/html" };

// The same settings as the console's page has on a near line.
const PAGE = `<!doctype html><meta charset="utf-8"><style>html,body,#screen{margin:0;height:100%}</style>
<div id="screen" class="ngy-screen"></div><script type="module">
import RFB from "/novnc/core/rfb.js";
const rfb = new RFB(document.getElementById("screen"), "ws://" + location.host + "/desktop", { shared: true, wsProtocols: ["binary"] });
rfb.resizeSession = true; rfb.qualityLevel = 8; rfb.compressionLevel = 2;
rfb.addEventListener("connect", () => { document.title = "connected"; rfb.focus(); });
</script>`;

/** Serves page and bridge on loopback; `pid` is a process in the pod's network namespace. */
export async function straight(pid, port = 5901) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://x");
    if (pathname === "/") {
      response.setHeader("content-type", "text/html");
      response.end(PAGE);
      return;
    }
    const file = join(novnc, normalize(pathname.replace(/^\/novnc\//, "/")));
    try {
      const data = await readFile(file);
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      response.end(data);
    } catch {
      response.writeHead(404).end();
    }
  });
  const sockets = new WebSocketServer({ server, path: "/desktop", perMessageDeflate: false, handleProtocols: () => "binary" });
  sockets.on("connection", (socket) => {
    // A pipe each way is what it costs to get into the namespace: a few hundredths of a millisecond.
    const inside = `const s=require("net").connect(${port},"127.0.0.1");s.setNoDelay();process.stdin.pipe(s).pipe(process.stdout);s.on("close",()=>process.exit())`;
    const bridge = spawn("nsenter", ["--net", "--target", String(pid), process.execPath, "-e", inside], { stdio: ["pipe", "pipe", "inherit"] });
    bridge.stdout.on("data", (data) => socket.send(data));
    bridge.on("exit", () => socket.close());
    socket.on("message", (data) => bridge.stdin.write(data));
    socket.on("close", () => bridge.kill());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      for (const client of sockets.clients) {
        client.terminate();
      }
      server.closeAllConnections();
      server.close();
    },
  };
}
