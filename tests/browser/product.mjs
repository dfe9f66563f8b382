// The product itself, as a visitor meets it: `bansou demo` on a free port, in an empty folder.
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

// A program built without optimisation needs a while for eighteen months of made-up history.
const READY_WITHIN_MS = 10 * 60 * 1000;
const STOPS_WITHIN_MS = 20 * 1000;

/** Whether this program has the demo command at all. */
export function hasDemo(program) {
  const { status, stdout } = spawnSync(program, ["demo", "--help"], { encoding: "utf8" });
  return status === 0 && stdout.includes("--port");
}

/**
 * Starts the demo, with `more` options. Gives its address, what it printed up to the line with it, and a function that stops it.
 * The program says on its standard output who can sign in, and last where it listens: `http://127.0.0.1:PORT`.
 */
export async function startDemo(program, more = []) {
  const folder = await mkdtemp(join(tmpdir(), "bansou-browser-"));
  const child = spawn(program, ["demo", "--port", "0", "--seed", "1", ...more], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const stop = async () => {
    await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await ready(child)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function ready(child) {
  return new Promise((resolve, reject) => {
    let printed = "";
    const tooLate = setTimeout(() => reject(new Error(`the demo didn't say where it listens; it said:\n${printed}`)), READY_WITHIN_MS);
    child.stdout.setEncoding("utf8");
    // Read to the end, or the program would wait on a full pipe.
    child.stdout.on("data", (text) => {
      printed += text;
      const address = printed.match(/http:\/\/127\.0\.0\.1:\d+(?=\D)/);
      if (!address) return;
      clearTimeout(tooLate);
      resolve({ address: address[0], printed });
    });
    child.once("error", (error) => {
      clearTimeout(tooLate);
      reject(error);
    });
    child.once("exit", (status) => {
      clearTimeout(tooLate);
      reject(new Error(`the demo ended with status ${status}; it said:\n${printed}`));
    });
  });
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((ended) => {
    const tooLong = setTimeout(() => child.kill("SIGKILL"), STOPS_WITHIN_MS);
    child.once("exit", () => {
      clearTimeout(tooLong);
      ended();
    });
    child.kill("SIGTERM");
  });
}
