// Bansou beside its peers on the same work, in one run, in turn, several times: the medians and their ratio as JSON.
//
//   node bench/compare.mjs dispatch [N] [ROUNDS]    N messages out of PostgreSQL over HTTP, outcome recorded
//   node bench/compare.mjs inbound [N] [ROUNDS]     N signed webhooks, durable before their 200, beside pgbench's bare insert
//
// The peers' scripts and the sink lie beside this repository in ../shared/bench, or where BANSOU_PEERS says. Needs Rust,
// Node with npm, and PostgreSQL (its server is started here, on loopback, with fsync on, and thrown away).
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const shared = process.env.BANSOU_PEERS ?? resolve(root, '../shared/bench');
const work = join(root, 'target', 'bench');
const [kind = '', count = '5000', rounds = '5'] = process.argv.slice(2);
const CONNECTIONS = 32;
const bansou = join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'release', 'bansou');

const run = (command, args, options = {}) =>
    execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options });
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const round = (n) => Math.round(n * 1000) / 1000;

/** A line that a started program prints, and how to end it. */
async function started(command, args, options = {}) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...options });
    const line = await new Promise((tell, fail) => {
        createInterface({ input: child.stdout }).once('line', tell);
        child.once('exit', (code) => fail(new Error(`${command} ended with ${code}`)));
    });
    return { line, child };
}

async function postgres() {
    const { line, child } = await started('bash', [join(root, 'tests', 'postgres.sh')]);
    return { admin: line.trim(), end: () => child.stdin.end() };
}

const sql = (url, text) => run('psql', ['-qAt', '-v', 'ON_ERROR_STOP=1', url, '-c', text]).trim();

function freshDatabase(admin, name) {
    sql(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    sql(admin, `CREATE DATABASE ${name}`);
    sql(admin, 'CHECKPOINT');
    return admin.replace(/\/[^/]*$/, `/${name}`);
}

/** Processor seconds of a program and its children, by the shell. */
function timed(command, args, env) {
    const words = [command, ...args].map((word) => `'${word}'`).join(' ');
    const script = `TIMEFORMAT='cpu %U %S'; time ${words} >/dev/null 2>&1`;
    const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 600_000 });
    const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
    return Number(user) + Number(system);
}

async function dispatch(admin) {
    const sinkTarget = join(work, 'sink');
    run('cargo', ['build', '--release', '--quiet', '--manifest-path', join(shared, 'sink', 'Cargo.toml'), '--target-dir', sinkTarget]);
    const peers = join(work, 'peers');
    if (!existsSync(join(peers, 'node_modules'))) {
        cpSync(join(shared, 'peers'), peers, { recursive: true });
        run('npm', ['install', '--silent', '--no-audit', '--no-fund'], { cwd: peers });
    }
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const sinkProcess = spawn(join(sinkTarget, 'release', 'sink'), [String(port)], { stdio: 'ignore' });
    const sink = `http://127.0.0.1:${port}`;
    for (;;) {
        if (await fetch(`${sink}/stats`).then((answer) => answer.ok, () => false)) break;
    }
    const stats = async () => (await fetch(`${sink}/stats`)).json();
    const node = process.env.PEERS_NODE ?? (existsSync(join(peers, 'node_modules/node/bin/node')) ? join(peers, 'node_modules/node/bin/node') : process.execPath);
    const rate = async (cpu) => {
        const { accepted, repeats, unkeyed, first_ms, last_ms } = await stats();
        return { accepted, repeats, unkeyed, rate: (accepted * 1000) / Math.max(1, last_ms - first_ms), cpu };
    };
    const peer = (script) => async () => {
        const env = { PGURL: freshDatabase(admin, 'peer'), SINK: sink };
        run(node, [script, 'enqueue', count], { cwd: peers, env: { ...process.env, ...env } });
        sql(env.PGURL, 'CHECKPOINT');
        await fetch(`${sink}/reset`, { method: 'POST' });
        return rate(timed(node, [join(peers, script), 'work', count], env));
    };
    const own = (database) => async () => {
        await fetch(`${sink}/reset`, { method: 'POST' });
        const url = database === 'postgres' ? ['--database', freshDatabase(admin, 'own')] : [];
        const figures = JSON.parse(run(bansou, ['bench', 'dispatch', '--sink', sink, '--count', count, ...url]));
        return { ...(await rate(figures.cpu_seconds)), own_rate: figures.messages_per_second };
    };
    const all = {
        'graphile-worker': peer('graphile.mjs'), 'pg-boss': peer('pgboss.mjs'),
        'bansou on PostgreSQL': own('postgres'), 'bansou on SQLite': own('sqlite'),
    };
    const figures = await inTurn(all);
    sinkProcess.kill();
    const best = (n) => Math.max(figures['graphile-worker'][n].rate, figures['pg-boss'][n].rate);
    const ratio = (name) => round(median(figures[name].map((figure, n) => figure.rate / best(n))));
    return {
        work: 'dispatch', count: Number(count), rounds: Number(rounds), median: summary(figures),
        ratio_to_the_better_peer: { PostgreSQL: ratio('bansou on PostgreSQL'), SQLite: ratio('bansou on SQLite') },
        figures,
    };
}

