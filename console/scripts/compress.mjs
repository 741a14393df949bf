// Puts a .br and a .gz beside every file of dist that gets smaller by it, so that the server compresses nothing while it serves.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const TEXT = /\.(html|js|css|svg|json|txt|map)$/;
/** Below this a compressed answer is no smaller on the wire. Bytes. */
const LEAST = 512;

const files = (await readdir(dist, { recursive: true })).filter((file) => TEXT.test(file) && !file.startsWith("."));
await Promise.all(
  files.map(async (file) => {
    const path = join(dist, file);
    const plain = await readFile(path);
    if (plain.length < LEAST) {
      return;
    }
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
    await writeFile(`${path}.br`, await promisify(brotliCompress)(plain, { params }));
    await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
  }),
);
console.log(`${files.length} files compressed`);
