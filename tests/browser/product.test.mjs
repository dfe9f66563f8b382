// Starting and stopping the demo, tried on small programs that stand in for it.
import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hasDemo, startDemo } from "./product.mjs";

let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bansou-stand-in-"));
});

after(() => rm(folder, { recursive: true, force: true }));

test("the address is read from what the program prints, and everything above it is kept", async () => {
  const serves = await program("serves", "echo '見本 mihon@example.jp  himitsu'; echo; echo 'http://127.0.0.1:45678'; exec sleep 600");
  const demo = await startDemo(serves);
  await demo.stop();
  assert.equal(demo.address, "http://127.0.0.1:45678");
  assert.match(demo.printed, /mihon@example\.jp  himitsu/);
});

test("stopping twice, or a program that has ended, is no error", async () => {
  const serves = await program("serves-again", "echo 'http://127.0.0.1:45678'; exec sleep 600");
  const demo = await startDemo(serves);
  await demo.stop();
  await demo.stop();
});

test("a program that ends before it listens is reported with its last words", async () => {
  const ends = await program("ends", "echo 'the port is taken'; exit 1");
  await assert.rejects(startDemo(ends), /ended with status 1; it said:\nthe port is taken/);
});

test("a program that isn't there is reported", async () => {
  await assert.rejects(startDemo(join(folder, "nowhere")), /ENOENT/);
});

test("a program without the demo command is told from one with it", async () => {
  assert.ok(hasDemo(await program("knows", "echo 'usage: demo [--port N]'")));
  assert.ok(!hasDemo(await program("silent", "exit 0")));
  assert.ok(!hasDemo(await program("refuses", "echo 'unknown command, see --port'; exit 2")));
});

async function program(name, script) {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}
