// Runs Lighthouse over the *.html files of a folder, served over loopback, and keeps what it says as JSON.
//
// node lighthouse_runner.mjs --modules FOLDER/node_modules --chrome PATH --pages FOLDER --out FILE [--runs 3] [--categories …]
//
// One Chromium serves all pages, and reaches nothing but this machine. Every page is done once before any is done
// twice; the file is written after each page, and a later start goes on where an earlier one stopped.

import { readFileSync, existsSync, renameSync, statSync, writeFileSync, readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join, normalize, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values: options } = parseArgs({
  options: {
    modules: { type: 'string' },
    chrome: { type: 'string' },
    pages: { type: 'string' },
    out: { type: 'string' },
    runs: { type: 'string', default: '3' },
    categories: { type: 'string', default: 'performance,accessibility,best-practices,seo' },
  },
});
const MEDIA_TYPES = {
  '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.jpg': 'image/jpeg', '.png': 'image/png',
  '.webp': 'image/webp', '.avif': 'image/avif', '.gif': 'image/gif', '.svg': 'image/svg+xml', '.ico': 'image/x-icon',
  '.txt': 'text/plain', '.xml': 'application/xml', '.woff2': 'font/woff2', '.json': 'application/json',
};
const PAGES_PER_CHROMIUM = 40;
const PAGE_TIMEOUT_MS = 90_000;
const LOAD_TIMEOUT_MS = 12_000; // of pages that ask again and again for a picture that is not there

const require = createRequire(pathToFileURL(join(resolve(options.modules), 'none.js')));
const { default: lighthouse } = await import(pathToFileURL(require.resolve('lighthouse')));
const { launch } = await import(pathToFileURL(require.resolve('chrome-launcher')));
const folder = resolve(options.pages);
const headersFile = join(folder, 'headers.json'); // {"path": {"header": "value"}} for those that are not plain
const extraHeaders = existsSync(headersFile) ? JSON.parse(readFileSync(headersFile)) : {};

const server = createServer((request, answer) => {
  const path = decodeURIComponent(new URL(request.url, 'http://127.0.0.1').pathname);
  const file = join(folder, normalize(path));
  if (!file.startsWith(folder) || !existsSync(file) || !statSync(file).isFile()) {
    answer.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    return;
  }
  const headers = { 'content-type': MEDIA_TYPES[extname(file)] ?? 'application/octet-stream', ...extraHeaders[path] };
  const body = readFileSync(file);
  const sent = headers['content-encoding'] === 'gzip' ? gzipSync(body) : body;
  answer.writeHead(200, { ...headers, 'content-length': sent.length }).end(request.method === 'HEAD' ? '' : sent);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

let chrome, profile;
async function startChromium() {
  profile = mkdtempSync(join(tmpdir(), 'lighthouse-'));
  chrome = await launch({
    chromePath: options.chrome,
    userDataDir: profile,
    chromeFlags: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync',
      '--disable-background-networking', '--disable-component-update',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
function stopChromium() {
  chrome?.kill();
  chrome = undefined;
  if (profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function audit(page) {
  if (!chrome) await startChromium();
  const began = performance.now();
  const deadline = AbortSignal.timeout(PAGE_TIMEOUT_MS);
  const overdue = new Promise((_, fail) => deadline.addEventListener('abort', () => fail(new Error('overdue'))));
  const flags = {
    port: chrome.port,
    logLevel: 'silent',
    onlyCategories: options.categories.split(','),
    disableFullPageScreenshot: true,
    maxWaitForLoad: LOAD_TIMEOUT_MS,
  };
  const { lhr } = await Promise.race([lighthouse(`${origin}/${encodeURIComponent(page)}`, flags), overdue]);
  kept.lighthouse = lhr.lighthouseVersion;
  kept.chromium = lhr.environment.hostUserAgent;
  for (const [id, category] of Object.entries(lhr.categories)) {
    const weights = ((kept.weights ??= {})[id] ??= {});
    for (const ref of category.auditRefs) weights[ref.id] = Math.max(ref.weight, weights[ref.id] ?? 0); // 0: not applicable
  }
  return {
    seconds: Math.round((performance.now() - began) / 100) / 10,
    ...(lhr.runtimeError && { error: lhr.runtimeError.code }),
    final_url: lhr.finalDisplayedUrl,
    benchmark_index: lhr.environment.benchmarkIndex,
    scores: Object.fromEntries(Object.entries(lhr.categories).map(([id, one]) => [id, one.score])),
    audits: Object.fromEntries(
      Object.values(lhr.audits).map((one) => [
        one.id,
        {
          score: one.score,
          mode: one.scoreDisplayMode,
          ...(one.score !== null && one.score < 1 && { items: one.details?.items?.length ?? 0 }),
          ...(one.numericValue !== undefined && { value: Math.round(one.numericValue * 1000) / 1000 }),
        },
      ]),
    ),
  };
}

const kept = existsSync(options.out) ? JSON.parse(readFileSync(options.out)) : { pages: {} };
const pages = readdirSync(folder).filter((name) => name.endsWith('.html')).sort();
let done = 0;
for (let run = 1; run <= Number(options.runs); run += 1) {
  for (const page of pages) {
    const runs = (kept.pages[page] ??= []);
    if (runs.length >= run) continue;
    try {
      runs.push(await audit(page));
    } catch (error) {
      runs.push({ error: String(error.message ?? error).split('\n')[0] });
      stopChromium();
    }
    const last = runs.at(-1);
    console.log(`${run} ${page} ${last.seconds ?? ''} ${last.error ?? JSON.stringify(last.scores)}`);
    writeFileSync(`${options.out}.part`, JSON.stringify(kept));
    renameSync(`${options.out}.part`, options.out);
    done += 1;
    if (done % PAGES_PER_CHROMIUM === 0) stopChromium();
  }
}
stopChromium();
server.close();
process.exit(0);
