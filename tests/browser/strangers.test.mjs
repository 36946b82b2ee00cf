// What strangers do to the program as it runs: sockets that say nothing, sign-ins that are given up, bodies that nobody
// wants. How much memory it takes is read from the system.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { test } from "node:test";
import * as step from "./support/recipients.mjs";
import { DEMO, startServer } from "./support/server.mjs";

const MEGABYTE = 1024;
const options = { timeout: 180_000, skip: process.platform !== "linux" && "memory is read from /proc" };

/** What the kernel says of a process, in kB: `VmRSS` now, `VmHWM` at most so far, and how many threads. */
async function status(pid) {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  const value = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)[1]);
  return { now: value("VmRSS"), peak: value("VmHWM"), threads: value("Threads") };
}

async function withServer(body) {
  const server = await startServer();
  try {
    await body(server);
  } finally {
    await server.dispose();
  }
}

/** A connection with this sent on it. */
function opened(server, text = "") {
  return new Promise((done, failed) => {
    const socket = connect(server.port, "127.0.0.1", () => {
      if (text) socket.write(text);
      done(socket);
    });
    socket.on("error", failed);
  });
}

const request = (server, path, body, length = body.length) =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\ncontent-type: application/json\r\n` +
  `content-length: ${length}\r\n\r\n${body}`;

test("a thousand sign-ins that are given up take no memory, and let nobody wait", options, () =>
  withServer(async (server) => {
    const idle = await status(server.pid);
    for (let round = 0; round < 10; round += 1) {
      const sockets = await Promise.all(
        Array.from({ length: 100 }, (_, n) => {
          const guess = JSON.stringify({ email: `${round}-${n}@example.com`, password: "wrong" });
          return opened(server, request(server, "/api/v1/session", guess));
        }),
      );
      for (const socket of sockets) socket.destroy();
    }
    const healthy = await fetch(`${server.url}/healthz`);
    assert.equal(healthy.status, 200);
    await step.until(async () => (await status(server.pid)).now - idle.now, (more) => more < 60 * MEGABYTE, 30_000);
    const after = await status(server.pid);
    assert.ok(after.peak - idle.now < 120 * MEGABYTE, `${(after.peak - idle.now) / 1024} MB above idle`);
  }));

test("a burst of sign-ins is hashed two at a time, and its memory comes back", options, () =>
  withServer(async (server) => {
    const idle = await status(server.pid);
    const tries = Array.from({ length: 100 }, (_, n) =>
      fetch(`${server.url}/api/v1/session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: n % 2 ? DEMO.email : `${n}@example.com`, password: "wrong" }),
      }).then((answer) => answer.status),
    );
    const statuses = await Promise.all(tries);
    assert.ok(statuses.every((status) => [401, 429].includes(status)), statuses.join(" "));
    const after = await status(server.pid);
    assert.ok(after.peak - idle.now < 120 * MEGABYTE, `${(after.peak - idle.now) / 1024} MB above idle`);
  }));

test("a thousand silent sockets keep nobody from being answered", options, () =>
  withServer(async (server) => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => opened(server)));
    for (const socket of sockets) socket.on("error", () => {});
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    // A head that never ends is one of them.
    const slow = await opened(server, "GET / HTTP/1.1\r\nhost: 127");
    assert.equal((await fetch(`${server.url}/`)).status, 200);
    const closed = new Promise((done) => slow.once("close", done));
    slow.on("error", () => {});
    slow.resume();
    await closed;
    for (const socket of sockets) socket.destroy();
  }));

test("bodies of strangers are not collected", options, () =>
  withServer(async (server) => {
    const idle = await status(server.pid);
    const megabyte = Buffer.alloc(1024 * 1024, 0x20).toString();
    for (const path of ["/api/v1/session", "/hooks/8x8/wrong", "/api/v1/campaigns"]) {
      const sockets = [];
      for (let round = 0; round < 10; round += 1) {
        sockets.push(
          ...(await Promise.all(
            Array.from({ length: 30 }, () => opened(server, request(server, path, megabyte, megabyte.length * 2))),
          )),
        );
      }
      for (const socket of sockets) {
        socket.on("error", () => {});
        socket.destroy();
      }
    }
    const after = await status(server.pid);
    assert.ok(after.peak - idle.now < 120 * MEGABYTE, `${(after.peak - idle.now) / 1024} MB above idle`);
  }));