async function inbound(admin) {
    const folder = mkdtempSync(join(tmpdir(), 'bansou-bench-'));
    const script = join(folder, 'insert.sql');
    writeFileSync(script, `INSERT INTO events (body) VALUES ('${'x'.repeat(400)}');\n`);
    const bare = async () => {
        const url = freshDatabase(admin, 'bare');
        sql(url, 'CREATE TABLE events (id bigserial PRIMARY KEY, body text NOT NULL)');
        const out = run('pgbench', ['-n', '-c', String(CONNECTIONS), '-j', '2', '-t', String(Math.ceil(count / CONNECTIONS)), '-f', script, url], { stdio: ['ignore', 'pipe', 'ignore'] });
        return { rate: Number(/tps = ([\d.]+)/.exec(out)[1]) };
    };
    const own = (database, offered) => async () => {
        const url = database === 'postgres' ? ['--database', freshDatabase(admin, 'own')] : [];
        const more = offered ? ['--offered', String(offered), '--connections', '512'] : ['--connections', String(CONNECTIONS)];
        const { events_per_second, p99_ms, refused, cpu_seconds } = JSON.parse(run(bansou, ['bench', 'inbound', '--count', count, ...url, ...more]));
        return { rate: events_per_second, p99_ms, refused, cpu: cpu_seconds };
    };
    const figures = await inTurn({
        'pgbench, one bare row': bare, 'bansou on PostgreSQL': own('postgres'), 'bansou on SQLite': own('sqlite'),
        'bansou on SQLite, 10,000/s offered': own('sqlite', 10_000),
    });
    rmSync(folder, { recursive: true });
    const pairs = figures['bansou on PostgreSQL'].map((figure, n) => figure.rate / figures['pgbench, one bare row'][n].rate);
    return { work: 'inbound', count: Number(count), rounds: Number(rounds), median: summary(figures), ratio_to_pgbench: round(median(pairs)), figures };
}

/** Each in turn, so that whatever the machine does meanwhile meets all alike. */
async function inTurn(all) {
    const figures = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
    for (let n = 0; n < Number(rounds); n += 1) {
        for (const [name, measure] of Object.entries(all)) {
            const figure = await measure();
            figures[name].push(figure);
            console.error(`${n + 1}/${rounds} ${name}: ${JSON.stringify(figure)}`);
        }
    }
    return figures;
}

function summary(figures) {
    const one = (list) => Object.fromEntries(
        Object.keys(list[0]).map((key) => [key, round(median(list.map((figure) => figure[key] ?? 0)))]),
    );
    return Object.fromEntries(Object.entries(figures).map(([name, list]) => [name, one(list)]));
}

const works = { dispatch, inbound };
if (!works[kind]) {
    console.error('usage: node bench/compare.mjs dispatch|inbound [N] [ROUNDS]');
    process.exit(2);
}
mkdirSync(work, { recursive: true });
if (!existsSync(bansou) || !process.env.BANSOU_BENCH_BUILT) {
    run('cargo', ['build', '--release', '--quiet', '-p', 'bansou'], { cwd: root });
}
const server = await postgres();
try {
    console.log(JSON.stringify(await works[kind](server.admin), null, 2));
} finally {
    server.end();
}
