// What a page costs over the wire when nothing is kept: the page, its styles and its scripts, packed as they are sent.
import { get } from "node:http";
import { gunzipSync } from "node:zlib";

/** Bytes of the page at a path with what it asks for at once, pictures and fonts left out, and of each part. */
export async function weigh(origin, path, cookie) {
  const page = await fetched(new URL(path, origin), cookie);
  const text = (page.packed ? gunzipSync(page.body) : page.body).toString("utf8");
  const files = [...text.matchAll(/<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"/g)].map(([, file]) => file);
  const others = await Promise.all(files.map((file) => fetched(new URL(file, origin), cookie)));
  const parts = [page, ...others].map((part) => part.body.length);
  return { whole: parts.reduce((sum, size) => sum + size, 0), parts };
}

function fetched(url, cookie) {
  return new Promise((resolve, reject) => {
    const headers = { cookie, accept: "text/html", "accept-encoding": "gzip, deflate, br" };
    get(url, { headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => {
        if (response.statusCode !== 200) return reject(new Error(`${url.pathname}: ${response.statusCode}`));
        resolve({ body: Buffer.concat(chunks), packed: response.headers["content-encoding"] === "gzip" });
      });
    }).on("error", reject);
  });
}
